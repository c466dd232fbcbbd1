/* SPDX-License-Identifier: MIT
 *
 * What the pairs and threshold views show (lists, ranks, probabilities, shares, counts) against plain loops,
 * in every poor space.
 */
#include "answer/requests.h"

#include "space/scores.h"
#include "support/cmocka.h"
#include "support/poor_spaces.h"

#include <math.h>
#include <string.h>

enum { PAIRS = POOR_ITEMS * POOR_ITEMS };
static const double tau = 0.2;

static const struct request_scene scene = {.data = &poor_data};

static int same(uint32_t a, uint32_t b)
{
    if (a == b)
        return 1;
    return poor_code[a] == NO_VALUE || poor_code[b] == NO_VALUE ? -1 : poor_code[a] == poor_code[b];
}

/* Candidates, the greatest key first; equal ones in the order in which they came. */
struct wanted {
    size_t n;
    struct {
        uint32_t a, b;
        float key;
    } pair[PAIRS];
};

static void want(struct wanted *w, uint32_t a, uint32_t b, float key)
{
    if (isnan(key))
        return;
    size_t at = w->n++;
    for (; at > 0 && w->pair[at - 1].key < key; at--)
        w->pair[at] = w->pair[at - 1];
    w->pair[at].a = a;
    w->pair[at].b = b;
    w->pair[at].key = key;
}

static void listed_as_wanted(const struct pairs_result *r, const struct wanted *w)
{
    assert_int_equal(r->of, w->n);
    assert_int_equal(r->n, w->n < PAIRS_LISTED ? w->n : PAIRS_LISTED);
    for (size_t k = 0; k < r->n; k++) {
        assert_int_equal(r->row[k].a, w->pair[k].a);
        assert_int_equal(r->row[k].b, w->pair[k].b);
        assert_int_equal(r->row[k].same, same(w->pair[k].a, w->pair[k].b));
    }
}

static struct result *ask(const struct snapshot *now, const struct snapshot *before, enum pair_list list)
{
    struct request request = {.kind = REQUEST_PAIRS,
                              .snapshot = now,
                              .other = {before},
                              .pairs = {list, RELATION_LABEL, (float)tau, 0.5F}};
    struct result *r = request_pairs(&request, &scene, NULL);
    assert_non_null(r);
    return r;
}

/* ---- of the batch ---- */

static const float *view(const struct snapshot *s, size_t row)
{
    return s->batch_z[row / s->n_batch] + row % s->n_batch * POOR_DIM;
}

/* Of these, the row to which any view of another item is nearest stands for an item: its first unless the
 * second is nearer. */
static size_t anchor_of(const struct snapshot *s, size_t i)
{
    float nearest[2] = {-INFINITY, -INFINITY};
    for (size_t side = 0; side < 2; side++)
        for (size_t k = 0; k < 2 * s->n_batch; k++) {
            float score = poor_score(view(s, side * s->n_batch + i), view(s, k));
            if (k % s->n_batch != i && score > nearest[side])
                nearest[side] = score;
        }
    return nearest[1] > nearest[0] ? s->n_batch + i : i;
}

/* How alike the nearer view of j is to what stands for i; NaN: no direction. */
static float towards(const struct snapshot *s, size_t i, size_t j)
{
    const float *anchor = view(s, anchor_of(s, i));
    float first = poor_score(anchor, view(s, j)), second = poor_score(anchor, view(s, j + s->n_batch));
    return isnan(first) || second > first ? second : first;
}

static double sum_from(const struct snapshot *s, size_t anchor)
{
    double sum = 0;
    for (size_t k = 0; k < 2 * s->n_batch; k++) {
        double score = (double)poor_score(view(s, anchor), view(s, k));
        sum += k == anchor || isnan(score) ? 0 : exp(score / tau);
    }
    return sum;
}

struct stand {
    uint32_t rank;
    double probability, loss;
};

