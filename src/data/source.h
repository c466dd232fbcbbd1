/* SPDX-License-Identifier: MIT
 *
 * From what was typed to what a format may look at: the path without its knobs, what lies there, its first
 * bytes or the names in it. One thread; the owner releases.
 */
#ifndef NF_DATA_SOURCE_H
#define NF_DATA_SOURCE_H

#include "data/dataset.h"

/* Splits "path:knob=value,..." (the tail only where it reads as one and no such file exists) and looks at the
 * path. Options of the tail are added to *options. A path that is not there is no error: it may be a name. On
 * false nothing is to be released. */
bool source_open(struct source *source, const char *spec, struct data_options *options, struct err *err);
void source_release(struct source *source);
/* True, with err set, for what is there and is neither file nor folder. */
bool source_refuse_other(const struct source *source, struct err *err);

/* "folder/name", owned by the caller. */
char *path_join(const char *folder, const char *name);

/* The part after the last slash. Lent. */
const char *path_base(const char *path);

bool name_ends(const char *name, const char *ending); /* case matters not */

#endif
