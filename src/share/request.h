/* SPDX-License-Identifier: MIT
 *
 * What a view wants computed and what it gets. A view posts a struct request by value; app has one handler a
 * kind, which may use any folder and runs in the analysis worker; the finished result is counted, immutable,
 * and handed to the screen thread. Only the newest result of a kind is kept; a request that equals the last
 * one of its kind (same snapshot, same arguments) is not worked again.
 */
#ifndef NF_SHARE_REQUEST_H
#define NF_SHARE_REQUEST_H

#include "share/snapshot.h"

enum request_kind {
    REQUEST_MAP,  /* probe to the plane */
    REQUEST_NEAR, /* an item's nearest */
    REQUEST_KINDS
};

enum axes_kind { AXES_CLASS, AXES_PCA, AXES_PIXELS };
enum space_kind { SPACE_H, SPACE_Z, SPACE_PIXELS, SPACE_UNTRAINED };

struct request {
    enum request_kind kind;
    const struct snapshot *snapshot; /* a reference is taken by whoever queues it */
    enum space_kind space;
    enum axes_kind axes;
    int column;       /* MAP: the attribute of class axes */
    int component[2]; /* MAP: which two, from 0 */
    int item;         /* NEAR: index into the probe */
    int k;            /* NEAR */
};

/* MAP: where each probe item lies. */
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

/* NEAR: the k nearest of one item, nearest first, ties to the lower index. */
struct near_result {
    int item;
    size_t k;
    const uint32_t *index;   /* (k) into the probe */
    const float *similarity; /* (k) cosine */
    const uint8_t *on_map;   /* (k): 1 if also among the k nearest on the map */
};

struct result {
    atomic_size_t references;
    enum request_kind kind;
    uint64_t step, run;
    union {
        struct map_result map;
        struct near_result near;
    };
    char bytes[]; /* the arrays */
};

struct result *result_new(enum request_kind kind, size_t bytes); /* zeroed */
struct result *result_ref(const struct result *result);
void result_unref(const struct result *result); /* NULL is fine */

#endif
