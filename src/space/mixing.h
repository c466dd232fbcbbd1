/* SPDX-License-Identifier: MIT
 *
 * Who is near whom: what groups the neighbours of a group are of, and how much more often than by chance.
 * Lists of neighbours are those of one set among itself, each item left out of its own. An item with an empty
 * list is not of the set: it counts nowhere. Any thread.
 */
#ifndef NF_SPACE_MIXING_H
#define NF_SPACE_MIXING_H

#include "space/neighbours.h"

/* share (n_groups, n_groups): of the neighbours of items of g, the mean share that is of h. NaN for a group
 * without lists. */
void mixing_composition(const struct neighbours *found, const uint32_t *group, size_t n_groups,
                        double *share);

/* What share a group's items would have by chance, the item itself left out: (n_h - [g = h]) / (n - 1).
 * `base` like share. */
void mixing_base(const struct neighbours *found, const uint32_t *group, size_t n_groups, double *base);

/* What numbers would be if groups were dealt anew among the units (whose items stay together) of equal label.
 * Label and group often go together; this takes that out. `unit` and `label` (n) may be NULL: each item its
 * own, one label. Blank labels (UINT32_MAX) are one of their own. Fixed by seed. */
struct mixing_null {
    const uint32_t *unit, *label;
    uint64_t seed;
    size_t draws;
};
struct chance {
    double low, high; /* 95 % of draws lie between */
    double below,
        above; /* p: share of draws, and of what is seen, that are as low or high; at least 1 / (draws
                  + 1) */
};
/* mixing_composition, mixing_ranked or the like: n_values numbers of lists and groups. */
typedef void mixing_measure(const struct neighbours *found, const uint32_t *group, size_t n_groups,
                            double *value);
/* Each draw is mixing_work(found) steps of the part of progress at work; cancelled the numbers mean nothing.
 */
size_t mixing_work(const struct neighbours *found);
void mixing_by_chance(const struct neighbours *found, const uint32_t *group, size_t n_groups,
                      const struct mixing_null *null, mixing_measure *measure, size_t n_values,
                      struct chance *chance, struct progress *progress);

/* Share of the k nearest with the same code, mean over the items of each group; `cap` is the most it could
 * be, min(k, others of that code) / k. Both (n_groups). */
void mixing_purity(const struct neighbours *found, const uint32_t *code, const uint32_t *group,
                   size_t n_groups, double *purity, double *cap);

/* How often items of a group are somebody's neighbour, over the mean of all: 1 is its fair share. (n_groups)
 */
void mixing_exposure(const struct neighbours *found, const uint32_t *group, size_t n_groups,
                     double *exposure);

/* Of a ranked list of groups (k) against the shares `base`: ln(share of g / base of g); and NDKL, the mean
 * over prefixes of the KL divergence from base, weighted 1 / log2(i + 1) (Geyik et al. 2019). */
double ranking_skew(const uint32_t *list, size_t k, uint32_t g, double base);
double ranking_ndkl(const uint32_t *list, size_t k, const double *base, size_t n_groups);
/* Their means over the lists of each group's items, against the base rate with the item left out: value[g] is
 * NDKL, value[n_groups + g] MaxSkew, the largest skew of any group. Of an even sample of 1,000 lists where
 * there are more. */
void mixing_ranked(const struct neighbours *found, const uint32_t *group, size_t n_groups, double *value);

#endif
