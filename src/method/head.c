/* SPDX-License-Identifier: MIT */
#include "method/head.h"

#include "base/check.h"
#include "base/strbuf.h"

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

bool head_add(struct method_run *run, const char *text, size_t in, const char *prefix, bool target,
              struct err *err)
{
    return head_add_map(run, text, (struct shape){1, 1, (int)in}, in, prefix, target, err);
}

bool head_add_map(struct method_run *run, const char *text, struct shape in, size_t width, const char *prefix,
                  bool target, struct err *err)
{
    CHECK(run->n_heads < METHOD_MAX_HEADS);
    struct strbuf spelled = {0};
    struct net *head = &run->head[run->n_heads];
    size_t *range = run->head_tensor[run->n_heads];
    spell(&spelled, text, width);
    range[0] = run->params->n_tensors;
    bool fine = net_init(head, strbuf_text(&spelled), in, false, prefix, run->params, err);
    strbuf_release(&spelled);
    if (!fine)
        return err_within(err, "%s", prefix);
    range[1] = run->params->n_tensors;
    run->head_twin[run->n_heads] = (struct twin){.shift = 0};
    if (target && range[1] > range[0]) /* a head without weights is its own target */
        run->head_twin[run->n_heads] = twin_add(run->params, range[0], range[1]);
    run->n_heads++;
    return true;
}

void head_release_all(struct method_run *run)
{
    for (size_t i = 0; i < run->n_heads; i++)
        net_release(&run->head[i]);
    run->n_heads = 0;
}

size_t head_width(const struct method_run *run, size_t head)
{
    return shape_size(run->head[head].out);
}

/* ---- the batch ---- */

void head_take_target(const struct method_run *run, size_t head, size_t n, struct arena *arena,
                      struct head_work *work)
{
    const struct net *net = &run->head[head];
    *work = (struct head_work){.head = head, .shift = run->head_twin[head].shift};
    for (int view = 0; view < 2; view++) {
        work->tape[view] = arena_take(arena, n * net->tape_reals, sizeof(real));
        work->scratch[view] = arena_take(arena, net_scratch_size(net, n), sizeof(real));
    }
}

void head_take(const struct method_run *run, size_t head, size_t n, struct arena *arena,
               struct head_work *work)
{
    head_take_target(run, head, n, arena, work);
    work->shift = 0;
    for (int view = 0; view < 2; view++)
        work->dtape[view] = arena_take(arena, n * run->head[head].dtape_reals, sizeof(real));
    work->grads = arena_take(arena, run->params->count, sizeof(real));
}

struct views {
    const struct method_run *run;
    const struct head_work *work;
    size_t n;
    const real *const *x, *const *dz;
    const real **z;
    real *const *dx;
};

static const real *values_of(const struct method_run *run, const struct head_work *work)
{
    return run->params->value + work->shift;
}

static void forward_view(void *ctx, size_t view, int worker)
{
    (void)worker;
    const struct views *v = ctx;
    v->z[view] = net_forward(&v->run->head[v->work->head], values_of(v->run, v->work), v->n, v->x[view],
                             v->work->tape[view], v->work->scratch[view], true);
}

static void backward_view(void *ctx, size_t view, int worker)
{
    (void)worker;
    const struct views *v = ctx;
    real *grads = view == 0 ? v->run->params->grad : v->work->grads;
    struct net_memory memory = {values_of(v->run, v->work), grads, v->work->tape[view], v->work->dtape[view],
                                v->work->scratch[view]};
    net_backward(&v->run->head[v->work->head], &memory, v->n, v->x[view], v->dz[view], v->dx[view]);
}

void head_forward(const struct method_run *run, const struct head_work *work, size_t n,
                  const real *const x[2], struct pool *pool, const real *z[2])
{
    struct views views = {.run = run, .work = work, .n = n, .x = x, .z = z};
    pool_run(pool, 2, forward_view, &views);
}

/* The second view's gradients of this head's tensors: set to zero, and added to the first's. */
static void clear_grads(const struct method_run *run, const struct head_work *work)
{
    const size_t *range = run->head_tensor[work->head];
    for (size_t t = range[0]; t < range[1]; t++) {
        const struct tensor *tensor = &run->params->tensor[t];
        memset(work->grads + tensor->offset, 0, tensor->count * sizeof(real));
    }
}

static void add_grads(const struct method_run *run, const struct head_work *work)
{
    const size_t *range = run->head_tensor[work->head];
    for (size_t t = range[0]; t < range[1]; t++) {
        const struct tensor *tensor = &run->params->tensor[t];
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++)
            run->params->grad[i] += work->grads[i];
    }
}

void head_backward(struct method_run *run, const struct head_work *work, size_t n, const real *const x[2],
                   const real *const dz[2], struct pool *pool, real *const dx[2])
{
    CHECK(work->shift == 0);
    struct views views = {.run = run, .work = work, .n = n, .x = x, .dz = dz, .dx = dx};
    clear_grads(run, work);
    pool_run(pool, 2, backward_view, &views);
    add_grads(run, work);
}

void head_settle(struct method_run *run, const struct head_work *work, size_t n)
{
    for (int view = 0; view < 2; view++)
        net_settle(&run->head[work->head], run->params->value + work->shift, n, work->tape[view]);
}

void head_project(const struct method_run *run, size_t head, size_t n, const real *x, real *z,
                  struct arena *arena)
{
    const struct net *net = &run->head[head];
    size_t rows = n < PROJECT_ROWS ? n : PROJECT_ROWS, d = shape_size(net->out), in = shape_size(net->in);
    real *tape = arena_take(arena, rows * net->tape_reals, sizeof(real));
    real *scratch = arena_take(arena, net_scratch_size(net, rows), sizeof(real));
    for (size_t first = 0; first < n; first += rows) {
        size_t count = n - first < rows ? n - first : rows;
        const real *out = net_forward(net, run->params->value, count, x + first * in, tape, scratch, false);
        memcpy(z + first * d, out, count * d * sizeof(real));
    }
}
