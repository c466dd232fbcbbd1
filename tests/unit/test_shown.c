/* SPDX-License-Identifier: MIT
 *
 * The last step of a number, onto the screen: what the views print, against loops over the fake's embeddings.
 */
#include "support/answers.h"
#include "support/cmocka.h"

#include "base/strbuf.h"
#include "space/scores.h"
#include "view/act.h"
#include "view/differs.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 100, PAIRS = ITEMS * (ITEMS - 1) / 2, BINS = SCORES_BINS, NEAR_K = 8 };

static void shows(struct fake *f, const char *format, ...)
{
    char text[120];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!fake_shows(f, text))
        fail_msg("the screen does not show \"%s\"", text);
}

/* The score by its definition, of rows of any width. */
static float score(const float *a, const float *b, size_t d)
{
    double aa = 0, bb = 0;
    float s = 0;
    for (size_t j = 0; j < d; j++) {
        aa += (double)a[j] * (double)a[j];
        bb += (double)b[j] * (double)b[j];
    }
    for (size_t j = 0; j < d; j++)
        s = fmaf((float)((double)a[j] / sqrt(aa)), (float)((double)b[j] / sqrt(bb)), s);
    return s > 1 ? 1 : s < -1 ? -1 : s;
}

/* Of the items before and now. */
static float scores[2][ITEMS][ITEMS];

static void find_scores(const struct fake *f)
{
    for (int now = 0; now < 2; now++) {
        const struct snapshot *s = now ? f->now : f->before;
        for (size_t i = 0; i < ITEMS; i++)
            for (size_t j = 0; j < ITEMS; j++)
                scores[now][i][j] = score(s->h + i * s->dim_h, s->h + j * s->dim_h, s->dim_h);
    }
}

/* How many others are nearer to i than j is, ties to the lower index. */
static size_t place_of(bool now, size_t i, size_t j)
{
    const float *s = scores[now][i];
    size_t nearer = 0;
    for (size_t k = 0; k < ITEMS; k++)
        nearer += k != i && k != j && (s[k] > s[j] || (s[k] == s[j] && k < j));
    return nearer;
}

static int setup(void **state)
{
    struct fake *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fake_init(f, ITEMS, true, 3);
    fake_embed(f);
    find_scores(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fake_release(*state);
    free(*state);
    return 0;
}

static bool same_shape(const struct fake *f, size_t i, size_t j)
{
    return f->data.column[0].code[i] == f->data.column[0].code[j];
}

/* ---- the threshold ---- */

static struct {
    float s[PAIRS];
    bool same[PAIRS];
    size_t n[2];
} pairs;

static void find_pairs(const struct fake *f, bool now)
{
    size_t n = 0;
    pairs.n[0] = pairs.n[1] = 0;
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t j = i + 1; j < ITEMS; j++) {
            pairs.s[n] = scores[now][i][j];
            pairs.same[n] = same_shape(f, i, j);
            pairs.n[pairs.same[n++]]++;
        }
}

static size_t above(uint32_t bin, bool same)
{
    size_t count = 0;
    for (size_t i = 0; i < PAIRS; i++)
        count += pairs.same[i] == same && scores_bin(pairs.s[i], BINS) >= bin;
    return count;
}

static double fmr_at(uint32_t bin)
{
    return (double)above(bin, false) / (double)pairs.n[0];
}

static double fnmr_at(uint32_t bin)
{
    return 1 - (double)above(bin, true) / (double)pairs.n[1];
}

/* The lowest score of a pair at which no more are called the same that are not. */
static uint32_t bin_at_fmr(double rate)
{
    uint32_t best = BINS;
    for (size_t i = 0; i < PAIRS; i++) {
        uint32_t bin = scores_bin(pairs.s[i], BINS);
        if (bin < best && fmr_at(bin) <= rate)
            best = bin;
    }
    return best;
}

static double edge(uint32_t bin)
{
    return 2.0 * bin / BINS - 1;
}

static double naive_auc(void)
{
    double won = 0;
    for (size_t i = 0; i < PAIRS; i++)
        for (size_t j = 0; j < PAIRS && pairs.same[i]; j++)
            if (!pairs.same[j]) {
                uint32_t a = scores_bin(pairs.s[i], BINS), b = scores_bin(pairs.s[j], BINS);
                won += a > b ? 1 : a == b ? 0.5 : 0;
            }
    return won / ((double)pairs.n[0] * (double)pairs.n[1]);
}

