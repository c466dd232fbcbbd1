/* SPDX-License-Identifier: MIT
 *
 * The views of their own: what their keys and clicks do, and that they show what was computed.
 */
#include "support/answers.h"
#include "support/scene.h"

#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int setup(void **state)
{
    struct fake *f = xcalloc(1, sizeof *f);
    fake_init(f, FAKE_ITEMS, true, 3);
    fake_embed(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fake_release(*state);
    free(*state);
    return 0;
}

/* The row of the list is left behind by Enter: its item is the one looked at then. */
static void near_lists_are_walked_and_looked_into(void **state)
{
    struct fake *f = *state;
    fake_key(f, "3");
    assert_true(fake_shows(f, "a moment"));
    fake_answer(f);
    const struct spaces_result *s = &f->answer[REQUEST_SPACES]->spaces;
    assert_int_equal(s->before_step, f->before->step);
    assert_true(fake_shows(f, "since step 60"));
    fake_key(f, "Down");
    fake_key(f, "Down");
    uint32_t third = s->list[SPACE_H].index[2];
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.item, third);
    fake_answer(f);
    fake_key(f, "Tab");
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.item, f->answer[REQUEST_SPACES]->spaces.list[SPACE_Z].index[0]);
    for (int i = 0; i < 2; i++)
        fake_key(f, "Left"); /* around the start: hubs come last */
    fake_key(f, "G");
    fake_key(f, "Enter");
    const struct graph_result *g = &f->answer[REQUEST_GRAPH]->graph;
    assert_true(g->n_hubs > 0);
    assert_int_equal(f->scene.choice.item, g->hub[g->n_hubs - 1]);
}

static void near_settings_turn_and_are_undone(void **state)
{
    struct fake *f = *state;
    fake_key(f, "3");
    fake_key(f, "S");
    assert_true(fake_shows(f, "settings of near"));
    fake_key(f, "Right");
    fake_key(f, "Down");
    fake_key(f, "Right");
    assert_int_equal(f->scene.choice.near.k, 9);
    assert_int_equal(f->scene.choice.near.metric, METRIC_EUCLIDEAN);
    fake_key(f, "Esc");
    fake_answer(f);
    assert_int_equal(f->answer[REQUEST_SPACES]->spaces.asked.metric, METRIC_EUCLIDEAN);
    assert_true(fake_shows(f, "9 nearest, Euclidean"));
    fake_key(f, "u");
    fake_key(f, "u");
    assert_int_equal(f->scene.choice.near.k, 8);
    assert_int_equal(f->scene.choice.near.metric, METRIC_COSINE);
}

static void near_clicks(void **state)
{
    struct fake *f = *state;
    fake_key(f, "3");
    fake_answer(f);
    const struct spaces_result *s = &f->answer[REQUEST_SPACES]->spaces;
    fake_click(f, 45, 6); /* the third column */
    assert_int_equal(f->scene.choice.near.list, SPACE_PIXELS);
    assert_int_equal(f->scene.choice.near.row, 2);
    uint32_t there = s->list[SPACE_PIXELS].index[2];
    fake_click(f, 45, 6);
    assert_int_equal(f->scene.choice.item, there);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(near_lists_are_walked_and_looked_into),
        TEST(near_settings_turn_and_are_undone),
        TEST(near_clicks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
