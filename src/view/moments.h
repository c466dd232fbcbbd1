/* SPDX-License-Identifier: MIT
 *
 * Which moments the time view tells apart: two of a run or of two runs, and beside them what chance does.
 * Screen thread.
 */
#ifndef NF_VIEW_MOMENTS_H
#define NF_VIEW_MOMENTS_H

#include "view/view.h"

enum { CHANCES_MAX = BRANCHES_MAX };

/* All lent. */
struct moments {
    const struct snapshot *then, *now;   /* NULL: there is nothing to compare with */
    const struct branch *branch, *other; /* whose `then` and `now` are; NULL: of the same run, or pinned */
    /* what chance does beside them, the newest first: moments of the same step, of runs that parted from
     * `then` where `now` did and differ from it by what is drawn alone; and whose they are */
    int n_chances;
    const struct snapshot *chance[CHANCES_MAX];
    const struct branch *chance_of[CHANCES_MAX];
};

/* The highlighted branch, else A if it is pinned, else the run that this one branched from, each beside the
 * run on the screen at a step both have kept; else in the past this step beside the live end, live the middle
 * of the run beside its end. Where the run on the screen is what chance does to that run, the last other
 * branch of it takes its place, and it stands beside. */
struct moments scene_moments(const struct scene *scene);
/* Nothing but what was drawn differs: a branch made to see what chance does. */
bool moments_by_chance(const struct moments *m);
/* A run of another seed draws a probe of its own: no row of the two is of one item. */
bool watches_others(const struct scene *scene, const struct branch *branch);

#endif
