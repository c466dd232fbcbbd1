/* SPDX-License-Identifier: MIT */
#include "train/measures.h"

#include "base/check.h"

#include "support/cmocka.h"
#include "support/tiny.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct probe *probe_of(const struct tiny *tiny, struct learner *learner, size_t bank, size_t query)
{
    struct err err;
    struct probe *probe = probe_new(learner, &tiny->data, &tiny->split, bank, query, tiny->pool, &err);
    if (!probe)
        fail_msg("%s", err.text);
    return probe;
}

static double cosine(const float *a, const float *b, size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < d; i++)
        ab += (double)a[i] * (double)b[i], aa += (double)a[i] * (double)a[i],
            bb += (double)b[i] * (double)b[i];
    return ab / sqrt(aa * bb);
}

static int nearer(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (a[0] < b[0]) - (a[0] > b[0]);
}

/* ---- the oracle: the definition, slowly ---- */

enum { K = 20, MOST = 64 };

struct oracle {
    const struct dataset *data;
    const uint32_t *query, *bank;
    size_t n_query, n_bank, d;
    const float *h, *bank_h;
};

/* (similarity, bank row) pairs of one query, nearest first. */
static void sorted_bank(const struct oracle *o, size_t q, double (*order)[2])
{
    for (size_t b = 0; b < o->n_bank; b++) {
        order[b][0] = cosine(o->h + q * o->d, o->bank_h + b * o->d, o->d);
        order[b][1] = (double)b;
    }
    qsort(order, o->n_bank, sizeof *order, nearer);
}

static double naive_knn(const struct oracle *o, const struct column *column)
{
    double right[MOST] = {0}, of[MOST] = {0}, sum = 0, classes = 0;
    double(*order)[2] = xcalloc(o->n_bank, sizeof *order);
    for (size_t q = 0; q < o->n_query; q++) {
        double vote[MOST] = {0};
        size_t best = 0;
        sorted_bank(o, q, order);
        for (size_t k = 0; k < K; k++)
            vote[column->code[o->bank[(size_t)order[k][1]]]] += exp(order[k][0] / 0.07);
        for (size_t c = 1; c < column->n_values; c++)
            best = vote[c] > vote[best] ? c : best;
        uint32_t code = column->code[o->query[q]];
        of[code]++;
        right[code] += best == code;
    }
    for (size_t c = 0; c < column->n_values; c++)
        if (of[c] > 0)
            sum += right[c] / of[c], classes++;
    free(order);
    return sum / classes;
}

static double naive_r2(const struct oracle *o, const struct column *column)
{
    double mean = 0, rest = 0, total = 0;
    double(*order)[2] = xcalloc(o->n_bank, sizeof *order);
    for (size_t q = 0; q < o->n_query; q++)
        mean += (double)column->number[o->query[q]] / (double)o->n_query;
    for (size_t q = 0; q < o->n_query; q++) {
        double guess = 0, value = (double)column->number[o->query[q]];
        sorted_bank(o, q, order);
        for (size_t k = 0; k < K; k++)
            guess += (double)column->number[o->bank[(size_t)order[k][1]]] / K;
        rest += (value - guess) * (value - guess);
        total += (value - mean) * (value - mean);
    }
    free(order);
    return 1 - rest / total;
}

static double naive_rank1(const struct oracle *o, const struct column *column)
{
    double right = 0, counted = 0;
    for (size_t q = 0; q < o->n_query; q++) {
        double best = -2;
        uint32_t of_best = 0;
        int mates = 0;
        for (size_t p = 0; p < o->n_query; p++) {
            if (p == q)
                continue;
            double s = cosine(o->h + q * o->d, o->h + p * o->d, o->d);
            uint32_t code = column->code[o->query[p]];
            mates += code == column->code[o->query[q]];
            if (s > best)
                best = s, of_best = code;
        }
        if (mates == 0)
            continue;
        counted++;
        right += of_best == column->code[o->query[q]];
    }
    return right / counted;
}

static double naive(const struct oracle *o, enum term term, int column)
{
    const struct column *c = &o->data->column[column];
    return term == TERM_r2 ? naive_r2(o, c) : term == TERM_rank1 ? naive_rank1(o, c) : naive_knn(o, c);
}

static void every_column_has_the_measure_that_fits(void **state)
{
    (void)state;
    struct tiny tiny;
    struct measures m;
    tiny_init(&tiny, 400, 2);
    struct learner *learner = tiny_learner(&tiny);
    struct probe *probe = probe_of(&tiny, learner, 150, 60);
    tiny_train(learner, 5);
    probe_measure(probe, learner, &m);
    struct oracle o = {
        .data = &tiny.data, .d = learner_dim_h(learner), .h = probe_h(probe), .bank_h = probe_bank_h(probe)};
    o.query = probe_items(probe, &o.n_query);
    o.bank = probe_bank_items(probe, &o.n_bank);
    assert_int_equal(o.n_query, 60);
    assert_int_equal(o.n_bank, 150);
    assert_int_equal(m.step, 5);
    assert_true(m.item[0].term == TERM_knn && m.item[0].column == tiny.data.label);
    for (int column = 0; column < (int)tiny.data.n_columns; column++) {
        const struct column *c = &tiny.data.column[column];
        enum term term = c->kind == COLUMN_NUMBER       ? TERM_r2
                         : column == tiny.data.identity ? TERM_rank1
                                                        : TERM_knn;
        const struct measure *measure = measures_find(&m, term, column);
        if (column == tiny.data.caption) {
            assert_null(measure);
            continue;
        }
        assert_non_null(measure);
        assert_non_null(measures_find(&m, TERM_knn_moved, column));
        double expected = naive(&o, term, column);
        if (fabs((double)measure->value - expected) > 0.02) /* a tie at the 20th place may fall otherwise */
            fail_msg("%s: %g instead of %g", c->name, (double)measure->value, expected);
        assert_true(isfinite(measure->pixels) && isfinite(measure->untrained));
    }
    probe_free(probe);
    learner_free(learner);
    tiny_release(&tiny);
}

