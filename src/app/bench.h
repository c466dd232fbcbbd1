/* SPDX-License-Identifier: MIT
 *
 * Measurements of the program's own speed on this machine: `nearfar bench WHAT`. One file and one line in
 * benches.def each. Main thread; they use all of --threads for some seconds.
 */
#ifndef NF_APP_BENCH_H
#define NF_APP_BENCH_H

#include "app/options.h"

struct bench {
    struct entry entry;
    /* Measures for about `seconds` and prints one line on stdout: for people, or with `json` one object.
     * EXIT_INCONCLUSIVE when the machine was too busy to tell. */
    enum exit_code (*run)(int threads, double seconds, bool json, struct err *err);
};

/* What the processor can do at best: 1024 x 1024 x 1024 sgemm on every thread of a pool at once. */
struct peak;
struct pool;
struct peak *peak_new(struct pool *pool);
void peak_free(struct peak *peak);
/* `calls` products on each thread; the sum of each thread's best, in GFLOP/s. */
double peak_measure(struct peak *peak, int calls);

#endif
