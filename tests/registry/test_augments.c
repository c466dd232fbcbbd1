/* SPDX-License-Identifier: MIT
 *
 * What every kind of augmentation must keep, whatever is added to augments.def.
 */
#include "augment/augment.h"
#include "support/cmocka.h"

#include <string.h>

enum { HEIGHT = 19, WIDTH = 23, MOST = HEIGHT * WIDTH * 3, KEYS = 24 };

struct bed {
    uint8_t from[MOST];
    float plain[MOST], to[MOST], again[MOST], scratch[2 * MOST];
    size_t n;
};

/* Smooth shapes with every value from 0 to 255, so that blur, solarise and crops have something to change. */
static void bed_init(struct bed *bed, int channels)
{
    memset(bed, 0, sizeof *bed);
    bed->n = (size_t)(HEIGHT * WIDTH * channels);
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < bed->n; i++)
        bed->from[i] = (uint8_t)((i * 7 + (i / WIDTH % 5) * 40 + rng_below(&rng, 30)) % 256);
    bed->from[0] = 0, bed->from[1] = 255;
    picture_plain(bed->from, bed->n, bed->plain);
}

static struct recipe alone(const struct augment *kind, double probability)
{
    struct recipe recipe = {.n = 1, .step = {{.kind = kind, .probability = probability}}};
    if (kind->entry.knobs)
        recipe.step[0].low = kind->low, recipe.step[0].high = kind->entry.knobs[0].value;
    return recipe;
}

static void apply(struct bed *bed, const struct recipe *recipe, uint64_t item, int channels, float *to)
{
    recipe_apply(recipe, (struct view_key){7, 11, item, 0}, bed->from, HEIGHT, WIDTH, channels, to,
                 bed->scratch);
}

static bool same(const float *a, const float *b, size_t n)
{
    return memcmp(a, b, n * sizeof *a) == 0;
}

static void assert_valid(const struct bed *bed, const char *name)
{
    for (size_t i = 0; i < bed->n; i++)
        if (!(bed->to[i] >= 0 && bed->to[i] <= 1)) {
            print_message("%s: value %zu is %g\n", name, i, bed->to[i]);
            fail();
        }
}

static void names_and_knobs(void **state)
{
    (void)state;
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++) {
        const char *name = kind->entry.name;
        assert_ptr_equal(axis_find(&augment_axis, name), &kind->entry); /* so names are unique */
        assert_true(*name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name));
        assert_true(name[0] != '-' && strcmp(name, "none") != 0);
        assert_true(strlen(kind->entry.help) > 10);
        assert_true((kind->warp != NULL) != (kind->paint != NULL));
        assert_true(kind->probability > 0 && kind->probability <= 1);
        assert_true(knob_count(kind->entry.knobs) <= 1);
        if (!kind->entry.knobs)
            continue;
        const struct knob *knob = &kind->entry.knobs[0];
        assert_string_equal(knob->name, name);
        assert_true(strlen(knob->help) > 10 && *knob->label && knob->unit && knob->step > 0);
        assert_true(knob->min <= kind->low && kind->low <= knob->value && knob->value <= knob->max);
        if (kind->has_identity)
            assert_true(kind->identity >= knob->min && kind->identity <= knob->max);
    }
}

static void identity_to_the_bit(void **state)
{
    (void)state;
    struct bed bed;
    const struct augment *kind;
    for (int channels = 1; channels <= 3; channels += 2) {
        bed_init(&bed, channels);
        for (size_t i = 0; (kind = augment_at(i)); i++)
            for (uint64_t item = 0; item < KEYS; item++) {
                struct recipe recipe = alone(kind, 0);
                apply(&bed, &recipe, item, channels, bed.to);
                assert_true(same(bed.to, bed.plain, bed.n));
                if (!kind->has_identity)
                    continue;
                recipe = alone(kind, 1);
                recipe.step[0].low = recipe.step[0].high = kind->identity;
                apply(&bed, &recipe, item, channels, bed.to);
                assert_true(same(bed.to, bed.plain, bed.n));
            }
    }
}

