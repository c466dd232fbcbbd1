/* SPDX-License-Identifier: MIT */
#include "method/head.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdint.h>
#include <string.h>

enum { PROJECT_ROWS = 256 };

/* ---- setting up ---- */

/* The text with every %d replaced by dim. */
static void spell(struct strbuf *buf, const char *text, size_t dim)
{
    const char *mark;
    for (; (mark = strstr(text, "%d")); text = mark + 2) {
        strbuf_add(buf, text, (size_t)(mark - text));
        strbuf_printf(buf, "%zu", dim);
    }
    strbuf_puts(buf, text);
}

bool head_add(struct method_run *run, const char *text, const char *prefix, struct err *err)
{
    CHECK(run->n_heads < METHOD_MAX_HEADS);
    struct strbuf spelled = {0};
    struct net *head = &run->head[run->n_heads];
    struct shape in = {1, 1, (int)run->dim_h};
    spell(&spelled, text && *text ? text : run->method->head, run->dim_h);
    size_t *range = run->head_tensor[run->n_heads];
    range[0] = run->params->n_tensors;
    bool fine = net_init(head, strbuf_text(&spelled), in, false, prefix, run->params, err);
    strbuf_release(&spelled);
    if (!fine)
        return err_within(err, "%s", prefix);
    range[1] = run->params->n_tensors;
    run->n_heads++;
    run->dim_z = shape_size(head->out);
    return true;
}

void head_release_all(struct method_run *run)
{
    for (size_t i = 0; i < run->n_heads; i++)
        net_release(&run->head[i]);
    run->n_heads = 0;
}

/* ---- the batch ---- */

void head_take(const struct method_run *run, const struct net *head, size_t n, struct arena *arena,
               struct head_work *work)
{
    for (int view = 0; view < 2; view++) {
        work->tape[view] = arena_take(arena, n * head->tape_reals, sizeof(real));
        work->dtape[view] = arena_take(arena, n * head->dtape_reals, sizeof(real));
        work->scratch[view] = arena_take(arena, net_scratch_size(head, n), sizeof(real));
    }
    work->grads = arena_take(arena, run->params->count, sizeof(real));
}

struct views {
    const struct method_run *run;
    const struct net *head;
    const struct head_work *work;
    size_t n;
    const real *const *x, *const *dz;
    const real **z;
    real *const *dx;
};

static void forward_view(void *ctx, size_t view, int worker)
{
    (void)worker;
    const struct views *v = ctx;
    v->z[view] = net_forward(v->head, v->run->params->value, v->n, v->x[view], v->work->tape[view],
                             v->work->scratch[view], true);
}

static void backward_view(void *ctx, size_t view, int worker)
{
    (void)worker;
    const struct views *v = ctx;
    real *grads = view == 0 ? v->run->params->grad : v->work->grads;
    struct net_memory memory = {v->run->params->value, grads, v->work->tape[view], v->work->dtape[view],
                                v->work->scratch[view]};
    net_backward(v->head, &memory, v->n, v->x[view], v->dz[view], v->dx[view]);
}

void head_forward(const struct method_run *run, const struct net *head, const struct head_work *work,
                  size_t n, const real *const x[2], struct pool *pool, const real *z[2])
{
    struct views views = {.run = run, .head = head, .work = work, .n = n, .x = x, .z = z};
    pool_run(pool, 2, forward_view, &views);
}

/* The second view's gradients of this head's tensors: set to zero, and added to the first's. */
static void clear_grads(const struct method_run *run, const struct net *head, real *grads)
{
    const size_t *range = run->head_tensor[head - run->head];
    for (size_t t = range[0]; t < range[1]; t++) {
        const struct tensor *tensor = &run->params->tensor[t];
        memset(grads + tensor->offset, 0, tensor->count * sizeof(real));
    }
}

static void add_grads(const struct method_run *run, const struct net *head, const real *grads)
{
    const size_t *range = run->head_tensor[head - run->head];
    for (size_t t = range[0]; t < range[1]; t++) {
        const struct tensor *tensor = &run->params->tensor[t];
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++)
            run->params->grad[i] += grads[i];
    }
}

void head_backward(struct method_run *run, const struct net *head, const struct head_work *work, size_t n,
                   const real *const x[2], const real *const dz[2], struct pool *pool, real *const dx[2])
{
    struct views views = {.run = run, .head = head, .work = work, .n = n, .x = x, .dz = dz, .dx = dx};
    clear_grads(run, head, work->grads);
    pool_run(pool, 2, backward_view, &views);
    add_grads(run, head, work->grads);
}

void head_settle(struct method_run *run, const struct net *head, const struct head_work *work, size_t n)
{
    for (int view = 0; view < 2; view++)
        net_settle(head, run->params->value, n, work->tape[view]);
}

void head_project(const struct method_run *run, const struct net *head, size_t n, const real *h, real *z,
                  struct arena *arena)
{
    size_t rows = n < PROJECT_ROWS ? n : PROJECT_ROWS, d = shape_size(head->out);
    real *tape = arena_take(arena, rows * head->tape_reals, sizeof(real));
    real *scratch = arena_take(arena, net_scratch_size(head, rows), sizeof(real));
    for (size_t first = 0; first < n; first += rows) {
        size_t count = n - first < rows ? n - first : rows;
        const real *out =
            net_forward(head, run->params->value, count, h + first * run->dim_h, tape, scratch, false);
        memcpy(z + first * d, out, count * d * sizeof(real));
    }
}
