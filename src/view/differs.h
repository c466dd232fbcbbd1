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

/* A difference counts from so many wobbles of a difference on (share/wobble.h; of two values it is sqrt 2
 * times that of one). Two runs that branched share seed, batches and views; how far chance alone takes them
 * apart shows a branch in which nothing but what is drawn differs. */
enum { WOBBLES = 3 };

/* One number then and now, as it is written. */
struct difference {
    char name[64], then[32], now[32];
    double wobbles; /* the difference in wobbles of a difference, 0 where it reads the same; NaN: not known */
};

/* Of all measures that both have: those beyond the wobble first, the furthest first, then the others in their
 * order. The number of rows; `beyond` how many of them lead. */
int differs_measures(const struct scene *scene, const struct moments *m, struct difference row[MEASURES_MAX],
                     int *beyond);
/* Is it known of any that differs how far it wobbles? (True where none differs.) */
bool differs_judged(const struct difference *row, int n);
/* Nothing but what was drawn differs: a branch made to see what chance does. */
bool differs_by_chance(const struct moments *m);
/* Where an FMR of one in a hundred lies, and how many of the 10 nearest are the same (`then` is ""). False:
 * not worked yet. */
bool differs_cut(const struct scene *scene, const struct moments *m, struct difference *row);
bool differs_kept(const struct scene *scene, const struct moments *m, struct difference *row);
/* What is worked for these two. */
void differs_wants(struct scene *scene, const struct moments *m, const struct post *post);

void panel_differs(struct scene *scene, const struct pen *place);
/* The same in one line, what matters first: "at step 450: views apart 0.35 -> 0.33 beyond the wobble; run 1
 * ends at 450"; of a branch that has just begun, at which step it will be told. False: there are no two to
 * speak of. */
bool differs_line(const struct scene *scene, char *text, size_t size);
/* In sentences. */
void differs_words(const struct scene *scene, struct strbuf *out);

#endif
