/* SPDX-License-Identifier: MIT
 *
 * What the neighbours view shows (lists, kept and lost, composition, hubs, churn, links) against plain loops,
 * in every poor space.
 */
#include "answer/requests.h"

#include "support/cmocka.h"
#include "support/poor_spaces.h"

#include <math.h>
#include <string.h>

enum { K = 7 };

static const struct request_scene scene = {.data = &poor_data};

typedef void each_space(enum poor_space space);
static void in_every_space(each_space *check)
{
    for (int space = 0; space < POOR_SPACES; space++)
        check((enum poor_space)space);
}

static bool has(const uint32_t *list, size_t n, uint32_t item)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == item)
            return true;
    return false;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- one item's lists ---- */

static void check_list(const struct near_list *list, const struct snapshot *now,
                       const struct snapshot *before, size_t item, bool by_distance)
{
    uint32_t ranked[POOR_ITEMS], ranked_before[POOR_ITEMS];
    size_t k = least(K, poor_ranked(now, item, by_distance, ranked)),
           k_before = least(K, poor_ranked(before, item, by_distance, ranked_before)), lost = 0;
    assert_int_equal(list->k, k);
    for (size_t i = 0; i < k; i++) {
        const float *a = now->h + item * POOR_DIM, *b = now->h + ranked[i] * POOR_DIM;
        assert_int_equal(list->index[i], ranked[i]);
        assert_true(list->value[i] == (by_distance ? poor_distance(a, b) : poor_score(a, b)));
        if (k_before > 0)
            assert_int_equal(list->kept[i], has(ranked_before, k_before, ranked[i]));
    }
    for (size_t i = 0; k > 0 && i < k_before; i++)
        if (!has(ranked, k, ranked_before[i]))
            assert_int_equal(list->lost[lost++], ranked_before[i]);
    assert_int_equal(list->n_lost, lost);
}

static void check_composition(const struct spaces_result *r, const struct snapshot *s, size_t item)
{
    const struct near_list *list = &r->list[SPACE_H];
    for (size_t i = 0; i < r->n_composition; i++) {
        const struct composition *c = &r->composition[i];
        uint32_t near = 0, all = 0;
        for (size_t j = 0; j < list->k; j++)
            near += poor_code[list->index[j]] == c->value;
        for (size_t j = 0; j < s->n_probe; j++) {
            all += j != item && poor_code[j] == c->value;
        }
        assert_int_equal(c->count, near);
        assert_true(c->base == (float)all / (float)(s->n_probe - 1));
        assert_int_equal(c->own, c->value == poor_code[item]);
    }
    assert_true(list->k == 0 || r->n_composition > 0);
}

static void check_lists(enum poor_space space)
{
    struct snapshot *now = poor_snapshot(space, 2), *before = poor_snapshot(space, 1);
    for (int by_distance = 0; by_distance < 2; by_distance++)
        for (int item = 0; item < (int)now->n_probe; item++) {
            struct request request = {
                .kind = REQUEST_SPACES,
                .snapshot = now,
                .other = {before},
                .spaces = {item, K, by_distance ? METRIC_EUCLIDEAN : METRIC_COSINE, SPACE_H}};
            struct result *r = request_spaces(&request, &scene, NULL);
            assert_non_null(r);
            check_list(&r->spaces.list[SPACE_H], now, before, (size_t)item, by_distance);
            check_list(&r->spaces.list[SPACE_Z], now, before, (size_t)item, by_distance);
            assert_int_equal(r->spaces.list[SPACE_PIXELS].k, 0); /* there are none */
            check_composition(&r->spaces, now, (size_t)item);
            result_unref(r);
        }
    snapshot_unref(now);
    snapshot_unref(before);
}

static void lists_are_those_of_a_plain_loop(void **state)
{
    (void)state;
    in_every_space(check_lists);
}

/* ---- of several items together ---- */

