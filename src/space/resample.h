/* SPDX-License-Identifier: MIT
 *
 * The vertex bootstrap for rates of pairs: units (identities whose items stand or fall together) are drawn
 * anew with replacement, and a unit that was drawn w times stands there w times. A pair of two units then
 * counts w_u w_v times, a pair inside one unit w_u times: its copies do not meet each other. How many pairs
 * there are is counted from sizes, in time linear in the units. Any thread.
 */
#ifndef NF_SPACE_RESAMPLE_H
#define NF_SPACE_RESAMPLE_H

#include "space/scores.h"

/* Items of one unit that share an identity. */
struct unit_part {
    uint32_t identity, unit, n;
};

/* The pairs among some items. Owned: unit_pairs_release. */
struct unit_pairs {
    struct unit_part *by_unit, *by_identity; /* (n_parts) the same in two orders */
    size_t n_parts;
};

/* Among the n items listed in `item`, by their identities and units; item NULL: items 0..n-1. */
void unit_pairs_init(struct unit_pairs *pairs, const uint32_t *item, size_t n, const uint32_t *identity,
                     const uint32_t *unit);
void unit_pairs_release(struct unit_pairs *pairs);
/* How many there are of each kind when unit u stands there weight[u] times. */
void unit_pairs_count(const struct unit_pairs *pairs, const uint32_t *weight, double count[N_PAIR_KINDS]);

/* How often a pair of these units counts. */
static inline double unit_pair_weight(const uint32_t *weight, uint32_t u, uint32_t v)
{
    return u == v ? (double)weight[u] : (double)weight[u] * weight[v];
}

/* n_units draws with replacement: how often each was drawn. Fixed by seed and the number of the draw. */
void unit_weights(uint32_t *weight, size_t n_units, uint64_t seed, size_t draw);

/* The middle `share` of the values (n), which are put in order: quantiles with linear interpolation (type 7).
 * Values that are not finite are left out; NaN where they are more than 5 %. */
struct middle {
    double low, high;
};
struct middle middle_of(double *value, size_t n, double share);

#endif
