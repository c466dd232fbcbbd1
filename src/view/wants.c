/* SPDX-License-Identifier: MIT
 *
 * What the scene should have computed, and the script of the first half minute.
 */
#include "view/act.h"
#include "view/axes.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/pairs.h"
#include "view/ranking.h"
#include "view/state.h"
#include "view/threshold.h"
#include "view/trails.h"

#include <string.h>

enum { NEAR_K = 20, LONGEST_WAIT = 8 };

void scene_ask(struct scene *scene, const struct request *request, const struct post *post)
{
    if (list_stays(scene, request))
        return;
    screen_state(scene)->asks |= 1U << request->kind;
    post->request(post->ctx, request);
}

void request_spread(const struct scene *scene, struct request *request, size_t most)
{
    size_t earlier = 0, n = 0;
    while (earlier < scene->n_kept && scene->kept[earlier]->step < scene->now->step)
        earlier++;
    for (size_t i = 0; i < most && n < earlier; i++) {
        size_t at = earlier <= most ? i : i * earlier / most;
        if (at < earlier)
            request->other[n++] = scene->kept[at];
    }
}

bool still_fresh(const struct scene *scene, const struct result *found)
{
    bool running = scene->now->status == TRAIN_RUNNING && !scene->past;
    return running && found && found->run == scene->now->run &&
           (double)scene->now->step < 1.05 * (double)found->step;
}

static void want_map(struct scene *scene, const struct post *post)
{
    struct request request = {.kind = REQUEST_MAP, .snapshot = scene->now};
    axes_ask(scene, &request);
    scene_ask(scene, &request, post);
}

static void want_near(struct scene *scene, const struct post *post)
{
    struct request request = {.kind = REQUEST_NEAR, .snapshot = scene->now};
    int k = scene_items(scene) - 1 < NEAR_K ? scene_items(scene) - 1 : NEAR_K;
    request.near =
        (struct near_question){SPACE_H, scene->choice.item, k, scene->map ? axes_mark(scene->map) : 0};
    if (request.near.item >= 0 && k > 0)
        scene_ask(scene, &request, post);
}

struct request values_request(struct scene *scene, unsigned quantities)
{
    bool of_item = false;
    for (int q = 0; q < QUANTITY_COUNT; q++)
        of_item = of_item || (quantities >> q & 1 && quantity_entry((enum quantity)q)->of_item);
    struct request request = {.kind = REQUEST_VALUES, .snapshot = scene->now};
    if (quantities >> QUANTITY_churn & 1)
        request.other[0] = scene_before(scene);
    request.values =
        (struct values_question){quantities, of_item ? scene->choice.item : NO_ITEM, scene_label(scene)};
    return request;
}

/* What the map is coloured by and what a typed line asks for. */
static void want_values(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    unsigned wanted = s->asked_numbers;
    if (scene->choice.quantity != NO_QUANTITY)
        wanted |= 1U << scene->choice.quantity;
    struct request request = values_request(scene, wanted);
    if (wanted)
        scene_ask(scene, &request, post);
    if (*s->waiting)
        line_goes_on(scene, post);
    else if (scene->overlay != OVERLAY_COMMAND && scene->overlay != OVERLAY_SEARCH)
        s->asked_numbers = 0;
}

static void want_views(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    int64_t row = scene_row(scene, scene->choice.item);
    const struct view *view = view_at((size_t)scene->choice.view);
    struct pair_ref pair;
    if (view->pair && view->pair(scene, &pair))
        row = pair.a;
    if (row == s->inspected)
        return;
    s->inspected = row;
    post_command(post, COMMAND_INSPECT, (double)row);
}

/* A threshold that was set in another view says what it does when that is known. */
static void want_threshold_told(struct scene *scene, const struct post *post)
{
    struct match_table table;
    struct screen *s = screen_state(scene);
    if (!s->tells_threshold)
        return;
    threshold_wants(scene, post);
    if (!threshold_table(scene, &table))
        return;
    s->tells_threshold = false;
    threshold_say(scene, post);
}