/* The mean of the members' directions, in double. */
static void mean_direction(const struct snapshot *s, const bool *member, float mean[POOR_DIM])
{
    double sum[POOR_DIM] = {0}, members = 0;
    for (size_t i = 0; i < s->n_probe; i++) {
        const float *row = s->h + i * POOR_DIM;
        double length = 0;
        for (size_t j = 0; j < POOR_DIM; j++)
            length += (double)row[j] * (double)row[j];
        length = sqrt(length);
        for (size_t j = 0; j < POOR_DIM && member[i] && length > 0 && isfinite(length); j++)
            sum[j] += (double)(float)((double)row[j] / length);
        members += member[i];
    }
    for (size_t j = 0; j < POOR_DIM; j++)
        mean[j] = (float)(sum[j] / members);
}

static void check_set(enum poor_space space)
{
    struct snapshot *now = poor_snapshot(space, 2);
    bool member[POOR_ITEMS] = {false};
    uint64_t word[POOR_ITEMS / 64 + 1] = {0};
    float mean[POOR_DIM];
    for (size_t i = 0; i < now->n_probe; i += 3) {
        member[i] = true;
        word[i / 64] |= (uint64_t)1 << i % 64;
    }
    mean_direction(now, member, mean);
    struct request request = {.kind = REQUEST_SPACES,
                              .snapshot = now,
                              .set = {{word, now->n_probe}},
                              .spaces = {.k = K, .space = SPACE_H, .of = NEAR_SET}};
    struct result *r = request_spaces(&request, &scene, NULL);
    assert_non_null(r);
    const struct near_list *list = &r->spaces.list[SPACE_H];
    for (size_t place = 0; place < list->k; place++) {
        size_t item = list->index[place], better = 0;
        float score = poor_score(mean, now->h + item * POOR_DIM);
        assert_false(member[item]);
        assert_true(list->value[place] == score);
        for (size_t i = 0; i < now->n_probe; i++) {
            float other = poor_score(mean, now->h + i * POOR_DIM);
            better += !member[i] && (other > score || (other == score && i < item));
        }
        assert_int_equal(better, place);
    }
    result_unref(r);
    request.set[0].word = NULL; /* nothing is selected: there is no answer */
    assert_null(request_spaces(&request, &scene, NULL));
    snapshot_unref(now);
}

static void several_items_have_nearest_together(void **state)
{
    (void)state;
    in_every_space(check_set);
}

/* ---- the graph ---- */

/* Everybody's k nearest at one moment. */
struct lists {
    size_t k[POOR_ITEMS];
    uint32_t other[POOR_ITEMS][POOR_ITEMS];
};

static void lists_of(struct lists *lists, const struct snapshot *s)
{
    for (size_t i = 0; i < s->n_probe; i++)
        lists->k[i] = least(K, poor_ranked(s, i, false, lists->other[i]));
}

/* Population skewness; NaN where nobody has a neighbour. */
static double skewness(const double *x, size_t n)
{
    double mean = 0, two = 0, three = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i];
    mean /= (double)n;
    for (size_t i = 0; i < n; i++) {
        two += pow(x[i] - mean, 2) / (double)n;
        three += pow(x[i] - mean, 3) / (double)n;
    }
    return mean == 0 ? (double)NAN : two == 0 ? 0 : three / pow(two, 1.5);
}

static void same_or_both_nan(double want, double got)
{
    if (isnan(want))
        assert_true(isnan(got));
    else
        assert_true(fabs(want - got) < 1e-5);
}

