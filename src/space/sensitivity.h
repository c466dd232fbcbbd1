/* SPDX-License-Identifier: MIT
 *
 * Where does "near" come from? One base training, and others that differ from it in one thing each (the data,
 * an augmentation, the objective, the threshold): how far each moves whose neighbours one has, which pairs
 * match, and whom the errors fall on; beside what another seed alone moves, the floor. A plain table: app
 * fills it (app/sensitivity.h), reports and the audit view read it. Any thread; the owner releases.
 */
#ifndef NF_SPACE_SENSITIVITY_H
#define NF_SPACE_SENSITIVITY_H

#include "space/compare.h"

/* One thing varied. A is the base, B this. */
struct sensitivity_row {
    char kind[20];               /* "seed", "data", "augmentation", "objective", "threshold" */
    char name[40];               /* "color-off": of its run folder, where it was trained */
    char what[96];               /* "without jitter", "tau 0.1 (0.2)" */
    char failed[160];            /* why there is no comparison; "" */
    struct comparison moved;     /* owned */
    bool evidence[N_PAIR_KINDS]; /* of a difference between groups in B: audit_is_evidence of the ratio */
};

enum { SENSITIVITY_ROWS = 64 };

struct sensitivity {
    char title[400]; /* what was trained and compared, for people */
    size_t n_items, k, n_groups;
    char (*group)[48];           /* (n_groups) names; owned */
    bool evidence[N_PAIR_KINDS]; /* in the base */
    struct sensitivity_row row[SENSITIVITY_ROWS];
    size_t n;
};

void sensitivity_release(struct sensitivity *sensitivity);

bool sensitivity_is_floor(const struct sensitivity_row *row);
/* Those that moved furthest first; seeds among them, failures last. Stable. */
void sensitivity_sort(struct sensitivity *sensitivity);

/* What the seed alone moves: NaN without such rows. */
struct seed_floor {
    size_t n;
    double mean, most; /* share of matches that change (comparison.match_churn) */
    struct interval
        ratio[N_PAIR_KINDS]; /* worst / best group: the least and most of the base and the seeds */
};
struct seed_floor sensitivity_floor(const struct sensitivity *sensitivity);
/* How far, at most, another seed moves the rate of a group. */
double sensitivity_floor_rate(const struct sensitivity *sensitivity, enum pair_kind kind, size_t group);
/* Is the ratio one that the base or a seed alone could have? False where it or theirs is not known. */
bool sensitivity_ratio_is_of_seeds(const struct sensitivity_row *row, enum pair_kind kind,
                                   const struct seed_floor *floor);
/* Did it move further than any other seed did? */
bool sensitivity_stands_out(const struct sensitivity_row *row, const struct seed_floor *floor);

#endif
