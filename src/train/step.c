/* SPDX-License-Identifier: MIT
 * One step of training: the five phases of docs/architecture.md.
 */
#include "base/check.h"
#include "base/clock.h"
#include "nn/mask.h"
#include "train/learner_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- which pictures ---- */

/* A pure function of (draws, step, batch size): any step can be replayed from its numbers. Every epoch is a
 * permutation cut into whole batches; what does not fill one waits for another epoch. */
static void pick_items(struct learner *learner)
{
    struct plan *plan = &learner->plan;
    size_t n_train = learner->split->n_train;
    uint64_t batches = n_train / plan->n, epoch = learner->step / batches;
    uint64_t draws = config_draws(&learner->config);
    if (epoch != learner->order_epoch || draws != learner->order_draws) {
        struct rng rng = rng_at(draws, RNG_BATCH, epoch, 0, 0);
        rng_permutation(&rng, learner->order, n_train);
        learner->order_epoch = epoch;
        learner->order_draws = draws;
    }
    const uint32_t *order = learner->order + learner->step % batches * plan->n;
    const struct dataset *data = learner->data;
    const uint32_t *code = data->label == NO_COLUMN ? NULL : data->column[data->label].code;
    for (size_t i = 0; i < plan->n; i++) {
        plan->item[i] = learner->split->train[order[i]];
        plan->label[i] = code && code[plan->item[i]] != NO_VALUE ? (int32_t)code[plan->item[i]] : -1;
        if (plan->caption)
            plan->caption[i] = dataset_caption(data, plan->item[i]);
    }
}

/* ---- phase 1: views and trunk, forward ---- */

void trunk_input(const float *picture, size_t n, real *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (real)picture[i];
}

/* The view of that key into x. */
static void draw_view(const struct learner *learner, struct worker *worker, struct view_key key, real *x)
{
    const struct dataset *data = learner->data;
    recipe_apply(&learner->config.recipe, key, dataset_pixels(data, key.item), data->height, data->width,
                 data->channels, worker->picture, worker->augment_scratch);
    trunk_input(worker->picture, learner->picture_values, x);
}

/* Padding views are empty pictures, so that every product has the same shape. */
static void draw_micro(const struct learner *learner, struct worker *worker, size_t micro, real *x)
{
    const struct plan *plan = &learner->plan;
    for (size_t i = 0; i < learner->micro; i++) {
        size_t row = micro * learner->micro + i, view = row / plan->n;
        real *at = x + i * learner->picture_values;
        if (row >= 2 * plan->n) {
            memset(at, 0, learner->picture_values * sizeof(real));
            continue;
        }
        uint32_t item = plan->item[row % plan->n];
        draw_view(learner, worker,
                  (struct view_key){config_draws(&learner->config), learner->step, item, view}, at);
    }
}

/* Where a micro-batch's pictures and tape are: kept ones have their own place, others the worker's. */
static void micro_memory(const struct learner *learner, const struct worker *worker, size_t micro, real **x,
                         real **tape)
{
    const struct plan *plan = &learner->plan;
    *x = plan->keep ? plan->x + micro * learner->micro * learner->picture_values : worker->x;
    *tape = plan->keep ? plan->tape + micro * learner->micro * learner->net->tape_reals : worker->tape;
}

/* A micro-batch's mask, or NULL where the method hides nothing. */
static const struct mask *mask_at(const struct learner *learner, size_t micro, struct mask *mask)
{
    struct shape cells = learner->grid.out;
    if (!learner->plan.seen)
        return NULL;
    *mask = (struct mask){.height = cells.height, .width = cells.width};
    mask->seen = learner->plan.seen + micro * learner->micro * mask_cells(mask);
    return mask;
}

/* Which cells of a micro-batch the trunk may see; the rest of its pictures becomes the mean. */
static void hide_micro(const struct learner *learner, size_t micro, const struct mask *mask, real *x)
{
    const struct plan *plan = &learner->plan;
    uint8_t *seen = plan->seen + micro * learner->micro * mask_cells(mask);
    for (size_t i = 0; i < learner->micro; i++, seen += mask_cells(mask)) {
        size_t row = micro * learner->micro + i;
        memset(seen, 1, mask_cells(mask));
        if (row < 2 * plan->n)
            learner->config.method->hide(&learner->method, config_draws(&learner->config), learner->step,
                                         plan->item[row % plan->n], (int)(row / plan->n), seen);
    }
    mask_hide(mask, learner->micro, learner->trunk.in, learner->mean, x);
}

/* The target network, which goes first, has drawn what is kept. */
static const real *forward_micro(const struct learner *learner, struct worker *worker, size_t micro, real *x,
                                 real *tape)
{
    struct mask room;
    const struct mask *mask = mask_at(learner, micro, &room);
    if (!learner->plan.keep || !learner->config.method->target)
        draw_micro(learner, worker, micro, x);
    if (mask)
        hide_micro(learner, micro, mask, x);
    return net_forward_masked(learner->net, learner->params.value, learner->micro, x, mask, tape,
                              worker->scratch);
}

