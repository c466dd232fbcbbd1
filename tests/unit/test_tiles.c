/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "data/dataset.h"
#include "support/cmocka.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct dataset opened(const char *spec)
{
    struct dataset data;
    struct err err;
    if (!dataset_open(&data, spec, NULL, &err))
        fail_msg("%s", err.text);
    return data;
}

static const struct column *column_of(const struct dataset *data, const char *name)
{
    int c = dataset_find_column(data, name);
    assert_int_not_equal(c, NO_COLUMN);
    return &data->column[c];
}

static void the_default(void **state)
{
    (void)state;
    static const char *const columns[] = {"shape", "hue",      "texture", "fill",   "size",
                                          "angle", "identity", "light",   "caption"};
    struct dataset data = opened("tiles");
    assert_true(data.n == 5000 && data.height == 32 && data.width == 32 && data.channels == 3);
    assert_int_equal(data.n_columns, ARRAY_LEN(columns));
    for (size_t c = 0; c < ARRAY_LEN(columns); c++)
        assert_string_equal(data.column[c].name, columns[c]);
    assert_string_equal(data.column[data.label].name, "shape");
    assert_string_equal(data.column[data.group].name, "light");
    assert_string_equal(data.column[data.identity].name, "identity");
    assert_string_equal(data.column[data.caption].name, "caption");
    assert_int_equal(data.split, NO_COLUMN);
    assert_string_equal(column_of(&data, "shape")->letter, "ostfxrbm");
    assert_non_null(column_of(&data, "hue")->colour);
    assert_int_equal(column_of(&data, "identity")->n_values, 1000);
    assert_string_equal(data.args, "tiles:n=5000,seed=1");
    dataset_release(&data);
}

static void same_seed_same_bytes(void **state)
{
    (void)state;
    struct dataset a = opened("tiles:n=200"), b = opened("tiles:n=200,seed=1"),
                   c = opened("tiles:n=200,seed=2");
    assert_string_equal(a.sha256, b.sha256);
    assert_memory_equal(a.pixels, b.pixels, a.n * 32 * 32 * 3);
    assert_string_not_equal(a.sha256, c.sha256);
    struct dataset again = opened(c.args);
    assert_string_equal(again.sha256, c.sha256);
    dataset_release(&a);
    dataset_release(&b);
    dataset_release(&c);
    dataset_release(&again);
}

static void more_pictures_leave_the_first_as_they_are(void **state)
{
    (void)state;
    struct dataset a = opened("tiles:n=480,group-share=0"), b = opened("tiles:n=960,group-share=0");
    assert_memory_equal(a.pixels, b.pixels, a.n * 32 * 32 * 3);
    dataset_release(&a);
    dataset_release(&b);
}

/* counts[a * of_b + b] of the identities, by the first drawing of each */
static void cross_count(const struct dataset *data, const char *a, const char *b, size_t *counts)
{
    const struct column *x = column_of(data, a), *y = column_of(data, b);
    memset(counts, 0, x->n_values * y->n_values * sizeof *counts);
    for (size_t i = 0; i < data->n; i += 5)
        counts[x->code[i] * y->n_values + y->code[i]]++;
}

static void shape_hue_and_fill_are_balanced(void **state)
{
    (void)state;
    size_t counts[8 * 6];
    struct dataset data = opened("tiles");
    cross_count(&data, "shape", "hue", counts);
    for (size_t k = 0; k < 48; k++)
        assert_in_range(counts[k], 20, 22); /* 1000 / 48 = 20.8 */
    cross_count(&data, "shape", "fill", counts);
    for (size_t k = 0; k < 16; k++)
        assert_in_range(counts[k], 60, 65); /* 1000 / 16 = 62.5 */
    cross_count(&data, "shape", "light", counts);
    for (size_t s = 0; s < 8; s++)
        assert_in_range(counts[2 * s + 1], 18, 20); /* 15 % of 125 */
    dataset_release(&data);
}

static void an_identity_is_one_thing(void **state)
{
    (void)state;
    static const char *const of_the_thing[] = {"shape", "hue", "texture", "fill", "identity", "light"};
    struct dataset data = opened("tiles:n=500");
    const struct column *size = column_of(&data, "size"), *angle = column_of(&data, "angle");
    for (size_t i = 0; i < data.n; i++) {
        for (size_t c = 0; c < ARRAY_LEN(of_the_thing); c++) {
            const struct column *column = column_of(&data, of_the_thing[c]);
            assert_int_equal(column->code[i], column->code[i / 5 * 5]);
        }
        assert_true(fabsf(size->number[i] / size->number[i / 5 * 5] - 1) < 0.2f);
        assert_true(fabsf(angle->number[i] - angle->number[i / 5 * 5]) < 40);
        assert_true(i % 5 == 0 || memcmp(dataset_pixels(&data, i), dataset_pixels(&data, i - 1), 3072) != 0);
        char caption[64], shape[64];
        dataset_cell(&data, data.caption, i, caption, sizeof caption);
        dataset_cell(&data, data.label, i, shape, sizeof shape);
        assert_non_null(strstr(caption, shape));
    }
    dataset_release(&data);
}

