/* SPDX-License-Identifier: MIT
 *
 * The audit over time and across choices, in the time view: curves by group over the kept steps, two moments
 * beside each other, and what moves the audit. Screen thread.
 */
#ifndef NF_VIEW_COURSE_H
#define NF_VIEW_COURSE_H

#include "view/differs.h"

/* Charts over the kept steps; `first` of them stands at the top. */
void panel_course(struct scene *scene, const struct pen *pen, int first);
int course_charts(void);
/* There are groups, and a relation whose pairs can be counted. */
bool course_possible(const struct scene *scene);
/* Two moments beside each other: neighbours, matches, each group's errors. */
void panel_compare(struct scene *scene, const struct pen *pen, const struct moments *m);
void course_wants(struct scene *scene, const struct post *post, const struct moments *m);

/* What moves the audit, furthest first, with the floor as a line; `row` is highlighted and told in full. */
void panel_factors(struct scene *scene, const struct pen *pen, int row);

#endif
