/* SPDX-License-Identifier: MIT
 *
 * View 5 as a user meets it: numbers of the program's own audit, frozen while training goes on, and the pairs
 * behind them.
 */
#include "support/answers.h"
#include "support/cmocka.h"

#include "base/strbuf.h"
#include "view/audit.h"
#include "view/threshold.h"

#include <stdio.h>
#include <string.h>

static void open_audit(struct fake *fake)
{
    fake_init(fake, FAKE_ITEMS, true, 3);
    fake_embed(fake);
    fake->data.group = dataset_find_column(&fake->data, "light");
    fake->scene.choice.audit.relation = 1;
    fake_key(fake, "5");
    fake_answer(fake);
}

static size_t audits_asked(struct fake *fake)
{
    size_t n = 0;
    fake->posted.n_requests = 0;
    screen_wants(&fake->scene, &fake->post);
    for (size_t i = 0; i < fake->posted.n_requests; i++)
        n += fake->posted.request[i].kind == REQUEST_AUDIT;
    return n;
}

/* The same moment of a later step. Owned. */
static struct snapshot *snapshot_like(const struct fake *fake, uint64_t step)
{
    const struct snapshot *now = fake->now;
    struct snapshot_sizes sizes = {.n_probe = now->n_probe, .dim_h = now->dim_h};
    struct snapshot *s = snapshot_new(&sizes);
    memcpy((uint32_t *)(uintptr_t)s->item, now->item, now->n_probe * sizeof *now->item);
    memcpy((float *)(uintptr_t)s->h, now->h, now->n_probe * now->dim_h * sizeof *now->h);
    s->step = step;
    s->run = now->run;
    return s;
}

static void groups_and_what_follows_are_shown(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    assert_true(fake_shows(&fake, "same = same shape    groups: light    FMR within a group"));
    assert_true(fake_shows(&fake, "bright – dim"));
    assert_true(fake_shows(&fake, "set at FMR 1 %"));
    assert_true(fake_shows(&fake, "Evidence of a difference:"));
    fake_release(&fake);
}

static void the_audited_step_stays_until_asked_otherwise(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    assert_true(fake_shows(&fake, "step 120, frozen for this audit"));
    struct snapshot *later = snapshot_like(&fake, 121);
    fake.scene.now = later;
    assert_int_equal(audits_asked(&fake), 0);
    assert_true(fake_shows(&fake, "step 120, frozen for this audit"));
    fake.scene.choice.audit.convention = FMR_QUERY; /* another question is asked of the frozen step */
    assert_int_equal(audits_asked(&fake), 1);
    assert_int_equal(fake.posted.request[0].snapshot->step, 120);
    assert_true(fake_shows(&fake, "counting pairs"));
    fake.scene.choice.audit.convention = FMR_WITHIN;
    fake.scene.choice.audit.follow = 1;
    fake_key(&fake, "Enter"); /* pairs that are walked stay too */
    assert_int_equal(audits_asked(&fake), 0);
    fake_key(&fake, "Esc");
    assert_int_equal(audits_asked(&fake), 1);
    assert_int_equal(fake.posted.request[0].snapshot->step, 121);
    fake.scene.now = fake.now;
    snapshot_unref(later);
    fake_release(&fake);
}

/* What the view shows at a threshold it only looked up is what a pass there says, but for the intervals,
 * which are marked until that pass is made. */
static void a_moved_threshold_is_looked_up_at_once(void **state)
{
    (void)state;
    struct fake fake;
    char before[200], after[200];
    open_audit(&fake);
    assert_false(fake_shows(&fake, "~"));
    uint32_t bin = audit_shown(&fake.scene)->bin;
    fake_key(&fake, "(");
    assert_int_equal(audit_shown(&fake.scene)->bin, bin - THRESHOLD_STEP);
    assert_true(fake_shows(&fake, "~"));
    assert_true(fake_shows(&fake, "given"));
    const struct audit_value *value = audit_find(audit_shown(&fake.scene), METRIC_FMR, 1, 1);
    snprintf(before, sizeof before, "%.0f of %.0f", value->x, value->n);
    fake_answer(&fake);
    assert_false(fake_shows(&fake, "~"));
    value = audit_find(audit_shown(&fake.scene), METRIC_FMR, 1, 1);
    snprintf(after, sizeof after, "%.0f of %.0f", value->x, value->n);
    assert_string_equal(before, after);
    assert_int_equal(audits_asked(&fake), 0);
    fake_key(&fake, "u");
    assert_int_equal(audit_shown(&fake.scene)->bin, bin);
    fake_release(&fake);
}

