/* SPDX-License-Identifier: MIT
 * A learner's making and undoing, and what others may ask of it.
 */
#include "train/learner.h"

#include "base/check.h"
#include "train/config_fields.h"
#include "train/learner_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- the batch's buffers ---- */

static size_t kept_bytes(const struct learner *learner)
{
    size_t view = learner->picture_values + learner->net->tape_reals;
    return learner->plan.n_micro * learner->micro * view * sizeof(real);
}

void plan_init(struct learner *learner)
{
    struct plan *plan = &learner->plan;
    size_t n = (size_t)learner->config.batch, dim = learner->dim;
    *plan = (struct plan){.n = n, .n_micro = (2 * n + learner->micro - 1) / learner->micro};
    size_t rows = plan->n_micro * learner->micro;
    plan->keep = kept_bytes(learner) <= learner->config.activations_mb * 1000000;
    if (plan->keep) {
        plan->x = xaligned(rows * learner->picture_values, sizeof(real));
        plan->tape = xaligned(rows * learner->net->tape_reals, sizeof(real));
    }
    plan->h = xaligned(rows * dim, sizeof(real));
    plan->dh = xaligned(rows * dim, sizeof(real));
    if (learner->config.method->target)
        plan->target_h = xaligned(rows * dim, sizeof(real));
    if (learner->config.method->target && learner->config.method->hide)
        plan->target_dh = xaligned(rows * dim, sizeof(real));
    if (learner->config.method->hide)
        plan->seen = xcalloc(rows, (size_t)learner->grid.out.height * (size_t)learner->grid.out.width);
    plan->item = xcalloc(n, sizeof *plan->item);
    plan->label = xcalloc(n, sizeof *plan->label);
    if (learner->data->caption != NO_COLUMN)
        plan->caption = xcalloc(n, sizeof *plan->caption);
    plan->pair_loss = xcalloc(n, sizeof(float));
    plan->pair_weight = xcalloc(n, sizeof(float));
    learner->batch = (struct method_batch){.n = 0};
}

void plan_release(struct plan *plan)
{
    free(plan->x);
    free(plan->tape);
    free(plan->h);
    free(plan->dh);
    free(plan->target_h);
    free(plan->target_dh);
    free(plan->seen);
    free(plan->item);
    free(plan->label);
    free(plan->caption);
    free(plan->pair_loss);
    free(plan->pair_weight);
    arena_release(&plan->arena);
    *plan = (struct plan){.n = 0};
}

/* ---- making ---- */

/* What the method's steps work with. An encoder without a grid leaves run->grid empty, and setup says so. */
static void choose_net(struct learner *learner)
{
    struct method_run *run = &learner->method;
    learner->net = &learner->trunk;
    if (learner->config.method->hide && net_cut_at_grid(&learner->trunk, &learner->grid, &learner->tail)) {
        learner->net = &learner->grid;
        run->grid = learner->grid.out;
        run->tail = &learner->tail;
    }
    learner->dim = shape_size(learner->net->out);
}

/* Of each channel over the training pictures, in [0, 1]. */
static void find_mean(struct learner *learner)
{
    const struct dataset *data = learner->data;
    size_t channels = (size_t)data->channels, points = (size_t)data->height * (size_t)data->width;
    uint64_t sum[4] = {0};
    CHECK(channels <= 4);
    for (size_t i = 0; i < learner->split->n_train; i++) {
        const uint8_t *pixel = dataset_pixels(data, learner->split->train[i]);
        for (size_t k = 0; k < learner->picture_values; k++)
            sum[k % channels] += pixel[k];
    }
    double count = 255.0 * (double)learner->split->n_train * (double)points;
    for (size_t c = 0; c < channels; c++)
        learner->mean[c] = (real)((double)sum[c] / count);
}

