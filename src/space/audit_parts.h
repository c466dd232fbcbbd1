/* SPDX-License-Identifier: MIT
 *
 * Inside the audit: the items that rates are of, and rates of cells with their intervals.
 */
#ifndef NF_SPACE_AUDIT_PARTS_H
#define NF_SPACE_AUDIT_PARTS_H

#include "space/audit.h"

/* Items of one side of a dev/eval split. Owned copies where there is a split, else lent from the input. */
struct audit_side {
    struct score_items items;
    const uint32_t *unit; /* NULL: the items */
    const uint32_t *label;
    struct listed_pair *pair; /* (n_pairs) of the side, by its items; owned; NULL: all pairs */
    size_t n_pairs;
    uint32_t *met[N_PAIR_KINDS];   /* (n, n_groups) listed pairs of an item with those of a group; owned */
    bool *out;                     /* (n) tagged: in no pair; owned; NULL: none is */
    struct listed_pair *corrected; /* (n_corrected) pairs that are of another kind than their identities say,
                                      or the list: of this one; in the order of (a, b); owned */
    size_t n_corrected;
    int32_t *more[N_PAIR_KINDS]; /* (n, n_groups) pairs of an item that those add; owned; NULL: none */
    bool per_pair;
    bool inside;         /* genuine pairs lie inside a unit */
    size_t n_units;      /* codes of units are below */
    uint32_t *item;      /* (n) index in the input; NULL: the same */
    bool *in;            /* (n) is it in pairs? */
    uint32_t *mates;     /* (identities, n_groups) items of an identity in a group, those in pairs */
    uint32_t *per_group; /* (n_groups) items in pairs */
    bool by_unit;        /* some unit has several items */
    void *owned[6];
};

void side_init(struct audit_side *side, const struct audit_input *input, bool dev);
void side_release(struct audit_side *side);
/* Where each item of the input (n) stands on the side; UINT32_MAX: nowhere. Owned; NULL: where it stood. */
uint32_t *side_places(const struct audit_side *side, size_t n);
/* Pairs of item i with items of group h. */
double side_pairs_of(const struct audit_side *side, enum pair_kind kind, size_t i, uint32_t h);

/* Tags of a side: before it is known who is in pairs; the kind of a listed pair; and, where all pairs count,
 * the score of those that are turned. */
void side_take_tags(struct audit_side *side, const struct audit_input *input);
enum pair_kind side_kind_of(const struct audit_side *side, const struct listed_pair *pair);
void side_score_corrected(struct audit_side *side);

/* Which pairs a rate is of: those with weight > 0. */
struct pair_set {
    enum { SET_ALL, SET_CELL, SET_INVOLVING, SET_QUERY } kind;
    uint32_t g, h;
};

unsigned pair_set_weight(struct pair_set set, uint32_t a, uint32_t b); /* how often a pair of these counts */
struct pair_set pair_set_of(int g, int h, enum fmr_convention convention); /* of a value of these cells */

void audit_add(struct audit *audit, struct audit_value value);
/* What follows from the rates, which are there: ratios, summaries, thresholds of each group's own. */
void audit_add_summaries(struct audit *audit);

/* Sums of the counts, for all that is looked up: made once, lent to what audit_at makes. */
void audit_tables_make(struct audit *audit);
void audit_tables_free(struct audit *audit);
/* Pairs of a cell and kind at or above a bin: (n_cells, N_PAIR_KINDS). Owned. */
uint64_t *audit_matched_at(const struct audit *audit, uint32_t bin);
void audit_add_what_if(
    struct audit *audit);                  /* match rates; each group's own threshold, and it on the others */
void audit_add_fixed(struct audit *audit); /* from METRIC_AUC on, of the counts: the same at any threshold */
/* Interval and status of a rate whose counts, units and design effect are there; of independent pairs the
 * exact one, which other programs print of a list of scores. */
void audit_judge_rate(struct audit_value *rate, bool per_pair);
/* A number without an interval. */
struct audit_value audit_plain(enum audit_metric metric, int g, double value, uint32_t bin);

struct audit_more more_for_ratio(const struct audit_value *worst, const struct audit_value *best,
                                 double wanted);

/* The p of each group's rate beside that of all others together; and of all values of a metric as a list. */
void audit_tell_apart(struct audit *audit);
void audit_adjust(struct audit *audit, enum audit_metric metric);

/* Composition, lift, purity, exposure, ranks, hubs; silhouette and probe, groups dealt anew so many times.
 * One part of progress. Cancelled, what they add means nothing. */
void audit_add_neighbourhoods(struct audit *audit, const struct audit_side *side, uint64_t seed,
                              size_t n_dealt, struct progress *progress);
void audit_add_separability(struct audit *audit, const struct audit_side *side, uint64_t seed, size_t n_dealt,
                            struct progress *progress);
/* Each two groups along the axis between two sets of items of the input: a part for each, of this weight. */
void audit_add_association(struct audit *audit, const struct audit_side *side, const bool *const *end,
                           uint64_t seed, unsigned weight, struct progress *progress);
/* How long those take, in multiply-adds of the pass over all pairs; the last for two groups. */
size_t audit_neighbourhoods_work(const struct score_items *items, size_t k, size_t n_dealt);
size_t audit_separability_work(const struct score_items *items, size_t n_dealt);
size_t audit_association_work(const struct score_items *items);

/* The rate of `kind` errors among the pairs of a set, with its interval. `errors` are those of a pass over
 * the side. */
struct audit_value side_rate(const struct audit_side *side, const struct scores *scores, enum pair_kind kind,
                             struct pair_set set);

#endif
