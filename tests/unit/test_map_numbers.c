/* SPDX-License-Identifier: MIT
 *
 * What stands beside the map (how much of the variance and of the nearest it keeps, what can be read from it,
 * which nearest it shows, what of a trail changed) and what is near a vector or one of a pair, against plain
 * loops in every poor space.
 */
#include "answer/requests.h"

#include "support/cmocka.h"
#include "support/poor_spaces.h"

#include <math.h>
#include <string.h>

enum { NEAREST = 10, VOTERS = 20 };

static struct request_scene scene = {.data = &poor_data};

static void same_or_both_nan(double want, double got, double tolerance)
{
    if (isnan(want) ? !isnan(got) : !(fabs(want - got) <= tolerance))
        fail_msg("%.9g instead of %.9g", got, want);
}

static bool is_finite(const struct snapshot *s, size_t i)
{
    const float *row = s->h + i * POOR_DIM;
    return isfinite(row[0]) && isfinite(row[1]) && isfinite(row[2]);
}

/* ---- on the plane ---- */

/* The others by distance on the map, ties to the lower index; what lies nowhere is left out. */
static size_t ranked_on(const struct map_result *map, size_t item, uint32_t others[POOR_ITEMS])
{
    float apart[POOR_ITEMS];
    size_t n = 0;
    for (uint32_t i = 0; i < map->n; i++) {
        float dx = map->x[i] - map->x[item], dy = map->y[i] - map->y[item], d = dx * dx + dy * dy;
        if (i == item || isnan(d))
            continue;
        size_t at = n++;
        for (; at > 0 && apart[at - 1] > d; at--) {
            apart[at] = apart[at - 1];
            others[at] = others[at - 1];
        }
        apart[at] = d;
        others[at] = i;
    }
    return n;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool has(const uint32_t *list, size_t n, uint32_t item)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == item)
            return true;
    return false;
}

static double naive_fidelity(const struct snapshot *s, const struct map_result *map)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < s->n_probe; i++) {
        uint32_t high[POOR_ITEMS], low[POOR_ITEMS];
        size_t k = least(NEAREST, poor_ranked(s, i, false, high));
        size_t k_low = least(NEAREST, ranked_on(map, i, low)), both = 0;
        for (size_t j = 0; j < k; j++)
            both += has(low, k_low, high[j]);
        sum += k ? (double)both / (double)k : 0;
        n += k > 0;
    }
    return sum / n;
}

/* The plain vote of the nearest there, values counting alike; nobody's vote is never right. */
static double naive_readable(const struct snapshot *s, const struct map_result *map)
{
    double right[POOR_LABELS] = {0}, asked[POOR_LABELS] = {0}, sum = 0, classes = 0;
    for (size_t i = 0; i < s->n_probe; i++) {
        uint32_t others[POOR_ITEMS];
        size_t k = least(VOTERS, ranked_on(map, i, others)), votes[POOR_LABELS] = {0}, best = 0;
        if (poor_code[i] == NO_VALUE)
            continue;
        for (size_t j = 0; j < k; j++)
            if (poor_code[others[j]] != NO_VALUE)
                votes[poor_code[others[j]]]++;
        for (size_t c = 1; c < POOR_LABELS; c++)
            best = votes[c] > votes[best] ? c : best;
        asked[poor_code[i]]++;
        right[poor_code[i]] += votes[best] > 0 && best == poor_code[i];
    }
    for (size_t c = 0; c < POOR_LABELS; c++)
        if (asked[c] > 0) {
            sum += right[c] / asked[c];
            classes++;
        }
    return sum / classes;
}

/* Of the unit rows that have a direction: how much of their variance their places on the map have. */
static double naive_variance(const struct snapshot *s, const struct map_result *map)
{
    double mean[POOR_DIM + 2] = {0}, square[POOR_DIM + 2] = {0}, n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < s->n_probe; i++) {
            const float *row = s->h + i * POOR_DIM;
            double length = 0, at[POOR_DIM + 2];
            for (size_t j = 0; j < POOR_DIM; j++)
                length += (double)row[j] * (double)row[j];
            if (!(length > 0) || !isfinite(length))
                continue;
            for (size_t j = 0; j < POOR_DIM; j++)
                at[j] = (double)row[j] / sqrt(length);
            at[POOR_DIM] = (double)map->x[i];
            at[POOR_DIM + 1] = (double)map->y[i];
            n += pass == 0;
            for (size_t j = 0; j < POOR_DIM + 2; j++)
                if (pass == 0)
                    mean[j] += at[j];
                else
                    square[j] += pow(at[j] - mean[j] / n, 2);
        }
    double all = square[0] + square[1] + square[2];
    return all > 1e-12 ? (square[POOR_DIM] + square[POOR_DIM + 1]) / all : 0;
}