/* What the pixels tell best of: the island the intro begins with. */
static int best_of_pixels(const struct scene *scene)
{
    int best = scene->data->label;
    float top = -1;
    for (size_t c = 0; c < scene->data->n_columns; c++) {
        const struct measure *m = scene_measure(scene, TERM_knn, (int)c);
        bool known = m && m->chance < 1 && isfinite(m->pixels);
        float share = known ? (m->pixels - m->chance) / (1 - m->chance) : -1;
        share += scene->data->column[c].colour ? 0.05F : 0; /* drawn in its own colours */
        if (legend_possible(scene->data, (int)c) && share > top) {
            best = (int)c;
            top = share;
        }
    }
    return best;
}

/* The label (or what the user would have begun with) on axes of h. */
static void settle(struct scene *scene)
{
    struct scene fresh;
    scene_init(&fresh, scene->data, scene->theme);
    scene->choice.axes = fresh.choice.axes;
    scene->choice.column = fresh.choice.column;
    scene_release(&fresh);
}

void intro_end(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    if (s->intro == INTRO_HELD || s->intro == INTRO_SHOWN)
        post_command(post, COMMAND_RUN, -1);
    if (s->intro != INTRO_RUNNING)
        settle(scene);
    s->intro = INTRO_RUNNING;
}

/* The pixels' yardstick is measured beside the first frames; without attributes there is none. */
static bool pixels_measured(const struct scene *scene)
{
    const struct measures *m = &scene->now->measures;
    bool some = false;
    for (int i = 0; i < m->n; i++) {
        some = some || m->item[i].term == TERM_knn;
        if (m->item[i].term == TERM_knn && isfinite(m->item[i].pixels))
            return true;
    }
    return m->n > 0 && !some;
}

/* Training waits from the first snapshot on; the clock of the script starts with the yardsticks. */
static void intro_begin(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    if (s->intro == INTRO_FRESH) {
        post_command(post, COMMAND_PAUSE, 0);
        s->intro = INTRO_HELD;
        scene->choice.axes = AXES_PIXELS;
    }
    scene->choice.column = best_of_pixels(scene);
    if (pixels_measured(scene) || scene->intro_seconds > LONGEST_WAIT) {
        s->intro = INTRO_SHOWN;
        s->intro_began = scene->intro_seconds;
    }
}

static void intro_step(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    if (s->intro < INTRO_SHOWN)
        intro_begin(scene, post);
    double time = intro_time(scene);
    if (s->intro == INTRO_SHOWN && time < 2.5)
        scene->choice.column = best_of_pixels(scene); /* the yardsticks come one by one */
    else if (s->intro == INTRO_SHOWN && legend_possible(scene->data, scene->data->label))
        scene->choice.column = scene->data->label;
    if (time >= 5)
        intro_end(scene, post);
    if (time >= 30)
        scene->intro_seconds = -1;
}

static void ask_all(struct scene *scene, const struct post *post)
{
    if (scene->intro_seconds >= 0)
        intro_step(scene, post);
    if (scene->choice.item >= scene_items(scene))
        scene->choice.item = 0;
    want_map(scene, post);
    want_near(scene, post);
    ranking_wants(scene, post);
    want_values(scene, post);
    want_views(scene, post);
    want_threshold_told(scene, post);
    if (scene->choice.view == 0 && (scene->choice.threshold.shown || screen_state(scene)->cuts))
        threshold_wants(scene, post);
    if (scene->choice.view == 0)
        trails_wants(scene, post);
    bool item_large = scene->choice.large && scene->choice.panel == PANEL_ITEM;
    if (scene->choice.view == 0 && (screen_state(scene)->large || item_large))
        pairs_want_item(scene, post);
    const struct view *view = view_at((size_t)scene->choice.view);
    if (view->wants)
        view->wants(scene, post);
}

void screen_wants(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    if (!scene->now || scene->now->n_probe == 0 || !scene->now->h)
        return;
    s->asks = 0;
    ask_all(scene, post);
    if (post->asks)
        post->asks(post->ctx, s->asks);
}
