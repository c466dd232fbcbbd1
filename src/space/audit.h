/* SPDX-License-Identifier: MIT
 *
 * The audit of one embedding table: what a threshold does, to whom, and whether the difference is real. One
 * function behind the command, the view and the reports; its result is a list of values, each with the counts
 * it was made of, its interval and what may be said of it. docs/audit.md says how to read them. Any thread.
 */
#ifndef NF_SPACE_AUDIT_H
#define NF_SPACE_AUDIT_H

#include "space/interval.h"
#include "space/threshold.h"

/* What -1 and 1 of a score stand for where scores were made elsewhere; equal: for themselves. */
struct score_scale {
    double low, high;
};
double scale_of(struct score_scale scale, double score);   /* outside from [-1, 1] */
double scale_to(struct score_scale scale, double outside); /* and back */

/* What a person knows better than the columns do: applied before anything is counted. */
enum audit_tag_kind {
    TAG_OUT,  /* the item is in no pair */
    TAG_SAME, /* the pair is genuine, or */
    TAG_DIFFERENT
};
struct audit_tag {
    enum audit_tag_kind kind;
    uint32_t a, b; /* items; OUT: a alone, b is whatever helps the caller */
};

struct audit_input {
    struct score_items items; /* the identity is that of the relation which is audited */
    /* (n) the units that were sampled: identities whose items stand or fall together; NULL: each item is one.
     * The very array of items.identity where the relation is identity; else every item has one. */
    const uint32_t *unit;
    const uint32_t *label; /* (n) within which groups are dealt anew for what chance shows; NULL: among all */
    const bool *dev; /* (n) items on which the threshold is chosen; rates are of the others. NULL: no such */
    /* These pairs alone; both their items must be on a side to be on it. NULL: all pairs of the rows, and
     * only then neighbourhoods. */
    const struct listed_pair *pair;
    size_t n_pairs;
    const struct audit_tag *tag; /* of two that are said of one pair the later holds */
    size_t n_tags;
    struct score_scale scale;
    /* (n) items at the ends of an axis, along which each two groups are compared; or NULL */
    const bool *end[2];
    /* Nothing is known of the items: intervals take pairs for independent, which is too narrow. */
    bool per_pair;
};

enum audit_target { AUDIT_AT_THRESHOLD, AUDIT_AT_FMR, AUDIT_AT_FNMR, AUDIT_AT_EER };
/* The bin that does it over the pairs of a table; `at` is the threshold, or the rate asked for. */
uint32_t audit_threshold(const struct match_table *table, enum audit_target target, double at);

struct audit_settings {
    enum audit_target target;
    double at; /* the threshold, or the rate asked for */
    enum fmr_convention convention;
    size_t n_worst; /* pairs kept of each cell */
    uint64_t seed;
    size_t k;       /* neighbours looked at; 0: neighbourhoods and separability are left out */
    size_t n_dealt; /* times groups are dealt anew for the p of silhouette and probe; 0: none */
};

enum {
    AUDIT_MIN_ERRORS = 30,    /* fewer: the value is too uncertain to rank (rule of 30: Doddington 2000) */
    AUDIT_MIN_UNITS = 10,     /* fewer: no interval, only the units */
    AUDIT_PROBE_ITEMS = 2000, /* that silhouette and probe look at, at most */
    AUDIT_EPC = 21,           /* weights of the expected performance curve */
    AUDIT_PROBE_WIDTH = 256,  /* a probe is fitted to so many at most, no wider */
    AUDIT_MOST_MORE = 20,     /* more units than so many times those there are: not advised */
};

enum audit_metric {
#define METRIC(id, name, ideal, meaning) METRIC_##id,
#include "space/audit_metrics.def"
#undef METRIC
    N_METRICS
};
const char *metric_name(enum audit_metric metric);
const char *metric_ideal(enum audit_metric metric);
const char *metric_meaning(enum audit_metric metric);

enum audit_status {
    AUDIT_OK,
    AUDIT_FEW_ERRORS, /* an interval, but too few errors to rank by */
    AUDIT_FEW_UNITS,  /* no interval */
    AUDIT_ZERO,       /* no error was seen: `ci.high` is the least upper bound that independent pairs give */
    AUDIT_UNDEFINED,  /* no pairs, or a division by a rate of zero */
    AUDIT_PLAIN       /* a number without an interval */
};
const char *audit_status_name(enum audit_status status);

enum { ALL_GROUPS = -1 };

