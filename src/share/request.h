/* SPDX-License-Identifier: MIT
 *
 * What a view wants computed and what it gets. A view posts a struct request by value; answer/ has one
 * handler a kind, which runs in an analysis worker; the finished result is counted, immutable, and handed to
 * the screen thread. Only the newest result of a kind is kept; a request that equals the last
 * one of its kind (same moments, same question) is not worked again. A new kind is a line in requests.def, a
 * question and a result here, and a handler in answer/.
 */
#ifndef NF_SHARE_REQUEST_H
#define NF_SHARE_REQUEST_H

#include "base/contrast.h"
#include "share/quantity.h"
#include "share/snapshot.h"

enum request_kind {
#define REQUEST(ID, name, pace, what) REQUEST_##ID,
#include "share/requests.def"
#undef REQUEST
    REQUEST_KINDS
};

/* How far the work on a kind of question is. */
enum work_is { WORK_NONE, WORK_RUNS, WORK_STOPPED /* by hand */ };
struct work_state {
    enum work_is is;
    double seconds; /* since it was begun */
    double share;   /* done, 0..1; -1: not told */
    double left;    /* seconds, -1: not told */
};
const char *request_what(enum request_kind kind); /* "neighbours of all items" */
bool request_is_long(enum request_kind kind);     /* it may take seconds or minutes of a large table */

enum { REQUEST_OTHERS = 32 };

enum axes_kind {
    AXES_CLASS,
    AXES_PCA,
    AXES_PIXELS,
    AXES_COLUMNS, /* two columns of numbers: coordinates that were made elsewhere */
    AXES_SETS     /* from the mean of set 0 to that of set 1, and what varies most besides */
};
enum basis_kind { BASIS_REFIT, BASIS_FROZEN, BASIS_SELECTED /* fitted on set 0 */ };
enum space_kind { SPACE_H, SPACE_Z, SPACE_PIXELS, SPACE_UNTRAINED, SPACE_KINDS };
enum metric { METRIC_COSINE, METRIC_EUCLIDEAN };

/* Questions are compared byte by byte: members of 4 bytes only, so that there is no padding. */

enum { MAP_JUDGED = 5000 }; /* at most */

/* Where each probe item lies on two axes. */
struct map_question {
    enum space_kind space;
    enum axes_kind axes;
    int column;       /* the attribute of class axes */
    int component[2]; /* which two, from 0; of AXES_COLUMNS the columns */
    enum basis_kind basis;
    int turn[2];     /* degrees: the first three axes turned about the upright, then about the level */
    unsigned set[2]; /* of request.set: something that differs when they do */
};
struct map_result {
    size_t n;
    const float *x, *y; /* (n), equal aspect, centred, aligned to the map before; columns as they are */
    enum axes_kind axes;
    int column, component[2];
    enum basis_kind basis;
    int turn[2];
    float shown[2][3];              /* x and y of the coordinates on both components and the next one */
    size_t d, n_axes;               /* of what it was fitted to; 0: nothing was */
    const float *mean, *basis_axis; /* (d), (n_axes, d): for a map that keeps them */
    bool unlike;                    /* columns of unlike ranges: each drawn over its own, which are */
    float low[2], high[2];
    float variance; /* share of the variance of the whole on these two axes, 0..1; NaN: columns */
    size_t judged;  /* fidelity and readable are of so many items among themselves, spread evenly over all */
    float fidelity; /* share of the 10 nearest in the space that are among the 10 nearest here */
    float fidelity_chance;
    float readable; /* class-balanced kNN accuracy of `column` on the map; NaN if it has none */
};

/* The k nearest of one item, nearest first, ties to the lower index. */
struct near_question {
    enum space_kind space;
    int item; /* index into the probe */
    int k;
    unsigned map; /* something that differs when the map does */
};
struct near_result {
    int item;
    size_t k;
    const uint32_t *index;   /* (k) into the probe */
    const float *similarity; /* (k) cosine */
    const uint8_t *on_map;   /* (k): 1 if also among the k nearest on the map */
};

/* Numbers of every item. */
struct values_question {
    unsigned quantities; /* bit q: enum quantity q */
    int item;            /* index into the probe, for those that are about one; else -1 */
    int label;           /* column, for those that are about it */
};
struct values_result {
    unsigned quantities; /* that were asked for */
    int item, label;
    size_t n;
    const float
        *value[QUANTITY_COUNT]; /* (n), NAN where an item has none; NULL: not asked for or not there */
};