/* There is one threshold: what one view sets the other shows. */
static void the_threshold_is_shared_with_its_view(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    fake_key(&fake, "4");
    fake_answer(&fake);
    fake_key(&fake, "(");
    double set = fake.scene.choice.threshold.target;
    fake_key(&fake, "5");
    fake_answer(&fake);
    assert_int_equal(audit_shown(&fake.scene)->bin, threshold_bin(set, SCORES_BINS));
    fake_key(&fake, ")");
    assert_true(fake.scene.choice.threshold.target > set);
    fake_release(&fake);
}

static void groups_are_crossed_and_the_matrix_shows_them(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    fake.scene.choice.audit.cross = dataset_find_column(&fake.data, "shape");
    fake_answer(&fake);
    assert_true(fake_shows(&fake, "groups: light × shape"));
    assert_true(fake_shows(&fake, "bright × "));
    assert_int_equal(audit_shown(&fake.scene)->n_groups, 2 * fake.data.column[0].n_values);
    fake_key(&fake, "Tab");
    fake_key(&fake, "Tab");
    assert_true(fake_shows(&fake, "false match between groups, diagonal: within"));
    fake.scene.choice.audit.group = dataset_find_column(&fake.data, "hue");
    fake_answer(&fake);
    assert_true(fake_shows(&fake, "more than 22 groups"));
    fake_release(&fake);
}

/* Of each row the genuine share is that of the counted pairs; which groups stand apart has p in its list; a
 * cost needs thresholds of other items. */
static void what_the_counts_tell_besides(void **state)
{
    (void)state;
    struct fake fake;
    char share[32];
    open_audit(&fake);
    fake.scene.choice.audit.cross = dataset_find_column(&fake.data, "hue");
    fake.scene.choice.audit.more = AUDIT_APART;
    fake_answer(&fake);
    assert_true(fake_shows(&fake, "p in list"));
    const struct audit *audit = audit_shown(&fake.scene);
    snprintf(share, sizeof share, "%.2g", audit_find(audit, METRIC_FMR, 0, 0)->q);
    assert_true(fake_shows(&fake, share));
    fake.scene.choice.audit.cross = NO_COLUMN;
    fake.scene.choice.audit.more = AUDIT_MEANING;
    fake_answer(&fake);
    uint32_t edge[MATCH_BANDS + 1];
    audit = audit_shown(&fake.scene);
    match_bands(&audit->of[0], edge);
    uint32_t last = MATCH_BANDS - 1;
    snprintf(share, sizeof share, "%.0f %%",
             100 * match_genuine_share(&audit->of[1], edge[last], edge[last + 1], NULL));
    assert_true(fake_shows(&fake, share));
    fake.scene.choice.audit.more = AUDIT_PERFORMANCE;
    assert_true(fake_shows(&fake, "chosen on other items"));
    fake_release(&fake);
}

static void it_is_told_in_words(void **state)
{
    (void)state;
    struct fake fake;
    struct strbuf words = {0};
    open_audit(&fake);
    view_at(4)->words(&fake.scene, &words);
    assert_non_null(strstr(strbuf_text(&words), "groups by light, FMR within"));
    assert_non_null(strstr(strbuf_text(&words), "dim: false match"));
    assert_non_null(strstr(strbuf_text(&words), "Evidence of a difference"));
    strbuf_release(&words);
    fake_release(&fake);
}

/* Above all similarities nothing matches: there is no precision, and the threshold is no number. */
static void what_is_undefined_is_told_as_such(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    fake.scene.choice.threshold.lock = LOCK_VALUE;
    fake.scene.choice.threshold.target = 1.5;
    for (int view = 3; view <= 4; view++) {
        struct strbuf words = {0};
        fake_key(&fake, view == 3 ? "4" : "5");
        fake_answer(&fake);
        view_at((size_t)view)->words(&fake.scene, &words);
        assert_non_null(strstr(strbuf_text(&words), "above 1"));
        assert_null(strstr(strbuf_text(&words), "inf "));
        assert_null(strstr(strbuf_text(&words), "nan"));
        strbuf_release(&words);
    }
    fake_release(&fake);
}

