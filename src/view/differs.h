/* SPDX-License-Identifier: MIT
 *
 * Two moments beside each other in the time view: which they are, and what is different between them. Screen
 * thread.
 */
#ifndef NF_VIEW_DIFFERS_H
#define NF_VIEW_DIFFERS_H

#include "view/moments.h"
#include "view/pen.h"

/* A difference counts from so many wobbles of a difference on (share/wobble.h; of two values it is sqrt 2
 * times that of one). Two runs that branched share seed, batches and views; how far chance alone takes them
 * apart shows a branch in which nothing but what is drawn differs. */
enum { WOBBLES = 3 };

/* One number then and now, as it is written, and what the newest of chance's runs made of
 * it ("": there is none). */
struct difference {
    char name[64], then[32], now[32], chance[32];
    double wobbles; /* the difference in wobbles of a difference, 0 where it reads the same; NaN: not known */
    bool as_chance; /* one of the runs that chance made took it as far from `then`, or further */
};

/* Of all measures that both have, in this order: those beyond the wobble and further than chance took them,
 * those beyond the wobble, the furthest first; then the others, as they are told elsewhere. */
struct differences {
    struct difference row[MEASURES_MAX];
    int n, beyond, clear; /* `beyond` of them lead, of which `clear` go beyond chance too */
};
void differs_measures(const struct scene *scene, const struct moments *m, struct differences *found);
/* Is it known of any that differs how far it wobbles? (True where none differs.) */
bool differs_judged(const struct differences *found);
/* Where an FMR of one in a hundred lies, and how many of the 10 nearest are the same (`then` is ""). False:
 * not worked yet. */
bool differs_cut(const struct scene *scene, const struct moments *m, struct difference *row);
bool differs_kept(const struct scene *scene, const struct moments *m, struct difference *row);
/* What the later of the two is called: "run 2", "here". */
const char *differs_name(const struct scene *scene, const struct moments *m);
/* What is worked for these. */
void differs_wants(struct scene *scene, const struct moments *m, const struct post *post);

/* :chance. Branches the earlier of the two again, from where the later one began, with other draws alone. */
void differs_see_chance(struct scene *scene, const struct post *post);
/* A branch was asked for: it is highlighted, and told beside the run it left, or what chance does. */
void differs_of_branch(struct scene *scene);

void panel_differs(struct scene *scene, const struct pen *place);
/* The same in one line, what matters first: "at step 450: views apart 0.35 → 0.33 beyond the wobble; run 1
 * ends at 450"; of a branch that has just begun, at which step it will be told. False: there are no two to
 * speak of. */
bool differs_line(const struct scene *scene, char *text, size_t size);
/* In sentences. */
void differs_words(const struct scene *scene, struct strbuf *out);

#endif