/* Nearest to what: one item; the items of request.set[0] taken together, which is the mean of their
 * directions (or, by distance, of their places); or a text, which lies in z alone, or a query,
 * which lies in h. */
enum near_of { NEAR_ITEM, NEAR_SET, NEAR_TEXT };
enum { TEXT_QUESTION_SIZE = 80 };
/* The nearest in every space, what is asked about left out; against other[0] if it is given. */
struct spaces_question {
    int item; /* index into the probe: NEAR_ITEM */
    int k;
    enum metric metric;
    enum space_kind space; /* whose composition is told */
    enum near_of of;
    unsigned set;                  /* of request.set[0]: something that differs when they do */
    char text[TEXT_QUESTION_SIZE]; /* zero behind its end */
};
/* Nearest first; k 0 where the snapshot has no such space. `kept`, `lost`: against the other moment, where
 * the space changes with training; NULL and 0 else. */
struct near_list {
    size_t k, n_lost;
    const uint32_t *index; /* (k) into the probe */
    const float *value;    /* (k) cosine similarity or Euclidean distance */
    const uint8_t *kept;   /* (k) was among the k nearest at the other moment; NULL */
    const uint32_t *lost;  /* (n_lost) those that were and are no more, nearest first then */
};
/* One value of one attribute among the neighbours. The base rate leaves out what is asked about. */
struct composition {
    int column;
    uint32_t value;
    uint32_t count; /* of the k neighbours */
    float base;     /* share of all other items that have it */
    int own;        /* 1: the item's own value, or the most frequent of several items'; 0: of all others */
};
enum { COMPOSITION_MAX = 32 };
struct spaces_result {
    struct spaces_question asked;
    uint64_t before_step; /* UINT64_MAX: there was no other moment */
    struct near_list list[SPACE_KINDS];
    size_t n_composition;
    struct composition composition[COMPOSITION_MAX];
};

/* The whole probe's neighbours in one space; against other[0] if it is given, and who was the hub at those
 * behind it. */
enum { HUB_MOMENTS = 5, HUB_ITEMS = 2000 /* of more items earlier steps would take too long */ };
struct graph_question {
    enum space_kind space;
    enum metric metric;
    int k;
};
enum { GRAPH_LISTED = 40 };
struct graph_result {
    struct graph_question asked;
    uint64_t before_step, before_run; /* UINT64_MAX: there was no other moment */
    size_t n;
    const uint32_t *occurrence; /* (n) N_k: how often each item is among the k nearest of the others */
    const float *jaccard; /* (n) of its neighbours then and now, 1 the same; NULL without another moment */
    float mean_jaccard, skew, anti_hubs, hub_share;
    uint32_t n_in_no_list; /* items with N_k = 0: anti-hubs */
    size_t n_hubs, n_anti_hubs, n_unstable;
    uint32_t hub[GRAPH_LISTED]; /* by N_k, most first; ties to the lower index */
    /* of hub[0]: others with the same N_k; earlier moments that were looked at, and at how many of them
     * nobody had a greater one */
    uint32_t n_tied, moments, first;
    uint32_t
        anti_hub[GRAPH_LISTED]; /* those in no list, whose own nearest is farthest first; ties as above */
    float anti_nearest[GRAPH_LISTED]; /* its similarity or distance; NaN, and last: it has none */
    uint32_t unstable[GRAPH_LISTED];  /* by Jaccard, least first; those that kept all are left out */
};

/* What the whole probe's neighbours share with those at each of the other moments, which may be of other
 * runs. */
enum { SHARED_MOMENTS = 2 };
struct shared_question {
    struct graph_question graph;
};
struct shared_result {
    struct shared_question asked;
    size_t n; /* moments: other[0] and on */
    uint64_t step[SHARED_MOMENTS], run[SHARED_MOMENTS];
    float mean_jaccard[SHARED_MOMENTS]; /* over the items: 1 all the same */
};

enum { RELATION_LISTED = 3 /* of an audit alone: pairs of a list; else enum relation */ };
/* An audit: error rates of a threshold by group (space/audit.h), of the probe's h, or of the two views of the
 * last batch's pictures in z. */
