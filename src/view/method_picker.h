/* SPDX-License-Identifier: MIT
 *
 * `M`: the methods in a list, and of the highlighted one what it is, what goes on and what begins anew. Enter
 * takes it on the running encoder, R from the start with the same seed.
 */
#ifndef NF_VIEW_METHOD_PICKER_H
#define NF_VIEW_METHOD_PICKER_H

#include "view/pen.h"
#include "view/view.h"

void method_picker_open(struct scene *scene, const struct post *post);
void method_picker_key(struct scene *scene, struct key key, const struct post *post);
void method_picker_draw(struct scene *scene, const struct pen *pen);

#endif