/* Mean over a group's pictures of their standard deviation over pixels: what contrast and noise change. */
static double spread_of(const struct dataset *data, uint32_t light)
{
    const struct column *column = column_of(data, "light");
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < data->n; i++) {
        if (column->code[i] != light)
            continue;
        double s = 0, s2 = 0;
        for (int k = 0; k < 3072; k++) {
            double v = dataset_pixels(data, i)[k];
            s += v;
            s2 += v * v;
        }
        sum += sqrt(s2 / 3072 - s * s / 3072 / 3072);
        n++;
    }
    return sum / (double)n;
}

static void light_shows_unless_its_effect_is_nought(void **state)
{
    (void)state;
    struct dataset dim = opened("tiles:n=4000,group-share=0.5"),
                   null = opened("tiles:n=4000,group-share=0.5,light-effect=0"),
                   all = opened("tiles:n=4000,group-share=0");
    assert_true(spread_of(&dim, 1) < 0.8 * spread_of(&dim, 0));
    assert_true(fabs(spread_of(&null, 1) / spread_of(&null, 0) - 1) < 0.05);
    /* nobody is dim, or being dim does nothing: the same pictures, only the column differs */
    assert_memory_equal(null.pixels, all.pixels, null.n * 3072);
    assert_string_not_equal(null.sha256, all.sha256);
    dataset_release(&dim);
    dataset_release(&null);
    dataset_release(&all);
}

static void group_share_is_kept(void **state)
{
    (void)state;
    const double shares[] = {0, 0.15, 0.5, 1};
    for (size_t k = 0; k < ARRAY_LEN(shares); k++) {
        char spec[64];
        snprintf(spec, sizeof spec, "tiles:n=2000,group-share=%g", shares[k]);
        struct dataset data = opened(spec);
        const struct column *light = column_of(&data, "light");
        double dim = 0;
        for (size_t i = 0; i < data.n; i++)
            dim += light->code[i];
        assert_true(fabs(dim / 2000 - shares[k]) <= 0.011);
        dataset_release(&data);
    }
}

static void correlation_ties_hue_to_shape(void **state)
{
    (void)state;
    const double shares[] = {0, 0.5, 1};
    for (size_t k = 0; k < ARRAY_LEN(shares); k++) {
        char spec[64];
        snprintf(spec, sizeof spec, "tiles:correlation=%g", shares[k]);
        struct dataset data = opened(spec);
        const struct column *shape = column_of(&data, "shape"), *hue = column_of(&data, "hue");
        double follows = 0;
        for (size_t i = 0; i < data.n; i++)
            follows += hue->code[i] == shape->code[i] % 6;
        double expected = shares[k] + (1 - shares[k]) / 6;
        assert_true(fabs(follows / 5000 - expected) < 0.04);
        dataset_release(&data);
    }
}

static void ground_texture_shows(void **state)
{
    (void)state;
    struct dataset plain = opened("tiles:n=100,group-share=0"),
                   textured = opened("tiles:n=100,group-share=0,ground-texture=1");
    assert_int_equal(plain.n_columns, textured.n_columns);
    for (size_t i = 0; i < plain.n; i++) {
        double change = 0; /* the rest of the drawing is the same */
        for (int k = 0; k < 3072; k++)
            change += abs(dataset_pixels(&plain, i)[k] - dataset_pixels(&textured, i)[k]);
        assert_true(change / 3072 > 8);
    }
    dataset_release(&plain);
    dataset_release(&textured);
}

static void sixty_percent_of_the_identities_train(void **state)
{
    (void)state;
    struct dataset data = opened("tiles");
    struct split split, other;
    struct err err;
    assert_true(split_make(&split, &data, 0.6, 1, &err));
    assert_true(split.n_train == 3000 && split.n_eval == 2000);
    assert_string_equal(split.rule, "60 % of 1000 identities train");
    bool trains[1000] = {false};
    for (size_t k = 0; k < split.n_train; k++)
        trains[split.train[k] / 5] = true;
    for (size_t k = 0; k < split.n_eval; k++)
        assert_false(trains[split.eval[k] / 5]);
    assert_true(split_make(&other, &data, 0.6, 2, &err));
    assert_memory_not_equal(other.train, split.train, split.n_train * sizeof *split.train);
    split_release(&other);
    split_release(&split);
    dataset_release(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default),
        cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(more_pictures_leave_the_first_as_they_are),
        cmocka_unit_test(shape_hue_and_fill_are_balanced),
        cmocka_unit_test(an_identity_is_one_thing),
        cmocka_unit_test(light_shows_unless_its_effect_is_nought),
        cmocka_unit_test(group_share_is_kept),
        cmocka_unit_test(correlation_ties_hue_to_shape),
        cmocka_unit_test(ground_texture_shows),
        cmocka_unit_test(sixty_percent_of_the_identities_train),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