static void forward_task(void *ctx, size_t micro, int index)
{
    struct learner *learner = ctx;
    struct worker *worker = &learner->worker[index];
    real *x, *tape;
    micro_memory(learner, worker, micro, &x, &tape);
    const real *h = forward_micro(learner, worker, micro, x, tape);
    memcpy(learner->plan.h + micro * learner->micro * learner->dim, h,
           learner->micro * learner->dim * sizeof(real));
}

/* ---- the target network: the same pictures, forward only ---- */

/* A method of cells without its stop-gradient: the online trunk itself looks at the whole picture, and is
 * moved by it. (Methods that see whole pictures anyway take the other view's row instead.) */
static bool target_flows(const struct learner *learner)
{
    return learner->plan.target_dh && !method_has(&learner->method, "stop-gradient");
}

static void target_task(void *ctx, size_t micro, int index)
{
    struct learner *learner = ctx;
    struct worker *worker = &learner->worker[index];
    size_t first = micro * learner->micro;
    real *x = learner->plan.keep ? learner->plan.x + first * learner->picture_values : worker->x;
    size_t shift = target_flows(learner) ? 0 : learner->method.trunk_twin.shift;
    draw_micro(learner, worker, micro, x);
    const real *h = net_forward(learner->net, learner->params.value + shift, learner->micro, x, worker->tape,
                                worker->scratch, false);
    memcpy(learner->plan.target_h + first * learner->dim, h, learner->micro * learner->dim * sizeof(real));
}

static void run_target(struct learner *learner)
{
    if (!learner->config.method->target)
        return;
    method_target_follow(&learner->method, &learner->batch);
    pool_run(learner->pool, learner->plan.n_micro, target_task, learner);
}

/* ---- phase 4: trunk, backward ---- */

static void backward_micro(const struct learner *learner, struct worker *worker, size_t micro, real *grads)
{
    real *x, *tape;
    micro_memory(learner, worker, micro, &x, &tape);
    if (!learner->plan.keep)
        forward_micro(learner, worker, micro, x, tape);
    struct net_memory memory = {learner->params.value, grads, tape, worker->dtape, worker->scratch};
    struct mask room;
    const struct mask *mask = mask_at(learner, micro, &room);
    real *dh = learner->plan.dh + micro * learner->micro * learner->dim;
    if (mask)
        mask_hide(mask, learner->micro, learner->net->out, NULL, dh);
    net_backward_masked(learner->net, &memory, learner->micro, x, mask, dh, NULL);
}

/* The whole pictures once more, now with a gradient. */
static void backward_target(const struct learner *learner, struct worker *worker, size_t micro, real *grads)
{
    const struct net *net = learner->net;
    const real *dh = learner->plan.target_dh + micro * learner->micro * learner->dim;
    struct net_memory memory = {learner->params.value, grads, worker->tape, worker->dtape, worker->scratch};
    draw_micro(learner, worker, micro, worker->x);
    net_forward(net, memory.params, learner->micro, worker->x, worker->tape, worker->scratch, true);
    net_backward(net, &memory, learner->micro, worker->x, dh, NULL);
}

/* One shard's micro-batches in order, into its own gradient. */
static void backward_task(void *ctx, size_t shard, int index)
{
    struct learner *learner = ctx;
    real *grads = learner->shard_grad + shard * learner->trunk_count;
    memset(grads, 0, learner->trunk_count * sizeof(real));
    for (size_t micro = shard; micro < learner->plan.n_micro; micro += SHARDS) {
        backward_micro(learner, &learner->worker[index], micro, grads);
        if (target_flows(learner))
            backward_target(learner, &learner->worker[index], micro, grads);
    }
}

/* ---- phases 2 and 3: heads and loss ---- */

static double share_done(const struct learner *learner)
{
    const struct config *config = &learner->config;
    if (config->schedule == SCHEDULE_CONSTANT)
        return 0;
    return fmin(1, (double)learner->step / (double)config->total_steps);
}

static void begin_batch(struct learner *learner)
{
    struct plan *plan = &learner->plan;
    size_t view = plan->n * learner->dim;
    real *target = plan->target_h, *target_dh = target_flows(learner) ? plan->target_dh : NULL;
    arena_reset(&plan->arena);
    learner->batch = (struct method_batch){.n = plan->n,
                                           .seed = config_draws(&learner->config),
                                           .step = learner->step,
                                           .since = learner->config.method_since,
                                           .done = share_done(learner),
                                           .item = plan->item,
                                           .label = plan->label,
                                           .caption = plan->caption,
                                           .h = {plan->h, plan->h + view},
                                           .target_h = {target, target ? target + view : NULL},
                                           .dh = {plan->dh, plan->dh + view},
                                           .target_dh = {target_dh, target_dh ? target_dh + view : NULL},
                                           .no_learning = (double)NAN,
                                           .pool = learner->pool,
                                           .arena = &plan->arena};
    memset(learner->params.grad, 0, learner->params.count * sizeof(real));
}

