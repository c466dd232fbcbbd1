/* SPDX-License-Identifier: MIT */
#include "answer/requests.h"

#include "base/check.h"
#include "base/rng.h"
#include "math/score.h"
#include "space/compare.h"
#include "support/cmocka.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 60, DIM = 5, CLASSES = 3, K = 7 };

/* Three heaps of points on known axes; the column says which heap. */
static uint32_t codes[ITEMS];
static char shape[] = "shape";
static char value_names[CLASSES][4] = {"a", "b", "c"};
static char *values[CLASSES] = {value_names[0], value_names[1], value_names[2]};
static struct column column = {
    .name = shape, .kind = COLUMN_CATEGORY, .code = codes, .value = values, .n_values = CLASSES};
static const struct dataset data = {.n = ITEMS, .column = &column, .n_columns = 1};

static struct snapshot *heaps(uint64_t step, double turn)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = ITEMS, .dim_h = DIM});
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, 0, 0);
    s->step = step;
    for (uint32_t i = 0; i < ITEMS; i++) {
        ((uint32_t *)(uintptr_t)s->item)[i] = i;
        double angle = 2 * 3.14159265358979 * (i % CLASSES) / CLASSES + turn;
        float *h = (float *)(uintptr_t)s->h + i * DIM;
        h[0] = (float)(cos(angle) + 0.1 * rng_normal(&rng));
        h[1] = (float)(sin(angle) + 0.1 * rng_normal(&rng));
        for (int j = 2; j < DIM; j++)
            h[j] = (float)(0.1 * rng_normal(&rng));
    }
    return s;
}

static void test_map_shows_the_heaps(void **state)
{
    (void)state;
    struct snapshot *s = heaps(0, 0);
    struct request request = {
        .kind = REQUEST_MAP, .snapshot = s, .map = {.axes = AXES_CLASS, .component = {0, 1}}};
    struct request_scene scene = {.data = &data};
    struct result *map = request_map(&request, &scene, NULL);
    assert_int_equal(map->map.n, ITEMS);
    assert_true(map->map.readable > 0.99f);
    assert_true(map->map.variance > 0.9f && map->map.variance <= 1.0001f);
    assert_true(map->map.fidelity > map->map.fidelity_chance && map->map.fidelity <= 1);
    result_unref(map);
    snapshot_unref(s);
}

/* A space that turned between two snapshots must not turn on the screen. */
static void test_map_is_aligned_to_the_one_before(void **state)
{
    (void)state;
    struct snapshot *a = heaps(0, 0), *b = heaps(1, 2.5);
    struct request request = {
        .kind = REQUEST_MAP, .snapshot = a, .map = {.axes = AXES_CLASS, .component = {0, 1}}};
    struct request_scene scene = {.data = &data};
    struct result *before = request_map(&request, &scene, NULL);
    scene.map = before;
    request.snapshot = b;
    struct result *after = request_map(&request, &scene, NULL);
    for (size_t i = 0; i < ITEMS; i++) {
        double moved =
            hypot((double)(before->map.x[i] - after->map.x[i]), (double)(before->map.y[i] - after->map.y[i]));
        assert_true(moved < 0.85); /* heaps lie 1.7 apart; what is random in them does not turn */
    }
    result_unref(before);
    result_unref(after);
    snapshot_unref(a);
    snapshot_unref(b);
}

static void test_near_agrees_with_the_definition(void **state)
{
    (void)state;
    struct snapshot *s = heaps(0, 0);
    struct request request = {.kind = REQUEST_NEAR, .snapshot = s, .near = {.item = 4, .k = K}};
    struct request_scene scene = {.data = &data};
    struct result *near = request_near(&request, &scene, NULL);
    float unit[ITEMS * DIM];
    score_normalise(s->h, ITEMS, DIM, unit, NULL);
    assert_int_equal(near->near.k, K);
    for (size_t r = 0; r < K; r++) {
        uint32_t at = near->near.index[r];
        float score = score_pair(unit + 4 * DIM, unit + at * DIM, DIM);
        size_t better = 0;
        for (uint32_t i = 0; i < ITEMS; i++) {
            float other = score_pair(unit + 4 * DIM, unit + i * DIM, DIM);
            better += i != 4 && (other > score || (other == score && i < at));
        }
        assert_int_equal(better, r);
        assert_true(near->near.similarity[r] == score);
        assert_true(at != 4 && near->near.on_map[r] == 0); /* no map yet */
    }
    result_unref(near);
    snapshot_unref(s);
}

