/* SPDX-License-Identifier: MIT
 *
 * Where live runs are kept when they end: $XDG_STATE_HOME/nearfar or ~/.local/state/nearfar, one run folder
 * each, the newest few.
 */
#ifndef NF_APP_STATE_FOLDER_H
#define NF_APP_STATE_FOLDER_H

#include "base/err.h"
#include "run/run.h"

/* A name for a new run; the folder is made when it is written. */
bool state_folder_new(char path[RUN_PATH_SIZE], struct err *err);
/* The run that ended last. */
bool state_folder_newest(char path[RUN_PATH_SIZE], struct err *err);
/* Where marks are kept that cannot be at `path`, which names them: of other tables of that name the place is
 * another one. */
bool state_folder_marks(char place[RUN_PATH_SIZE], const char *path, struct err *err);
/* Removes all but the newest few. */
void state_folder_prune(void);

#endif
