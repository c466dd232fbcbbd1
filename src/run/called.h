/* SPDX-License-Identifier: MIT
 *
 * What a live run is called among the runs of its sessions, kept in its folder as called.csv: how many there
 * were ("run 3" is the third) and the name of this one. No file: it is the first, "run 1". One thread.
 */
#ifndef NF_RUN_CALLED_H
#define NF_RUN_CALLED_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { CALLED_SIZE = 32 };

struct called {
    uint64_t runs; /* so far, over all sessions of it */
    char name[CALLED_SIZE];
};

/* "run 1" where no file says otherwise, or none that can be read. */
void called_read(struct called *called, const char *folder);
bool called_write(const struct called *called, const char *folder, struct err *err);

#endif