/* Pairs counted one by one, from the definition of the score and of a bin. */
static void count_naively(const float *rows, size_t n, const uint32_t *identity, uint32_t bin,
                          uint64_t count[2])
{
    float unit[2 * ITEMS * DIM];
    bool valid[2 * ITEMS];
    score_normalise(rows, n, DIM, unit, valid);
    count[0] = count[1] = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            float s = score_pair(unit + i * DIM, unit + j * DIM, DIM);
            bool known = valid[i] && valid[j] && identity[i] != UINT32_MAX && identity[j] != UINT32_MAX;
            if (known && scores_bin(s, SCORES_BINS) >= bin)
                count[identity[i] == identity[j]]++;
        }
}

static void check_counts(const struct match_counts *counts, const float *rows, size_t n,
                         const uint32_t *identity)
{
    assert_int_equal(counts->n_bins, SCORES_BINS);
    for (uint32_t bin = 0; bin <= SCORES_BINS; bin += SCORES_BINS / 32) {
        uint64_t count[2];
        count_naively(rows, n, identity, bin, count);
        assert_int_equal(counts->above[0][bin], count[0]);
        assert_int_equal(counts->above[1][bin], count[1]);
    }
}

static void test_pairs_are_counted_by_label(void **state)
{
    (void)state;
    struct snapshot *s = heaps(3, 0), *before = heaps(1, 1);
    memset((void *)(uintptr_t)(s->h + 7 * DIM), 0, DIM * sizeof(float)); /* no direction: in no pair */
    memcpy((void *)(uintptr_t)(s->h + 9 * DIM), s->h + 8 * DIM, DIM * sizeof(float));
    struct dataset labelled = data;
    labelled.label = 0;
    labelled.identity = NO_COLUMN;
    struct request_scene scene = {.data = &labelled};
    struct request request = {.kind = REQUEST_MATCHES, .snapshot = s, .matches = {RELATION_LABEL, SPACE_H}};
    struct result *matches = request_matches(&request, &scene, NULL);
    check_counts(&matches->matches.counts, s->h, ITEMS, codes);
    assert_int_equal(matches->matches.n_failed, 1);
    result_unref(matches);
    request.matches.relation = RELATION_IDENTITY;
    matches = request_matches(&request, &scene, NULL);
    assert_int_equal(matches->matches.counts.n_bins, 0); /* there is no such column */
    result_unref(matches);
    request = (struct request){
        .kind = REQUEST_DRIFT, .snapshot = s, .other = {before}, .drift = {RELATION_LABEL, SPACE_H}};
    struct result *drift = request_drift(&request, &scene, NULL);
    assert_int_equal(drift->drift.n, 2);
    assert_int_equal(drift->drift.step[0], 1);
    check_counts(&drift->drift.counts[0], before->h, ITEMS, codes);
    check_counts(&drift->drift.counts[1], s->h, ITEMS, codes);
    result_unref(drift);
    snapshot_unref(s);
    snapshot_unref(before);
}