static struct result *map_of(const struct snapshot *s, enum axes_kind axes)
{
    struct request request = {
        .kind = REQUEST_MAP, .snapshot = s, .map = {.axes = axes, .column = 0, .component = {0, 1}}};
    struct result *r = request_map(&request, &scene, NULL);
    assert_non_null(r);
    return r;
}

static void check_map(const struct snapshot *s, enum axes_kind axes)
{
    struct result *r = map_of(s, axes);
    const struct map_result *map = &r->map;
    assert_int_equal(map->n, s->n_probe);
    assert_int_equal(map->judged, s->n_probe);
    for (size_t i = 0; i < map->n; i++) /* what is not finite lies nowhere */
        assert_true(isfinite(map->x[i]) == is_finite(s, i) && isfinite(map->y[i]) == is_finite(s, i));
    same_or_both_nan(naive_fidelity(s, map), (double)map->fidelity, 1e-6);
    same_or_both_nan(naive_readable(s, map), (double)map->readable, 1e-6);
    same_or_both_nan(naive_variance(s, map), (double)map->variance, 1e-4);
    double n = (double)s->n_probe;
    same_or_both_nan(n > 1 ? fmin(1, NEAREST / (n - 1)) : (double)NAN, (double)map->fidelity_chance, 1e-6);
    result_unref(r);
}

static void a_map_says_what_it_keeps(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 4);
        check_map(s, AXES_PCA);
        check_map(s, AXES_CLASS);
        snapshot_unref(s);
    }
}

/* ---- the nearest of one item, and whether the map shows them so ---- */

static void check_near(const struct snapshot *s, const struct result *map, size_t item)
{
    struct request request = {.kind = REQUEST_NEAR, .snapshot = s, .near = {.item = (int)item, .k = NEAREST}};
    struct request_scene seen = {.data = &poor_data, .map = map};
    struct result *r = request_near(&request, &seen, NULL);
    uint32_t high[POOR_ITEMS], low[POOR_ITEMS];
    size_t k = least(NEAREST, poor_ranked(s, item, false, high)), k_low = ranked_on(&map->map, item, low);
    assert_int_equal(r->near.k, k);
    for (size_t i = 0; i < k; i++) {
        assert_int_equal(r->near.index[i], high[i]);
        assert_true(r->near.similarity[i] == poor_score(s->h + item * POOR_DIM, s->h + high[i] * POOR_DIM));
        assert_int_equal(r->near.on_map[i], has(low, least(k, k_low), high[i]));
    }
    result_unref(r);
}

static void the_nearest_are_told_from_those_on_the_map(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 6);
        struct result *map = map_of(s, AXES_PCA);
        for (size_t item = 0; item < s->n_probe; item++)
            check_near(s, map, item);
        result_unref(map);
        snapshot_unref(s);
    }
}

/* ---- one pair ---- */

static uint32_t place_of(const struct snapshot *s, size_t a, size_t b)
{
    float own = poor_score(s->h + a * POOR_DIM, s->h + b * POOR_DIM);
    uint32_t place = 1;
    for (size_t i = 0; i < s->n_probe; i++) {
        float other = poor_score(s->h + a * POOR_DIM, s->h + i * POOR_DIM);
        place += i != a && i != b && (other > own || (other == own && i < b));
    }
    return place;
}

