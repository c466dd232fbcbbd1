/* SPDX-License-Identifier: MIT */
#include "train/probe.h"

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

/* Rows to be read look among those of a bank and, for rank-1, among the clean queries but their own. */
struct oracle {
    const struct dataset *data;
    const float *rows, *bank, *clean;
    size_t n_rows, n_bank, n_clean, d;
    const uint32_t *item, *bank_item, *clean_item; /* rows of the data set */
    const size_t *own;                             /* (n_rows) places among the clean ones */
};

/* (similarity, bank row) pairs of one row, nearest first. */
static void sorted_bank(const struct oracle *o, size_t q, double (*order)[2])
{
    for (size_t b = 0; b < o->n_bank; b++) {
        order[b][0] = cosine(o->rows + q * o->d, o->bank + b * o->d, o->d);
        order[b][1] = (double)b;
    }
    qsort(order, o->n_bank, sizeof *order, nearer);
}

static double naive_knn(const struct oracle *o, const struct column *column)
{
    double right[MOST] = {0}, of[MOST] = {0}, sum = 0, classes = 0;
    double(*order)[2] = xcalloc(o->n_bank, sizeof *order);
    for (size_t q = 0; q < o->n_rows; q++) {
        double vote[MOST] = {0};
        size_t best = 0;
        sorted_bank(o, q, order);
        for (size_t k = 0; k < K; k++)
            vote[column->code[o->bank_item[(size_t)order[k][1]]]] += exp(order[k][0] / 0.07);
        for (size_t c = 1; c < column->n_values; c++)
            best = vote[c] > vote[best] ? c : best;
        uint32_t code = column->code[o->item[q]];
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
    for (size_t q = 0; q < o->n_rows; q++)
        mean += (double)column->number[o->item[q]] / (double)o->n_rows;
    for (size_t q = 0; q < o->n_rows; q++) {
        double guess = 0, value = (double)column->number[o->item[q]];
        sorted_bank(o, q, order);
        for (size_t k = 0; k < K; k++)
            guess += (double)column->number[o->bank_item[(size_t)order[k][1]]] / K;
        rest += (value - guess) * (value - guess);
        total += (value - mean) * (value - mean);
    }
    free(order);
    return 1 - rest / total;
}

static double naive_rank1(const struct oracle *o, const struct column *column)
{
    double right = 0, counted = 0;
    for (size_t q = 0; q < o->n_rows; q++) {
        double best = -2;
        uint32_t of_best = 0, code = column->code[o->item[q]];
        int mates = 0;
        for (size_t p = 0; p < o->n_clean; p++) {
            if (p == o->own[q])
                continue;
            double s = cosine(o->rows + q * o->d, o->clean + p * o->d, o->d);
            mates += column->code[o->clean_item[p]] == code;
            if (s > best)
                best = s, of_best = column->code[o->clean_item[p]];
        }
        counted += mates > 0;
        right += mates > 0 && of_best == code;
    }
    return right / counted;
}

static double naive(const struct oracle *o, enum term term, int column)
{
    const struct column *c = &o->data->column[column];
    return term == TERM_r2 ? naive_r2(o, c) : term == TERM_rank1 ? naive_rank1(o, c) : naive_knn(o, c);
}

/* One over the values that are asked for; of an identity the mean share of the others that are of it. */
static double naive_chance(const struct oracle *o, enum term term, int column)
{
    const uint32_t *code = o->data->column[column].code;
    double values = 0, share = 0, counted = 0;
    for (size_t i = 0; i < o->n_clean && term != TERM_r2; i++) {
        size_t before = 0, mates = 0;
        for (size_t j = 0; j < o->n_clean; j++) {
            bool same = j != i && code[o->clean_item[j]] == code[o->clean_item[i]];
            before += same && j < i;
            mates += same;
        }
        values += before == 0;
        counted += mates > 0;
        share += (double)mates / ((double)o->n_clean - 1);
    }
    return term == TERM_r2 ? 0 : term == TERM_rank1 ? share / counted : 1 / values;
}

/* A tie at the 20th place may fall otherwise. */
static void near_to(const char *what, const char *name, double got, double wanted)
{
    if (!(fabs(got - wanted) <= 0.02))
        fail_msg("%s of %s: %g instead of %g", what, name, got, wanted);
}

static struct oracle oracle_of(const struct tiny *tiny, const struct probe *probe, const size_t *own)
{
    return (struct oracle){.data = &tiny->data,
                           .rows = probe->h,
                           .bank = probe->bank_h,
                           .clean = probe->h,
                           .n_rows = probe->n_query,
                           .n_bank = probe->n_bank,
                           .n_clean = probe->n_query,
                           .d = probe->dim_h,
                           .item = probe->query,
                           .bank_item = probe->bank,
                           .clean_item = probe->query,
                           .own = own};
}

static void check_column(const struct oracle *clean, const struct oracle *moved, const struct measures *m,
                         int column, enum term term)
{
    const struct measure *measure = measures_find(m, term, column),
                         *as_moved = measures_find(m, TERM_knn_moved, column);
    const char *name = clean->data->column[column].name;
    if (column == clean->data->caption) {
        assert_null(measure);
        return;
    }
    assert_non_null(measure);
    assert_non_null(as_moved);
    near_to("measure", name, (double)measure->value, naive(clean, term, column));
    near_to("measure of moved pictures", name, (double)as_moved->value, naive(moved, term, column));
    double chance = naive_chance(clean, term, column);
    assert_true(fabs((double)measure->chance - chance) < 1e-6);
    assert_true(isfinite(measure->untrained) && isfinite(as_moved->pixels));
}

static enum term term_of(const struct dataset *data, int column)
{
    return data->column[column].kind == COLUMN_NUMBER ? TERM_r2
           : column == data->identity                 ? TERM_rank1
                                                      : TERM_knn;
}

enum { QUERIES = 60, BANK = 150 };

static void every_column_has_the_measure_that_fits(void **state)
{
    (void)state;
    struct tiny tiny;
    struct measures m;
    size_t own[QUERIES], moved_own[QUERIES];
    uint32_t moved_item[QUERIES];
    tiny_init(&tiny, 400, 2);
    struct learner *learner = tiny_learner(&tiny);
    struct probe *probe = probe_of(&tiny, learner, BANK, QUERIES);
    tiny_train(learner, 5);
    probe_measure(probe, learner, &m);
    assert_true(probe->n_query == QUERIES && probe->n_bank == BANK && m.step == 5);
    assert_true(m.item[0].term == TERM_knn && m.item[0].column == tiny.data.label);
    for (size_t i = 0; i < QUERIES; i++) {
        own[i] = i;
        moved_own[i] = i * QUERIES / probe->n_moved;
        moved_item[i] = probe->query[moved_own[i]];
    }
    struct oracle clean = oracle_of(&tiny, probe, own), moved = oracle_of(&tiny, probe, moved_own);
    moved.rows = probe->moved_h;
    moved.n_rows = probe->n_moved;
    moved.item = moved_item;
    for (int column = 0; column < (int)tiny.data.n_columns; column++)
        check_column(&clean, &moved, &m, column, term_of(&tiny.data, column));
    probe_free(probe);
    learner_free(learner);
    tiny_release(&tiny);
}

/* Rows of bytes, and the same less the mean of the bank's: the better is the yardstick. */
static float *pixels_of(const struct tiny *tiny, const uint32_t *item, size_t n, const double *mean, size_t d)
{
    float *rows = xcalloc(n * d, sizeof *rows);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            rows[i * d + j] = (float)((double)dataset_pixels(&tiny->data, item[i])[j] / 255 - mean[j]);
    return rows;
}

static void pixels_are_the_better_of_two_readings(void **state)
{
    (void)state;
    struct tiny tiny;
    struct measures m;
    size_t own[QUERIES];
    double value[MEASURES_MAX][2];
    tiny_init_small(&tiny, 400, 2);
    struct learner *learner = tiny_learner(&tiny);
    struct probe *probe = probe_of(&tiny, learner, BANK, QUERIES);
    probe_measures_untrained(probe, &m);
    struct oracle o = oracle_of(&tiny, probe, own);
    o.d = probe->values;
    double *mean = xcalloc(o.d, sizeof *mean);
    for (int centred = 0; centred < 2; centred++) {
        for (size_t i = 0; i < BANK * o.d && centred; i++)
            mean[i % o.d] += (double)dataset_pixels(&tiny.data, probe->bank[i / o.d])[i % o.d] / 255 / BANK;
        for (size_t i = 0; i < QUERIES; i++)
            own[i] = i;
        float *rows = pixels_of(&tiny, probe->query, QUERIES, mean, o.d),
              *bank = pixels_of(&tiny, probe->bank, BANK, mean, o.d);
        o.rows = o.clean = rows;
        o.bank = bank;
        for (int column = 0; column < (int)tiny.data.n_columns; column++)
            if (measures_find(&m, term_of(&tiny.data, column), column))
                value[column][centred] = naive(&o, term_of(&tiny.data, column), column);
        free(rows);
        free(bank);
    }
    for (int column = 0; column < (int)tiny.data.n_columns; column++) {
        const struct measure *measure = measures_find(&m, term_of(&tiny.data, column), column);
        if (measure)
            near_to("pixels", tiny.data.column[column].name, (double)measure->pixels,
                    fmax(value[column][0], value[column][1]));
    }
    free(mean);
    probe_free(probe);
    learner_free(learner);
    tiny_release(&tiny);
}

/* ---- of the whole space ---- */

static double apart(const float *a, const float *b, size_t d)
{
    return 2 - 2 * cosine(a, b, d);
}

/* e to the entropy of the singular values: roots of the eigenvalues of the centred rows' products, which
 * Jacobi's turns find. */
static double naive_rank(const float *rows, size_t n, size_t d)
{
    double *a = xcalloc(d * d, sizeof *a), *mean = xcalloc(d, sizeof *mean), sum = 0, entropy = 0;
    for (size_t i = 0; i < n * d; i++)
        mean[i % d] += (double)rows[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                a[j * d + k] += ((double)rows[i * d + j] - mean[j]) * ((double)rows[i * d + k] - mean[k]);
    for (int sweep = 0; sweep < 30; sweep++)
        for (size_t p = 0; p < d; p++)
            for (size_t q = p + 1; q < d; q++) {
                double angle = 0.5 * atan2(2 * a[p * d + q], a[q * d + q] - a[p * d + p]);
                double c = cos(angle), s = sin(angle);
                for (size_t k = 0; k < d; k++) {
                    double x = a[k * d + p], y = a[k * d + q];
                    a[k * d + p] = c * x - s * y;
                    a[k * d + q] = s * x + c * y;
                }
                for (size_t k = 0; k < d; k++) {
                    double x = a[p * d + k], y = a[q * d + k];
                    a[p * d + k] = c * x - s * y;
                    a[q * d + k] = s * x + c * y;
                }
            }
    for (size_t j = 0; j < d; j++)
        sum += sqrt(fmax(a[j * d + j], 0));
    for (size_t j = 0; j < d; j++) {
        double share = sqrt(fmax(a[j * d + j], 0)) / sum;
        entropy -= share > 0 ? share * log(share) : 0;
    }
    free(a);
    free(mean);
    return exp(entropy);
}

static double naive_std(const float *rows, size_t n, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        double mean = 0, square = 0;
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < n; i++) {
                double length = 0;
                for (size_t k = 0; k < d; k++)
                    length += (double)rows[i * d + k] * (double)rows[i * d + k];
                double x = (double)rows[i * d + j] / sqrt(length);
                mean += pass ? 0 : x / (double)n;
                square += pass ? (x - mean) * (x - mean) / ((double)n - 1) : 0;
            }
        sum += sqrt(square) / (double)d;
    }
    return sqrt((double)d) * sum;
}

