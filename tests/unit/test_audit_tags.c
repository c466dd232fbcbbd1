/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/audit.h"

#include <math.h>
#include <string.h>

enum { N = 61, D = 4, GROUPS = 3, IDENTITIES = 15, PAIRS = N * (N - 1) / 2, WORST = 12 };

struct table {
    float rows[N * D];
    uint32_t group[N], identity[N];
    bool dev[N];
    struct listed_pair pair[PAIRS]; /* all of them, by a naive loop */
};

static void fill(struct table *t)
{
    struct rng rng = rng_at(5, RNG_SAMPLE, 0, 0, 0);
    size_t n = 0;
    for (uint32_t i = 0; i < N; i++) {
        t->identity[i] = i % IDENTITIES;
        t->group[i] = t->identity[i] % GROUPS;
        t->dev[i] = t->identity[i] % 2;
        for (int k = 0; k < D; k++)
            t->rows[i * D + (uint32_t)k] = (float)rng_normal(&rng) + (float)(t->identity[i] >> k & 1);
    }
    float unit[N * D];
    score_normalise(t->rows, N, D, unit, NULL);
    for (uint32_t a = 0; a < N; a++)
        for (uint32_t b = a + 1; b < N; b++)
            t->pair[n++] =
                (struct listed_pair){a, b, score_pair(unit + (size_t)a * D, unit + (size_t)b * D, D),
                                     t->identity[a] == t->identity[b] ? PAIR_GENUINE : PAIR_IMPOSTOR};
}

static struct audit_input input_of(const struct table *t)
{
    return (struct audit_input){.items = {t->rows, N, D, t->group, t->identity, GROUPS}, .unit = t->identity};
}

static struct audit made(const struct audit_input *input, enum audit_target target, double at)
{
    struct audit audit;
    struct err err;
    struct audit_settings settings = {
        .target = target, .at = at, .convention = FMR_INVOLVING, .n_worst = WORST, .seed = 1};
    assert_true(audit_make(&audit, input, &settings, NULL, NULL, &err));
    return audit;
}

/* The same counts in every cell, the same threshold and the same worst pairs. */
static void assert_same_counts(const struct audit *got, const struct audit *wanted)
{
    assert_int_equal(got->bin, wanted->bin);
    assert_int_equal(got->n_cells, wanted->n_cells);
    for (size_t i = 0; i < got->n_cells; i++) {
        assert_true(got->value[i].x == wanted->value[i].x);
        assert_true(got->value[i].n == wanted->value[i].n);
    }
    size_t lists = got->scores.n_cells * N_PAIR_KINDS;
    assert_memory_equal(got->scores.count, wanted->scores.count,
                        lists * got->scores.n_bins * sizeof *got->scores.count);
    for (size_t i = 0; i < lists; i++) {
        assert_int_equal(got->scores.worst[i].n, wanted->scores.worst[i].n);
        for (size_t p = 0; p < got->scores.worst[i].n; p++)
            assert_float_equal(got->scores.worst[i].pair[p].score, wanted->scores.worst[i].pair[p].score, 0);
        assert_true(fabs(got->scores.sums[i].s2 - wanted->scores.sums[i].s2) < 1e-9);
    }
}

/* ---- items ---- */

/* As if it had never been in the table. */
static void an_item_out_is_an_item_less(void **state)
{
    (void)state;
    static struct table t, less;
    fill(&t);
    less = t;
    const uint32_t out = 17;
    memmove(less.rows + out * D, t.rows + (out + 1) * D, (N - out - 1) * D * sizeof *t.rows);
    memmove(less.group + out, t.group + out + 1, (N - out - 1) * sizeof *t.group);
    memmove(less.identity + out, t.identity + out + 1, (N - out - 1) * sizeof *t.identity);
    const struct audit_tag tag = {TAG_OUT, out, 0};
    struct audit_input tagged = input_of(&t), without = input_of(&less);
    tagged.tag = &tag;
    tagged.n_tags = 1;
    without.items.n = N - 1;
    struct audit a = made(&tagged, AUDIT_AT_FMR, 0.02), b = made(&without, AUDIT_AT_FMR, 0.02);
    assert_same_counts(&a, &b);
    for (size_t i = 0; i < a.n_cells; i++)
        assert_true(a.value[i].deff == b.value[i].deff && a.value[i].n_units == b.value[i].n_units);
    audit_release(&a);
    audit_release(&b);
}

/* ---- pairs ---- */

static const struct audit_tag turned[] = {{TAG_SAME, 3, 40},      {TAG_SAME, 41, 2}, {TAG_DIFFERENT, 15, 0},
                                          {TAG_DIFFERENT, 1, 31}, {TAG_SAME, 0, 15}, {TAG_SAME, 7, 22},
                                          {TAG_DIFFERENT, 34, 4}, {TAG_OUT, 33, 0}};

