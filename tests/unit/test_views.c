/* SPDX-License-Identifier: MIT
 *
 * The views of their own: what their keys and clicks do, and that they show what was computed.
 */
#include "support/answers.h"
#include "support/scene.h"

#include "base/check.h"
#include "math/score.h"
#include "view/act.h"
#include "view/differs.h"
#include "view/edges.h"
#include "view/held.h"
#include "view/threshold.h"

#include <math.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* An answer that no frame has shown yet is none that a key is about. */
static struct result *other_answer(struct fake *f, enum request_kind kind)
{
    struct result *other = result_new(kind, 0);
    struct graph_result *g = &other->graph;
    other->step = f->now->step;
    other->run = f->now->run;
    *g = f->answer[kind]->graph;
    for (size_t i = 0; i < g->n_hubs / 2; i++) {
        uint32_t hub = g->hub[i];
        g->hub[i] = g->hub[g->n_hubs - 1 - i];
        g->hub[g->n_hubs - 1 - i] = hub;
    }
    return other;
}

/* Does row i of the list of hubs, at the lower right of 80 x 24, show that item? */
static bool hub_stands_at(struct fake *f, int i, uint32_t item)
{
    enum { LEFT = 56, WIDE = 4, FIRST = 15 };
    uint32_t number = 0;
    struct canvas canvas;
    canvas_init(&canvas, 80, 24);
    screen_draw(&f->scene, &canvas);
    for (int x = LEFT; x < LEFT + WIDE; x++) {
        uint32_t glyph = canvas.cell[(FIRST + i) * canvas.width + x].glyph;
        number = glyph < '0' ? number : 10 * number + glyph - '0';
    }
    canvas_release(&canvas);
    return number == f->now->item[item];
}

/* What was read is taken, whatever came in between; what is walked stays while training goes on, until Esc.
 */
static void a_walked_list_stays(void **state)
{
    struct fake *f = *state;
    fake_key(f, "3");
    fake_answer(f);
    const struct graph_result *g = &f->answer[REQUEST_GRAPH]->graph;
    uint32_t first = g->hub[0], second = g->hub[1], last = g->hub[g->n_hubs - 1];
    fake_key(f, "Left");
    assert_true(hub_stands_at(f, 0, first));
    struct result *other = other_answer(f, REQUEST_GRAPH);
    f->scene.found[REQUEST_GRAPH] = other; /* it came, and no frame has shown it */
    fake_key(f, "Down");
    f->posted.n_requests = 0;
    screen_wants(&f->scene, &f->post);
    for (size_t i = 0; i < f->posted.n_requests; i++) /* nothing is worked that would not be shown */
        assert_int_not_equal(f->posted.request[i].kind, REQUEST_GRAPH);
    f->now->step += 20;
    screen_wants(&f->scene, &f->post);
    assert_true(hub_stands_at(f, 0, first));
    assert_true(fake_shows(f, "list of step 120, Esc: live"));
    fake_key(f, "Esc");
    assert_true(hub_stands_at(f, 0, last));
    assert_false(fake_shows(f, "Esc: live"));
    f->scene.found[REQUEST_GRAPH] = f->answer[REQUEST_GRAPH];
    assert_true(hub_stands_at(f, 1, second)); /* drawn; then another comes */
    f->scene.found[REQUEST_GRAPH] = other;
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.item, second);
    f->scene.found[REQUEST_GRAPH] = f->answer[REQUEST_GRAPH];
    result_unref(other);
}