static double naive_alignment(const struct probe *probe)
{
    double sum = 0;
    for (size_t i = 0; i < probe->n_query; i++)
        sum += apart(probe->pair_z[0] + i * probe->dim_z, probe->pair_z[1] + i * probe->dim_z, probe->dim_z);
    return sum / (double)probe->n_query;
}

static double naive_uniformity(const struct probe *probe)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < probe->n_query; i++)
        for (size_t j = 0; j < i; j++) {
            sum += exp(-2 * apart(probe->z + i * probe->dim_z, probe->z + j * probe->dim_z, probe->dim_z));
            n++;
        }
    return log(sum / n);
}

static void the_space_has_its_own_numbers(void **state)
{
    (void)state;
    struct tiny tiny;
    struct measures m;
    tiny_init(&tiny, 400, 2);
    struct learner *learner = tiny_learner(&tiny);
    struct probe *probe = probe_of(&tiny, learner, BANK, QUERIES);
    tiny_train(learner, 5);
    probe_measure(probe, learner, &m);
    const struct step_row *last = learner_row(learner);
    const struct {
        enum term term;
        double want, tolerance;
    } numbers[] = {{TERM_alignment, naive_alignment(probe), 1e-5},
                   {TERM_uniformity, naive_uniformity(probe), 1e-5},
                   {TERM_rank, naive_rank(probe->h, QUERIES, probe->dim_h), 1e-2},
                   {TERM_rank_z, naive_rank(probe->z, QUERIES, probe->dim_z), 1e-2},
                   {TERM_std, naive_std(probe->z, QUERIES, probe->dim_z), 1e-5},
                   {TERM_positive, (double)last->positive, 0},
                   {TERM_negative, (double)last->negative, 0},
                   {TERM_pretext, (double)last->pretext, 0}};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        double got = (double)measures_find(&m, numbers[i].term, NO_COLUMN)->value;
        if (!(fabs(got - numbers[i].want) <= numbers[i].tolerance * fmax(1, fabs(numbers[i].want))))
            fail_msg("term %d: %g instead of %g", (int)numbers[i].term, got, numbers[i].want);
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
        cmocka_unit_test(pixels_are_the_better_of_two_readings),
        cmocka_unit_test(the_space_has_its_own_numbers),
        cmocka_unit_test(yardsticks_are_of_step_0_and_stay),
        cmocka_unit_test(the_same_numbers_for_any_thread_count),
        cmocka_unit_test(the_probe_is_held_out_and_capped),
        cmocka_unit_test(signs_of_collapse_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
