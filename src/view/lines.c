/* SPDX-License-Identifier: MIT
 *
 * The screen as the typed lines that bring it about: what a session file keeps of it. w and :w FILE.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "view/act.h"
#include "view/axes.h"
#include "view/facts.h"
#include "view/graph.h"
#include "view/legend.h"
#include "view/threshold.h"
#include "view/trails.h"

#include <stdio.h>
#include <string.h>

static void map_lines(struct scene *scene, struct strbuf *out)
{
    static const char *const draws[] = {"letters", "dots", "density", "pictures"};
    const struct choice *c = &scene->choice;
    if (c->column >= 0)
        strbuf_printf(out, "colour %s\n", scene_column_name(scene, c->column));
    if (c->quantity != NO_QUANTITY)
        strbuf_printf(out, "colour %s\n", quantity_entry((enum quantity)c->quantity)->name);
    axes_lines(scene, out);
    strbuf_printf(out, "trails %s\n", trails_words(scene, c->trails));
    strbuf_printf(out, "draw %s\n", c->draw_auto ? "auto" : draws[c->draw]);
    strbuf_printf(out, "zoom %.4g\n", (double)c->zoom);
    if (scene_row(scene, c->item) >= 0)
        strbuf_printf(out, "item %lld\n", (long long)scene_row(scene, c->item));
}

static void threshold_line(const struct scene *scene, struct strbuf *out)
{
    char text[THRESHOLD_TEXT];
    threshold_print(&scene->choice.threshold, text);
    strbuf_printf(out, "threshold %s\n", text);
}

static void option_lines(const struct scene *scene, struct strbuf *out)
{
    for (size_t v = 0; v < view_count(); v++)
        for (const struct view_option *o = view_at(v)->options; o && o->label; o++) {
            int value;
            memcpy(&value, (const char *)&scene->choice + o->offset, sizeof value);
            strbuf_printf(out, "option %s %s %d\n", view_at(v)->entry.name, o->label, value);
        }
}

/* ---- what is highlighted ---- */

enum { MOST_ROWS = 1000000 }; /* views look at no row that is not there */

static const struct cursor {
    const char *name;
    size_t offset; /* of an int in struct choice */
    int high;      /* 0 to this */
} cursors[] = {
    {"panel", offsetof(struct choice, panel), PANEL_COUNT - 1},
    {"large", offsetof(struct choice, large), 1},
    {"setting", offsetof(struct choice, setting), MOST_ROWS},
    {"pairs-row", offsetof(struct choice, pairs.row), MOST_ROWS},
    {"near-list", offsetof(struct choice, near.list), SPACE_KINDS + GRAPH_LISTS - 1},
    {"near-row", offsetof(struct choice, near.row), MOST_ROWS},
    {"threshold-chart", offsetof(struct choice, threshold.chart), 8},
    {"audit-row", offsetof(struct choice, audit.row), MOST_ROWS},
    {"audit-missed", offsetof(struct choice, audit.missed), 1},
    {"audit-open", offsetof(struct choice, audit.open), 1},
    {"audit-pair", offsetof(struct choice, audit.pair), MOST_ROWS},
    {"time-list", offsetof(struct choice, time.list), TIME_LISTS - 1},
    {"time-row", offsetof(struct choice, time.row), MOST_ROWS},
};

void cursor_line(struct scene *scene, const char *line, const struct post *post)
{
    for (size_t i = 0; i < ARRAY_LEN(cursors); i++) {
        const struct cursor *c = &cursors[i];
        size_t n = strlen(c->name);
        long value;
        if (strncmp(line, c->name, n) != 0 || line[n] != ' ' || !text_to_long(line + n + 1, &value) ||
            value < 0 || value > c->high)
            continue;
        int at = (int)value;
        memcpy((char *)&scene->choice + c->offset, &at, sizeof at);
        return;
    }
    say(post, true, "cursor: NAME NUMBER, as in near-row 4");
}

static void cursor_lines(const struct scene *scene, struct strbuf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(cursors); i++) {
        int at;
        memcpy(&at, (const char *)&scene->choice + cursors[i].offset, sizeof at);
        strbuf_printf(out, "cursor %s %d\n", cursors[i].name, at);
    }
}

/* In a timeline made elsewhere, which is read again: the step shown, and what is pinned. */
static void moment_lines(const struct scene *scene, struct strbuf *out)
{
    if (!scene->elsewhere || !scene->now || !scene->newest)
        return;
    if (scene->pinned)
        strbuf_printf(out, "goto %llu\npin\n", (unsigned long long)scene->pinned->step);
    if (scene->pinned || scene->past)
        strbuf_printf(out, "goto %llu\n", (unsigned long long)scene->now->step);
}

void scene_lines(struct scene *scene, struct strbuf *out)
{
    static const char *const names[] = {"auto", "on", "off"};
    int view = scene->choice.view;
    moment_lines(scene, out);
    map_lines(scene, out);
    if (*scene->pairs.path)
        strbuf_printf(out, "pairs %s\n", scene->pairs.path);
    threshold_line(scene, out); /* before the options: it turns on the lines on the map */
    option_lines(scene, out);
    if (view >= 0 && view < (int)tab_count())
        strbuf_printf(out, "%s\n", action_entry((enum action)(ACTION_VIEW_MAP + view))->name);
    if (scene->choice.names != NAMES_AUTO)
        strbuf_printf(out, "names %s\n", names[scene->choice.names]);
    if (*scene->choice.search)
        strbuf_printf(out, "searched %s\n", scene->choice.search);
    cursor_lines(scene, out); /* last: other lines go to the first row */
}

void write_session(struct scene *scene, const char *path, const struct post *post)
{
    (void)scene;
    post_command(post, COMMAND_SAVE, 0);
    if (post->keep)
        post->keep(post->ctx, *path ? path : NULL);
}
