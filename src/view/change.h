/* SPDX-License-Identifier: MIT
 *
 * Changing things by hand, and taking it back: settings (through the trainer, which has the last word), the
 * item looked at, the coloured attribute, what is selected. Screen thread.
 */
#ifndef NF_VIEW_CHANGE_H
#define NF_VIEW_CHANGE_H

#include "view/view.h"

/* The i-th setting as it will be: what the user turned it to while the trainer has not answered. In the past
 * it is the one a branch from there would begin with. */
struct setting scene_setting(struct scene *scene, int i);
int scene_settings(const struct scene *scene); /* how many */

/* One key press up or down; says why not where it cannot be turned (a choice, a text). */
void setting_turn(struct scene *scene, int i, int direction, const struct post *post);
/* Posts the change, in the past for the branch to come, and remembers it for undo. */
void setting_put(struct scene *scene, const char *name, const char *text, const struct post *post);

void item_put(struct scene *scene, int item);
void column_put(struct scene *scene, int column);     /* axes follow: class axes where they make sense */
void quantity_put(struct scene *scene, int quantity); /* axes stay; NO_QUANTITY: by the column again */

/* `wanted` (over the items of the probe, taken over) becomes what is selected; that can be undone. */
void selection_change(struct scene *scene, struct selection *wanted);
void option_put(struct scene *scene, const struct view_option *option, int value);
/* What was done so far can be undone no more. */
void changes_forget(struct scene *scene);

/* In place of the mark the pair had. */
void mark_put(struct scene *scene, const struct mark *mark);
/* As threshold_print writes it; for threshold_put. Moves one after the other are undone as one. */
void threshold_changed(struct scene *scene, const char *from, const char *to, bool moved);

void undo(struct scene *scene, const struct post *post);
void redo(struct scene *scene, const struct post *post);

#endif