static void check_hubs(const struct graph_result *g, const struct lists *now)
{
    double count[POOR_ITEMS] = {0}, nobody = 0, places = 0, held = 0;
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < now->k[i]; j++)
            count[now->other[i][j]]++;
    for (size_t i = 0; i < g->n; i++) {
        assert_true((double)g->occurrence[i] == count[i]);
        nobody += count[i] == 0;
        places += count[i];
        held += count[i] >= 2 * K ? count[i] : 0;
    }
    same_or_both_nan(places > 0 ? held / places : (double)NAN, (double)g->hub_share);
    same_or_both_nan(skewness(count, g->n), (double)g->skew);
    same_or_both_nan(places > 0 ? nobody / (double)g->n : (double)NAN, (double)g->anti_hubs);
    for (size_t i = 0; i < g->n_hubs; i++) {
        assert_true(count[g->hub[i]] > 0);
        for (size_t j = 0; j < g->n; j++) { /* nobody who is not listed before it stands higher */
            bool first = count[j] > count[g->hub[i]] || (count[j] == count[g->hub[i]] && j < g->hub[i]);
            assert_int_equal(has(g->hub, i, (uint32_t)j), first);
        }
    }
}

/* Who is in no list, and of them who is farthest from its own nearest. */
static void check_anti_hubs(const struct graph_result *g, const struct lists *now, const struct snapshot *s)
{
    size_t none = 0;
    for (size_t i = 0; i < g->n; i++)
        none += g->occurrence[i] == 0;
    assert_int_equal(g->n_in_no_list, none);
    assert_int_equal(g->n_anti_hubs, none < GRAPH_LISTED ? none : GRAPH_LISTED);
    for (size_t i = 0; i < g->n_anti_hubs; i++) {
        uint32_t item = g->anti_hub[i];
        assert_int_equal(g->occurrence[item], 0);
        assert_false(has(g->anti_hub, i, item));
        const float *nearest = s->h + now->other[item][0] * POOR_DIM;
        same_or_both_nan(now->k[item] ? (double)poor_score(s->h + item * POOR_DIM, nearest) : (double)NAN,
                         (double)g->anti_nearest[i]);
        bool first = i == 0 || isnan(g->anti_nearest[i]) || g->anti_nearest[i - 1] < g->anti_nearest[i] ||
                     (g->anti_nearest[i - 1] == g->anti_nearest[i] && g->anti_hub[i - 1] < item);
        assert_true(first);
    }
}

static void check_churn(const struct graph_result *g, const struct lists *now, const struct lists *before)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < g->n; i++) {
        double both = 0;
        for (size_t j = 0; j < now->k[i]; j++)
            both += has(before->other[i], before->k[i], now->other[i][j]);
        double any = (double)(now->k[i] + before->k[i]) - both;
        same_or_both_nan(any > 0 ? both / any : (double)NAN, (double)g->jaccard[i]);
        sum += any > 0 ? both / any : 0;
        n += any > 0;
    }
    same_or_both_nan(n > 0 ? sum / n : (double)NAN, (double)g->mean_jaccard);
    for (size_t i = 1; i < g->n_unstable; i++)
        assert_true(g->jaccard[g->unstable[i - 1]] <= g->jaccard[g->unstable[i]]);
}

static size_t times_listed(const struct lists *lists, size_t n, uint32_t item)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += has(lists->other[i], lists->k[i], item);
    return count;
}

/* Who ties with the hub of now, and when it was the hub, one item and one moment at a time. */
static void check_steadiness(const struct graph_result *g, const struct lists *now,
                             struct snapshot *const earlier[2])
{
    static struct lists lists;
    size_t tied = 0, first = 0;
    if (g->n_hubs == 0)
        return;
    for (uint32_t i = 0; i < g->n; i++)
        tied += i != g->hub[0] && times_listed(now, g->n, i) == times_listed(now, g->n, g->hub[0]);
    for (int m = 0; m < 2; m++) {
        size_t above = 0;
        lists_of(&lists, earlier[m]);
        for (uint32_t i = 0; i < g->n; i++)
            above += times_listed(&lists, g->n, i) > times_listed(&lists, g->n, g->hub[0]);
        first += above == 0;
    }
    assert_int_equal(g->n_tied, tied);
    assert_int_equal(g->moments, 2);
    assert_int_equal(g->first, first);
}