enum {
    AUDIT_PAIRS = 40,
    AUDIT_NAME = 48,
    AUDIT_MOST_GROUPS = 22 /* that the pairs of groups fit in memory */
};
struct audit_question {
    int group[2];   /* columns whose values are crossed; the second -1: none */
    int relation;   /* enum relation or RELATION_LISTED: what makes a pair genuine */
    int label;      /* column */
    int convention; /* enum fmr_convention */
    int split;      /* 1: the threshold is chosen on half of the units, rates are of the other half */
    int bin;        /* of the threshold; -1: wherever `target` and `at` put it */
    int target;     /* enum audit_target */
    float at;
    unsigned tags;   /* differs when request.marks does */
    unsigned listed; /* differs when the list of pairs does; 0: it is not asked about */
};
struct audit;
struct audit_result {
    struct audit_question asked;
    size_t n_groups;                /* more than AUDIT_MOST_GROUPS: there is no audit */
    size_t n_tags;                  /* marks of these items */
    const struct audit *audit;      /* as the columns say; its pairs are indices of `row` */
    const struct audit *tagged;     /* at the same threshold as the marks say; NULL: there are none */
    const uint32_t *row;            /* (items) data set rows */
    const char (*name)[AUDIT_NAME]; /* (n_groups) */
};

/* Neighbourhoods by group, of the same items (space/audit.h, from METRIC_COMPOSITION on); hubs and the false
 * matches they are in; how two groups differ along an axis, which is what is between two sets of the probe
 * (request.set; none: there is no axis). */
enum { GROUPS_K = 10, GROUPS_HUBS = 12 };
struct groups_question {
    struct audit_question audit; /* with its bin: at which hubs match falsely */
    int g, h;                    /* groups of the association */
    unsigned axis[2];            /* something that differs when the sets do */
};
struct hub_row {
    uint32_t row; /* of the data set */
    uint32_t group;
    uint32_t occurrence; /* among the GROUPS_K nearest of so many others */
    uint32_t matches;    /* false ones */
};
struct groups_result {
    struct groups_question asked;
    const struct audit *audit;       /* owned */
    size_t n_hubs, n_matches;        /* listed; false matches of all items, each counted at both ends */
    struct hub_row hub[GROUPS_HUBS]; /* by occurrence, most first */
    size_t n_axis[2];                /* items of the sets; 0: no axis */
    double effect, p, least_p;       /* of the association; NaN: too few */
    int exact;                       /* all splits were looked at, not a sample */
};

/* Two items of the probe: how near, and which neighbour of the other each is (1: the nearest); how near at
 * other[0]. */
struct link_question {
    uint32_t a, b; /* data set rows */
};
struct link_result {
    struct link_question asked;
    float similarity, before;    /* NaN: not on the probe, or no such moment */
    uint32_t rank_a, rank_b, of; /* of b among a's neighbours, of a among b's */
    uint64_t before_step;        /* UINT64_MAX: none */
};

/* All items by how near they lie to a text in z, the nearest first: of runs that learn from captions; or to
 * "query 3" in h, a vector that came with a table. */
struct text_question {
    char text[TEXT_QUESTION_SIZE]; /* zero behind its end */
};
struct text_result {
    char text[TEXT_QUESTION_SIZE];
    enum space_kind space;   /* where it was looked for */
    size_t n, of;            /* that have a direction; items in all */
    const uint32_t *item;    /* (n) of the probe; ties to the lower index */
    const float *similarity; /* (n) cosine, falling */
    int words, known;        /* words of the text, and how many of them the encoder knows */
};

/* Items of the probe: bit i % 64 of word i / 64. */
struct request_set {
    const uint64_t *word; /* lent by whoever asks, copied by whoever queues it; NULL: none */
    size_t n;             /* items */
};

/* What a person marked (data/marks.h). Lent and copied likewise. */
struct mark;
struct request_marks {
    const struct mark *mark;
    size_t n;
};

/* What counts as the same: two views of one item of the last batch (in z), or the same value of the column
 * that is the label (the question names it: what a table is coloured by can be), or of the identity. */
enum relation { RELATION_VIEW, RELATION_LABEL, RELATION_IDENTITY, RELATIONS /* = RELATION_LISTED */ };

/* All pairs of the probe (or, for RELATION_VIEW, of the last batch's views), counted by score from the top;
 * space/threshold.h reads it. */