static struct stand stand_of(const struct snapshot *s, size_t i)
{
    struct stand stand = {0, 0, 0};
    for (size_t side = 0; side < 2; side++) {
        size_t anchor = i + (side ? s->n_batch : 0), other = i + (side ? 0 : s->n_batch);
        double own = (double)poor_score(view(s, anchor), view(s, other)), sum = sum_from(s, anchor);
        uint32_t rank = 1;
        for (size_t k = 0; k < 2 * s->n_batch; k++)
            rank += k != anchor && k != other && (double)poor_score(view(s, anchor), view(s, k)) > own;
        stand.rank = rank > stand.rank ? rank : stand.rank;
        if (anchor == anchor_of(s, i))
            stand.probability = exp(own / tau) / sum;
        stand.loss -= log(exp(own / tau) / sum) / 2;
    }
    return stand;
}

static void check_hardest(const struct snapshot *s, const struct pair_row *row)
{
    struct wanted hard = {0};
    for (uint32_t j = 0; j < s->n_batch; j++)
        if (j != row->a)
            want(&hard, row->a, j, towards(s, row->a, j));
    assert_int_equal(row->n_negatives, hard.n < PAIR_NEGATIVES ? hard.n : PAIR_NEGATIVES);
    for (int k = 0; k < row->n_negatives; k++) {
        assert_int_equal(row->negative[k], hard.pair[k].b);
        assert_true(row->negative_similarity[k] == hard.pair[k].key);
        assert_int_equal(row->negative_same[k], same(row->a, hard.pair[k].b));
    }
}

static void check_positives(const struct snapshot *s)
{
    struct wanted wanted = {0};
    struct result *r = ask(s, NULL, PAIRS_POSITIVE);
    double all = 0;
    for (uint32_t i = 0; i < s->n_batch; i++) {
        double loss = stand_of(s, i).loss;
        all += isnan(loss) ? 0 : loss;
        want(&wanted, i, i, -poor_score(view(s, i), view(s, i + s->n_batch)));
    }
    listed_as_wanted(&r->pairs, &wanted);
    for (size_t k = 0; k < r->pairs.n; k++) {
        const struct pair_row *row = &r->pairs.row[k];
        struct stand stand = stand_of(s, row->a);
        assert_int_equal(row->rank, stand.rank);
        assert_int_equal(row->of, 2 * s->n_batch - 1);
        assert_true(row->similarity == -wanted.pair[k].key);
        assert_true(fabs((double)row->probability - stand.probability) < 1e-5);
        assert_true(fabs((double)row->loss - stand.loss) < 1e-4);
        if (all > 0)
            assert_true(fabs((double)row->share - stand.loss / all) < 1e-5);
        check_hardest(s, row);
    }
    result_unref(r);
}

static uint32_t place_among(const struct snapshot *s, uint32_t i, uint32_t j)
{
    uint32_t place = 1;
    for (uint32_t k = 0; k < s->n_batch; k++)
        place += k != i && towards(s, i, k) > towards(s, i, j);
    return place;
}

/* From the side of one anchor, with that one's hardest, and its softmax in that one's row. */
static void check_negative(const struct snapshot *s, const struct pair_row *row)
{
    assert_int_equal(row->rank, place_among(s, row->a, row->b));
    assert_int_equal(row->training, PAIR_PUSHED);
    double softmax = exp((double)row->similarity / tau) / sum_from(s, anchor_of(s, row->a));
    assert_true(fabs((double)row->probability - softmax) < 1e-5);
    assert_int_equal(row->of, s->n_batch - 1);
    check_hardest(s, row);
}

/* From whichever of both they are more alike. */
static void want_harder(struct wanted *w, const struct snapshot *s, uint32_t i, uint32_t j)
{
    float from = towards(s, i, j), back = towards(s, j, i);
    bool turned = isnan(from) || back > from;
    want(w, turned ? j : i, turned ? i : j, turned ? back : from);
}

