/* SPDX-License-Identifier: MIT
 *
 * How far a measure strays from one measuring to the next while nothing is changed: the yardstick for what
 * two runs differ by. Pure; any thread that may read the series.
 */
#ifndef NF_SHARE_WOBBLE_H
#define NF_SHARE_WOBBLE_H

#include "share/series.h"

/* Standard deviation of a measure around its own course, of its last twelve measurings at or before a step:
 * each but the ends is held against the straight line between its neighbours (the pseudo-residuals of Gasser,
 * Sroka and Jennen-Steinmetz, Biometrika 1986, eq. 2), so that steady learning is no wobble, and the median
 * of them counts, so that one jump is none. `measured` is a series of struct measures. In the measure's own
 * unit; NaN where fewer than five measurings have it. */
double measures_wobble(const struct series *measured, uint64_t last_step, enum term term, int column);

#endif