/* Another list, another item, another k: what is asked then is shown, and stays in its turn. */
static void a_walked_list_is_asked_anew_for_another_question(void **state)
{
    struct fake *f = *state;
    uint64_t step;
    fake_key(f, "3");
    fake_answer(f);
    fake_key(f, "Down");
    fake_answer(f);
    f->now->step += 20;
    screen_wants(&f->scene, &f->post);
    assert_true(list_stays_at(&f->scene, &step) && step == 120);
    fake_key(f, "Enter"); /* to another item: its nearest are of now */
    fake_answer(f);
    assert_int_equal(f->answer[REQUEST_SPACES]->step, 140);
    assert_int_equal(f->answer[REQUEST_SPACES]->spaces.asked.item, f->scene.choice.item);
    assert_false(list_stays_at(&f->scene, &step));
    f->now->step += 20;
    screen_wants(&f->scene, &f->post);
    assert_true(list_stays_at(&f->scene, &step) && step == 140);
    f->scene.choice.near.k = 5;
    fake_answer(f);
    assert_int_equal(f->answer[REQUEST_SPACES]->step, 160);
    f->now->step += 20;
    fake_key(f, "."); /* a step by hand */
    fake_answer(f);
    assert_int_equal(f->answer[REQUEST_SPACES]->step, 180);
}

/* Enter on a large pair: the own list of its anchor, whose views are asked for; Esc: where one came from. */
static void from_a_pair_to_an_item_s_own_list(void **state)
{
    struct fake *f = *state;
    fake_key(f, "2");
    fake_key(f, "Right");
    fake_key(f, "Right"); /* hardest negatives */
    fake_answer(f);
    uint32_t anchor = f->answer[REQUEST_PAIRS]->pairs.row[0].a;
    char name[40];
    snprintf(name, sizeof name, "again: %u's own list", anchor);
    assert_true(fake_shows(f, name));
    fake_key(f, "Enter");
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.pairs.list, PAIRS_ITEM);
    assert_false(f->scene.choice.large);
    fake_answer(f);
    assert_int_equal((int)fake_command(f).number, anchor);
    const struct choice *c = &f->scene.choice;
    assert_int_equal(c->pairs.of == NO_ITEM ? (int)f->now->item[c->item] : c->pairs.of, anchor);
    fake_key(f, "Esc");
    assert_int_equal(f->scene.choice.pairs.list, PAIRS_NEGATIVE);
}

/* From the threshold to the pairs at its edge, whichever list was looked at last; the audit's relation is
 * told apart from its own. */
static void from_the_threshold_to_its_pairs(void **state)
{
    struct fake *f = *state;
    fake_key(f, "4");
    fake_answer(f);
    assert_true(fake_shows(f, "t: eer, fnmr 5%")); /* at FMR 1 % it stands already */
    f->scene.choice.audit.relation = AUDIT_SAME_IDENTITY;
    f->scene.choice.threshold.relation = RELATION_LABEL;
    fake_answer(f);
    assert_true(fake_shows(f, "same shape here, same identity in 5 (S)"));
    fake_line(f, "t0.5");
    fake_answer(f);
    assert_true(fake_shows(f, "t: fmr 1%"));
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.view, 1);
    assert_int_equal(f->scene.choice.pairs.list, PAIRS_AT_THRESHOLD);
    fake_answer(f);
    assert_true(fake_shows(f, "at the threshold"));
}

/* A search that finds nothing says what can be searched; and no key is named that would be typed. */
static void a_search_for_nothing_says_what_there_is(void **state)
{
    struct fake *f = *state;
    static const struct {
        const char *typed, *said;
    } told[] = {{"hub", "search hub > VALUE"},
                {"zzy", "no item says zzy: / takes words"},
                {"1001", "there is no item 1001: the data has 1000"},
                {"item == 2345", "there is no item 2345"}};
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        fake_type(f, "/");
        assert_false(fake_shows(f, "? help"));
        assert_true(fake_shows(f, "Enter search  Esc back"));
        fake_line(f, told[i].typed);
        if (!strstr(f->posted.said, told[i].said))
            fail_msg("%s: %s", told[i].typed, f->posted.said);
    }
    fake_type(f, ":");
    assert_false(fake_shows(f, "? help"));
    assert_true(fake_shows(f, "Enter take  Esc back"));
    fake_key(f, "Esc");
    assert_true(fake_shows(f, "? help"));
}

/* The large item has room for how its views stand in the batch: it is asked for, whatever the screen's size.
 */
