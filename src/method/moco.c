/* SPDX-License-Identifier: MIT
 *
 * MoCo v2 (He et al. 2020, arXiv:1911.05722; Chen et al. 2020, arXiv:2003.04297): each view's query finds the
 * other view's key, made by a slow copy of the network, among the keys of earlier batches. Symmetric: the
 * mean of both directions against the same queue, which takes in both views' keys after the step, so that no
 * picture meets its own key as a negative. GroupNorm in the trunk makes shuffled BatchNorm pointless.
 */
#include "base/check.h"
#include "method/knobs.h"
#include "method/queue.h"
#include "method/two_views.h"

#include <stdlib.h>

static const struct knob knobs[] = {
    KNOB_TAU(0.2),
    KNOB_MOMENTUM(0.99, ""),
    {.name = "queue-size",
     .label = "queue",
     .help = "Keys of earlier batches that stand as negatives; the oldest is queue / (2 batch) steps old.",
     .min = 64,
     .max = 65536,
     .value = 2048,
     .step = 2,
     .log = true,
     .whole = true,
     .restart = true,
     .unit = "keys"},
    KNOB_EMA,
    KNOB_SWITCH("queue", "long queue", "Off: only the keys of the last batch are negatives."),
    KNOB_NEGATIVES,
    {.name = NULL},
};

struct own {
    struct queue queue;
    float value[QUEUE_READOUT_VALUES];
};

static bool begin(struct method_run *run, struct err *err)
{
    (void)err;
    struct own *own = run->own = xcalloc(1, sizeof *own);
    run->n_queue = (size_t)method_knob(run, "queue-size", 0);
    queue_add(&own->queue, run->params, run->n_queue, run->dim_z);
    return true;
}

static void end(struct method_run *run)
{
    free(run->own);
    run->own = NULL;
}

static void inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)view;
    const struct own *own = run->own;
    real *keys = arena_take(batch->arena, run->n_queue * run->dim_z, sizeof *keys);
    size_t newest = method_has(run, "queue") ? 0 : 2 * batch->n;
    io->n_queue = queue_negatives(&own->queue, run->params, batch, newest, keys);
    io->queue = io->n_queue ? keys : NULL;
}

static void after_step(struct method_run *run, struct method_batch *batch)
{
    const struct own *own = run->own;
    const struct two_views *tv = run->detail;
    queue_put(&own->queue, run->params, batch, tv->t);
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    struct own *own = run->own;
    return queue_readouts(&own->queue, run->params, batch->step + 1, own->value, out, max);
}

const struct method method_moco = {
    .entry = {"moco",
              "Each view finds the other one's key among the keys of earlier batches, made by a slow copy.",
              knobs},
    .loss = "moco",
    .head = "linear %d, batchnorm, relu, linear 32",
    .brings = "queue of keys",
    .paper = "He et al. 2020, arXiv:1911.05722",
    .contrast = {POSITIVES_VIEW, NEGATIVES_QUEUE},
    .repels_by = "negatives",
    .flow = &two_views,
    .form = FORM_MEAN,
    .target = true,
    .begin = begin,
    .end = end,
    .inputs = inputs,
    .after_step = after_step,
    .readouts = readouts,
};
