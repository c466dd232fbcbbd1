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

#define LATER(id, label, line, text)                                                                         \
    extern const struct view view_##id;                                                                      \
    static void id##_draw(struct scene *scene, struct canvas *canvas, struct rect rect)                      \
    {                                                                                                        \
        panel_later(&(struct pen){canvas, scene->theme, rect}, &view_##id);                                  \
    }                                                                                                        \
    const struct view view_##id = {.entry = {label, line, NULL}, .needs = text, .draw = id##_draw};

LATER(pairs, "pairs", "which pairs of pictures pull and push",
      "which pairs pull and push, the hardest ones and the false negatives among them; comes with the next "
      "version; "
      "now: 1 map (an item's two views and its nearest), 6 training")
LATER(near, "near", "an item's neighbours in every space",
      "an item's neighbours in h, z, the pixels and the untrained net side by side; comes with the next "
      "version; now: "
      "1 map shows the nearest in h")
LATER(threshold, "threshold", "what a threshold calls the same",
      "similarities of same and different pairs, and what a threshold between them gets wrong; comes with "
      "the next "
      "version; now: 1 map, 6 training")
LATER(audit, "audit", "whom the errors of a threshold fall on",
      "error rates of a threshold by group, with intervals; comes after the threshold view; now: 1 map, 6 "
      "training")
LATER(time, "time", "every step of the run again",
      "every kept step of the run again, in all views; comes with the next version; now: the strip of events "
      "below "
      "the map on larger screens, 6 training")