/* The panel of neighbourhoods shows what a naive count finds. */
static void neighbourhoods_by_group_are_shown(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    fake.scene.choice.audit.more = AUDIT_NEAR;
    fake_answer(&fake);
    assert_true(fake_shows(&fake, "among the 10 nearest of a group"));
    assert_true(fake_shows(&fake, "read by a linear map"));
    const struct groups_result *r = audit_groups_of(&fake.scene);
    assert_non_null(r);
    uint32_t most = 0;
    size_t false_ends = 0;
    for (size_t i = 0; i < r->audit->n_items; i++)
        for (size_t h = 0; h < r->audit->n_groups; h++)
            false_ends += r->audit->scores.errors[PAIR_IMPOSTOR][i * r->audit->n_groups + h];
    for (size_t j = 0; j < r->audit->scores.near.n; j++) { /* how often it is somebody's neighbour */
        uint32_t n = 0;
        for (size_t at = 0; at < r->audit->scores.near.n * GROUPS_K; at++)
            n += r->audit->scores.near.index[at] == j;
        most = n > most ? n : most;
    }
    assert_int_equal(r->hub[0].occurrence, most);
    for (size_t i = 1; i < r->n_hubs; i++)
        assert_true(r->hub[i - 1].occurrence >= r->hub[i].occurrence);
    const struct audit_value *all = audit_find(audit_shown(&fake.scene), METRIC_FMR, ALL_GROUPS, ALL_GROUPS);
    assert_int_equal(r->n_matches, 2 * (size_t)all->x);
    assert_int_equal(r->n_matches, false_ends);
    fake_release(&fake);
}

/* Ranks of the pair walked to, by counting who is nearer. */
static void a_pair_has_its_ranks(void **state)
{
    (void)state;
    struct fake fake;
    struct pair_ref pair;
    open_audit(&fake);
    fake_key(&fake, "Enter");
    fake_answer(&fake);
    assert_true(view_at(4)->pair(&fake.scene, &pair));
    const struct link_result *link = &fake.scene.found[REQUEST_LINK]->link;
    const struct scored_pair *listed;
    audit_listed(&fake.scene, audit_shown(&fake.scene), &listed);
    assert_true(link->similarity == listed[0].score);
    assert_true(link->rank_a >= 1 && link->rank_a <= link->of && link->rank_b >= 1);
    assert_int_equal(link->before_step, 60);
    assert_true(fake_shows(&fake, "neighbour "));
    fake_release(&fake);
}

/* Chosen on one half, counted on the other: no item is in both. */
static void half_of_the_units_choose_the_threshold(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    size_t all = audit_shown(&fake.scene)->n_items;
    fake.scene.choice.audit.split = 1;
    fake_answer(&fake);
    const struct audit *audit = audit_shown(&fake.scene);
    assert_true(audit->n_items > all / 3 && audit->n_items < all * 2 / 3);
    assert_true(fake_shows(&fake, "on dev, rates of the rest"));
    fake_release(&fake);
}

static void what_is_tagged_is_counted_with_and_without(void **state)
{
    (void)state;
    struct fake fake;
    struct pair_ref pair;
    open_audit(&fake);
    double pairs = audit_find(audit_shown(&fake.scene), METRIC_FMR, ALL_GROUPS, ALL_GROUPS)->n;
    fake_key(&fake, "Enter");
    assert_true(view_at(4)->pair(&fake.scene, &pair));
    fake_key(&fake, "m");
    fake_key(&fake, "x");
    fake_answer(&fake);
    fake_key(&fake, "Esc");
    assert_true(fake_shows(&fake, "1 mark not applied"));
    assert_true(fake_shows(&fake, "without the 1 mark, "));
    assert_true(audit_find(audit_with(&fake.scene, false), METRIC_FMR, ALL_GROUPS, ALL_GROUPS)->n == pairs);
    assert_true(audit_find(audit_with(&fake.scene, true), METRIC_FMR, ALL_GROUPS, ALL_GROUPS)->n < pairs);
    fake_key(&fake, "u");
    fake_answer(&fake);
    assert_null(audit_with(&fake.scene, true));
    fake_key(&fake, "Enter");
    fake_key(&fake, "m");
    fake_key(&fake, "s"); /* the false match is none: one impostor pair less, one genuine more */
    fake_answer(&fake);
    assert_true(audit_find(audit_with(&fake.scene, true), METRIC_FMR, ALL_GROUPS, ALL_GROUPS)->n ==
                pairs - 1);
    fake_release(&fake);
}