static void the_large_item_asks_for_its_pairs(void **state)
{
    struct fake *f = *state;
    assert_null(f->answer[REQUEST_PAIRS]);
    fake_key(f, "z");
    fake_answer(f);
    assert_non_null(f->answer[REQUEST_PAIRS]);
    const struct pairs_result *p = &f->answer[REQUEST_PAIRS]->pairs;
    assert_true(p->looks && p->looked_at.a == f->now->item[f->scene.choice.item]);
    assert_true(fake_shows(f, "held out: nothing is trained on it"));
}

/* An item that is trained on is not on the map: it is said so, with what to do, and view 2 does it. */
static void a_search_for_a_training_item_says_so(void **state)
{
    struct fake *f = *state;
    fake_line(f, "/item 412");
    assert_int_equal(f->now->item[f->scene.choice.item], 412);
    assert_int_equal(f->now->batch_item[50], 650);
    ((uint32_t *)(uintptr_t)f->now->item)[650] = 0; /* no more on the map */
    fake_line(f, "/650");
    if (!strstr(f->posted.said, "item 650 is a training item") || !strstr(f->posted.said, "2, then /650"))
        fail_msg("%s", f->posted.said);
    fake_line(f, ":item 650");
    assert_non_null(strstr(f->posted.said, "item 650 is a training item"));
    fake_key(f, "2");
    fake_line(f, "/650");
    fake_answer(f);
    assert_int_equal(f->scene.choice.pairs.of, 650);
    assert_int_equal((int)fake_command(f).number, 650); /* its views are asked for */
    assert_true(fake_shows(f, "item 650"));
}

/* Who is in nobody's list is walked, named and looked into as the hubs are. */
static void who_is_in_no_list_is_listed(void **state)
{
    struct fake *f = *state;
    fake_key(f, "3");
    fake_answer(f);
    const struct graph_result *g = &f->answer[REQUEST_GRAPH]->graph;
    assert_true(g->n_anti_hubs > 1);
    fake_key(f, "Left");
    fake_key(f, "Left");
    char count[32], of[32], foot[80];
    snprintf(foot, sizeof foot, "%s of %s: ", format_count(g->n_in_no_list, count), format_count(g->n, of));
    assert_true(fake_shows(f, "in no list") && fake_shows(f, foot));
    fake_key(f, "Down");
    uint32_t second = g->anti_hub[1];
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.item, second);
    fake_answer(f);
    fake_key(f, "Left");
    fake_key(f, "Left"); /* its column again, at the lower right */
    fake_click(f, 60, 17);
    assert_int_equal(f->scene.choice.near.row, 2);
    uint32_t third = f->answer[REQUEST_GRAPH]->graph.anti_hub[2];
    fake_click(f, 60, 17);
    assert_int_equal(f->scene.choice.item, third);
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

/* Two items of which it is not known what they are, are not of the same kind. */
static void an_unknown_label_is_the_same_as_none(void **state)
{
    struct fake *f = *state;
    const struct near_result *near = &f->near->near;
    struct column *shape = &f->data.column[f->data.label];
    fake_key(f, "Enter"); /* the item large */
    assert_true(fake_shows(f, " same shape ("));
    shape->code[f->now->item[near->item]] = NO_VALUE;
    for (size_t i = 0; i < near->k; i++)
        shape->code[f->now->item[near->index[i]]] = NO_VALUE;
    assert_false(fake_shows(f, " same shape ("));
    assert_true(fake_shows(f, "its shape is not known"));
}

/* Several selected: the nearest of all of them, none of whom is in the list; Enter goes back to one. */
static void near_several_at_once(void **state)
{
    struct fake *f = *state;
    fake_line(f, ":select shape == flower and light == dim");
    const struct selection *selected = &f->scene.selected;
    assert_true(selected->count > 3);
    fake_key(f, "3");
    fake_answer(f);
    char title[32];
    snprintf(title, sizeof title, "%zu selected ·", selected->count);
    assert_true(fake_shows(f, title));
    const struct near_list *l = &f->answer[REQUEST_SPACES]->spaces.list[SPACE_H];
    assert_true(l->k > 0);
    for (size_t i = 0; i < l->k; i++)
        assert_false(selection_has(selected, l->index[i]));
    uint32_t first = l->index[0];
    fake_key(f, "Enter");
    assert_int_equal(f->scene.choice.item, first);
    fake_answer(f);
    assert_int_equal(f->answer[REQUEST_SPACES]->spaces.asked.of, NEAR_ITEM);
    assert_false(fake_shows(f, title));
}

