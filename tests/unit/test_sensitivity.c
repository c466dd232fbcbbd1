/* SPDX-License-Identifier: MIT
 *
 * The table of what moves an audit: its order, the floor, and the same table again from its file.
 */
#include "support/cmocka.h"

#include "app/sensitivity.h"
#include "base/check.h"
#include "base/file.h"
#include "support/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 2 };

static void add(struct sensitivity *s, const char *kind, const char *what, double moved)
{
    struct sensitivity_row *row = &s->row[s->n++];
    snprintf(row->kind, sizeof row->kind, "%s", kind);
    snprintf(row->what, sizeof row->what, "%s", what);
    snprintf(row->name, sizeof row->name, "%s-1", kind);
    if (isnan(moved)) {
        snprintf(row->failed, sizeof row->failed, "loss is not finite at step 3");
        return;
    }
    row->moved = (struct comparison){.n = 10,
                                     .k = 3,
                                     .n_groups = GROUPS,
                                     .overlap = .5,
                                     .jaccard = .4,
                                     .cka = .9,
                                     .churn = .01,
                                     .match_churn = moved,
                                     .threshold = {.7, .6}};
    row->moved.group = xcalloc(GROUPS, sizeof *row->moved.group);
    row->moved.ratio[PAIR_IMPOSTOR] = (struct change){2, 3, {1.1, 2.2}};
    row->moved.ratio[PAIR_GENUINE] = (struct change){1.5, NAN, {NAN, NAN}};
    row->moved.group[1].rate[PAIR_GENUINE] = (struct change){.25, .5, {.1, .3}};
    row->moved.group[1].n_units = 4;
    row->moved.group[1].pairs[PAIR_GENUINE] = 12;
    row->moved.group[1].flipped[PAIR_GENUINE] = 5;
    row->evidence[PAIR_GENUINE] = true;
}

static struct sensitivity *table(void)
{
    struct sensitivity *s = xcalloc(1, sizeof *s);
    *s = (struct sensitivity){.title = "a base", .n_items = 10, .k = 3, .n_groups = GROUPS};
    s->group = xcalloc(GROUPS + 1, sizeof *s->group);
    snprintf(s->group[0], sizeof *s->group, "A");
    snprintf(s->group[1], sizeof *s->group, "B");
    add(s, "seed", "seed 2", .3);
    add(s, "objective", "cannot", NAN);
    add(s, "seed", "seed 3", .5);
    add(s, "data", "as much", .5);
    add(s, "data", "more", .7);
    return s;
}

static void free_table(struct sensitivity *s)
{
    sensitivity_release(s);
    free(s);
}

static void check_order(const struct sensitivity *s)
{
    static const char *const order[] = {"more", "seed 3", "as much", "seed 2", "cannot"};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(s->row[i].what, order[i]);
}

static void what_moved_furthest_comes_first(void **state)
{
    (void)state;
    struct sensitivity *s = table();
    sensitivity_sort(s);
    check_order(s);
    struct seed_floor floor = sensitivity_floor(s);
    assert_int_equal(floor.n, 2);
    assert_true(fabs(floor.mean - .4) < 1e-12 && floor.most == .5);
    assert_true(sensitivity_stands_out(&s->row[0], &floor));
    assert_false(sensitivity_stands_out(&s->row[2], &floor)); /* as far as a seed: no further */
    assert_false(sensitivity_stands_out(&s->row[4], &floor));
    free_table(s);
}

/* Seeds at 2.5 and 3.5 from a base of 2: within 2 to 3.5 a ratio is one of theirs. */
static void seeds_have_ratios_and_rates_of_their_own(void **state)
{
    (void)state;
    struct sensitivity *s = table();
    s->row[0].moved.ratio[PAIR_IMPOSTOR].b = 2.5;
    s->row[2].moved.ratio[PAIR_IMPOSTOR].b = 3.5;
    s->row[3].moved.ratio[PAIR_IMPOSTOR].b = 3.6;
    s->row[2].moved.group[1].rate[PAIR_GENUINE].b = .05;
    struct seed_floor floor = sensitivity_floor(s);
    assert_true(floor.ratio[PAIR_IMPOSTOR].low == 2 && floor.ratio[PAIR_IMPOSTOR].high == 3.5);
    assert_true(sensitivity_ratio_is_of_seeds(&s->row[4], PAIR_IMPOSTOR, &floor)); /* 3 */
    assert_false(sensitivity_ratio_is_of_seeds(&s->row[3], PAIR_IMPOSTOR, &floor));
    assert_false(sensitivity_ratio_is_of_seeds(&s->row[4], PAIR_GENUINE, &floor)); /* undefined */
    assert_true(sensitivity_floor_rate(s, PAIR_GENUINE, 1) == .25);                /* .25 to .5, and to .05 */
    free_table(s);
}

