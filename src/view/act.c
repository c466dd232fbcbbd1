/* SPDX-License-Identifier: MIT */
#include "view/act.h"

#include "base/check.h"
#include "view/axes.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/method_picker.h"
#include "view/panels.h"
#include "view/points.h"
#include "view/rows.h"
#include "view/state.h"
#include "view/threshold.h"
#include "view/work.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void say(const struct post *post, bool bad, const char *format, ...)
{
    char text[240];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    post->say(post->ctx, bad, text);
}

void post_command(const struct post *post, enum command_kind kind, double number)
{
    post->command(post->ctx, &(struct command){.kind = kind, .number = number});
}

static void toggle_run(struct scene *scene, const struct post *post)
{
    enum train_status status = scene->now ? scene->now->status : TRAIN_PREPARING;
    if (status == TRAIN_FAILED)
        say(post, true, "training has failed: :recall goes back to the last good state, R starts again");
    else
        post_command(post, status == TRAIN_RUNNING ? COMMAND_PAUSE : COMMAND_RUN, -1);
}

static void next_draw(struct scene *scene, const struct post *post)
{
    static const char *const names[] = {"letters", "dots", "density", "pictures"};
    struct choice *c = &scene->choice;
    c->draw = c->draw_auto ? SCATTER_LETTERS : (enum scatter_mode)((c->draw + 1) % (int)ARRAY_LEN(names));
    if (!scene->data->pixels && c->draw == SCATTER_PICTURES)
        c->draw = SCATTER_LETTERS;
    c->draw_auto = false;
    say(post, false, "drawn as %s", names[c->draw]);
}

static void zoom(struct scene *scene, double factor)
{
    double zoomed = (double)scene->choice.zoom * factor;
    scene->choice.zoom = (float)fmin(fmax(zoomed, 1), 64);
}

/* One level back: the large panel, the list that stayed, the zoom, what is shown alone, what is selected, the
 * panel. */
static void back(struct scene *scene, const struct post *post)
{
    struct choice *c = &scene->choice;
    if (c->large)
        c->large = false;
    else if (list_let_go(scene))
        return; /* it follows again */
    else if (c->zoom > 1)
        c->zoom = 1;
    else if (c->isolated)
        c->isolated = false;
    else if (scene_selection(scene)->count > 0)
        select_none(scene, post);
    else
        c->panel = PANEL_ITEM;
}

static void show_settings(struct scene *scene, const char *name)
{
    struct choice *c = &scene->choice;
    if (c->view >= (int)tab_count())
        c->view = 0;
    c->panel = PANEL_SETTINGS;
    for (int i = 0; name && i < scene_settings(scene); i++)
        if (strcmp(scene->now->settings.item[i].name, name) == 0)
            c->setting = i;
}

static void restart(struct scene *scene, const struct post *post)
{
    if (!scene->now)
        return;
    post_command(post, COMMAND_RESTART, 0);
    say(post, false, "again from step 0: same seed, settings as they stand; the run before stays in grey");
}

/* "nearfar tiles:n=500 --seed 1 --set tau=0.1": what was changed, on the command line. */
static void copy_command_line(struct scene *scene, const struct post *post)
{
    struct strbuf text = {0};
    strbuf_printf(&text, "nearfar %s --seed %llu", scene->data->args ? scene->data->args : scene->data->name,
                  (unsigned long long)scene->now->seed);
    for (int i = 0; i < scene->now->settings.n; i++) {
        const struct setting *s = &scene->now->settings.item[i];
        bool moved = s->kind == SETTING_NUMBER && s->knob && s->value != s->knob->value;
        if (moved || s->changed_at >= 0)
            strbuf_printf(&text, " --set '%s=%s'", s->name, s->text);
    }
    post->copy(post->ctx, strbuf_text(&text));
    say(post, false, "copied: %.200s", strbuf_text(&text));
    strbuf_release(&text);
}

/* Row and caption of each, a line an item. */
static void copy_selected(struct scene *scene, const struct post *post)
{
    enum { MOST = 500 };
    const struct selection *selected = scene_selection(scene);
    struct strbuf text = {0};
    size_t n = 0;
    for (size_t i = selection_next(selected, 0); i < selected->n && n < MOST;
         i = selection_next(selected, i + 1)) {
        char caption[160];
        int64_t row = scene_row(scene, (int)i);
        scene_caption(scene, row, caption, sizeof caption);
        strbuf_printf(&text, "%lld\t%s\n", (long long)row, caption);
        n++;
    }
    post->copy(post->ctx, strbuf_text(&text));
    strbuf_release(&text);
    say(post, false,
        n < selected->count ? "copied: the first %zu of %zu selected; e exports all" : "copied: %zu selected",
        n, selected->count);
}