/* What a screen reader gets: the view's own numbers, in sentences. */
static void every_view_is_told_in_words(void **state)
{
    struct fake *f = *state;
    static const struct {
        const char *key, *says[3];
    } view[] = {
        {"2", {"The two views of item 412", "a false negative: same shape", "similarity"}},
        {"3", {"Nearest to item 412 in h, cosine", "in z, cosine", "In most lists"}},
        {"4", {"What counts as the same: same shape", "(FMR)", "equal errors"}},
        {"7", {"steps up to 120 are kept", "live", "Same settings.\nWhat changed from step 60 to 120: "}}};
    for (size_t v = 0; v < ARRAY_LEN(view); v++) {
        struct strbuf text = {0};
        fake_key(f, view[v].key);
        fake_answer(f);
        scene_words(&f->scene, &text);
        for (int i = 0; i < 3; i++)
            if (!strstr(strbuf_text(&text), view[v].says[i]))
                fail_msg("view %s does not say \"%s\": %s", view[v].key, view[v].says[i], strbuf_text(&text));
        strbuf_release(&text);
    }
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

static void thresholds_are_typed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum threshold_lock lock;
        double target;
    } good[] = {{"0.72", LOCK_VALUE, 0.72},      {"-1", LOCK_VALUE, -1},
                {"fmr 0.1%", LOCK_FMR, 0.001},   {"fmr 0.001", LOCK_FMR, 0.001},
                {"fmr 1/1000", LOCK_FMR, 0.001}, {"fmr 1 in 1000", LOCK_FMR, 0.001},
                {"fnmr 5 %", LOCK_FNMR, 0.05},   {"eer", LOCK_EER, 0}};
    static const char *const bad[] = {"",         "x",       "2",        "fmr",    "fmr x",
                                      "fmr 200%", "fmr 1/0", "fnmr -1%", "0.5 0.6"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct threshold_choice t = {0}, again = {0};
        char text[THRESHOLD_TEXT];
        assert_true(threshold_parse(good[i].text, &t));
        assert_int_equal(t.lock, good[i].lock);
        assert_true(fabs(t.target - good[i].target) < 1e-12);
        threshold_print(&t, text); /* and what is printed reads back */
        assert_true(threshold_parse(text, &again));
        assert_true(again.lock == t.lock && fabs(again.target - t.target) < 1e-9);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct threshold_choice t = {.target = 7};
        assert_false(threshold_parse(bad[i], &t));
        assert_true(t.target == 7);
    }
}

/* What the screen says of a rate, counted again pair by pair. */
static double false_matches(const struct fake *f, double threshold)
{
    size_t n = f->now->n_probe, d = f->now->dim_h, wrong = 0, of = 0;
    float *unit = xcalloc(n * d, sizeof *unit);
    score_normalise(f->now->h, n, d, unit, NULL);
    const uint32_t *code = f->data.column[f->data.label].code;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (code[i] != code[j]) {
                of++;
                wrong += (double)score_pair(unit + i * d, unit + j * d, d) >= threshold;
            }
    free(unit);
    return (double)wrong / (double)of;
}