/* What the audit says of one moment, from the definition: `codes` are groups and, halved, identities. */
static void test_the_audit_over_time_is_that_of_each_moment(void **state)
{
    (void)state;
    struct snapshot *s = heaps(3, 0), *before = heaps(1, 1);
    struct request_scene scene = {.data = &data};
    struct request request = {
        .kind = REQUEST_COURSE, .snapshot = s, .other = {before}, .course = {0, 0, 0.2F}};
    struct result *course = request_course(&request, &scene, NULL);
    const struct course_result *r = &course->course;
    assert_int_equal(r->n, 2);
    assert_int_equal(r->step[0], before->step);
    assert_int_equal(r->n_items, ITEMS);
    for (size_t moment = 0; moment < 2; moment++) {
        const struct snapshot *at = moment ? s : before;
        uint64_t all[2], match[2];
        float threshold = r->value[COURSE_THRESHOLD * (COURSE_MOMENTS + 1) + moment];
        count_naively(at->h, ITEMS, codes, 0, all);
        count_naively(at->h, ITEMS, codes, threshold_bin((double)threshold, SCORES_BINS), match);
        assert_true((double)match[0] <= 0.2 * (double)all[0]);
        double missed = 0, genuine = 0; /* within the groups: here all genuine pairs are */
        for (size_t g = 0; g < r->n_groups; g++) {
            size_t n = 0;
            for (size_t i = 0; i < ITEMS; i++)
                n += codes[i] == g;
            float fnmr = r->value[(COURSE_GROUP + 2 * g + 1) * (COURSE_MOMENTS + 1) + moment];
            missed += (double)fnmr * (double)(n * (n - 1)) / 2;
            genuine += (double)(n * (n - 1)) / 2;
        }
        assert_true(fabs(genuine - (double)all[1]) < 0.5);
        assert_true(fabs(missed - (double)(all[1] - match[1])) < 0.01);
    }
    result_unref(course);
    request =
        (struct request){.kind = REQUEST_COMPARE, .snapshot = s, .other = {s}, .compare = {0, 0, 0.2F, 3}};
    struct result *same = request_compare(&request, &scene, NULL);
    assert_true(same->compare.comparison->match_churn == 0 && same->compare.comparison->overlap == 1);
    result_unref(same);
    request.other[0] = before;
    struct result *moved = request_compare(&request, &scene, NULL);
    assert_int_equal(moved->compare.before_step, before->step);
    assert_true(moved->compare.comparison->match_churn > 0 && moved->compare.comparison->overlap < 1);
    result_unref(moved);
    request.compare.group = 99;
    assert_null(request_compare(&request, &scene, NULL));
    snapshot_unref(s);
    snapshot_unref(before);
}

/* Of more items than are looked at: a part of each of few large classes, for none of them fits whole. */
static void test_a_course_of_many_items_of_few_classes(void **state)
{
    enum { MANY = 100000 };
    (void)state;
    uint32_t *code = xcalloc(MANY, sizeof *code);
    struct column classes = column;
    struct dataset many = {.n = MANY, .column = &classes, .n_columns = 1, .identity = NO_COLUMN};
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = MANY, .dim_h = 2});
    classes.code = code;
    for (uint32_t i = 0; i < MANY; i++) {
        code[i] = i % CLASSES;
        ((uint32_t *)(uintptr_t)s->item)[i] = i;
        float *h = (float *)(uintptr_t)s->h + (size_t)i * 2;
        h[0] = cosf((float)code[i] + 1e-5F * (float)i);
        h[1] = sinf((float)code[i] + 1e-5F * (float)i);
    }
    struct request_scene scene = {.data = &many};
    struct request request = {.kind = REQUEST_COURSE, .snapshot = s, .course = {0, 0, 0.01F}};
    struct result *course = request_course(&request, &scene, NULL);
    assert_non_null(course);
    assert_int_equal(course->course.n_groups, CLASSES);
    assert_in_range(course->course.n_items, COURSE_ITEMS / 2, COURSE_ITEMS);
    result_unref(course);
    snapshot_unref(s);
    free(code);
}