static double naive_dprime(void)
{
    double mean[2] = {0}, square[2] = {0};
    for (size_t i = 0; i < PAIRS; i++)
        mean[pairs.same[i]] += (double)pairs.s[i] / (double)pairs.n[pairs.same[i]];
    for (size_t i = 0; i < PAIRS; i++)
        square[pairs.same[i]] +=
            pow((double)pairs.s[i] - mean[pairs.same[i]], 2) / (double)pairs.n[pairs.same[i]];
    return fabs(mean[1] - mean[0]) / sqrt((square[0] + square[1]) / 2);
}

static uint32_t bin_of_equal_errors(void)
{
    uint32_t best = BINS;
    for (size_t i = 0; i < PAIRS; i++) {
        uint32_t bin = scores_bin(pairs.s[i], BINS);
        double off = fabs(fmr_at(bin) - fnmr_at(bin)), least = fabs(fmr_at(best) - fnmr_at(best));
        double sum = fmr_at(bin) + fnmr_at(bin), least_sum = fmr_at(best) + fnmr_at(best);
        if (off < least || (off == least && (sum < least_sum || (sum == least_sum && bin < best))))
            best = bin;
    }
    return best;
}

static void the_threshold_view_shows_rates(void **state)
{
    struct fake *f = *state;
    char a[32], b[32];
    fake_key(f, "4");
    fake_line(f, "t fmr 1%"); /* as it is at the start */
    fake_answer(f);
    find_pairs(f, true);
    uint32_t bin = bin_at_fmr(0.01), even = bin_of_equal_errors();
    size_t false_matches = above(bin, false), found = above(bin, true), called = false_matches + found;
    double precision = (double)found / (double)called, recall = (double)found / (double)pairs.n[1];
    shows(f, "FMR: %s of %s", format_count(false_matches, a), format_count(pairs.n[0], b));
    shows(f, "1 in %.0f", 1 / fmr_at(bin));
    shows(f, "FNMR: %s of %s", format_count(pairs.n[1] - found, a), format_count(pairs.n[1], b));
    shows(f, "called same at all %.1f %%   precision %.0f %%   recall %.0f %%   F1 %.2f",
          100 * (double)called / PAIRS, 100 * precision, 100 * recall,
          2 * precision * recall / (precision + recall));
    shows(f, "equal errors %.1f %% at %.2f   AUC %.3f   d′ %.2f", 50 * (fmr_at(even) + fnmr_at(even)),
          edge(even), naive_auc(), naive_dprime());
}

/* The same pairs at two kept steps. */
static void the_time_view_shows_what_differs(void **state)
{
    struct fake *f = *state;
    double edges[2], kept = 0;
    fake_key(f, "7");
    fake_answer(f);
    for (int now = 0; now < 2; now++) {
        find_pairs(f, now);
        edges[now] = edge(bin_at_fmr(0.01));
    }
    char row[80];
    snprintf(row, sizeof row, "threshold at FMR 1 %%");
    shows(f, "%s", row);
    shows(f, "%.3f    %.3f", edges[0], edges[1]);
    for (size_t i = 0; i < ITEMS; i++) {
        size_t both = 0, either = 0;
        for (size_t j = 0; j < ITEMS; j++) {
            const size_t nearer[2] = {place_of(false, i, j), place_of(true, i, j)};
            both += j != i && nearer[0] < 10 && nearer[1] < 10;
            either += j != i && (nearer[0] < 10 || nearer[1] < 10);
        }
        kept += (double)both / (double)either / ITEMS;
    }
    shows(f, "neighbours kept");
    shows(f, " %.2f", kept);
}

/* ---- what is near ---- */

/* Of the others of the item looked at, how many of its k nearest, and of all, have its shape. */
static void count_shapes(const struct fake *f, size_t item, size_t *near, size_t *all)
{
    *near = *all = 0;
    for (size_t j = 0; j < ITEMS; j++) {
        bool same = j != item && same_shape(f, item, j);
        *all += same;
        *near += same && place_of(true, item, j) < NEAR_K;
    }
}

static void the_near_view_shows_lift_and_hubs(void **state)
{
    struct fake *f = *state;
    double count[ITEMS] = {0}, mean = NEAR_K, two = 0, three = 0, none = 0;
    size_t item = (size_t)f->scene.choice.item, near, all;
    char a[32], b[32];
    fake_key(f, "3");
    fake_answer(f);
    count_shapes(f, item, &near, &all);
    shows(f, "%zu/%d ×%.1f", near, NEAR_K, (double)near / NEAR_K / ((double)all / (ITEMS - 1)));
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t j = 0; j < ITEMS; j++)
            count[j] += j != i && place_of(true, i, j) < NEAR_K;
    for (size_t i = 0; i < ITEMS; i++) {
        two += pow(count[i] - mean, 2) / ITEMS;
        three += pow(count[i] - mean, 3) / ITEMS;
        none += count[i] == 0;
    }
    shows(f, "skew %.2f", three / pow(two, 1.5));
    for (int i = 0; i < 2; i++)
        fake_key(f, "Left"); /* past the hubs: who is in no list */
    fake_answer(f);
    shows(f, "%s of %s", format_count((unsigned long long)none, a), format_count(ITEMS, b));
}