static void the_table_says_where_the_floor_is(void **state)
{
    (void)state;
    struct sensitivity *s = table();
    struct strbuf text = {0};
    sensitivity_sort(s);
    sensitivity_print(s, &text);
    const char *line = strstr(strbuf_text(&text), "-- floor: 2 other seeds, mean 40 %, most 50 %");
    assert_non_null(line);
    assert_true(strstr(strbuf_text(&text), "more  ") < line);
    assert_true(strstr(strbuf_text(&text), "as much") > line);
    assert_non_null(strstr(line, "failed: loss is not finite"));
    strbuf_release(&text);
    free_table(s);
}

static void the_same_again_from_its_file(void **state)
{
    (void)state;
    struct sensitivity *s = table(), *back = xcalloc(1, sizeof *back);
    struct err err;
    sensitivity_sort(s);
    json_t *object = sensitivity_json(s);
    char *text = json_dumps(object, 0);
    assert_true(sensitivity_parse(back, text, strlen(text), &err));
    check_order(back);
    const struct sensitivity_row *row = &back->row[0];
    assert_true(row->moved.match_churn == .7 && row->moved.threshold[1] == .6 && row->evidence[PAIR_GENUINE]);
    assert_true(row->moved.ratio[PAIR_IMPOSTOR].b == 3 && row->moved.ratio[PAIR_IMPOSTOR].ci.high == 2.2);
    assert_true(isnan(row->moved.ratio[PAIR_GENUINE].b));
    assert_true(row->moved.group[1].rate[PAIR_GENUINE].ci.low == .1 && row->moved.group[1].n_units == 4);
    assert_true(row->moved.group[1].pairs[PAIR_GENUINE] == 12 &&
                row->moved.group[1].flipped[PAIR_GENUINE] == 5);
    json_t *again = sensitivity_json(back);
    assert_true(json_equal(object, again));
    json_decref(object);
    json_decref(again);
    free(text);
    free_table(s);
    free_table(back);
}

/* A group that nobody of is compared has no rates, and without other seeds nothing is known of them. */
static void what_is_undefined_is_no_number(void **state)
{
    (void)state;
    struct folder folder;
    struct err err;
    struct sensitivity *s = table();
    struct sensitivity_plan *plan = xcalloc(1, sizeof *plan);
    size_t length;
    folder_init(&folder);
    plan->folder = folder.path;
    for (size_t i = 0; i < s->n; i++) {
        snprintf(s->row[i].kind, sizeof s->row[i].kind, "data");
        s->row[i].moved.cka = NAN;
        if (!s->row[i].failed[0])
            s->row[i].moved.group[0].rate[PAIR_IMPOSTOR] = (struct change){NAN, NAN, {NAN, NAN}};
    }
    assert_true(sensitivity_write(s, plan, &err));
    char *text = file_read(folder_at(&folder, "sensitivity.md"), 1 << 20, &length, &err);
    assert_non_null(text);
    assert_non_null(strstr(text, "| B | FNMR | 25 % | 50 % | +25 |"));
    assert_null(strstr(text, "nan"));
    free(text);
    free(plan);
    free_table(s);
    folder_release(&folder);
}

static void what_is_no_such_table_is_refused(void **state)
{
    (void)state;
    struct sensitivity *s = xcalloc(1, sizeof *s);
    struct err err;
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"version\": 1}",
        "{\"version\": 2, \"groups\": [], \"rows\": []}",
        "{\"version\": 1, \"groups\": [\"A\"], \"rows\": [{\"kind\": \"seed\", \"groups\": []}]}"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(sensitivity_parse(s, bad[i], strlen(bad[i]), &err));
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_moved_furthest_comes_first),
        cmocka_unit_test(seeds_have_ratios_and_rates_of_their_own),
        cmocka_unit_test(the_table_says_where_the_floor_is),
        cmocka_unit_test(the_same_again_from_its_file),
        cmocka_unit_test(what_is_undefined_is_no_number),
        cmocka_unit_test(what_is_no_such_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