static void the_threshold_moves_and_comes_back(void **state)
{
    struct fake *f = *state;
    uint32_t bin, moved;
    fake_key(f, "4");
    assert_true(fake_shows(f, "being counted"));
    fake_answer(f);
    assert_true(threshold_bin_now(&f->scene, &bin));
    double at = threshold_of_bin(bin, SCORES_BINS);
    assert_true(false_matches(f, at) <= 0.01); /* locked at FMR 1 % at first */
    assert_true(fake_shows(f, "FMR at most 1 %"));
    fake_line(f, ":threshold fmr 1%"); /* training goes on: a figure would not be true for long */
    assert_non_null(strstr(f->posted.said, "FMR of at most 1 %; it follows training"));
    fake_key(f, "Right");
    assert_true(threshold_bin_now(&f->scene, &moved) && moved == bin + THRESHOLD_STEP);
    fake_key(f, "1"); /* the same key in another view */
    fake_key(f, "(");
    assert_true(threshold_bin_now(&f->scene, &moved) && moved == bin);
    fake_key(f, "t");
    fake_line(f, "fnmr 5%");
    assert_int_equal(f->scene.choice.threshold.lock, LOCK_FNMR);
    fake_key(f, "u");
    fake_key(f, "u");
    assert_int_equal(f->scene.choice.threshold.lock, LOCK_FMR);
    assert_true(threshold_bin_now(&f->scene, &moved) && moved == bin);
    fake_key(f, "t");
    fake_line(f, "nonsense");
    assert_true(f->posted.bad);
}

static void the_threshold_is_dragged(void **state)
{
    struct fake *f = *state;
    uint32_t bin, later;
    fake_key(f, "4");
    fake_answer(f);
    fake_mouse(f, (struct mouse){40, 4, MOUSE_PRESS});
    assert_int_equal(f->scene.choice.threshold.lock, LOCK_VALUE);
    assert_true(threshold_bin_now(&f->scene, &bin));
    fake_mouse(f, (struct mouse){60, 4, MOUSE_DRAG});
    assert_true(threshold_bin_now(&f->scene, &later) && later > bin);
    fake_key(f, "u"); /* a drag is one change */
    assert_int_equal(f->scene.choice.threshold.lock, LOCK_FMR);
}

static void lines_go_to_what_is_called_the_same(void **state)
{
    struct fake *f = *state;
    struct edges edges;
    assert_false(edges_find(&f->scene, &edges)); /* nobody asked for them */
    fake_key(f, "t");
    fake_line(f, "0.3");
    fake_answer(f);
    assert_true(edges_find(&f->scene, &edges));
    size_t n = f->now->n_probe, d = f->now->dim_h, called = 0, same = 0;
    float *unit = xcalloc(n * d, sizeof *unit);
    score_normalise(f->now->h, n, d, unit, NULL);
    const uint32_t *code = f->data.column[f->data.label].code;
    size_t own = (size_t)f->scene.choice.item;
    uint32_t bin = threshold_bin(0.3, SCORES_BINS);
    for (size_t i = 0; i < n; i++)
        if (i != own && scores_bin(score_pair(unit + own * d, unit + i * d, d), SCORES_BINS) >= bin) {
            called++;
            same += code[i] == code[own];
        }
    assert_int_equal(edges.called, called);
    assert_int_equal(edges.same, same);
    assert_true(edges.n == EDGES_DRAWN && called > EDGES_DRAWN);
    free(unit);
}

/* Cosine of the most alike views of the item looked at and of place j of the batch, by plain loops. */
static double closest(const struct fake *f, size_t j)
{
    size_t d = f->now->dim_z;
    double best = -2;
    for (int v = 0; v < 2; v++)
        for (int w = 0; w < 2; w++) {
            const float *a = f->now->inspected.z[v], *b = f->now->batch_z[w] + j * d;
            double ab = 0, aa = 0, bb = 0;
            for (size_t k = 0; k < d; k++) {
                ab += (double)a[k] * (double)b[k];
                aa += (double)a[k] * (double)a[k];
                bb += (double)b[k] * (double)b[k];
            }
            best = fmax(best, ab / sqrt(aa * bb));
        }
    return best;
}

/* 2 begins with the item of the map: its own pair, then what it is pushed away from, nearest first; those
 * that are the same are called so. */