static void copy_something(struct scene *scene, const struct post *post)
{
    char caption[160];
    int64_t row = scene_row(scene, scene->choice.item);
    if (!post->copy || !scene->now) {
        say(post, true, "this terminal has no clipboard to copy to");
    } else if (scene_selection(scene)->count > 0) {
        copy_selected(scene, post);
    } else if (row < 0 || scene->choice.panel != PANEL_ITEM) {
        copy_command_line(scene, post);
    } else {
        scene_caption(scene, row, caption, sizeof caption);
        post->copy(post->ctx, caption);
        say(post, false, "copied: %s", caption);
    }
}

static void open_picker(struct scene *scene, const struct post *post)
{
    (void)post;
    struct screen *s = screen_state(scene);
    s->picker_before[0] = scene->choice.column;
    s->picker_before[1] = scene->choice.quantity;
    overlay_open(scene, OVERLAY_COLUMN, "");
}

/* Asks once while a run is live; a run is written whatever ends it. */
static void close_or_quit(struct scene *scene, const struct post *post)
{
    bool live = scene->now && scene->now->status == TRAIN_RUNNING;
    if (scene->choice.large)
        scene->choice.large = false;
    else if (live)
        overlay_open(scene, OVERLAY_QUIT, "");
    else
        post->quit(post->ctx);
}

static void terminal(enum action action, const struct post *post)
{
    if (post->terminal)
        post->terminal(post->ctx, action);
}

/* Who comes with another item asks about that one. */
static void enter_pairs(struct choice *c)
{
    if (c->pairs.item != c->item)
        c->pairs.list = PAIRS_ITEM, c->pairs.row = 0;
    c->pairs.item = c->item;
    c->pairs.of = NO_ITEM;
}

static bool act_view(struct scene *scene, enum action action)
{
    if (action < ACTION_VIEW_MAP || action >= ACTION_VIEW_MAP + tab_count())
        return false;
    scene->choice.view = (int)(action - ACTION_VIEW_MAP);
    if (scene->choice.time.list >= TIME_SETTINGS) /* who comes back finds the steps again */
        scene->choice.time.list = TIME_EVENTS;
    scene->choice.large = false;
    list_let_go(scene);
    if (action == ACTION_VIEW_PAIRS)
        enter_pairs(&scene->choice);
    return true;
}

static bool act_map(struct scene *scene, enum action action, const struct post *post)
{
    switch (action) {
    case ACTION_ZOOM_IN: zoom(scene, 1.5); return true;
    case ACTION_ZOOM_OUT: zoom(scene, 1 / 1.5); return true;
    case ACTION_FIT: scene->choice.zoom = 1; return true;
    case ACTION_AXES: axes_next(scene, post); return true;
    case ACTION_COLOUR: open_picker(scene, post); return true;
    case ACTION_DRAW: next_draw(scene, post); return true;
    case ACTION_SEARCH: overlay_open(scene, OVERLAY_SEARCH, ""); return true;
    case ACTION_NEXT_MATCH: search_next(scene, 1, post); return true;
    case ACTION_PREVIOUS_MATCH: search_next(scene, -1, post); return true;
    default: return false;
    }
}

/* Through the kept steps; at the live end `.` trains one. */
static bool travel(struct scene *scene, enum action action, const struct post *post)
{
    bool step = action == ACTION_STEP && !scene->past;
    list_let_go(scene); /* who steps by hand wants to see what it does */
    if (step)
        post_command(post, COMMAND_STEP, 1);
    else if (post->travel)
        post->travel(post->ctx, action);
    return step || post->travel;
}

static bool act_threshold(struct scene *scene, enum action action, const struct post *post)
{
    bool down = action == ACTION_THRESHOLD_DOWN;
    if (action == ACTION_THRESHOLD) {
        overlay_open(scene, OVERLAY_COMMAND, "threshold ");
        return true;
    }
    if (!down && action != ACTION_THRESHOLD_UP)
        return false;
    uint32_t bin;
    if (threshold_bin_now(scene, &bin)) {
        threshold_move(scene, down ? -THRESHOLD_STEP : THRESHOLD_STEP);
        threshold_say(scene, post);
    } else {
        say(post, false, "pairs are being counted: 4 shows them; t types a threshold");
    }
    return true;
}

/* The run that was left last is highlighted, so that it is compared; the one shown is the last of them. */
static void show_branches(struct scene *scene, const struct post *post)
{
    size_t n = scene->n_branches, at = n > 1 ? n - 2 : 0;
    struct time_choice *c = &scene->choice.time;
    c->list = TIME_BRANCHES;
    c->row = (int)at;
    act(scene, ACTION_VIEW_TIME, (struct key){0}, post);
    if (n > 0)
        say(post, false, "%s%s, %zu of %zu, is highlighted%s", scene->branch[at].name,
            scene->branch[at].here ? " (shown)" : "", at + 1, n,
            n > 1 ? ": up, down: another; Enter: to its end" : "; b makes another");
}

