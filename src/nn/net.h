/* SPDX-License-Identifier: MIT
 *
 * A chain of layers made from one line of text, e.g. "conv 16, norm, relu, pool, ..., gap, linear 64" or a
 * preset's name ("conv-s"); prints back to the same text. The trunk (pictures to h) and every head (h to z)
 * are nets.
 *
 * Trunk: net_forward_shard / net_backward_shard work one micro-batch of a fixed number of images; any thread,
 * each with its own tape. Heads: the whole batch as one n.
 */
#ifndef NF_NN_NET_H
#define NF_NN_NET_H

#include "base/err.h"
#include "base/parallel.h"
#include "nn/layer.h"
#include "nn/params.h"

#include <stdbool.h>
#include <stddef.h>

enum { NET_MAX_LAYERS = 48, NET_TEXT_SIZE = 400 };

struct net {
    struct layer layer[NET_MAX_LAYERS];
    size_t n_layers;
    struct shape in, out;
    size_t tape_reals;    /* per image: every layer's output and cache */
    size_t scratch_reals; /* per image */
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
void net_print(const struct net *net, char *text, size_t size); /* NET_TEXT_SIZE is enough */

/* x (n, in) to the returned (n, out), which lies in tape. tape: n * tape_reals, scratch: n * scratch_reals.
 */
const real *net_forward(const struct net *net, const real *params, size_t n, const real *x, real *tape,
                        real *scratch, bool training);
/* After net_forward on the same tape: dy (n, out) to dx (n, in) or NULL; adds to grads. `dtape` has n *
 * tape_reals. */
void net_backward(const struct net *net, const real *params, real *grads, size_t n, const real *x, real *tape,
                  const real *dy, real *dx, real *dtape, real *scratch);

#endif