static void the_items_own_pairs_come_first(void **state)
{
    struct fake *f = *state;
    int64_t item = f->now->item[f->scene.choice.item];
    fake_key(f, "2");
    fake_answer(f);
    const struct pairs_result *p = &f->answer[REQUEST_PAIRS]->pairs;
    size_t n = f->now->n_batch, hardest = 0;
    assert_true(p->looks && p->row[0].a == item && p->row[0].b == item);
    assert_int_equal(p->of, n); /* it stands in the last pair's place */
    for (size_t j = 1; j + 1 < n; j++)
        hardest = closest(f, j) > closest(f, hardest) ? j : hardest;
    assert_int_equal(p->row[1].b, f->now->batch_item[hardest]);
    assert_true(fabs((double)p->row[1].similarity - closest(f, hardest)) < 1e-5);
    const uint32_t *code = f->data.column[f->data.label].code;
    for (size_t i = 1; i < p->n; i++) {
        assert_int_equal(p->row[i].same, code[p->row[i].b] == code[item]);
        assert_true(i == 1 || p->row[i - 1].similarity >= p->row[i].similarity);
    }
    assert_true(p->seated && fake_shows(f, "held out, not trained on"));
    assert_int_equal(p->steady.batches, 12); /* tests/support/answers.c */
    assert_int_equal(f->now->inspected.lately.item[11], p->row[1].b);
    uint32_t same = 0;
    for (int k = 0; k < 12; k++)
        same += code[f->now->inspected.lately.item[k]] == code[item];
    assert_int_equal(p->steady.same, same);
    char steady[80];
    snprintf(steady, sizeof steady, "last 12 batches: false in %u", same);
    assert_true(fake_shows(f, steady));
    assert_true(fake_shows(f, "would be false") && fake_shows(f, "step 120: "));
    struct mark mark = {MARK_SAME, item, p->row[1].b};
    assert_int_equal(marks_find(&f->scene.marks, mark.a, mark.b), MARK_NONE);
    fake_key(f, "Down");
    fake_line(f, ":mark same");
    assert_int_equal(marks_find(&f->scene.marks, mark.a, mark.b), MARK_SAME);
    assert_true(fake_shows(f, "marked same"));
    fake_key(f, "u");
    assert_int_equal(marks_find(&f->scene.marks, mark.a, mark.b), MARK_NONE);
    assert_false(fake_shows(f, "marked same"));
}

static void pairs_are_listed_and_opened(void **state)
{
    struct fake *f = *state;
    struct pair_ref pair;
    fake_key(f, "2");
    fake_key(f, "Right");
    assert_true(fake_shows(f, "being compared"));
    fake_answer(f);
    const struct view *view = view_at(1);
    const struct pairs_result *p = &f->answer[REQUEST_PAIRS]->pairs;
    assert_int_equal(p->of, f->now->n_batch);
    for (size_t i = 1; i < p->n; i++) /* hardest first */
        assert_true(p->row[i - 1].similarity <= p->row[i].similarity);
    fake_key(f, "Down");
    assert_true(view->pair(&f->scene, &pair));
    assert_true(pair.a == p->row[1].a && pair.b == pair.a);
    fake_answer(f); /* its views are asked for */
    assert_int_equal((int)fake_command(f).number, pair.a);
    for (int i = 0; i < 2; i++)
        fake_key(f, "Right"); /* false negatives */
    fake_answer(f);
    p = &f->answer[REQUEST_PAIRS]->pairs;
    assert_true(p->n > 0);
    const uint32_t *code = f->data.column[f->data.label].code;
    for (size_t i = 0; i < p->n; i++) {
        assert_true(p->row[i].a != p->row[i].b && code[p->row[i].a] == code[p->row[i].b]);
        assert_true(i == 0 || p->row[i - 1].similarity >= p->row[i].similarity);
    }
    fake_key(f, "Enter");
    assert_true(f->scene.choice.large);
    fake_key(f, "Esc");
    fake_click(f, 10, 6);
    assert_int_equal(f->scene.choice.pairs.row, 2);
}

/* The pair whose similarity is nearest to the threshold, and the one that moved most the wrong way, found
 * again by looking at all of them. */
