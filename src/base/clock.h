/* SPDX-License-Identifier: MIT
 *
 * Time, for pacing and for what is shown; nothing that is learned or measured may depend on it.
 */
#ifndef NF_BASE_CLOCK_H
#define NF_BASE_CLOCK_H

double clock_seconds(void);       /* monotonic, since an arbitrary start */
void clock_sleep(double seconds); /* at least so long, unless a signal comes */

#endif