static void test_two_views_of_a_batch_are_the_same(void **state)
{
    (void)state;
    struct snapshot *s =
        snapshot_new(&(struct snapshot_sizes){.n_probe = 1, .dim_h = 1, .dim_z = DIM, .n_batch = ITEMS});
    struct rng rng = rng_at(2, RNG_SAMPLE, 0, 0, 0);
    float rows[2 * ITEMS * DIM];
    uint32_t identity[2 * ITEMS];
    for (size_t i = 0; i < 2 * ITEMS * DIM; i++)
        rows[i] = (float)rng_normal(&rng);
    for (uint32_t i = 0; i < 2 * ITEMS; i++)
        identity[i] = i % ITEMS;
    for (size_t view = 0; view < 2; view++)
        memcpy((void *)(uintptr_t)s->batch_z[view], rows + view * ITEMS * DIM, ITEMS * DIM * sizeof *rows);
    struct request_scene scene = {.data = &data};
    struct request request = {.kind = REQUEST_MATCHES, .snapshot = s, .matches = {RELATION_VIEW, SPACE_H}};
    struct result *matches = request_matches(&request, &scene, NULL);
    check_counts(&matches->matches.counts, rows, 2 * ITEMS, identity);
    assert_int_equal(matches->matches.counts.above[1][0], ITEMS);
    result_unref(matches);
    snapshot_unref(s);
}

static void test_senseless_requests_give_nothing(void **state)
{
    (void)state;
    struct snapshot *s = heaps(0, 0), *empty = snapshot_new(&(struct snapshot_sizes){0});
    struct request_scene scene = {.data = &data};
    struct request request = {.kind = REQUEST_NEAR, .snapshot = s, .near = {.item = ITEMS, .k = K}};
    assert_null(request_near(&request, &scene, NULL));
    request.near.item = -1;
    assert_null(request_near(&request, &scene, NULL));
    request = (struct request){.kind = REQUEST_MAP, .snapshot = empty};
    assert_null(request_map(&request, &scene, NULL));
    request = (struct request){
        .kind = REQUEST_MAP, .snapshot = s, .map = {.axes = AXES_PIXELS}}; /* a table has none */
    assert_null(request_map(&request, &scene, NULL));
    snapshot_unref(s);
    snapshot_unref(empty);
}

static struct result *wait_for(struct requests *requests, struct mailbox *mailbox, enum request_kind kind)
{
    struct result *result;
    while (!(result = requests_take(requests, kind))) {
        struct pollfd wake = {mailbox_wake_fd(mailbox), POLLIN, 0};
        assert_true(poll(&wake, 1, 60000) > 0);
        snapshot_unref(mailbox_take(mailbox)); /* empties the wake-up */
    }
    return result;
}

static void test_the_newest_is_worked_and_nothing_twice(void **state)
{
    (void)state;
    struct mailbox *mailbox = mailbox_new();
    struct inbox *inbox = inbox_new(mailbox);
    struct requests *requests = requests_new(0, inbox);
    struct request_scene scene = {.data = &data, .live = true};
    struct request request = {.kind = REQUEST_MAP, .map = {.axes = AXES_PCA, .component = {0, 1}}};
    for (uint64_t step = 1; step <= 9; step++) {
        struct snapshot *s = heaps(step, 0);
        request.snapshot = s;
        requests_post(requests, &request, &scene);
        requests_post(requests, &request, &scene);
        snapshot_unref(s);
    }
    struct result *first = wait_for(requests, mailbox, REQUEST_MAP), *last = first;
    assert_int_equal(first->step, 1);
    if (!requests_idle(requests))
        last = wait_for(requests, mailbox, REQUEST_MAP);
    assert_int_equal(last->step, 9); /* those between were never started */
    assert_true(requests_idle(requests));
    if (last != first)
        result_unref(last);
    result_unref(first);
    requests_free(requests);
    inbox_free(inbox);
    mailbox_free(mailbox);
}

int main(void)
{
    for (uint32_t i = 0; i < ITEMS; i++) /* before any worker reads them */
        codes[i] = i % CLASSES;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_shows_the_heaps),
        cmocka_unit_test(test_map_is_aligned_to_the_one_before),
        cmocka_unit_test(test_near_agrees_with_the_definition),
        cmocka_unit_test(test_pairs_are_counted_by_label),
        cmocka_unit_test(test_the_audit_over_time_is_that_of_each_moment),
        cmocka_unit_test(test_a_course_of_many_items_of_few_classes),
        cmocka_unit_test(test_two_views_of_a_batch_are_the_same),
        cmocka_unit_test(test_senseless_requests_give_nothing),
        cmocka_unit_test(test_the_newest_is_worked_and_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
