/* SPDX-License-Identifier: MIT
 *
 * The numbers of every item against naive loops in double, with a duplicate, an item without direction, a NaN
 * and an item without a label among them.
 */
#include "answer/values.h"

#include "base/rng.h"
#include "support/cmocka.h"
#include "support/poor_spaces.h"

#include <math.h>
#include <string.h>

enum { ITEMS = 70, DIM = 6, LABELS = 3, ZERO = 5, BROKEN = 9, BLANK = 11, COPY = 20, OF = 21 };

static uint32_t codes[ITEMS];
static char shape[] = "shape";
static struct column column = {.name = shape, .kind = COLUMN_CATEGORY, .code = codes, .n_values = LABELS};
static const struct dataset data = {.n = ITEMS, .column = &column, .n_columns = 1};

static struct snapshot *space(void)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = ITEMS, .dim_h = DIM});
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    float *h = (float *)(uintptr_t)s->h;
    for (uint32_t i = 0; i < ITEMS; i++) {
        ((uint32_t *)(uintptr_t)s->item)[i] = i;
        codes[i] = i % LABELS;
        for (int j = 0; j < DIM; j++)
            h[i * DIM + (uint32_t)j] = (float)(rng_normal(&rng) + (j == (int)codes[i]));
    }
    codes[BLANK] = NO_VALUE;
    memset(h + ZERO * DIM, 0, DIM * sizeof *h);
    h[BROKEN * DIM + 2] = NAN;
    memcpy(h + COPY * DIM, h + OF * DIM, DIM * sizeof *h);
    return s;
}

/* Cosine in double, NaN for what has no direction. */
static double cosine(const struct snapshot *s, size_t a, size_t b)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t j = 0; j < DIM; j++) {
        double x = (double)s->h[a * DIM + j], y = (double)s->h[b * DIM + j];
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return ab / sqrt(aa) / sqrt(bb);
}

static struct result *values_of(struct snapshot *s, enum quantity quantity, int item)
{
    struct request request = {
        .kind = REQUEST_VALUES, .snapshot = s, .values = {1U << quantity | 1U << QUANTITY_similarity, item}};
    struct request_scene scene = {.data = &data};
    return request_values(&request, &scene, NULL);
}

static void similarity_is_the_cosine_to_the_item(void **state)
{
    (void)state;
    struct snapshot *s = space();
    struct result *r = values_of(s, QUANTITY_similarity, COPY);
    const float *value = r->values.value[QUANTITY_similarity];
    assert_int_equal(r->values.n, ITEMS);
    assert_int_equal(r->values.item, COPY);
    assert_true(value[COPY] > 0.999999F && value[OF] == value[COPY]);
    for (size_t i = 0; i < ITEMS; i++) {
        double want = cosine(s, COPY, i);
        if (isfinite(want))
            assert_true(fabs(want - (double)value[i]) < 1e-6);
        else
            assert_true(isnan(value[i]));
    }
    result_unref(r);
    for (int item = -1; item <= ITEMS; item += ITEMS + 1) {
        r = values_of(s, QUANTITY_error, item);
        assert_null(r->values.value[QUANTITY_similarity]);
        assert_non_null(r->values.value[QUANTITY_error]);
        result_unref(r);
    }
    snapshot_unref(s);
}

/* How many of the others are nearer to i than j is, ties to the lower index. */
static size_t rank_of(const struct snapshot *s, size_t i, size_t j)
{
    double own = cosine(s, i, j);
    size_t nearer = 0;
    for (size_t k = 0; k < ITEMS; k++) {
        double other = cosine(s, i, k);
        nearer += k != i && k != j && (other > own + 1e-9 || (fabs(other - own) <= 1e-9 && k < j));
    }
    return nearer;
}

