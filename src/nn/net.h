/* SPDX-License-Identifier: MIT
 *
 * A chain of layers made from one line of text, e.g. "conv 16, norm, relu, pool, ..., gap, linear 64" or a
 * preset's name ("conv-s"); prints back to the same text. The trunk (pictures to h) and every head (h to z)
 * are nets.
 *
 * Trunk: one micro-batch of net_micro_batch images a call; any thread, each with its own tape. Heads: the
 * whole batch as one n.
 */
#ifndef NF_NN_NET_H
#define NF_NN_NET_H

#include "base/err.h"
#include "nn/layer.h"
#include "nn/params.h"

#include <stdbool.h>
#include <stddef.h>

enum { NET_MAX_LAYERS = 48, NET_TEXT_SIZE = 1024 };

struct net {
    struct layer layer[NET_MAX_LAYERS];
    size_t n_layers;
    struct shape in, out;
    size_t tape_reals;    /* per image: every layer's output and cache */
    size_t dtape_reals;   /* per image: room for the gradients between two layers; at most tape_reals */
    size_t scratch_reals; /* per image */
    size_t scratch_fixed; /* and once */
    size_t flops;         /* forward, per image */
};

struct net_preset {
    const char *name, *help, *text;
};
extern const struct net_preset net_presets[]; /* ends with a NULL name; conv-s first: the default */

/* `text` is a preset's name or a list of layers. Tensors are named "<prefix>.<index>.weight". `trunk`: only
 * per-image layers allowed. On false nothing is held. */
bool net_init(struct net *net, const char *text, struct shape in, bool trunk, const char *prefix,
              struct params *params, struct err *err);
void net_release(struct net *net);
/* Cuts the layers behind the last whose output is a map: both parts are nets that lend them (not to be
 * released). False where there is no map. */
bool net_cut_at_grid(const struct net *net, struct net *grid, struct net *tail);
void net_print(const struct net *net, char *text, size_t size); /* NET_TEXT_SIZE is enough */

/* How many images a micro-batch of a trunk should have: what fits the second-level cache. Depends on the net
 * alone, never on the machine, because sums are cut by it. */
size_t net_micro_batch(const struct net *net);

/* Reals of scratch for n images, the same for forward and backward. */
static inline size_t net_scratch_size(const struct net *net, size_t n)
{
    return net->scratch_fixed + n * net->scratch_reals;
}

/* x (n, in) to the returned (n, out), which lies in tape. tape: n * tape_reals, scratch: net_scratch_size.
 */
const real *net_forward(const struct net *net, const real *params, size_t n, const real *x, real *tape,
                        real *scratch, bool training);
/* The memory of one backward. All lent. */
struct net_memory {
    const real *params; /* values of the whole params block */
    real *grads;        /* same layout; added to */
    real *tape;         /* as net_forward left it (training) */
    real *dtape;        /* n * dtape_reals */
    real *scratch;      /* net_scratch_size */
};

/* dy (n, out) to dx (n, in) or NULL: the input needs no gradient. */
void net_backward(const struct net *net, const struct net_memory *memory, size_t n, const real *x,
                  const real *dy, real *dx);

/* The same in training where each image is seen in part (nn/mask.h): every layer's output is 0 in hidden
 * cells, and norms count the seen ones. dy must be 0 in hidden cells. mask NULL: all is seen. */
const real *net_forward_masked(const struct net *net, const real *params, size_t n, const real *x,
                               const struct mask *mask, real *tape, real *scratch);
void net_backward_masked(const struct net *net, const struct net_memory *memory, size_t n, const real *x,
                         const struct mask *mask, const real *dy, real *dx);

/* After a training step, once a forward: running statistics of whole-batch layers move, from the tape that
 * net_forward left. `values` is params->value. */
void net_settle(const struct net *net, real *values, size_t n, const real *tape);

#endif
