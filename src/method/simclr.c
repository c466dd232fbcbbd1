/* SPDX-License-Identifier: MIT
 *
 * SimCLR (Chen et al. 2020, arXiv:2002.05709): two views of each picture, one head, NT-Xent. No target
 * network, no queue.
 */
#include "loss/knobs.h"
#include "method/head.h"

#include "base/check.h"

#include <stdlib.h>

struct detail {
    struct head_work head;
    real *dz[2]; /* (n, dim_z) */
    real *pair_loss, *pair_weight;
};

static const struct loss *ntxent(void)
{
    return loss_find("ntxent");
}

static void take(const struct method_run *run, size_t n, struct arena *arena, struct detail *detail)
{
    head_take(run, &run->head[0], n, arena, &detail->head);
    for (int view = 0; view < 2; view++)
        detail->dz[view] = arena_take(arena, n * run->dim_z, sizeof(real));
    detail->pair_loss = arena_take(arena, n, sizeof(real));
    detail->pair_weight = arena_take(arena, n, sizeof(real));
}

static size_t scratch_bytes(const struct method_run *run, size_t n)
{
    struct arena dry = arena_dry();
    struct detail detail;
    take(run, n, &dry, &detail);
    return dry.used + ntxent()->scratch_bytes(n, run->dim_z, 0);
}

static bool setup(struct method_run *run, const char *head, struct err *err)
{
    if (!head_add(run, head, "head", err))
        return false;
    run->detail = xcalloc(1, sizeof(struct detail));
    return true;
}

static void release(struct method_run *run)
{
    head_release_all(run);
    free(run->detail);
    run->detail = NULL;
}

static void forward(struct method_run *run, struct method_batch *batch)
{
    struct detail *detail = run->detail;
    take(run, batch->n, batch->arena, detail);
    head_forward(run, &run->head[0], &detail->head, batch->n, batch->h, batch->pool, batch->z);
}

static bool loss_of(struct method_run *run, struct method_batch *batch, struct err *err)
{
    struct detail *detail = run->detail;
    batch->result = (struct loss_io){.n = batch->n,
                                     .d = run->dim_z,
                                     .a = batch->z[0],
                                     .b = batch->z[1],
                                     .labels = batch->label,
                                     .da = detail->dz[0],
                                     .db = detail->dz[1],
                                     .pair_loss = detail->pair_loss,
                                     .pair_weight = detail->pair_weight};
    return loss_run(ntxent(), &batch->result, run->knob, batch->pool, batch->arena, err);
}

static void backward(struct method_run *run, struct method_batch *batch)
{
    const struct detail *detail = run->detail;
    const real *dz[2] = {detail->dz[0], detail->dz[1]};
    head_backward(run, &run->head[0], &detail->head, batch->n, batch->h, dz, batch->pool, batch->dh);
}

static void after_step(struct method_run *run, struct method_batch *batch)
{
    const struct detail *detail = run->detail;
    head_settle(run, &run->head[0], &detail->head, batch->n);
}

static void project(const struct method_run *run, size_t n, const real *h, real *z, struct arena *arena)
{
    head_project(run, &run->head[0], n, h, z, arena);
}

const struct method method_simclr = {
    .entry = {"simclr",
              "Two views of a picture attract, all other pictures of the batch repel: NT-Xent on one head.",
              knobs_temperature},
    .loss = "ntxent",
    .head = "linear %d, relu, linear 32",
    .paper = "Chen et al. 2020, arXiv:2002.05709",
    .setup = setup,
    .release = release,
    .scratch_bytes = scratch_bytes,
    .forward = forward,
    .loss_of = loss_of,
    .backward = backward,
    .after_step = after_step,
    .project = project,
};