static void pairs_of_held_out_items(void **state)
{
    struct fake *f = *state;
    size_t n = f->now->n_probe, d = f->now->dim_h;
    float *now = xcalloc(n * d, sizeof *now), *before = xcalloc(n * d, sizeof *before);
    score_normalise(f->now->h, n, d, now, NULL);
    score_normalise(f->before->h, n, d, before, NULL);
    const uint32_t *code = f->data.column[f->data.label].code;
    float nearest = INFINITY, farthest = 0;
    f->scene.choice.threshold.lock = LOCK_VALUE;
    f->scene.choice.threshold.target = 0.25;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            float s = score_pair(now + i * d, now + j * d, d);
            float moved = s - score_pair(before + i * d, before + j * d, d);
            nearest = fminf(nearest, fabsf(s - 0.25F));
            farthest = fmaxf(farthest, code[i] == code[j] ? -moved : moved);
        }
    fake_key(f, "2");
    fake_key(f, "Left"); /* around to the last list */
    fake_answer(f);
    const struct pair_row *row = f->answer[REQUEST_PAIRS]->pairs.row;
    float moved = row[0].similarity - row[0].before;
    assert_true(fabsf((row[0].same ? -moved : moved) - farthest) < 1e-6F);
    fake_key(f, "Left");
    fake_answer(f);
    row = f->answer[REQUEST_PAIRS]->pairs.row;
    assert_true(fabsf(fabsf(row[0].similarity - 0.25F) - nearest) < 1e-6F);
    free(now);
    free(before);
}

static void pairs_are_sorted_and_filtered(void **state)
{
    struct fake *f = *state;
    fake_key(f, "2");
    fake_key(f, "Right");
    fake_key(f, "Right"); /* hardest negatives */
    fake_answer(f);
    struct pair_ref first, other;
    view_at(1)->pair(&f->scene, &first);
    f->scene.choice.pairs.sort = 1; /* least alike of those listed */
    view_at(1)->pair(&f->scene, &other);
    const struct pairs_result *p = &f->answer[REQUEST_PAIRS]->pairs;
    assert_int_equal(other.b, p->row[p->n - 1].b);
    f->scene.choice.pairs.only = 2;
    f->scene.choice.pairs.sort = 0;
    view_at(1)->pair(&f->scene, &other);
    const uint32_t *code = f->data.column[f->data.label].code;
    assert_true(code[other.a] != code[other.b]);
}

static void time_is_walked_and_jumped(void **state)
{
    struct fake *f = *state;
    fake_key(f, "7");
    fake_answer(f);
    assert_true(fake_shows(f, "step 120, live"));
    assert_true(fake_shows(f, "passes untrained net"));
    fake_key(f, "Left");
    assert_int_equal(f->posted.n_travels, 1);
    fake_key(f, "Right"); /* live: there is nothing beyond, and no step is trained */
    assert_int_equal(f->posted.n_travels, 1);
    assert_int_equal(f->posted.n_commands, 1); /* that of the views */
    fake_key(f, "Enter");                      /* the newest event */
    assert_int_equal(f->posted.step, 22);
    fake_key(f, "g");
    assert_int_equal(f->posted.step, 0);
    fake_mouse(f, (struct mouse){40, 3, MOUSE_DRAG}); /* the middle of the line */
    assert_in_range(f->posted.step, 55, 65);
    const struct shared_result *shared = &f->answer[REQUEST_SHARED]->shared;
    char kept[32];
    snprintf(kept, sizeof kept, "%.2f", (double)shared->mean_jaccard[0]);
    assert_true(fake_shows(f, kept) && fake_shows(f, "neighbours kept"));
}

static void line_says(struct fake *f, const char *part)
{
    char text[300] = "";
    assert_true(differs_line(&f->scene, text, sizeof text));
    if (!strstr(text, part))
        fail_msg("does not say \"%s\": %s", part, text);
}

/* Two moments differ beyond what their measures wobble, by a known difference within it, by one of which that
 * is not known, and not at all. */