static void check_negatives(const struct snapshot *s, enum pair_list list)
{
    static struct wanted wanted;
    wanted.n = 0;
    struct result *r = ask(s, NULL, list);
    for (uint32_t i = 0; i < s->n_batch; i++)
        for (uint32_t j = i + 1; j < s->n_batch; j++) {
            int is = same(i, j);
            if (list == PAIRS_NEGATIVE || is == (list == PAIRS_FALSE_NEGATIVE ? 1 : 0))
                want_harder(&wanted, s, i, j);
        }
    listed_as_wanted(&r->pairs, &wanted);
    for (size_t k = 0; k < r->pairs.n; k++) {
        assert_true(r->pairs.row[k].similarity == wanted.pair[k].key);
        check_negative(s, &r->pairs.row[k]);
    }
    result_unref(r);
}

static void pairs_of_a_batch(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_batch((enum poor_space)space, 4);
        s->settings.contrast.negatives = NEGATIVES_BATCH;
        check_positives(s);
        check_negatives(s, PAIRS_NEGATIVE);
        check_negatives(s, PAIRS_FALSE_NEGATIVE);
        check_negatives(s, PAIRS_FALSE_POSITIVE);
        snapshot_unref(s);
    }
}

/* An item's own list: all of it is one row of the softmax, so that what is more alike has more of it and all
 * of it is at most one, whether the item is of the batch or stands in its last pair's place. */
static void check_own_list(struct snapshot *s, uint32_t item, bool seated)
{
    s->inspected.item = item;
    for (int v = 0; v < 2; v++)
        s->inspected.z[v] = s->batch_z[v] + item * POOR_DIM;
    struct result *r = ask(s, NULL, PAIRS_ITEM);
    const struct pairs_result *p = &r->pairs;
    double sum = 0;
    assert_true(p->looks && p->seated == seated && p->n > 2);
    for (size_t k = 0; k < p->n; k++) {
        assert_int_equal(p->row[k].a, item);
        assert_int_equal(p->row[k].b == item, k == 0);
        assert_true(k < 2 || p->row[k - 1].similarity >= p->row[k].similarity);
        assert_true(k < 2 || p->row[k - 1].probability >= p->row[k].probability);
        sum += isnan(p->row[k].probability) ? 0 : (double)p->row[k].probability;
    }
    assert_true(sum > 0.5 && sum < 1 + 1e-5);
    result_unref(r);
}

static void an_own_list_is_one_row_of_the_softmax(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_batch((enum poor_space)space, 4);
        s->settings.contrast.negatives = NEGATIVES_BATCH;
        if (space == POOR_NOT || space == POOR_LATTICE || space == POOR_DUPLICATES) {
            check_own_list(s, 5, false);
            s->n_batch--;
            check_own_list(s, (uint32_t)s->n_batch, true);
            s->n_batch++;
        }
        snapshot_unref(s);
    }
}

static void *writable(const void *array)
{
    return (void *)(uintptr_t)array;
}

/* The same batch with what its loss told of each pair. */
static struct snapshot *told_batch(enum poor_space space, const float *loss, const float *weight)
{
    struct snapshot *from = poor_batch(space, 4);
    size_t n = from->n_batch;
    struct snapshot *s = snapshot_new(
        &(struct snapshot_sizes){.n_probe = 1, .dim_h = 1, .dim_z = POOR_DIM, .n_batch = n, .pairs = true});
    s->inspected.item = UINT32_MAX;
    memcpy(writable(s->batch_item), from->batch_item, n * sizeof *from->batch_item);
    for (int v = 0; v < 2; v++)
        memcpy(writable(s->batch_z[v]), from->batch_z[v], n * POOR_DIM * sizeof(float));
    memcpy(writable(s->pair_loss), loss, n * sizeof *loss);
    memcpy(writable(s->pair_weight), weight, n * sizeof *weight);
    snapshot_unref(from);
    return s;
}