static bool act_run(struct scene *scene, enum action action, const struct post *post)
{
    switch (action) {
    case ACTION_PAUSE:
        if (scene->past && post->play)
            post->play(post->ctx);
        else
            toggle_run(scene, post);
        return true;
    case ACTION_BRANCH:
        if (post->branch)
            post->branch(post->ctx, NULL);
        return post->branch != NULL;
    case ACTION_BRANCHES: show_branches(scene, post); return true;
    case ACTION_STEP_BACK:
    case ACTION_STEP:
    case ACTION_EVENT_BACK:
    case ACTION_EVENT_NEXT: return travel(scene, action, post);
    case ACTION_RESTART: restart(scene, post); return true;
    case ACTION_PIN:
        list_let_go(scene); /* what it is compared with becomes another */
        if (post->pin)
            post->pin(post->ctx);
        return post->pin != NULL;
    case ACTION_SETTINGS:
        if (view_at((size_t)scene->choice.view)->options)
            overlay_open(scene, OVERLAY_OPTIONS, "");
        else
            show_settings(scene, NULL);
        return true;
    case ACTION_METHOD: method_picker_open(scene, post); return true;
    case ACTION_UNDO: undo(scene, post); return true;
    case ACTION_REDO: redo(scene, post); return true;
    case ACTION_WRITE: write_session(scene, "", post); return true;
    default: return false;
    }
}

static bool act_screen(struct scene *scene, enum action action, const struct post *post)
{
    struct choice *c = &scene->choice;
    switch (action) {
    case ACTION_NEXT_PANEL: c->panel = (c->panel + 1) % PANEL_COUNT; return true;
    case ACTION_PREVIOUS_PANEL: c->panel = (c->panel + PANEL_COUNT - 1) % PANEL_COUNT; return true;
    case ACTION_LARGE: c->large = !c->large; return true;
    case ACTION_BACK: back(scene, post); return true;
    case ACTION_COPY: copy_something(scene, post); return true;
    case ACTION_WORDS: overlay_open(scene, OVERLAY_WORDS, ""); return true;
    case ACTION_LESSONS: /* it begins with how to do what */
    case ACTION_HELP: overlay_open(scene, OVERLAY_HELP, ""); return true;
    case ACTION_COMMAND: overlay_open(scene, OVERLAY_COMMAND, ""); return true;
    case ACTION_CLOSE: close_or_quit(scene, post); return true;
    case ACTION_QUIT: post->quit(post->ctx); return true;
    case ACTION_SUSPEND:
    case ACTION_REDRAW:
    case ACTION_MOUSE: terminal(action, post); return true;
    default: return false;
    }
}

/* Up and down the list; in the time view the far ones walk through time, as they do beside it. */
static bool move_setting(struct scene *scene, enum action action)
{
    bool time = scene->choice.view == ACTION_VIEW_TIME - ACTION_VIEW_MAP;
    int to = row_moved(action, scene->choice.setting, scene_settings(scene));
    bool near = action == ACTION_UP || action == ACTION_DOWN;
    if (to < 0 || (time && !near))
        return false;
    scene->choice.setting = to;
    return true;
}

bool act_settings(struct scene *scene, enum action action, const struct post *post)
{
    int n = scene_settings(scene), at = scene->choice.setting;
    if (n == 0)
        return false;
    at = at < 0 ? 0 : at < n ? at : n - 1;
    if (move_setting(scene, action))
        return true;
    if (action == ACTION_LEFT || action == ACTION_RIGHT) {
        setting_turn(scene, at, action == ACTION_LEFT ? -1 : 1, post);
        return true;
    }
    if (action != ACTION_ENTER)
        return false;
    struct setting s = scene_setting(scene, at);
    char head[40]; /* as its row calls it, where :set reads that */
    snprintf(head, sizeof head, "set %s ", *s.label ? s.label : s.name);
    line_propose(scene, head, s.text, "");
    return true;
}

void act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    const struct view *view = view_at((size_t)scene->choice.view);
    const char *lacks = action_lacks(scene, action);
    if (work_act(scene, action, post))
        return;
    if (lacks) {
        say(post, false, "%s: %s", action_entry(action)->name, lacks);
        return;
    }
    if (panel_has_focus(scene, PANEL_SETTINGS) && act_settings(scene, action, post))
        return;
    if (view->act && view->act(scene, action, key, post))
        return;
    if (act_view(scene, action) || act_map(scene, action, post) || act_select(scene, action, post) ||
        act_run(scene, action, post) || act_threshold(scene, action, post) || act_screen(scene, action, post))
        return;
    char name[24] = ":";
    key_name(key, name, sizeof name);
    if (action == ACTION_NONE && key.code < 0x110000)
        say(post, false, "%s does nothing here (? lists the keys)", name);
    else
        say(post, false, "%s does nothing here (? lists the keys)", action_entry(action)->name);
}