/* By hand: the later of two tags of a pair holds, pairs of item 33 are not there. */
static size_t turn_by_hand(const struct table *t, struct listed_pair *pair)
{
    size_t n = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        struct listed_pair p = t->pair[i];
        for (size_t k = 0; k < ARRAY_LEN(turned); k++)
            if ((p.a == turned[k].a && p.b == turned[k].b) || (p.a == turned[k].b && p.b == turned[k].a))
                p.kind = turned[k].kind == TAG_SAME ? PAIR_GENUINE : PAIR_IMPOSTOR;
        if (p.a != 33 && p.b != 33)
            pair[n++] = p;
    }
    return n;
}

static void turned_pairs_are_counted_as_a_list_of_them_is(void **state)
{
    (void)state;
    static struct table t;
    static struct listed_pair pair[PAIRS];
    fill(&t);
    struct audit_input tagged = input_of(&t), listed = input_of(&t), both = input_of(&t);
    tagged.tag = both.tag = turned;
    tagged.n_tags = both.n_tags = ARRAY_LEN(turned);
    listed.pair = pair;
    listed.n_pairs = turn_by_hand(&t, pair);
    both.pair = t.pair; /* a list of all, tagged */
    both.n_pairs = PAIRS;
    for (int split = 0; split < 2; split++) {
        tagged.dev = listed.dev = both.dev = split ? t.dev : NULL;
        struct audit a = made(&tagged, AUDIT_AT_FMR, 0.03), b = made(&listed, AUDIT_AT_FMR, 0.03),
                     c = made(&both, AUDIT_AT_FMR, 0.03), bare;
        assert_same_counts(&a, &b);
        assert_same_counts(&c, &b);
        struct audit_input untagged = tagged;
        untagged.n_tags = 0;
        bare = made(&untagged, AUDIT_AT_FMR, 0.03);
        assert_true(a.value[0].n != bare.value[0].n); /* the tags do something */
        audit_release(&a);
        audit_release(&b);
        audit_release(&c);
        audit_release(&bare);
    }
}

/* ---- what each changes ---- */

static void check_effect(const struct table *t, const struct audit *bare, struct audit_input input,
                         const struct audit_tag *tag)
{
    struct audit with;
    struct err err;
    struct audit_tag_effect effect;
    struct audit_settings settings = {.convention = FMR_INVOLVING, .n_worst = WORST, .seed = 1};
    (void)t;
    input.tag = tag;
    input.n_tags = 1;
    audit_tag_effects(bare, &input, &effect);
    assert_true(audit_make_at(&with, bare, &input, &settings, NULL, NULL, &err));
    assert_int_equal(with.bin, bare->bin);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        enum audit_metric metric = kind == PAIR_GENUINE ? METRIC_FNMR : METRIC_FMR;
        const struct audit_value *before = audit_find(bare, metric, ALL_GROUPS, ALL_GROUPS),
                                 *after = audit_find(&with, metric, ALL_GROUPS, ALL_GROUPS);
        double lost = effect.pairs[kind], gained = tag->kind == TAG_OUT ? 0 : effect.pairs[!kind];
        assert_true(before->n - lost + gained == after->n);
        if (gained == 0)
            assert_true(before->x - effect.errors[kind] == after->x);
        assert_true(effect.rate[kind] == after->value);
        const struct audit_value *ratio =
            audit_first(&with, kind == PAIR_GENUINE ? METRIC_FNMR_RATIO : METRIC_FMR_RATIO);
        assert_float_equal(effect.ratio[kind], ratio->value, 1e-12);
    }
    audit_release(&with);
}

static void each_tag_says_what_it_changes(void **state)
{
    (void)state;
    static struct table t;
    fill(&t);
    for (int split = 0; split < 2; split++) {
        struct audit_input input = input_of(&t);
        input.dev = split ? t.dev : NULL;
        struct audit bare = made(&input, AUDIT_AT_FMR, 0.05);
        size_t counted = 0;
        for (size_t i = 0; i < ARRAY_LEN(turned); i++) {
            struct audit_tag_effect effect;
            struct audit_input one = input;
            check_effect(&t, &bare, input, &turned[i]);
            one.tag = &turned[i];
            one.n_tags = 1;
            audit_tag_effects(&bare, &one, &effect);
            counted += effect.counts;
        }
        assert_true(split ? counted < ARRAY_LEN(turned) : counted == ARRAY_LEN(turned));
        audit_release(&bare);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_out_is_an_item_less),
        cmocka_unit_test(turned_pairs_are_counted_as_a_list_of_them_is),
        cmocka_unit_test(each_tag_says_what_it_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