/* What the loss told of its pairs is shown as parts of all, which add up to one. */
static void shares_are_parts_of_all(void **state)
{
    (void)state;
    float loss[POOR_ITEMS], weight[POOR_ITEMS];
    double sum[2] = {0, 0};
    for (int i = 0; i < POOR_ITEMS; i++) {
        loss[i] = (float)(i % 7) / 3; /* ties, and some that cost nothing */
        weight[i] = (float)(i % 5) / 8;
        sum[0] += (double)loss[i];
        sum[1] += (double)weight[i];
    }
    for (int gains = 0; gains < 2; gains++) {
        double shares = 0, weights = 0;
        loss[9] = gains ? -0.5F : loss[9];
        struct snapshot *s = told_batch(POOR_NOT, loss, weight);
        struct result *r = ask(s, NULL, PAIRS_POSITIVE);
        assert_int_equal(r->pairs.n, POOR_ITEMS);
        for (size_t k = 0; k < r->pairs.n; k++) {
            const struct pair_row *row = &r->pairs.row[k];
            assert_true(row->loss == loss[row->a]);
            assert_true(fabs((double)row->weight - (double)weight[row->a] / sum[1]) < 1e-6);
            weights += (double)row->weight;
            if (gains) /* a part of a sum of unlike signs says nothing */
                assert_true(isnan(row->share));
            else
                assert_true(fabs((double)row->share - (double)loss[row->a] / sum[0]) < 1e-6);
            shares += (double)row->share;
        }
        assert_true(gains || fabs(shares - 1) < 1e-5);
        assert_true(fabs(weights - 1) < 1e-5);
        result_unref(r);
        snapshot_unref(s);
    }
}

/* Where a label makes positives, its pairs are among these and nowhere among what is pushed apart. */
static void pairs_of_a_label_are_pulled(void **state)
{
    (void)state;
    struct snapshot *s = poor_batch(POOR_NOT, 4);
    s->settings.contrast = (struct contrast){POSITIVES_LABEL, NEGATIVES_BATCH};
    struct wanted wanted = {0};
    for (uint32_t i = 0; i < s->n_batch; i++) {
        want(&wanted, i, i, -poor_score(view(s, i), view(s, i + s->n_batch)));
        for (uint32_t j = i + 1; j < s->n_batch; j++)
            if (same(i, j) == 1) {
                bool turned = towards(s, j, i) > towards(s, i, j);
                want(&wanted, turned ? j : i, turned ? i : j, -fmaxf(towards(s, i, j), towards(s, j, i)));
            }
    }
    struct result *r = ask(s, NULL, PAIRS_POSITIVE);
    listed_as_wanted(&r->pairs, &wanted);
    for (size_t k = 0; k < r->pairs.n; k++) {
        assert_int_equal(r->pairs.row[k].training, PAIR_PULLED);
        for (int h = 0; h < r->pairs.row[k].n_negatives; h++)
            assert_int_not_equal(r->pairs.row[k].negative_same[h], 1);
    }
    result_unref(r);
    r = ask(s, NULL, PAIRS_FALSE_NEGATIVE);
    assert_int_equal(r->pairs.of, 0);
    result_unref(r);
    r = ask(s, NULL, PAIRS_NEGATIVE);
    for (size_t k = 0; k < r->pairs.n; k++)
        assert_true(r->pairs.row[k].same != 1 && r->pairs.row[k].training == PAIR_PUSHED);
    result_unref(r);
    snapshot_unref(s);
}

