/* SPDX-License-Identifier: MIT
 *
 * A session that is played: keys from a file, the screen as text where the file says so, always after
 * everything that was asked for has been worked. Training stands still unless the script steps it, and no
 * clock is read, so the same script prints the same bytes. What command_log.h writes is one. One line an
 * order; before it may stand @STEP: train to that step first:
 *
 *   key NAME...     keys as keys.def names them: key Tab c Down Enter
 *   type TEXT       its characters, as typed
 *   mouse WHAT X Y  press, drag, release, wheel-up, wheel-down at a cell
 *   steps N         train N steps
 *   resize WxH      the terminal has another size
 *   dump [NAME]     print the screen, under a line with NAME; "dump+ NAME" with its styles
 *   # ...           nothing
 *
 * and what else a log says: played.h.
 */
#ifndef NF_APP_SCRIPT_H
#define NF_APP_SCRIPT_H

#include "app/session.h"

/* NULL for path: an empty script, which trains to --until. in_memory: the terminal is a term_memory. */
bool script_run(struct session *session, struct terminal *term, const char *path, bool in_memory,
                struct err *err);
/* "120x40"; false and err for anything else. */
bool script_size(const char *text, int *width, int *height, struct err *err);

#endif
