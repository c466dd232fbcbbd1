/* SPDX-License-Identifier: MIT
 *
 * Where live runs are kept when they end: $XDG_STATE_HOME/nearfar or ~/.local/state/nearfar, one run folder
 * each, the newest few. A run that a program goes on with is held by it: a lock that ends with the program.
 */
#ifndef NF_APP_STATE_FOLDER_H
#define NF_APP_STATE_FOLDER_H

#include "base/err.h"
#include "run/run.h"

/* A name for a new run; the folder is made when it is written. */
bool state_folder_new(char path[RUN_PATH_SIZE], struct err *err);
/* The run that ended last: nobody holds it. */
bool state_folder_newest(char path[RUN_PATH_SIZE], struct err *err);
/* Where marks are kept that cannot be at `path`, which names them: of other tables of that name the place is
 * another one. */
bool state_folder_marks(char place[RUN_PATH_SIZE], const char *path, struct err *err);
/* Makes the folder and holds it until it is let go. False and err where it cannot be made or another session
 * has it; where nothing can be locked, as on some networks' disks, *held is -1 and no matter. */
bool state_folder_hold(int *held, const char *folder, struct err *err);
void state_folder_let_go(int *held); /* -1: nothing is held */
/* Removes all but the newest few of those that nobody holds and in which no person has written anything (a
 * mark, a session): those stay until that person removes them. */
void state_folder_prune(void);

#endif
