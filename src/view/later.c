/* SPDX-License-Identifier: MIT
 *
 * The views that later versions bring: reachable, and honest about it.
 */
#include "view/facts.h"
#include "view/panels.h"

#include <stdio.h>

void panel_later(const struct pen *pen, const struct view *view)
{
    int y = pen->rect.height / 3;
    struct pen body = pen_at(pen, rect_clip((struct rect){pen->rect.x + 2, pen->rect.y + y,
                                                          pen->rect.width - 4, pen->rect.height - y},
                                            pen->rect));
    char text[320];
    snprintf(text, sizeof text, "%s: %s", view->entry.name, view->needs);
    int row = pen_wrap(&body, 0, ROLE_TEXT, text);
    static const char *const now[] = {"1", "map", "6", "training", "?", "help", NULL};
    struct pen hints =
        pen_at(&body, (struct rect){body.rect.x - 1, body.rect.y, body.rect.width, body.rect.height});
    pen_hints(&hints, row + 1, now, 3);
}

static const struct view *current(const struct scene *scene)
{
    return view_at((size_t)scene->choice.view);
}

static void later_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    panel_later(&(struct pen){canvas, scene->theme, rect}, current(scene));
}

extern const struct view view_pairs, view_threshold, view_time;

const struct view view_pairs = {
    .entry = {"pairs", "which pairs of pictures pull and push", NULL},
    .needs =
        "which pairs pull and push, the hardest ones and the false negatives among them; comes with the next "
        "version; now: 1 map (an item's two views and its nearest), 6 training",
    .draw = later_draw,
};

const struct view view_threshold = {
    .entry = {"threshold", "what a threshold calls the same", NULL},
    .needs =
        "similarities of same and different pairs, and what a threshold between them gets wrong; comes with "
        "the next version; now: 1 map, 6 training",
    .draw = later_draw,
};

const struct view view_time = {
    .entry = {"time", "every step of the run again", NULL},
    .needs = "every kept step of the run again, in all views; comes with the next version; now: , . < > go "
             "through "
             "the kept steps, larger screens show the events below the map",
    .draw = later_draw,
};