/* Without negatives pairs of two are there to be looked at, and none is pushed. */
static void without_negatives_nothing_is_pushed(void **state)
{
    (void)state;
    for (enum negatives negatives = NEGATIVES_NONE; negatives <= NEGATIVES_CAPTIONS; negatives++) {
        struct snapshot *s = poor_batch(POOR_NOT, 4);
        s->settings.contrast.negatives = negatives;
        struct result *r = ask(s, NULL, PAIRS_FALSE_NEGATIVE);
        assert_true(r->pairs.n > 0);
        for (size_t k = 0; k < r->pairs.n; k++)
            assert_int_equal(r->pairs.row[k].training,
                             negatives == NEGATIVES_BATCH ? PAIR_PUSHED : PAIR_LEFT);
        result_unref(r);
        snapshot_unref(s);
    }
}

/* ---- of the held-out items ---- */

static float score_at(const struct snapshot *s, uint32_t i, uint32_t j)
{
    return poor_score(s->h + i * POOR_DIM, s->h + j * POOR_DIM);
}

static float key_of(enum pair_list list, const struct snapshot *now, const struct snapshot *before,
                    uint32_t i, uint32_t j)
{
    float s = score_at(now, i, j), moved = s - score_at(before, i, j);
    if (list == PAIRS_AT_THRESHOLD)
        return -fabsf(s - 0.5F);
    float wrong = same(i, j) == 1 ? -moved : moved;
    return same(i, j) >= 0 && wrong > 0 ? wrong : NAN;
}

static void check_held_out(const struct snapshot *now, const struct snapshot *before, enum pair_list list)
{
    static struct wanted wanted;
    wanted.n = 0;
    struct result *r = ask(now, before, list);
    for (uint32_t i = 0; i < now->n_probe; i++)
        for (uint32_t j = i + 1; j < now->n_probe; j++)
            want(&wanted, i, j, key_of(list, now, before, i, j));
    listed_as_wanted(&r->pairs, &wanted);
    for (size_t k = 0; k < r->pairs.n; k++)
        assert_true(r->pairs.row[k].similarity == score_at(now, wanted.pair[k].a, wanted.pair[k].b));
    result_unref(r);
}

static void pairs_of_held_out_items(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *now = poor_snapshot((enum poor_space)space, 4),
                        *before = poor_snapshot((enum poor_space)space, 3);
        check_held_out(now, before, PAIRS_AT_THRESHOLD);
        check_held_out(now, before, PAIRS_WRONG_WAY);
        snapshot_unref(now);
        snapshot_unref(before);
    }
}

/* ---- counts ---- */

static void check_counts(const struct snapshot *s, const struct matches_result *m)
{
    uint64_t at[2][SCORES_BINS] = {{0}}, above[2] = {0};
    for (uint32_t i = 0; i < s->n_probe; i++)
        for (uint32_t j = i + 1; j < s->n_probe; j++) {
            float score = score_at(s, i, j);
            if (!isnan(score) && same(i, j) >= 0)
                at[same(i, j)][scores_bin(score, SCORES_BINS)]++;
        }
    for (uint32_t bin = SCORES_BINS; bin-- > 0;)
        for (int kind = 0; kind < 2; kind++) {
            above[kind] += at[kind][bin];
            assert_int_equal(m->counts.above[kind][bin], above[kind]);
        }
}

static void matches_are_counted_one_by_one(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 4);
        struct request request = {
            .kind = REQUEST_MATCHES, .snapshot = s, .matches = {RELATION_LABEL, SPACE_H}};
        struct result *r = request_matches(&request, &scene, NULL);
        if (r->matches.counts.n_bins > 0)
            check_counts(s, &r->matches);
        else
            assert_int_equal(s->n_probe, 1); /* no pair to count */
        result_unref(r);
        snapshot_unref(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_a_batch),
        cmocka_unit_test(an_own_list_is_one_row_of_the_softmax),
        cmocka_unit_test(shares_are_parts_of_all),
        cmocka_unit_test(pairs_of_a_label_are_pulled),
        cmocka_unit_test(without_negatives_nothing_is_pushed),
        cmocka_unit_test(pairs_of_held_out_items),
        cmocka_unit_test(matches_are_counted_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