static void the_mouse_moves_the_threshold_and_opens_rows(void **state)
{
    (void)state;
    struct fake fake;
    struct rect rect = {0, 2, 80, 18};
    const struct view *view = view_at(4);
    open_audit(&fake);
    double before = audit_shown(&fake.scene)->bin;
    struct mouse mouse = {.what = MOUSE_DRAG, .x = 40, .y = 2 + 3};
    assert_true(view->mouse(&fake.scene, mouse, rect, &fake.post));
    assert_true(audit_shown(&fake.scene)->bin < before);
    mouse = (struct mouse){.what = MOUSE_PRESS, .x = 60, .y = 2 + 5 + 1};
    assert_true(view->mouse(&fake.scene, mouse, rect, &fake.post));
    assert_int_equal(fake.scene.choice.audit.row, 1);
    assert_int_equal(fake.scene.choice.audit.missed, 1);
    assert_true(view->mouse(&fake.scene, mouse, rect, &fake.post));
    assert_int_equal(fake.scene.choice.audit.open, 1);
    fake_release(&fake);
}

static void settings_are_turned_and_taken_back(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    fake_key(&fake, "S");
    assert_true(fake_shows(&fake, "the group column"));
    fake_key(&fake, "Right"); /* the first column of categories */
    assert_int_equal(fake.scene.choice.audit.group, dataset_find_column(&fake.data, "shape"));
    fake_key(&fake, "Esc");
    fake_answer(&fake);
    assert_true(fake_shows(&fake, "groups: shape"));
    fake_key(&fake, "u");
    assert_int_equal(fake.scene.choice.audit.group, NO_COLUMN);
    fake_release(&fake);
}

static void enter_shows_the_pairs_behind_a_number(void **state)
{
    (void)state;
    struct fake fake;
    struct pair_ref first, second;
    const struct view *view = view_at(4);
    open_audit(&fake);
    assert_false(view->pair(&fake.scene, &first));
    fake_key(&fake, "Enter");
    assert_true(fake_shows(&fake, "most alike of different in bright"));
    assert_true(view->pair(&fake.scene, &first));
    uint32_t *label = fake.data.column[0].code;
    assert_int_not_equal(label[first.a], label[first.b]);
    fake_key(&fake, "Down");
    assert_true(view->pair(&fake.scene, &second));
    assert_true(first.a != second.a || first.b != second.b);
    fake_key(&fake, "Enter"); /* looks at the pair's first item */
    assert_int_equal(fake.now->item[fake.scene.choice.item], second.a);
    fake_key(&fake, "Esc");
    fake_key(&fake, "Down");
    fake_key(&fake, "Right");
    fake_key(&fake, "Enter");
    assert_true(fake_shows(&fake, "least alike of the same in dim"));
    assert_true(view->pair(&fake.scene, &first));
    assert_int_equal(label[first.a], label[first.b]);
    fake_release(&fake);
}

static void without_anything_to_audit_it_says_why(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, false, 1);
    fake_key(&fake, "5");
    assert_int_equal(audits_asked(&fake), 0);
    assert_true(fake_shows(&fake, "no groups"));
    fake_key(&fake, "Enter");
    fake_key(&fake, "Down");
    fake_release(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_and_what_follows_are_shown),
        cmocka_unit_test(the_audited_step_stays_until_asked_otherwise),
        cmocka_unit_test(a_moved_threshold_is_looked_up_at_once),
        cmocka_unit_test(the_threshold_is_shared_with_its_view),
        cmocka_unit_test(groups_are_crossed_and_the_matrix_shows_them),
        cmocka_unit_test(half_of_the_units_choose_the_threshold),
        cmocka_unit_test(what_is_tagged_is_counted_with_and_without),
        cmocka_unit_test(the_mouse_moves_the_threshold_and_opens_rows),
        cmocka_unit_test(neighbourhoods_by_group_are_shown),
        cmocka_unit_test(a_pair_has_its_ranks),
        cmocka_unit_test(what_the_counts_tell_besides),
        cmocka_unit_test(it_is_told_in_words),
        cmocka_unit_test(what_is_undefined_is_told_as_such),
        cmocka_unit_test(settings_are_turned_and_taken_back),
        cmocka_unit_test(enter_shows_the_pairs_behind_a_number),
        cmocka_unit_test(without_anything_to_audit_it_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
