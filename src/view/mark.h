/* SPDX-License-Identifier: MIT
 *
 * m: what a person says of the pair that a view highlights, of two selected items, or of the item looked at.
 * Screen thread.
 */
#ifndef NF_VIEW_MARK_H
#define NF_VIEW_MARK_H

#include "view/pen.h"
#include "view/view.h"

void mark_open(struct scene *scene, const struct post *post);
void mark_key(struct scene *scene, struct key key, const struct post *post);
void mark_draw(struct scene *scene, const struct pen *pen);
/* :mark same */
void mark_line(struct scene *scene, const char *name, const struct post *post);

#endif