static void error_is_the_share_of_other_labels_nearby(void **state)
{
    (void)state;
    struct snapshot *s = space();
    struct result *r = values_of(s, QUANTITY_error, -1);
    const float *value = r->values.value[QUANTITY_error];
    for (size_t i = 0; i < ITEMS; i++) {
        size_t known = 0, others = 0;
        for (size_t j = 0; j < ITEMS; j++) {
            if (j == i || !isfinite(cosine(s, i, j)) || rank_of(s, i, j) >= 20 || codes[j] == NO_VALUE)
                continue;
            known++;
            others += codes[j] != codes[i];
        }
        if (known == 0 || i == BLANK)
            assert_true(isnan(value[i]));
        else
            assert_true(fabsf(value[i] - (float)others / (float)known) < 1e-6F);
    }
    result_unref(r);
    snapshot_unref(s);
}

static void push_is_everybodys_share_of_the_crowd(void **state)
{
    (void)state;
    struct snapshot *s = space();
    s->settings.n = 1;
    s->settings.item[0] = (struct setting){.name = "tau", .value = 0.5};
    struct result *r = values_of(s, QUANTITY_push, -1);
    const float *value = r->values.value[QUANTITY_push];
    double sum[ITEMS] = {0}, all = 0, shares = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        for (size_t j = 0; j < ITEMS; j++)
            if (j != i && isfinite(cosine(s, i, j)))
                sum[i] += exp(cosine(s, i, j) / 0.5);
        all += sum[i];
    }
    for (size_t i = 0; i < ITEMS; i++) {
        if (i == ZERO || i == BROKEN) {
            assert_true(isnan(value[i]));
            continue;
        }
        assert_true(fabs(sum[i] / all - (double)value[i]) < 1e-6);
        shares += (double)value[i];
    }
    assert_true(fabs(shares - 1) < 1e-5);
    result_unref(r);
    snapshot_unref(s);
}

static void hub_and_churn_are_those_of_the_ten_nearest(void **state)
{
    (void)state;
    struct snapshot *s = space(), *before = space();
    float *h = (float *)(uintptr_t)before->h;
    for (size_t i = 0; i < ITEMS * DIM; i += 7)
        h[i] += 0.8F;
    struct request request = {.kind = REQUEST_VALUES,
                              .snapshot = s,
                              .other = {before},
                              .values = {1U << QUANTITY_hub | 1U << QUANTITY_churn, -1}};
    struct request_scene scene = {.data = &data};
    struct result *r = request_values(&request, &scene, NULL);
    double changed = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        size_t occurs = 0, both = 0, either = 0;
        for (size_t j = 0; j < ITEMS; j++) {
            occurs += j != i && isfinite(cosine(s, j, i)) && rank_of(s, j, i) < 10;
            bool now = j != i && isfinite(cosine(s, i, j)) && rank_of(s, i, j) < 10;
            bool then = j != i && isfinite(cosine(before, i, j)) && rank_of(before, i, j) < 10;
            both += now && then;
            either += now || then;
        }
        assert_int_equal((int)r->values.value[QUANTITY_hub][i], occurs);
        float churn = r->values.value[QUANTITY_churn][i];
        if (either)
            assert_true(fabs((double)churn - (1 - (double)both / (double)either)) < 1e-6);
        else
            assert_true(isnan(churn));
        changed += isfinite(churn) ? (double)churn : 0;
    }
    assert_true(changed > 1);
    result_unref(r);
    snapshot_unref(s);
    snapshot_unref(before);
}

/* ---- in every poor space ---- */

static bool has(const uint32_t *list, size_t n, uint32_t item)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == item)
            return true;
    return false;
}

static size_t nearest_in(const struct snapshot *s, size_t item, size_t most, uint32_t list[POOR_ITEMS])
{
    size_t n = poor_ranked(s, item, false, list);
    return n < most ? n : most;
}

static double hub_in(const struct snapshot *s, uint32_t item)
{
    double occurs = 0;
    for (size_t i = 0; i < s->n_probe; i++) {
        uint32_t list[POOR_ITEMS];
        occurs += has(list, nearest_in(s, i, 10, list), item);
    }
    return occurs;
}