static void check_graph(enum poor_space space)
{
    static struct lists lists, lists_before;
    struct snapshot *now = poor_snapshot(space, 2), *before = poor_snapshot(space, 1);
    struct snapshot *earlier[2] = {poor_snapshot(space, 3), poor_snapshot(space, 2)};
    struct request request = {.kind = REQUEST_GRAPH,
                              .snapshot = now,
                              .other = {before, earlier[0], earlier[1]},
                              .graph = {SPACE_H, METRIC_COSINE, K}};
    struct result *r = request_graph(&request, &scene, NULL);
    assert_non_null(r);
    lists_of(&lists, now);
    lists_of(&lists_before, before);
    check_hubs(&r->graph, &lists);
    check_anti_hubs(&r->graph, &lists, now);
    check_churn(&r->graph, &lists, &lists_before);
    check_steadiness(&r->graph, &lists, earlier);
    for (int m = 0; m < 2; m++)
        snapshot_unref(earlier[m]);
    result_unref(r);
    snapshot_unref(now);
    snapshot_unref(before);
}

/* What the moment shares with two others, of which one is itself. */
static void check_shared(enum poor_space space)
{
    static struct lists lists, other;
    struct snapshot *now = poor_snapshot(space, 2), *before = poor_snapshot(space, 1);
    struct request request = {.kind = REQUEST_SHARED,
                              .snapshot = now,
                              .other = {before, now},
                              .shared = {{SPACE_H, METRIC_COSINE, K}}};
    struct result *r = request_shared(&request, &scene, NULL);
    assert_non_null(r);
    assert_int_equal(r->shared.n, 2);
    lists_of(&lists, now);
    lists_of(&other, before);
    double sum = 0, some = 0, both_sum = 0;
    for (size_t i = 0; i < now->n_probe; i++) {
        double both = 0;
        for (size_t j = 0; j < lists.k[i]; j++)
            both += has(other.other[i], other.k[i], lists.other[i][j]);
        double any = (double)(lists.k[i] + other.k[i]) - both;
        sum += any > 0 ? both / any : 0;
        some += any > 0;
        both_sum += lists.k[i] > 0;
    }
    same_or_both_nan(some > 0 ? sum / some : (double)NAN, (double)r->shared.mean_jaccard[0]);
    same_or_both_nan(both_sum > 0 ? 1 : (double)NAN, (double)r->shared.mean_jaccard[1]);
    assert_int_equal(r->shared.step[0], before->step);
    result_unref(r);
    snapshot_unref(now);
    snapshot_unref(before);
}

static void what_moments_share_is_counted_one_by_one(void **state)
{
    (void)state;
    in_every_space(check_shared);
}

static void hubs_and_churn_are_counted_one_by_one(void **state)
{
    (void)state;
    in_every_space(check_graph);
}

/* ---- links ---- */

static void check_links(enum poor_space space)
{
    struct snapshot *s = poor_snapshot(space, 2);
    for (int item = 0; item < (int)s->n_probe; item++) {
        struct request request = {.kind = REQUEST_LINKS, .snapshot = s, .links = {item}};
        struct result *r = request_links(&request, &scene, NULL);
        assert_int_equal(r->links.n, s->n_probe);
        for (size_t i = 0; i < s->n_probe; i++) {
            float want = poor_score(s->h + item * POOR_DIM, s->h + i * POOR_DIM);
            assert_true(isnan(want) ? isnan(r->links.similarity[i]) : r->links.similarity[i] == want);
        }
        result_unref(r);
    }
    snapshot_unref(s);
}

static void links_are_scores(void **state)
{
    (void)state;
    in_every_space(check_links);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_those_of_a_plain_loop),
        cmocka_unit_test(several_items_have_nearest_together),
        cmocka_unit_test(hubs_and_churn_are_counted_one_by_one),
        cmocka_unit_test(what_moments_share_is_counted_one_by_one),
        cmocka_unit_test(links_are_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
