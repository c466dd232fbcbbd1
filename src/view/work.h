/* SPDX-License-Identifier: MIT
 *
 * What takes time, on the screen: how far it is where its result will stand and in the line of hints, Esc
 * that stops it and r that begins it again. One way for all kinds of requests. Screen thread.
 */
#ifndef NF_VIEW_WORK_H
#define NF_VIEW_WORK_H

#include "view/view.h"

enum { WORK_TEXT = 64 };

/* In the place of a result that is not there: "a moment", "34 %, 12 s left", "stopped at 34 %, r: again". */
const char *work_text(const struct scene *scene, enum request_kind kind, char text[WORK_TEXT]);
/* Of what has been worked for long enough to be told, or was stopped: "neighbours of all items: 34 %, 12 s
 * left   Esc stops it"; false: nothing has. */
bool work_hint(const struct scene *scene, char *text, size_t size);
/* Esc while such work runs, r where some was stopped; false: the action is about something else. */
bool work_act(const struct scene *scene, enum action action, const struct post *post);

#endif