static bool build_nets(struct learner *learner, struct err *err)
{
    const struct dataset *data = learner->data;
    struct shape in = {data->height, data->width, data->channels};
    if (!net_init(&learner->trunk, learner->config.encoder, in, true, "trunk", &learner->params, err))
        return false;
    learner->micro = net_micro_batch(&learner->trunk);
    learner->trunk_count = learner->params.count;
    learner->dim_h = shape_size(learner->trunk.out);
    learner->method.method = learner->config.method;
    learner->method.params = &learner->params;
    learner->method.dim_h = learner->dim_h;
    memcpy(learner->method.knob, learner->config.method_knob, sizeof learner->method.knob);
    if (learner->config.method->target)
        learner->method.trunk_twin = twin_add(&learner->params, 0, learner->params.n_tensors);
    choose_net(learner);
    return learner->config.method->flow->setup(&learner->method, learner->config.head, err);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void build_workers(struct learner *learner)
{
    const struct net *trunk = &learner->trunk, *net = learner->net;
    size_t n = (size_t)pool_threads(learner->pool), values = learner->picture_values;
    learner->worker = xcalloc(n, sizeof *learner->worker);
    for (size_t i = 0; i < n; i++) {
        struct worker *worker = &learner->worker[i];
        worker->x = xaligned(learner->micro * values, sizeof(real));
        worker->tape = xaligned(learner->micro * larger(trunk->tape_reals, net->tape_reals), sizeof(real));
        worker->dtape = xaligned(learner->micro * net->dtape_reals, sizeof(real));
        worker->scratch =
            xaligned(larger(net_scratch_size(trunk, learner->micro), net_scratch_size(net, learner->micro)),
                     sizeof(real));
        worker->picture = xaligned(values, sizeof(float));
        worker->augment_scratch = xaligned(2 * values, sizeof(float));
    }
}

static void release_workers(struct learner *learner)
{
    for (int i = 0; learner->worker && i < pool_threads(learner->pool); i++) {
        struct worker *worker = &learner->worker[i];
        free(worker->x);
        free(worker->tape);
        free(worker->dtape);
        free(worker->scratch);
        free(worker->picture);
        free(worker->augment_scratch);
    }
    free(learner->worker);
}

static size_t count_states(const struct params *params)
{
    size_t n = 0;
    for (size_t i = 0; i < params->n_tensors; i++)
        n += params->tensor[i].role == TENSOR_STATE ? params->tensor[i].count : 0;
    return n;
}

static void build_buffers(struct learner *learner)
{
    if (learner->config.method->hide)
        find_mean(learner);
    size_t blocks = learner->params.count / REDUCE_BLOCK + 1;
    learner->state_count = count_states(&learner->params);
    learner->state_before = xaligned(learner->state_count + 1, sizeof(real));
    learner->shard_grad = xaligned(SHARDS * learner->trunk_count, sizeof(real));
    learner->block_square = xcalloc(blocks, sizeof(double));
    learner->order = xcalloc(learner->split->n_train, sizeof *learner->order);
    learner->order_epoch = UINT64_MAX;
    learner->embed_h = xaligned(EMBED_ROWS * learner->dim_h, sizeof(real));
    learner->embed_z = xaligned(EMBED_ROWS * learner->method.dim_z, sizeof(real));
    build_workers(learner);
    plan_init(learner);
}

/* The captions of the training items are lent to the method while it starts. */
static void start_method(struct learner *learner)
{
    struct method_run *run = &learner->method;
    const struct split *split = learner->split;
    const char **caption = NULL;
    if (run->method->flow->text && learner->data->caption != NO_COLUMN) {
        caption = xcalloc(split->n_train, sizeof *caption);
        for (size_t i = 0; i < split->n_train; i++)
            caption[i] = dataset_caption(learner->data, split->train[i]);
        run->n_captions = split->n_train;
    }
    run->caption = caption;
    method_start(run);
    run->caption = NULL;
    run->n_captions = 0;
    free(caption);
}

/* Its nets, without any memory to work with. */
static struct learner *sketch(const struct config *config, const struct dataset *data,
                              const struct split *split, struct err *err)
{
    if (!data->pixels)
        return err_set(err, "%s: no pictures in it to train on", data->name), NULL;
    if ((size_t)config->batch > split->n_train || split->n_train < 2)
        return err_set(err, "%s: a batch of %d does not fit %zu training pictures", data->name, config->batch,
                       split->n_train),
               NULL;
    struct learner *learner = xcalloc(1, sizeof *learner);
    learner->config = *config;
    learner->data = data;
    learner->split = split;
    learner->picture_values = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    if (build_nets(learner, err))
        return learner;
    learner_free(learner);
    return NULL;
}

bool learner_fits(const struct config *config, const struct dataset *data, const struct split *split,
                  struct err *err)
{
    struct learner *learner = sketch(config, data, split, err);
    learner_free(learner);
    return learner != NULL;
}

struct learner *learner_new(const struct config *config, const struct dataset *data,
                            const struct split *split, struct pool *pool, struct err *err)
{
    struct learner *learner = sketch(config, data, split, err);
    if (!learner)
        return NULL;
    learner->pool = pool;
    params_allocate(&learner->params);
    params_init(&learner->params, config->seed);
    start_method(learner);
    build_buffers(learner);
    return learner;
}

void learner_free(struct learner *learner)
{
    if (!learner)
        return;
    plan_release(&learner->plan);
    release_workers(learner);
    if (learner->method.method)
        learner->method.method->flow->release(&learner->method);
    net_release(&learner->trunk);
    params_release(&learner->params);
    arena_release(&learner->project_arena);
    free(learner->order);
    free(learner->shard_grad);
    free(learner->block_square);
    free(learner->state_before);
    free(learner->embed_h);
    free(learner->embed_z);
    free(learner);
}

void learner_take_trunk(struct learner *learner, const struct learner *from)
{
    struct params *to = &learner->params;
    size_t count = learner->trunk_count;
    CHECK(count == from->trunk_count && strcmp(learner->config.encoder, from->config.encoder) == 0);
    memcpy(to->value, from->params.value, count * sizeof(real));
    memcpy(to->m, from->params.m, count * sizeof(real));
    memcpy(to->v, from->params.v, count * sizeof(real));
    method_target_start(&learner->method);
    learner->config.method_since = from->step;
    learner_set_steps(learner, from->step);
}

/* ---- settings ---- */

bool learner_set(struct learner *learner, const char *name, const char *value, struct err *err)
{
    struct config next = learner->config;
    if (!config_change(&next, name, value, learner->step, false, err))
        return false;
    if (next.method != learner->config.method)
        return err_set(err, "method=%.40s: another method needs a new learner", value);
    if ((size_t)next.batch > learner->split->n_train)
        return err_set(err, "batch=%d: only %zu pictures train", next.batch, learner->split->n_train);
    bool resize =
        next.batch != learner->config.batch || next.activations_mb != learner->config.activations_mb;
    learner->config = next;
    memcpy(learner->method.knob, next.method_knob, sizeof learner->method.knob);
    if (resize) {
        plan_release(&learner->plan);
        plan_init(learner);
    }
    return true;
}

/* ---- questions ---- */

uint64_t learner_steps(const struct learner *learner)
{
    return learner->step;
}

const struct config *learner_config(const struct learner *learner)
{
    return &learner->config;
}

const struct params *learner_params(const struct learner *learner)
{
    return &learner->params;
}

size_t learner_dim_h(const struct learner *learner)
{
    return learner->dim_h;
}

size_t learner_dim_z(const struct learner *learner)
{
    return learner->method.dim_z;
}

bool learner_recomputes(const struct learner *learner)
{
    return !learner->plan.keep;
}

size_t learner_readouts(const struct learner *learner, struct readout *out, size_t max)
{
    const struct method *method = learner->config.method;
    if (learner->batch.n == 0)
        return 0;
    const struct method_run *run = &learner->method;
    size_t n = method->flow->readouts ? method->flow->readouts(run, &learner->batch, out, max) : 0;
    return n + (method->readouts ? method->readouts(run, &learner->batch, out + n, max - n) : 0);
}

struct batch_view learner_batch(const struct learner *learner)
{
    const struct method_batch *batch = &learner->batch;
    struct batch_view view = {.n = batch->n, .dim_z = learner->method.dim_z};
    if (batch->n == 0)
        return view;
    view.item = batch->item;
    view.z[0] = batch->z[0];
    view.z[1] = batch->z[1];
    view.pair_loss = batch->result.pair_loss ? learner->plan.pair_loss : NULL;
    view.pair_weight = batch->result.pair_weight ? learner->plan.pair_weight : NULL;
    return view;
}

const struct step_row *learner_row(const struct learner *learner)
{
    return learner->batch.n ? &learner->row : NULL;
}
