/* SPDX-License-Identifier: MIT
 *
 * Keys while something lies over the screen: the `:` line, the search, the colour picker, help, the question
 * before quitting.
 */
#include "base/check.h"
#include "view/act.h"
#include "view/axes.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/mark.h"
#include "view/method_picker.h"
#include "view/state.h"
#include "view/typing.h"
#include "view/view_options.h"

#include <stdio.h>
#include <string.h>

void overlay_open(struct scene *scene, enum overlay overlay, const char *line)
{
    struct screen *s = screen_state(scene);
    scene->overlay = overlay;
    typing_set(scene->line, sizeof scene->line, &scene->line_cursor, line);
    s->history_at = s->n_history;
    s->draft[0] = '\0';
    s->filtering = false;
    s->proposal = (struct proposal){0, 0};
    s->completion.at = 0;
    scene->message[0] = '\0';
    if (overlay == OVERLAY_HELP || overlay == OVERLAY_WORDS) {
        scene->choice.help_row = 0;
        scene->choice.help_filter[0] = '\0';
    }
}

void line_propose(struct scene *scene, const char *head, const char *proposal, const char *tail)
{
    char line[sizeof scene->line];
    struct proposal *marked = &screen_state(scene)->proposal;
    snprintf(line, sizeof line, "%s%s%s", head, proposal, tail);
    overlay_open(scene, OVERLAY_COMMAND, line);
    size_t length = strlen(scene->line), from = strlen(head), to = from + strlen(proposal);
    *marked = (struct proposal){from < length ? from : length, to < length ? to : length};
    scene->line_cursor = marked->to;
}

static void close_overlay(struct scene *scene)
{
    scene->overlay = OVERLAY_NONE;
    scene->line[0] = '\0';
    scene->line_cursor = 0;
}

static void keep_in_history(struct screen *s, const char *line)
{
    if (!*line || (s->n_history > 0 && strcmp(s->history[s->n_history - 1], line) == 0))
        return;
    if (s->n_history == HISTORY_LINES) {
        memmove(s->history, s->history + 1, (HISTORY_LINES - 1) * sizeof *s->history);
        s->n_history--;
    }
    snprintf(s->history[s->n_history++], sizeof *s->history, "%s", line);
}

static void walk_history(struct scene *scene, int by)
{
    struct screen *s = screen_state(scene);
    int to = s->history_at + by;
    if (to < 0 || to > s->n_history)
        return;
    if (s->history_at == s->n_history)
        snprintf(s->draft, sizeof s->draft, "%s", scene->line);
    s->history_at = to;
    const char *line = to == s->n_history ? s->draft : s->history[to];
    typing_set(scene->line, sizeof scene->line, &scene->line_cursor, line);
}

static void take_line(struct scene *scene, const struct post *post)
{
    char line[200];
    enum overlay was = scene->overlay;
    snprintf(line, sizeof line, "%s", scene->line);
    for (size_t n = strlen(line); n > 0 && line[n - 1] == ' ';)
        line[--n] = '\0'; /* what completion left behind */
    close_overlay(scene);
    if (was == OVERLAY_SEARCH) {
        search_start(scene, line, post);
        return;
    }
    keep_in_history(screen_state(scene), line);
    command_run(scene, line, post);
}

static void line_key(struct scene *scene, struct key key, const struct post *post)
{
    bool empty = scene->line[0] == '\0', tab = key.code == KEYC_TAB || key.code == KEYC_BACK_TAB;
    if (!tab && key.code != KEYC_MOUSE)
        screen_state(scene)->completion.at = 0;
    typing_over(scene->line, &scene->line_cursor, &screen_state(scene)->proposal, key);
    if (key.code == KEYC_ENTER)
        take_line(scene, post);
    else if (key.code == KEYC_ESCAPE || key.code == 3 || (key.code == KEYC_BACKSPACE && empty))
        close_overlay(scene);
    else if (tab)
        completion_tab(scene, key.code == KEYC_TAB ? 1 : -1);
    else if ((key.code == KEYC_UP || key.code == KEYC_DOWN) && scene->overlay == OVERLAY_COMMAND)
        walk_history(scene, key.code == KEYC_UP ? -1 : 1);
    else
        typing_key(scene->line, sizeof scene->line, &scene->line_cursor, key);
}

const char *picker_name(const struct scene *scene, int at)
{
    int columns = (int)scene->data->n_columns;
    if (at < 0 || at >= columns + QUANTITY_COUNT)
        return NULL;
    if (at >= columns)
        return quantity_entry((enum quantity)(at - columns))->name;
    return legend_possible(scene->data, at) ? scene->data->column[at].name : NULL;
}

int picker_at(const struct scene *scene)
{
    const struct choice *c = &scene->choice;
    return c->quantity == NO_QUANTITY ? c->column : (int)scene->data->n_columns + c->quantity;
}

static bool fits_filter(const struct scene *scene, int at)
{
    const char *name = picker_name(scene, at);
    return name && strstr(name, scene->line);
}