static double error_in(const struct snapshot *s, size_t item)
{
    uint32_t list[POOR_ITEMS];
    double known = 0, others = 0;
    for (size_t i = 0, n = nearest_in(s, item, 20, list); i < n; i++) {
        known += poor_code[list[i]] != NO_VALUE;
        others += poor_code[list[i]] != NO_VALUE && poor_code[list[i]] != poor_code[item];
    }
    return poor_code[item] != NO_VALUE && known > 0 ? others / known : (double)NAN;
}

static double churn_in(const struct snapshot *s, const struct snapshot *before, size_t item)
{
    uint32_t now[POOR_ITEMS], then[POOR_ITEMS];
    size_t n = nearest_in(s, item, 10, now), n_then = nearest_in(before, item, 10, then);
    double both = 0;
    for (size_t i = 0; i < n; i++)
        both += has(then, n_then, now[i]);
    double either = (double)(n + n_then) - both;
    return either > 0 ? 1 - both / either : (double)NAN;
}

/* Of the default temperature, 0.2, in z. */
static double push_in(const struct snapshot *s, size_t item)
{
    double own = 0, all = 0;
    for (size_t i = 0; i < s->n_probe; i++)
        for (size_t j = 0; j < s->n_probe; j++) {
            double score = (double)poor_score(s->z + i * POOR_DIM, s->z + j * POOR_DIM);
            double part = i == j || isnan(score) ? 0 : exp(score / 0.2);
            all += part;
            own += i == item ? part : 0;
        }
    bool known = !isnan(poor_score(s->z + item * POOR_DIM, s->z + item * POOR_DIM));
    return known && all > 0 ? own / all : (double)NAN;
}

static void check_all_of(const struct snapshot *s, const struct snapshot *before)
{
    struct request request = {.kind = REQUEST_VALUES,
                              .snapshot = s,
                              .other = {before},
                              .values = {(1U << QUANTITY_COUNT) - 1, 0, 0}};
    struct request_scene scene = {.data = &poor_data};
    struct result *r = request_values(&request, &scene, NULL);
    for (uint32_t i = 0; i < s->n_probe; i++) {
        const double want[QUANTITY_COUNT] = {[QUANTITY_similarity] =
                                                 (double)poor_score(s->h, s->h + i * POOR_DIM),
                                             [QUANTITY_error] = error_in(s, i),
                                             [QUANTITY_hub] = hub_in(s, i),
                                             [QUANTITY_churn] = churn_in(s, before, i),
                                             [QUANTITY_push] = push_in(s, i)};
        for (int q = 0; q < QUANTITY_COUNT; q++) {
            const float *value = r->values.value[q];
            if (!value) /* of one item alone there are no neighbours */
                assert_true(s->n_probe == 1 && q != QUANTITY_similarity && q != QUANTITY_push);
            else if (!(isnan(want[q]) ? isnan(value[i]) : fabs((double)value[i] - want[q]) < 1e-5))
                fail_msg("quantity %d of item %u: %g instead of %g", q, i, (double)value[i], want[q]);
        }
    }
    result_unref(r);
}

static void in_every_poor_space(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 3),
                        *before = poor_snapshot((enum poor_space)space, 2);
        check_all_of(s, before);
        snapshot_unref(s);
        snapshot_unref(before);
    }
}

/* One item: nothing is made up. */
static void nothing_is_made_up_where_there_is_nothing(void **state)
{
    (void)state;
    struct snapshot *one = snapshot_new(&(struct snapshot_sizes){.n_probe = 1, .dim_h = DIM});
    struct result *r = values_of(one, QUANTITY_error, -1);
    assert_null(r->values.value[QUANTITY_error]);
    result_unref(r);
    r = values_of(one, QUANTITY_push, -1);
    assert_true(isnan(r->values.value[QUANTITY_push][0]));
    result_unref(r);
    snapshot_unref(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(similarity_is_the_cosine_to_the_item),
        cmocka_unit_test(error_is_the_share_of_other_labels_nearby),
        cmocka_unit_test(push_is_everybodys_share_of_the_crowd),
        cmocka_unit_test(hub_and_churn_are_those_of_the_ten_nearest),
        cmocka_unit_test(in_every_poor_space),
        cmocka_unit_test(nothing_is_made_up_where_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
