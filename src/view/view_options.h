/* SPDX-License-Identifier: MIT
 *
 * The settings of the view that is shown (S): a short list over its right side. Up and down choose, left and
 * right turn, u takes back. Screen thread.
 */
#ifndef NF_VIEW_VIEW_OPTIONS_H
#define NF_VIEW_VIEW_OPTIONS_H

#include "view/pen.h"
#include "view/view.h"

void view_options_draw(struct scene *scene, const struct pen *pen);
void view_options_key(struct scene *scene, struct key key, const struct post *post);

#endif
