/* SPDX-License-Identifier: MIT
 *
 * Two moments beside each other in the time view: which they are, and what is different between them. Screen
 * thread.
 */
#ifndef NF_VIEW_DIFFERS_H
#define NF_VIEW_DIFFERS_H

#include "view/pen.h"
#include "view/view.h"

/* All lent. */
struct moments {
    const struct snapshot *then, *now; /* NULL: there is nothing to compare with */
    const struct branch *branch;       /* whose moment `then` is; NULL: of the same run, or pinned */
};

/* The highlighted branch, else A if it is pinned, else the run that this one branched from, each beside the
 * run on the screen at a step both have kept; else in the past this step beside the live end, live the middle
 * of the run beside its end. */
struct moments scene_moments(const struct scene *scene);
void panel_differs(struct scene *scene, const struct pen *pen);
/* What is worked for it: neighbours kept, where the threshold lies. */
void differs_wants(struct scene *scene, const struct moments *m, const struct post *post);
/* The same in sentences. */
void differs_words(const struct scene *scene, struct strbuf *out);

#endif