enum { MATCHES_ITEMS = 4000, DRIFT_MOMENTS = 24 };
struct matches_question {
    enum relation relation;
    enum space_kind space;
    int label; /* column */
};
/* Pairs of kind 0 are different, of kind 1 the same (enum pair_kind). */
struct match_counts {
    uint32_t n_bins;          /* 0: there was nothing to count */
    const uint64_t *above[2]; /* (n_bins + 1) */
    double sum[2], sum_squares[2];
};
struct matches_result {
    struct matches_question asked;
    size_t n_items, of; /* every (of / n_items)-th of the probe where it has more than MATCHES_ITEMS */
    size_t n_failed, n_unknown;
    struct match_counts counts;
};

/* At `other` and, last, at the moment itself. */
struct drift_question {
    enum relation relation;
    enum space_kind space;
    int label; /* column */
};
struct drift_result {
    struct drift_question asked;
    size_t n;
    uint64_t step[DRIFT_MOMENTS + 1], run[DRIFT_MOMENTS + 1];
    struct match_counts counts[DRIFT_MOMENTS + 1];
};

/* An audit at kept steps: what it says of each group as training goes on. Of at most COURSE_ITEMS items. */
enum { COURSE_MOMENTS = 24, COURSE_ITEMS = 2000, COURSE_MOST_GROUPS = 12 };
enum course_line {
    COURSE_THRESHOLD, /* where FMR over all pairs is what was asked for */
    COURSE_FMR_RATIO,
    COURSE_FNMR_RATIO, /* worst / best group; NaN where the best is 0 */
    COURSE_HUB_SKEW,   /* of the 10 nearest in h */
    COURSE_PROBE,
    COURSE_CONTROL, /* how well a linear probe reads the group; and with groups dealt anew */
    COURSE_GROUP    /* + 2 g: FMR of group g within it, + 2 g + 1: its FNMR */
};
struct course_question {
    int group, relation; /* columns: whose rates, and what makes a pair genuine */
    float fmr;           /* at which the threshold of each step stands */
};
struct course_result {
    struct course_question asked;
    size_t n, n_groups, n_items, of; /* moments; items looked at, of as many */
    uint64_t step[COURSE_MOMENTS + 1];
    const float *value;             /* (COURSE_GROUP + 2 n_groups, COURSE_MOMENTS + 1) by course_line */
    const char (*name)[AUDIT_NAME]; /* (n_groups) */
};

/* This moment beside other[0]: space/compare.h, each at its own threshold of that FMR. */
struct compare_question {
    int group, relation;
    float fmr;
    int k; /* neighbours */
};
struct comparison;
struct compare_result {
    struct compare_question asked;
    uint64_t before_step;
    size_t n_items, of;
    const struct comparison *comparison; /* A: before, B: now */
    const char (*name)[AUDIT_NAME];      /* (n_groups) */
};

struct links_question {
    int item; /* index into the probe */
};
struct links_result {
    int item;
    size_t n;
    const float *similarity; /* (n) cosine in h; NaN: one of the two has no direction */
};

/* Where some items lay on the map of now at earlier moments: other[0] and on, ascending. */
enum { TRAILS_ITEMS = 200, TRAILS_K = 10 };
struct trails_question {
    unsigned set; /* of request.set[0]: something that differs when they do */
    unsigned map; /* the same of the map */
};
struct trails_result {
    struct trails_question asked;
    uint64_t map_step, since; /* of the map that it is drawn on; of the first moment */
    size_t n, of, n_moments;  /* the first `n` of the items of the set, at so many moments, now the last */
    const uint32_t *item;     /* (n) of the probe */
    const float *kept;        /* (n) share of the TRAILS_K nearest in h that are as at the first moment */
    const float *x, *y;       /* (n, n_moments) */
};