static void what_differs_is_judged_by_the_wobble(void **state)
{
    struct fake *f = *state;
    f->scene.pinned = f->before;
    line_says(f, "from step 60 to 120: ");
    line_says(f, " beyond the wobble");
    const struct measures now = f->now->measures;
    f->now->measures = f->before->measures;
    line_says(f, "from step 60 to 120 every measure is the same");
    struct measure *ground = &f->now->measures.item[2]; /* wobbles by a hundredth */
    ground->value += 0.01F;
    line_says(f, "nothing is beyond the wobble; furthest: ground % 24 → 25");
    f->now->measures = now;
    struct series *measured = series_new(sizeof(struct measures));
    for (size_t i = 0; i < 4; i++) /* too few to tell */
        series_append(measured, series_at(f->now->measured, i));
    for (int i = 0; i < 2; i++) {
        struct snapshot *s = i ? f->now : f->before;
        series_unref(s->measured);
        s->measured = series_ref(measured);
    }
    series_unref(measured);
    line_says(f, "shape % 94 → 96, hue % 73 → 69");
    line_says(f, "how far they wobble is not known yet");
}

/* With the settings open the arrows are theirs, and the line of keys says so; what walks through time still
 * does. */
static void time_goes_on_beside_the_settings(void **state)
{
    struct fake *f = *state;
    fake_key(f, "7");
    fake_key(f, "S");
    int setting = f->scene.choice.setting;
    fake_key(f, "PgUp");
    assert_int_equal(f->posted.step, 20);
    fake_key(f, "g");
    assert_int_equal(f->posted.step, 0);
    assert_int_equal(f->scene.choice.setting, setting);
    fake_key(f, "Down");
    assert_int_equal(f->scene.choice.setting, setting + 1);
    assert_true(fake_shows(f, "←→ value"));
    fake_key(f, "Esc");
    assert_true(fake_shows(f, "←→ step"));
}

static void branches_are_made_and_switched(void **state)
{
    struct fake *f = *state;
    f->scene.n_branches = 2;
    f->scene.branch[0] = (struct branch){
        .name = "run 1", .what = "from the start", .newest = f->before, .level = f->before, .mine = f->now};
    f->scene.branch[1] = (struct branch){
        .name = "run 2", .what = "from step 40: temperature 0.2 → 0.05", .newest = f->now, .here = true};
    fake_key(f, "b");
    assert_int_equal(f->posted.n_branches, 1);
    fake_line(f, ":branch cold");
    assert_string_equal(f->posted.said, "cold");
    f->scene.choice.time.row = 3; /* of a longer list */
    fake_key(f, "B");
    assert_string_equal(f->posted.said,
                        "run 1, 1 of 2, is highlighted: up, down: another; Enter: to its end");
    assert_int_equal(f->scene.choice.time.row, 0);
    assert_true(fake_shows(f, "run 2"));
    fake_key(f, "Enter");
    assert_int_equal(f->posted.switched, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(near_lists_are_walked_and_looked_into),
        TEST(a_walked_list_stays),
        TEST(a_walked_list_is_asked_anew_for_another_question),
        TEST(from_a_pair_to_an_item_s_own_list),
        TEST(from_the_threshold_to_its_pairs),
        TEST(a_search_for_nothing_says_what_there_is),
        TEST(a_search_for_a_training_item_says_so),
        TEST(the_large_item_asks_for_its_pairs),
        TEST(who_is_in_no_list_is_listed),
        TEST(near_settings_turn_and_are_undone),
        TEST(an_unknown_label_is_the_same_as_none),
        TEST(near_several_at_once),
        TEST(every_view_is_told_in_words),
        TEST(near_clicks),
        TEST(time_is_walked_and_jumped),
        TEST(what_differs_is_judged_by_the_wobble),
        TEST(time_goes_on_beside_the_settings),
        TEST(branches_are_made_and_switched),
        TEST(the_items_own_pairs_come_first),
        TEST(pairs_are_listed_and_opened),
        TEST(pairs_of_held_out_items),
        TEST(pairs_are_sorted_and_filtered),
        TEST(thresholds_are_typed),
        TEST(the_threshold_moves_and_comes_back),
        TEST(the_threshold_is_dragged),
        TEST(lines_go_to_what_is_called_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
