/* SPDX-License-Identifier: MIT
 *
 * What a view wants computed and what it gets. A view posts a struct request by value; app has one handler a
 * kind, which may use any folder and runs in the analysis worker; the finished result is counted, immutable,
 * and handed to the screen thread. Only the newest result of a kind is kept; a request that equals the last
 * one of its kind (same moments, same question) is not worked again. A new kind is a line in requests.def, a
 * question and a result here, and a handler in app/.
 */
#ifndef NF_SHARE_REQUEST_H
#define NF_SHARE_REQUEST_H

#include "share/quantity.h"
#include "share/snapshot.h"

enum request_kind {
#define REQUEST(ID, name) REQUEST_##ID,
#include "share/requests.def"
#undef REQUEST
    REQUEST_KINDS
};

enum { REQUEST_OTHERS = 32 };

enum axes_kind { AXES_CLASS, AXES_PCA, AXES_PIXELS };
enum space_kind { SPACE_H, SPACE_Z, SPACE_PIXELS, SPACE_UNTRAINED };

/* Questions are compared byte by byte: members of 4 bytes only, so that there is no padding. */

/* Where each probe item lies on two axes. */
struct map_question {
    enum space_kind space;
    enum axes_kind axes;
    int column;       /* the attribute of class axes */
    int component[2]; /* which two, from 0 */
};
struct map_result {
    size_t n;
    const float *x, *y; /* (n), equal aspect, centred, aligned to the map before */
    enum axes_kind axes;
    int column, component[2];
    float variance; /* share of the variance of the whole on these two axes, 0..1 */
    float fidelity; /* share of the 10 nearest in the space that are among the 10 nearest here */
    float fidelity_chance;
    float readable; /* class-balanced kNN accuracy of `column` on the map; NaN if it has none */
};

/* The k nearest of one item, nearest first, ties to the lower index. */
struct near_question {
    enum space_kind space;
    int item; /* index into the probe */
    int k;
};
struct near_result {
    int item;
    size_t k;
    const uint32_t *index;   /* (k) into the probe */
    const float *similarity; /* (k) cosine */
    const uint8_t *on_map;   /* (k): 1 if also among the k nearest on the map */
};

/* One number of every item. */
struct values_question {
    int quantity; /* enum quantity */
    int item;     /* index into the probe, of those that are about one; else NO_ITEM */
};
struct values_result {
    int quantity, item;
    size_t n;
    const float *value; /* (n), NAN where an item has none */
};

struct request {
    enum request_kind kind;
    const struct snapshot *snapshot;              /* the moment asked about */
    const struct snapshot *other[REQUEST_OTHERS]; /* moments to compare it with; NULL behind the last */
    union {
#define REQUEST(ID, name) struct name##_question name;
#include "share/requests.def"
#undef REQUEST
    };
};

/* What was asked last, without a hold on its snapshots. */
struct asked {
    bool any;
    struct request request;
    uint64_t step[1 + REQUEST_OTHERS], run[1 + REQUEST_OTHERS];
};
/* True, and noted, unless just that was asked last of these moments. */
bool asked_anew(struct asked *asked, const struct request *request);

struct result {
    atomic_size_t references;
    enum request_kind kind;
    uint64_t step, run;
    union {
#define REQUEST(ID, name) struct name##_result name;
#include "share/requests.def"
#undef REQUEST
    };
    char bytes[]; /* the arrays */
};

struct result *result_new(enum request_kind kind, size_t bytes); /* zeroed */
struct result *result_ref(const struct result *result);
void result_unref(const struct result *result); /* NULL is fine */

#endif