/* Pairs worth looking at. The last two are of held-out items, in h; all before of the last batch, in z. */
enum pair_list {
    PAIRS_ITEM,     /* the item whose views the snapshot has: its own pair, then it and each other, most alike
                       first */
    PAIRS_POSITIVE, /* views that are pulled together: of one item, or of one label; least alike first */
    PAIRS_NEGATIVE, /* views of two items that are not, most alike first */
    PAIRS_FALSE_NEGATIVE, /* of those the ones that are the same under the relation: false where they are
                             pushed apart (pair_row.training) */
    PAIRS_FALSE_POSITIVE, /* and the ones that are not */
    PAIRS_AT_THRESHOLD,   /* nearest to it */
    PAIRS_WRONG_WAY, /* the same and less alike than at other[0], or different and more alike; most first */
    PAIR_LISTS
};
struct pairs_question {
    enum pair_list list;
    enum relation relation; /* what is the same; RELATION_VIEW: the label where there is one */
    float temperature;      /* of the softmax; NaN: the method has none */
    float threshold;        /* AT_THRESHOLD */
    uint32_t inspected;     /* ITEM: the data set row whose views the snapshot has; differs when they do */
    int label;              /* column */
};
enum { PAIRS_LISTED = 200, PAIR_NEGATIVES = 3 };
/* Of the last batches: in how many the hardest negative of an item was the same under the relation, of those
 * where that is known; and who it is in the last one, in how many that one stood and in how many it was it.
 */
struct steadiness {
    uint32_t batches, known, same; /* batches 0: nothing is known of them */
    float chance; /* share that is the same of what could be it in the last batch; NaN: unknown */
    uint32_t stood, hardest;
};
/* What training makes of two views of a batch. */
enum pair_training { PAIR_LEFT, PAIR_PULLED, PAIR_PUSHED };
struct pair_row {
    uint32_t a, b;      /* data set rows; equal: two views of one item. Of two in a batch a is the one whose
                           anchor (space/pairs.h) is the more alike to b; of an item's own list a is that item */
    int item_a, item_b; /* of the probe, -1: not on the map */
    float similarity;   /* cosine; of two in a batch: a's anchor with the view of b more alike to it */
    float before;       /* WRONG_WAY: at other[0]; else NaN */
    float probability;  /* of that view of b in the softmax row of a's anchor; NaN: there is no softmax */
    float loss, share;  /* of the pair, and as a share of the batch's; NaN where it has none */
    float weight;       /* its share of all gradient weights; NaN where the loss gives none */
    uint32_t rank, of;  /* of two views of one: their place among the others, the worse of both; of two that
                           are not pulled: b's place among a's; 0 of 0 elsewhere */
    int same;           /* under the relation: 1, 0, -1 not known */
    enum pair_training training;
    int n_negatives; /* the others in the batch most alike to a that are not pulled towards it */
    uint32_t negative[PAIR_NEGATIVES];
    float negative_similarity[PAIR_NEGATIVES];
    int negative_same[PAIR_NEGATIVES];
};
struct pairs_result {
    struct pairs_question asked;
    uint64_t before_step;       /* WRONG_WAY: UINT64_MAX without another moment */
    size_t n, of;               /* listed, of as many */
    const struct pair_row *row; /* (n) */
    struct contrast contrast;   /* of the moment */
    /* ITEM: it is compared with the batch, of which it is one or, seated, as if it stood in the last pair's
     * place; so many of the pairs are pulled together, its own among them */
    bool looks, seated;
    size_t pulled;
    struct steadiness steady;
    struct pair_row looked_at; /* its two views */
};

struct request {
    enum request_kind kind;
    const struct snapshot *snapshot;              /* the moment asked about */
    const struct snapshot *other[REQUEST_OTHERS]; /* moments to compare it with; NULL behind the last */
    struct request_set set[2];
    struct request_marks marks;
    union {
#define REQUEST(ID, name, pace, what) struct name##_question name;
#include "share/requests.def"
#undef REQUEST
    };
};

/* Of one kind, whatever moments and sets they are asked about. */
bool request_same_question(const struct request *a, const struct request *b);

/* What was asked last, without a hold on its snapshots. */
struct asked {
    bool any;
    struct request request;
    uint64_t step[1 + REQUEST_OTHERS], run[1 + REQUEST_OTHERS];
};
/* True, and noted, unless just that was asked last of these moments. */
bool asked_anew(struct asked *asked, const struct request *request);
/* The same question, of whichever moments? */
bool asked_alike(const struct asked *asked, const struct request *request);

struct result {
    atomic_size_t references;
    enum request_kind kind;
    uint64_t step, run;
    void (*release)(struct result *result); /* of what it owns besides; NULL: nothing */
    union {
#define REQUEST(ID, name, pace, what) struct name##_result name;
#include "share/requests.def"
#undef REQUEST
    };
    char bytes[]; /* the arrays */
};

struct result *result_new(enum request_kind kind, size_t bytes); /* zeroed */
struct result *result_ref(const struct result *result);
void result_unref(const struct result *result); /* NULL is fine */

#endif