/* ---- the map's item ---- */

static void the_map_shows_who_is_called_the_same(void **state)
{
    struct fake *f = *state;
    size_t item = (size_t)f->scene.choice.item, called = 0, same = 0;
    fake_line(f, "t 0.3");
    fake_key(f, "1");
    fake_answer(f);
    fake_key(f, "z");
    for (size_t j = 0; j < ITEMS; j++) {
        bool is = j != item && edge(scores_bin(scores[1][item][j], BINS)) >= 0.3 - 1.0 / BINS;
        called += is;
        same += is && same_shape(f, item, j);
    }
    assert_true(called > 0 && same < called);
    shows(f, "called the same: %zu, %zu are same shape", called, same);
}

/* ---- how far two moments are apart ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the last twelve measurings: how far each lies from the middle of its neighbours, over what that is of
 * one that strays by 1; the middle one, as a deviation. */
static double naive_wobble(const struct fake *f, int column)
{
    enum { LAST = 12 };
    double value[LAST], off[LAST - 2];
    size_t n = series_count(f->now->measured);
    for (size_t i = 0; i < LAST; i++) {
        const struct measures *row = series_at(f->now->measured, n - LAST + i);
        value[i] = (double)measures_find(row, TERM_knn, column)->value;
    }
    for (size_t i = 1; i + 1 < LAST; i++)
        off[i - 1] = fabs((value[i - 1] + value[i + 1]) / 2 - value[i]) / sqrt(1.5);
    qsort(off, LAST - 2, sizeof *off, by_value);
    return 1.4826 * (off[4] + off[5]) / 2;
}

/* Three wobbles of a difference, which strays by the root of two of one's, are where it counts. */
static void a_difference_counts_from_three_wobbles_on(void **state)
{
    struct fake *f = *state;
    f->scene.pinned = f->before;
    for (int far = 0; far < 2; far++) {
        struct moments m = scene_moments(&f->scene);
        struct differences found;
        const struct measure *was = measures_find(&f->before->measures, TERM_knn, 2);
        double wobble = naive_wobble(f, 2), by = 3 * sqrt(2) * wobble * (far ? 1.02 : 0.98);
        f->now->measures = f->before->measures;
        fake_measure(f, TERM_knn, 2)->value = (float)((double)was->value + by);
        assert_true(wobble > 1e-4);
        differs_measures(&f->scene, &m, &found);
        assert_true(found.n > 1 && found.beyond == far && found.clear == far);
        for (int i = 0; i < found.n; i++)
            assert_true(found.row[i].wobbles == 0 ||
                        fabs(found.row[i].wobbles - by / (sqrt(2) * wobble)) < 0.01);
        for (int farther = 0; farther < 2; farther++) { /* and chance the other way, a little less or more */
            struct snapshot chance = *f->before;
            struct measure *drawn = (struct measure *)(uintptr_t)measures_find(&chance.measures, TERM_knn, 2);
            drawn->value = (float)((double)was->value - by * (farther ? 1.02 : 0.98));
            m.n_chances = 1;
            m.chance[0] = &chance;
            differs_measures(&f->scene, &m, &found);
            assert_true(found.beyond == far && found.clear == (far && !farther));
        }
    }
}

/* ---- in words ---- */

static void what_is_not_known_is_said_so(void **state)
{
    struct fake *f = *state;
    struct strbuf words = {0};
    struct measure *shape = fake_measure(f, TERM_knn, 0);
    shape->value = 0.456F;
    shape->pixels = shape->untrained = NAN; /* yardsticks come a little later */
    f->map->map.variance = NAN;             /* of a map made elsewhere */
    f->map->map.fidelity = NAN;             /* of one item */
    scene_words(&f->scene, &words);
    const char *text = strbuf_text(&words);
    assert_non_null(strstr(text, "shape is read right from the 20 nearest: 46 %; from pixels: not known"));
    assert_null(strstr(text, "-1"));
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "variance"));
    strbuf_release(&words);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_threshold_view_shows_rates),
        TEST(the_time_view_shows_what_differs),
        TEST(the_near_view_shows_lift_and_hubs),
        TEST(the_map_shows_who_is_called_the_same),
        TEST(a_difference_counts_from_three_wobbles_on),
        TEST(what_is_not_known_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
