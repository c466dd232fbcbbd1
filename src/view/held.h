/* SPDX-License-Identifier: MIT
 *
 * Lists that hold still. What a list shows is the answer that was drawn last, so that a key acts on the row
 * that was read. And a list whose rows are walked stays as it was then, while training goes on and newer
 * answers come, as a pager stops following when one scrolls: until its question is another one (another list,
 * item, k) or it is let go (Esc, another view, a step by hand). Screen thread.
 */
#ifndef NF_VIEW_HELD_H
#define NF_VIEW_HELD_H

#include "view/view.h"

/* What lists of this kind of answer show; NULL: nothing yet. Lent until the next draw. */
const struct result *list_answer(const struct scene *scene, enum request_kind kind);
/* Its rows are walked from now on, and no other list's. */
void list_hold(struct scene *scene, enum request_kind kind);
/* Are lists other ones at the next step, none being walked? The first hint then says what holds them. */
bool list_changes(const struct scene *scene);
/* True: what was shown is of an earlier step than now, and follows again from the next draw on. */
bool list_let_go(struct scene *scene);
/* The step of what the walked list shows; false: none is walked. */
bool list_walked_at(const struct scene *scene, uint64_t *step);
/* The step that the walked list stays at, where that is not now's. */
bool list_stays_at(const struct scene *scene, uint64_t *step);

/* Need this be asked? Not while the list that would show it stays. Noted for the next draw. */
bool list_stays(struct scene *scene, const struct request *request);
/* By whoever draws the screen: answers that came in the meantime are shown from now on. */
void lists_drawn(struct scene *scene);
void lists_release(struct screen *screen);

#endif
