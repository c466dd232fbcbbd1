/* SPDX-License-Identifier: MIT
 *
 * The strip of the run's steps with its events, up to the newest there is; where the screen stands on it in
 * the past.
 */
#include "view/facts.h"
#include "view/panels.h"

#include <stdio.h>

static void marks(const struct scene *scene, const struct pen *pen, int x, int width)
{
    const struct series *events = scene->now->events;
    size_t n = events ? series_count(events) : 0;
    uint64_t last = scene_last_step(scene);
    for (size_t i = n > 512 ? n - 512 : 0; i < n; i++) {
        const struct event *e = series_at(events, i);
        bool bad = e->kind == EVENT_FAILED || e->kind == EVENT_COLLAPSE;
        if (e->kind != EVENT_START && e->kind != EVENT_SAVED)
            pen_glyph(pen, x + step_place(e->step, last, width), 0, bad ? ROLE_BAD : ROLE_ACCENT, GLYPH_MARK);
    }
}

void panel_timeline(struct scene *scene, const struct pen *pen)
{
    if (!scene->now || pen->rect.width < 40)
        return;
    char step[32], end[64], news[180] = "";
    const struct event *event = scene_last_event(scene, true);
    snprintf(end, sizeof end, scene->past || scene->elsewhere ? " %s" : " %s live",
             format_count(scene_last_step(scene), step));
    if (event && pen->rect.width < 170)
        snprintf(news, sizeof news, "%s step %llu: %.90s", theme_glyph_text(pen->theme, GLYPH_MARK),
                 (unsigned long long)event->step, event->text);
    int x = 3, room = pen->rect.width - x - 2 - text_width(end);
    int width = room - (news[0] ? text_width(news) + 4 : 0);
    if (width < 20) {
        news[0] = '\0';
        width = room;
    }
    pen_text(pen, 1, 0, ROLE_QUIET, "0");
    for (int i = 0; i < width; i++)
        pen_glyph(pen, x + i, 0, ROLE_QUIET,
                  i == 0          ? GLYPH_LINE_START
                  : i < width - 1 ? GLYPH_LINE
                                  : GLYPH_LINE_END);
    marks(scene, pen, x, width);
    if (scene->past)
        pen_glyph(pen, x + step_place(scene->now->step, scene_last_step(scene), width), 0, ROLE_ACCENT,
                  GLYPH_FAR);
    x = pen_text(pen, x + width, 0, ROLE_TEXT, end);
    pen_text(pen, x + 4, 0, ROLE_ACCENT, news);
}