static void copy_states(struct learner *learner, bool restore)
{
    real *copy = learner->state_before;
    for (size_t i = 0; i < learner->params.n_tensors; i++) {
        const struct tensor *tensor = &learner->params.tensor[i];
        if (tensor->role != TENSOR_STATE)
            continue;
        real *value = learner->params.value + tensor->offset;
        memcpy(restore ? value : copy, restore ? copy : value, tensor->count * sizeof(real));
        copy += tensor->count;
    }
}

/* ---- when numbers run away ---- */

static bool fail(struct learner *learner, const char *quantity, double value, struct err *err)
{
    const char *tensor = params_first_not_finite(&learner->params, learner->params.value);
    copy_states(learner, true);
    learner->batch.n = 0;
    if (tensor)
        return err_set(err, "step %llu: the weights %s are not finite: lower the learning rate (%g now)",
                       (unsigned long long)learner->step + 1, tensor, learner->config.lr);
    return err_set(err, "step %llu: %s is not finite (%g): lower the learning rate (%g now)",
                   (unsigned long long)learner->step + 1, quantity, value, learner->config.lr);
}

static bool fail_gradient(struct learner *learner, double norm, struct err *err)
{
    char quantity[96];
    const char *tensor = params_first_not_finite(&learner->params, learner->params.grad);
    if (tensor)
        snprintf(quantity, sizeof quantity, "the gradient of %s", tensor);
    else
        snprintf(quantity, sizeof quantity, "the length of the gradient");
    return fail(learner, quantity, norm, err);
}

/* ---- phase 5 ---- */

static double step_rate(const struct learner *learner)
{
    struct schedule schedule = {learner->config.schedule, (uint64_t)learner->config.warmup,
                                learner->config.total_steps};
    return learner->config.lr * schedule_factor(&schedule, learner->step);
}

/* The predictor's rate is its method's to say; its tensors stand one behind the other. */
static void set_predictor_rate(const struct method_run *run, double rate, struct optim *optim)
{
    if (!run->method->predictor || run->n_heads < 2)
        return;
    const size_t *tensors = run->head_tensor[run->n_heads - 1];
    const struct tensor *tensor = run->params->tensor, *last = &tensor[tensors[1] - 1];
    bool falls = method_has(run, "predictor-schedule");
    optim->apart[0] = tensor[tensors[0]].offset;
    optim->apart[1] = last->offset + last->count;
    optim->apart_lr = (falls ? rate : optim->lr) * method_knob(run, "predictor-rate", 1);
}

static void update(struct learner *learner, double rate)
{
    const struct config *config = &learner->config;
    const struct method *method = config->method;
    struct optim optim = {.kind = config->optimizer,
                          .lr = config->lr,
                          .weight_decay = config->weight_decay,
                          .momentum = config->momentum,
                          .n_old = learner->trunk_count,
                          .since = config->method_since};
    set_predictor_rate(&learner->method, rate, &optim);
    if (method->before_update)
        method->before_update(&learner->method, &learner->batch);
    optim_step(&optim, &learner->params, rate, learner->step + 1, learner->pool);
    if (method->flow->settle)
        method->flow->settle(&learner->method, &learner->batch);
    if (method->after_step)
        method->after_step(&learner->method, &learner->batch);
    learner->step++;
}

static void fill_row(struct learner *learner, double rate, double norm)
{
    const struct method_batch *batch = &learner->batch;
    const struct loss_io *result = &batch->result;
    double hits = result->rows_used ? result->pretext_hits / (double)result->rows_used : (double)NAN;
    learner->row = (struct step_row){.step = learner->step,
                                     .loss = (float)result->loss,
                                     .no_learning = (float)batch->no_learning,
                                     .lr = (float)rate,
                                     .grad_norm = (float)norm,
                                     .positive = (float)result->positive_mean,
                                     .negative = (float)result->negative_mean,
                                     .pretext = (float)hits};
    for (size_t i = 0; i < batch->n; i++) {
        learner->plan.pair_loss[i] = result->pair_loss ? (float)result->pair_loss[i] : NAN;
        learner->plan.pair_weight[i] = result->pair_weight ? (float)result->pair_weight[i] : NAN;
    }
}

bool learner_step(struct learner *learner, struct step_row *row, struct err *err)
{
    double start = clock_seconds();
    const struct method_flow *flow = learner->config.method->flow;
    pick_items(learner);
    copy_states(learner, false);
    begin_batch(learner);
    run_target(learner);
    pool_run(learner->pool, learner->plan.n_micro, forward_task, learner);
    flow->forward(&learner->method, &learner->batch);
    if (!flow->loss_of(&learner->method, &learner->batch, err)) {
        copy_states(learner, true);
        learner->batch.n = 0;
        return err_within(err, "step %llu", (unsigned long long)learner->step + 1);
    }
    if (!isfinite(learner->batch.result.loss))
        return fail(learner, "the loss", learner->batch.result.loss, err);
    flow->backward(&learner->method, &learner->batch);
    pool_run(learner->pool, SHARDS, backward_task, learner);
    double norm = reduce_gradients(learner), rate = step_rate(learner);
    if (!isfinite(norm))
        return fail_gradient(learner, norm, err);
    update(learner, rate);
    fill_row(learner, rate, norm);
    learner->row.seconds = clock_seconds() - start;
    *row = learner->row;
    return true;
}
