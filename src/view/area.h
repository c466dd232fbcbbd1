/* SPDX-License-Identifier: MIT
 *
 * Selecting what lies within a box or a lasso on the map, by keys (OVERLAY_AREA) or by dragging. Places are
 * cells of the map as it was last drawn. Screen thread.
 */
#ifndef NF_VIEW_AREA_H
#define NF_VIEW_AREA_H

#include "view/pen.h"
#include "view/view.h"

enum { AREA_CORNERS = 96 };

struct area {
    bool lasso;
    struct cell_place {
        int x, y;
    } corner[AREA_CORNERS], cursor; /* within the map; a box has one corner, the cursor is the other */
    int n;
    bool dragged, pressed; /* by the mouse; a press that may become a drag, at corner[0] */
};

/* v: a box from the item looked at. */
void area_begin(struct scene *scene, const struct post *post);
void area_key(struct scene *scene, struct key key, const struct post *post);
/* A press, drag or release while no area is open: true where a drag began one. `map`: where the map stands.
 */
bool area_mouse(struct scene *scene, struct mouse mouse, struct rect map, const struct post *post);

/* Over the map's rect, which is noted for keys. */
void area_draw(struct scene *scene, const struct pen *map);
void area_message(struct scene *scene, char *text, size_t size); /* what is inside, and the keys */

#endif