struct audit_value {
    enum audit_metric metric;
    int g, h; /* cell g <= h; g = h: a group; of a ratio: worst over best; ALL_GROUPS: over all */
    enum audit_status status;
    double value;
    double x, n;             /* errors, pairs; 0 where it is not a rate */
    size_t n_items, n_units; /* behind it */
    double deff;
    struct interval ci; /* 95 %; NaN: none */
    double by_chance;   /* of a ratio: 95 % of samples of equal groups of these sizes stay below; else NaN */
    double by_chance_low; /* of a lift: 2.5 % of samples stay below; else NaN */
    double p, least_p;    /* chance shows this or more, and the least p that could be; NaN: none */
    double q;             /* p adjusted for the list it stands in (Benjamini and Hochberg); NaN: none */
    double more_units; /* of a ratio whose interval holds 1: units more in group `needs` to tell; else NaN */
    int needs;
    uint32_t bin; /* threshold it is at */
};

struct audit {
    size_t n_groups, n_items, n_units; /* items and units that rates are of */
    size_t n_bins;
    uint32_t bin;             /* the threshold */
    bool exploratory;         /* it was chosen on the items that rates are of */
    bool per_pair;            /* see the input */
    struct score_scale scale; /* of thresholds */
    bool by_unit;             /* units have several items: intervals are clustered by unit */
    bool looked_up;           /* audit_at made it: intervals stand on design effects of another threshold */
    enum fmr_convention convention;
    uint64_t seed;
    size_t n_thresholds, n_cells; /* looked at */
    struct audit_value *value;
    size_t n_values;
    struct scores scores;      /* worst pairs: indices of the input's items */
    struct match_table chosen; /* the pairs that thresholds are chosen on: of dev where there is a split */
    struct epc_point epc[AUDIT_EPC]; /* where thresholds are chosen on dev and reported on eval, else */
    size_t n_epc;                    /* 0 */
    struct match_table *of;          /* (1 + n_groups) all pairs, then each group's by the convention */
    uint64_t *above;                 /* inside the audit: sums of the counts, for what is looked up */
};

/* How many parts of progress it is, for who plans it: so long that audits of other tables and settings may be
 * planned beside it. The second is of audit_make_at. */
unsigned audit_parts(const struct audit_input *input, const struct audit_settings *settings);
unsigned audit_parts_at(const struct audit_input *input, const struct audit_settings *settings);
/* False with err where there is nothing to audit, when cancelled, or when memory lacks; then nothing is held.
 */
bool audit_make(struct audit *audit, const struct audit_input *input, const struct audit_settings *settings,
                struct pool *pool, struct progress *progress, struct err *err);
/* The same at the threshold of another: what tags change, and not where it is put. */
bool audit_make_at(struct audit *audit, const struct audit *at, const struct audit_input *input,
                   const struct audit_settings *settings, struct pool *pool, struct progress *progress,
                   struct err *err);
void audit_release(struct audit *audit);

/* What a tag changes by itself: the pairs that it takes out or turns, of the kind they were, and those of
 * them that are errors; then the rates over all (FMR, FNMR) and the worst over the best group's. */
struct audit_tag_effect {
    bool counts; /* its items are on the side that rates are of, and in pairs */
    double pairs[N_PAIR_KINDS], errors[N_PAIR_KINDS];
    double rate[N_PAIR_KINDS], ratio[N_PAIR_KINDS];
};
/* Of each tag of the input (n_tags), at the threshold of `untagged`, the audit of that input without tags. */
void audit_tag_effects(const struct audit *untagged, const struct audit_input *input,
                       struct audit_tag_effect *effect);

/* The threshold of a bin as its list or table has it: a cosine, or a score of the scale. Infinite: all are
 * rejected. */
double audit_tau(const struct audit *audit, uint32_t bin);

/* The same audit at another threshold, without another look at the pairs: every count and rate is exact;
 * intervals take the design effects of `from`, until a pass has been made there. Lends the scores of `from`,
 * which must outlive it; audit_at_release. */
void audit_at(struct audit *audit, const struct audit *from, uint32_t bin);
void audit_at_release(struct audit *audit);

/* The rate of all groups but g together, by which what stands out is told. Groups are taken for independent,
 * which they are within, and nearly by the other conventions. */
struct sure_rate audit_rest(const struct audit *audit, enum audit_metric metric, int g);

/* The value of a cell, in this order of groups or the other; NULL if there is none. */
const struct audit_value *audit_find(const struct audit *audit, enum audit_metric metric, int g, int h);

/* The first value of a metric: of ratios and what is of all the only one; NULL if there is none. */
const struct audit_value *audit_first(const struct audit *audit, enum audit_metric metric);

/* Units more, in one group or (ALL_GROUPS) in each, that would bring the interval of a rate or ratio off a
 * bound, if the value stays; NaN: none would, or too many to say. */
struct audit_more {
    double units;
    int group;
};
struct audit_more audit_more_to_tell(const struct audit *audit, const struct audit_value *value,
                                     double bound);

/* May a difference be claimed? The ratio's interval excludes 1 and it is above what chance shows. */
bool audit_is_evidence(const struct audit_value *ratio, double bound);

#endif