static void yardsticks_are_of_step_0_and_stay(void **state)
{
    (void)state;
    struct tiny tiny;
    struct measures first, later;
    tiny_init(&tiny, 200, 2);
    struct learner *learner = tiny_learner(&tiny);
    struct probe *probe = probe_of(&tiny, learner, 100, 40);
    probe_measures_untrained(probe, &first);
    probe_measure(probe, learner, &later);
    assert_memory_equal(&first, &later, sizeof first); /* what was read once need not be read again */
    tiny_train(learner, 10);
    probe_measure(probe, learner, &later);
    assert_int_equal(first.n, later.n);
    for (int i = 0; i < first.n; i++) {
        const struct measure *a = &first.item[i], *b = &later.item[i];
        assert_true(a->value == a->untrained || (isnan(a->value) && isnan(a->untrained)));
        assert_true(a->untrained == b->untrained || isnan(a->untrained));
        assert_true(a->pixels == b->pixels || isnan(a->pixels));
    }
    probe_free(probe);
    learner_free(learner);
    tiny_release(&tiny);
}

static void the_same_numbers_for_any_thread_count(void **state)
{
    (void)state;
    struct tiny tiny;
    struct measures m[2];
    tiny_init_small(&tiny, 1000, 1); /* 400 queries, of which 256 are moved */
    for (int i = 0; i < 2; i++) {
        tiny_threads(&tiny, 1 + 2 * i);
        struct learner *learner = tiny_learner(&tiny);
        struct probe *probe = probe_of(&tiny, learner, 100, 400);
        tiny_train(learner, 3);
        probe_measure(probe, learner, &m[i]);
        probe_free(probe);
        learner_free(learner);
    }
    for (int i = 0; i < m[0].n; i++)
        assert_memory_equal(&m[0].item[i], &m[1].item[i], sizeof m[0].item[i]);
    const struct measure *moved = measures_find(&m[0], TERM_knn_moved, tiny.data.identity);
    assert_true(moved->value >= 0 && moved->value <= 1);
    tiny_release(&tiny);
}

static void the_probe_is_held_out_and_capped(void **state)
{
    (void)state;
    struct tiny tiny;
    size_t n_query, n_bank;
    char text[200];
    tiny_init(&tiny, 100, 1);
    struct learner *learner = tiny_learner(&tiny);
    struct probe *probe = probe_of(&tiny, learner, 100000, 100000);
    const uint32_t *query = probe_items(probe, &n_query), *bank = probe_bank_items(probe, &n_bank);
    assert_int_equal(n_query, tiny.split.n_eval);
    assert_int_equal(n_bank, tiny.split.n_train);
    assert_memory_equal(query, tiny.split.eval, n_query * sizeof *query);
    for (size_t i = 0; i < n_bank; i++)
        for (size_t j = 0; j < n_query; j++)
            assert_int_not_equal(bank[i], query[j]);
    probe_protocol(probe, text, sizeof text);
    assert_string_equal(text, "knn 20 nearest, cosine on h, T 0.07, bank 60 training items, 40 held-out");
    probe_free(probe);
    learner_free(learner);
    tiny_release(&tiny);
}

/* A space with one point is what pictures without a difference give. */
static void signs_of_collapse_have_names(void **state)
{
    (void)state;
    struct measures m = {.step = 100, .n = 2};
    struct step_row row = {.step = 100, .loss = 4, .no_learning = 6};
    char text[120];
    m.item[0] = (struct measure){.term = TERM_std, .column = -1, .value = 0.9F};
    m.item[1] = (struct measure){.term = TERM_rank, .column = -1, .value = 30};
    struct condition c = {.measures = &m, .row = &row, .dim_h = 64, .dim_z = 32};
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "");
    m.item[0].value = 0.02F;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "all pictures land near one point: std x sqrt d 0.02");
    m.item[0].value = 0.9F;
    m.item[1].value = 3;
    c.row = NULL;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "few dimensions are used: 3.0 of 64");
    m.item[1].value = 30;
    m.item[2] = (struct measure){.term = TERM_rank_z, .column = -1, .value = 3};
    m.n = 3;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "few dimensions of z are used: 3.0 of 32");
    m.item[2].value = 4;
    c.row = &row;
    float entropy = 0.2F;
    struct readout teacher = readout_scalar("teacher entropy", "", &entropy);
    readout_healthy(&teacher, 0.28, 5.49);
    c.readout = &teacher;
    c.n_readouts = 1;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "teacher entropy 0.2, below 0.28");
    entropy = 5.5F;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "teacher entropy 5.5, above 5.49");
    entropy = 3;
    row.loss = 5.97F;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "the loss 5.97 is what no learning gives (6)");
    m.step = 10;
    measures_collapse(&c, text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    blas_single_thread();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_has_the_measure_that_fits),
        cmocka_unit_test(yardsticks_are_of_step_0_and_stay),
        cmocka_unit_test(the_same_numbers_for_any_thread_count),
        cmocka_unit_test(the_probe_is_held_out_and_capped),
        cmocka_unit_test(signs_of_collapse_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