/* The next one that fits the filter, `by` +1 or -1 from the coloured one, around the end. */
static void picker_move(struct scene *scene, int by)
{
    int columns = (int)scene->data->n_columns, n = columns + QUANTITY_COUNT, at = picker_at(scene);
    int from = at < 0 && by < 0 ? 0 : at;
    for (int k = 1; k <= n; k++) {
        int to = ((from + by * k) % n + n) % n;
        if (!fits_filter(scene, to))
            continue;
        column_put(scene, to < columns ? to : screen_state(scene)->picker_before[0]);
        if (to >= columns)
            quantity_put(scene, to - columns);
        return;
    }
}

static void picker_filter(struct scene *scene, struct key key)
{
    typing_key(scene->line, sizeof scene->line, &scene->line_cursor, key);
    if (!fits_filter(scene, picker_at(scene)))
        picker_move(scene, 1);
}

static void picker_key(struct scene *scene, struct key key)
{
    struct screen *s = screen_state(scene);
    bool typed = s->filtering && key.code >= ' ' && key.code < 0x110000;
    if (typed || (s->filtering && key.code == KEYC_BACKSPACE))
        picker_filter(scene, key);
    else if (key.code == '/')
        s->filtering = true;
    else if (key.code == 'c' || key.code == KEYC_DOWN || key.code == 'j' || key.code == KEYC_TAB)
        picker_move(scene, 1);
    else if (key.code == KEYC_UP || key.code == 'k' || key.code == KEYC_BACK_TAB)
        picker_move(scene, -1);
    else if (key.code == KEYC_ENTER || key.code == ' ')
        close_overlay(scene);
    else if (key.code != KEYC_MOUSE && key.code != KEYC_RESIZE && key.code != KEYC_PASTE) {
        column_put(scene, s->picker_before[0]);
        quantity_put(scene, s->picker_before[1]);
        close_overlay(scene);
    }
}

static int scroll_by(struct key key)
{
    static const struct {
        enum action action;
        int by;
    } moves[] = {{ACTION_UP, -1},        {ACTION_DOWN, 1},         {ACTION_PAGE_UP, -15},
                 {ACTION_PAGE_DOWN, 15}, {ACTION_FIRST, -1000000}, {ACTION_LAST, 1000000}};
    if (key.code == KEYC_MOUSE)
        return key.mouse.what == MOUSE_WHEEL_UP ? -3 : key.mouse.what == MOUSE_WHEEL_DOWN ? 3 : 0;
    if (key.code == ' ')
        return 15;
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (action_of_key(key) == moves[i].action)
            return moves[i].by;
    return 0;
}

static void help_filter_key(struct scene *scene, struct key key)
{
    char *filter = scene->choice.help_filter;
    size_t cursor = strlen(filter);
    if (key.code == KEYC_ENTER)
        screen_state(scene)->filtering = false;
    else if (key.code == KEYC_ESCAPE) {
        screen_state(scene)->filtering = false;
        filter[0] = '\0';
    } else if (key.code < 0x110000 || key.code == KEYC_BACKSPACE) {
        typing_key(filter, sizeof scene->choice.help_filter, &cursor, key);
        scene->choice.help_row = 0;
    }
}

static void help_key(struct scene *scene, struct key key)
{
    struct screen *s = screen_state(scene);
    int by = scroll_by(key);
    enum action action = action_of_key(key);
    if (s->filtering && key.code != KEYC_MOUSE && !(key.code >= 0x110000 && by))
        help_filter_key(scene, key);
    else if (key.code == '/' && scene->overlay == OVERLAY_HELP)
        s->filtering = true;
    else if (by)
        scene->choice.help_row = by > 100000                       ? s->help_rows
                                 : scene->choice.help_row + by < 0 ? 0
                                                                   : scene->choice.help_row + by;
    else if (action == ACTION_BACK && *scene->choice.help_filter)
        scene->choice.help_filter[0] = '\0';
    else if (action == ACTION_BACK || action == ACTION_HELP || action == ACTION_CLOSE ||
             action == ACTION_WORDS || key.code == KEYC_ENTER || key.code == 3)
        close_overlay(scene);
}

static void quit_key(struct scene *scene, struct key key, const struct post *post)
{
    bool yes = key.code == 'q' || key.code == 'y' || key.code == KEYC_ENTER || key.code == 3;
    if (key.code == KEYC_MOUSE || key.code == KEYC_RESIZE || key.code == KEYC_PASTE)
        return;
    close_overlay(scene);
    if (yes)
        post->quit(post->ctx);
}

void overlay_key(struct scene *scene, struct key key, const struct post *post)
{
    switch (scene->overlay) {
    case OVERLAY_COMMAND:
    case OVERLAY_SEARCH: line_key(scene, key, post); break;
    case OVERLAY_COLUMN: picker_key(scene, key); break;
    case OVERLAY_METHOD: method_picker_key(scene, key, post); break;
    case OVERLAY_HELP:
    case OVERLAY_WORDS: help_key(scene, key); break;
    case OVERLAY_AREA: area_key(scene, key, post); break;
    case OVERLAY_TURN: axes_turn_key(scene, key, post); break;
    case OVERLAY_MARK: mark_key(scene, key, post); break;
    case OVERLAY_QUIT: quit_key(scene, key, post); break;
    case OVERLAY_OPTIONS: view_options_key(scene, key, post); break;
    default: close_overlay(scene);
    }
}