/* At both ends of the strength's range and at the default: finite, in [0, 1], the same for the same key, and
 * not always what it was. */
static void in_range_and_repeatable(void **state)
{
    (void)state;
    struct bed bed;
    const struct augment *kind;
    for (int channels = 1; channels <= 3; channels += 2) {
        bed_init(&bed, channels);
        for (size_t i = 0; (kind = augment_at(i)); i++)
            for (int ends = 0; ends < 3; ends++) {
                struct recipe recipe = alone(kind, 1);
                if (ends && !kind->entry.knobs)
                    break;
                if (ends)
                    recipe.step[0].low = recipe.step[0].high =
                        ends == 1 ? kind->entry.knobs[0].min : kind->entry.knobs[0].max;
                for (uint64_t item = 0; item < KEYS; item++) {
                    apply(&bed, &recipe, item, channels, bed.to);
                    assert_valid(&bed, kind->entry.name);
                    memset(bed.scratch, 0xff,
                           sizeof bed.scratch); /* NaN: nothing may be read before written */
                    apply(&bed, &recipe, item, channels, bed.again);
                    assert_true(same(bed.to, bed.again, bed.n));
                }
            }
    }
}

static void does_something(void **state)
{
    (void)state;
    struct bed bed;
    const struct augment *kind;
    for (int channels = 1; channels <= 3; channels += 2) {
        bed_init(&bed, channels);
        for (size_t i = 0; (kind = augment_at(i)); i++) {
            struct recipe recipe = alone(kind, 1);
            apply(&bed, &recipe, 0, channels, bed.to);
            bool idle = kind->needs_colour && channels == 1;
            assert_int_equal(same(bed.to, bed.plain, bed.n), idle);
        }
    }
}

/* Whatever draws a strength, place or factor draws another for another item; the rest are on or off. */
static void another_key_another_view(void **state)
{
    (void)state;
    static const char *const fixed[] = {"flip", "grey", "invert", "solarise"};
    struct bed bed;
    bed_init(&bed, 3);
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++) {
        bool random = true;
        for (size_t k = 0; k < sizeof fixed / sizeof fixed[0]; k++)
            random = random && strcmp(kind->entry.name, fixed[k]) != 0;
        struct recipe recipe = alone(kind, 1);
        apply(&bed, &recipe, 1, 3, bed.to);
        apply(&bed, &recipe, 2, 3, bed.again);
        assert_int_equal(same(bed.to, bed.again, bed.n), !random);
        recipe_apply(&recipe, (struct view_key){7, 11, 1, 1}, bed.from, HEIGHT, WIDTH, 3, bed.again,
                     bed.scratch);
        assert_int_equal(same(bed.to, bed.again, bed.n), !random);
    }
}

static void happens_as_often_as_it_says(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed, 3);
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++) {
        struct recipe recipe = alone(kind, 0.3);
        int changed = 0;
        for (uint64_t item = 0; item < 400; item++) {
            apply(&bed, &recipe, item, 3, bed.to);
            changed += !same(bed.to, bed.plain, bed.n);
        }
        assert_valid(&bed, kind->entry.name);
        assert_true(changed > 80 && changed < 160); /* 120 +- 4.4 standard deviations */
    }
}

static void prints_and_parses_back(void **state)
{
    (void)state;
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++) {
        struct recipe recipe = alone(kind, 0.125), back = {0};
        char text[RECIPE_TEXT_SIZE];
        struct err err;
        recipe_print(&recipe, text, sizeof text);
        assert_true(recipe_parse(&back, text, &err));
        assert_memory_equal(&back, &recipe, sizeof recipe);
        assert_true(recipe_parse(&back, kind->entry.name, &err));
        recipe = alone(kind, kind->probability);
        assert_memory_equal(&back, &recipe, sizeof recipe);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_knobs),          cmocka_unit_test(identity_to_the_bit),
        cmocka_unit_test(in_range_and_repeatable),  cmocka_unit_test(does_something),
        cmocka_unit_test(another_key_another_view), cmocka_unit_test(happens_as_often_as_it_says),
        cmocka_unit_test(prints_and_parses_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