static void a_pair_has_its_places(void **state)
{
    (void)state;
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 6),
                        *before = poor_snapshot((enum poor_space)space, 5);
        for (uint32_t a = 0; a < s->n_probe; a += 3)
            for (uint32_t b = 0; b < s->n_probe; b++) {
                struct request request = {
                    .kind = REQUEST_LINK, .snapshot = s, .other = {before}, .link = {a, b}};
                struct result *r = request_link(&request, &scene, NULL);
                const struct link_result *link = &r->link;
                same_or_both_nan((double)poor_score(s->h + a * POOR_DIM, s->h + b * POOR_DIM),
                                 (double)link->similarity, 0);
                same_or_both_nan((double)poor_score(before->h + a * POOR_DIM, before->h + b * POOR_DIM),
                                 (double)link->before, 0);
                if (a != b && !isnan(link->similarity)) {
                    assert_int_equal(link->rank_a, place_of(s, a, b));
                    assert_int_equal(link->rank_b, place_of(s, b, a));
                    assert_int_equal(link->of, s->n_probe - 1);
                }
                result_unref(r);
            }
        snapshot_unref(s);
        snapshot_unref(before);
    }
}

/* ---- near a vector from elsewhere ---- */

static void check_query(const struct snapshot *s, const float query[POOR_DIM])
{
    struct queries queries = {1, POOR_DIM, query};
    struct request_scene seen = {.data = &poor_data, .queries = &queries};
    struct request request = {.kind = REQUEST_TEXT, .snapshot = s, .text = {"query 0"}};
    struct result *r = request_text(&request, &seen, NULL);
    size_t ranked = 0;
    assert_int_equal(r->text.of, s->n_probe);
    for (size_t i = 0; i < s->n_probe; i++)
        ranked += !isnan(poor_score(query, s->h + i * POOR_DIM));
    assert_int_equal(r->text.n, ranked); /* what has no direction has no rank */
    for (size_t place = 0; place < r->text.n; place++) {
        uint32_t item = r->text.item[place];
        float own = poor_score(query, s->h + item * POOR_DIM);
        size_t nearer = 0;
        for (size_t i = 0; i < s->n_probe; i++) {
            float other = poor_score(query, s->h + i * POOR_DIM);
            nearer += other > own || (other == own && i < item);
        }
        assert_true(r->text.similarity[place] == own);
        assert_int_equal(nearer, place);
    }
    result_unref(r);
}

static void a_query_ranks_what_has_a_direction(void **state)
{
    (void)state;
    static const float queries[][POOR_DIM] = {{1, 2, 3}, {-1, 0, 1}, {0, 0, 0}, {NAN, 1, 1}};
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 6);
        for (int q = 0; q < 4; q++)
            check_query(s, queries[q]);
        snapshot_unref(s);
    }
}

/* ---- trails ---- */

static void a_trail_says_what_was_kept(void **state)
{
    (void)state;
    const uint64_t all[] = {~(uint64_t)0};
    for (int space = 0; space < POOR_SPACES; space++) {
        struct snapshot *s = poor_snapshot((enum poor_space)space, 6),
                        *before = poor_snapshot((enum poor_space)space, 5);
        struct result *map = map_of(s, AXES_PCA);
        struct request_scene seen = {.data = &poor_data, .map = map};
        struct request request = {.kind = REQUEST_TRAILS, .snapshot = s, .other = {before}};
        request.set[0] = (struct request_set){all, s->n_probe};
        struct result *r = request_trails(&request, &seen, NULL);
        for (size_t i = 0; i < r->trails.n; i++) {
            uint32_t now[POOR_ITEMS], then[POOR_ITEMS], item = r->trails.item[i];
            size_t k = least(TRAILS_K, poor_ranked(s, item, false, now)), kept = 0;
            size_t k_then = least(TRAILS_K, poor_ranked(before, item, false, then));
            for (size_t j = 0; j < k; j++)
                kept += has(then, k_then, now[j]);
            same_or_both_nan(k ? (double)kept / (double)k : (double)NAN, (double)r->trails.kept[i], 1e-6);
        }
        result_unref(r);
        result_unref(map);
        snapshot_unref(s);
        snapshot_unref(before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_says_what_it_keeps),
        cmocka_unit_test(the_nearest_are_told_from_those_on_the_map),
        cmocka_unit_test(a_pair_has_its_places),
        cmocka_unit_test(a_query_ranks_what_has_a_direction),
        cmocka_unit_test(a_trail_says_what_was_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
