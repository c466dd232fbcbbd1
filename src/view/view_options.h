/* SPDX-License-Identifier: MIT
 *
 * The settings of the view that is shown (S): a short list over its right side. Up and down choose, left and
 * right turn, u takes back. Screen thread.
 */
#ifndef NF_VIEW_VIEW_OPTIONS_H
#define NF_VIEW_VIEW_OPTIONS_H

#include "view/pen.h"
#include "view/view.h"

/* The value as it is shown: "cosine", "8". Lent: a name, or `text`. */
const char *view_option_text(const struct scene *scene, const struct view_option *option, char text[16]);

void view_options_draw(struct scene *scene, const struct pen *pen);
void view_options_key(struct scene *scene, struct key key, const struct post *post);

#endif
