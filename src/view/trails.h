/* SPDX-License-Identifier: MIT
 *
 * Trails on the map: where selected items lay at the kept steps before, on the axes of now. By default only
 * of those whose neighbours changed. Screen thread.
 */
#ifndef NF_VIEW_TRAILS_H
#define NF_VIEW_TRAILS_H

#include "view/pen.h"
#include "view/view.h"

void trails_wants(struct scene *scene, const struct post *post);
/* Over the points; the foot of the map says how many of how many, and why those. */
void trails_draw(struct scene *scene, const struct pen *pen, const struct scatter *scatter);
void trails_line(struct scene *scene, const char *line,
                 const struct post *post);                     /* :trails changed, all, off */
const char *trails_words(const struct scene *scene, size_t i); /* NULL past the end */

#endif
