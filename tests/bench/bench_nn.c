/* SPDX-License-Identifier: MIT
 *
 * bench_nn [THREADS] [NET] [SIDE] [CHANNELS] [MICRO]: the trunk's forward and backward over a kept batch of
 * 512 views as a share of the sgemm peak measured in the same run, and where one thread's time goes, layer by
 * layer.
 */
#include "base/check.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "nn/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VIEWS = 512, PEAK = 1024, MAX_THREADS = 16 };

static const char *const reference =
    "conv 32, norm 8, relu, pool, conv 64, norm 8, relu, pool, conv 128, norm 8, relu, avg";

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct work {
    struct params params;
    struct net net;
    size_t micro, threads;
    real *x, *tape, *dy;
    real *dtape[MAX_THREADS], *scratch[MAX_THREADS], *grad[MAX_THREADS];
    real *square[MAX_THREADS];
};

static real *noise(size_t n, uint64_t seed)
{
    real *x = xaligned(n, sizeof(real));
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = (real)rng_between(&rng, -1, 1);
    return x;
}

/* ---- peak ---- */

static void peak_task(void *ctx, size_t i, int worker)
{
    (void)worker;
    struct work *work = ctx;
    real *square = work->square[i];
    gemm_nn(PEAK, PEAK, PEAK, square, square + PEAK * PEAK, square + 2 * PEAK * PEAK, false);
}

static double peak_gflops(struct work *work, struct pool *pool)
{
    double best = 0;
    for (int i = 0; i < 10; i++) {
        double start = cpu_seconds();
        pool_run(pool, work->threads, peak_task, work);
        double rate = 2e-9 * PEAK * PEAK * PEAK * (double)work->threads / (cpu_seconds() - start);
        best = rate > best ? rate : best;
    }
    return best;
}

/* ---- the whole trunk ---- */

static void forward_task(void *ctx, size_t i, int worker)
{
    struct work *work = ctx;
    net_forward(&work->net, work->params.value, work->micro,
                work->x + i * work->micro * shape_size(work->net.in),
                work->tape + i * work->micro * work->net.tape_reals, work->scratch[worker], true);
}

static void backward_task(void *ctx, size_t i, int worker)
{
    struct work *work = ctx;
    struct net_memory memory = {work->params.value, work->grad[worker],
                                work->tape + i * work->micro * work->net.tape_reals, work->dtape[worker],
                                work->scratch[worker]};
    net_backward(&work->net, &memory, work->micro, work->x + i * work->micro * shape_size(work->net.in),
                 work->dy + i * work->micro * shape_size(work->net.out), NULL);
}

static void whole(struct work *work, struct pool *pool)
{
    double before = peak_gflops(work, pool), forward = 1e9, backward = 1e9;
    for (int i = 0; i < 10; i++) {
        double start = cpu_seconds();
        pool_run(pool, VIEWS / work->micro, forward_task, work);
        double middle = cpu_seconds();
        pool_run(pool, VIEWS / work->micro, backward_task, work);
        double end = cpu_seconds();
        forward = middle - start < forward ? middle - start : forward;
        backward = end - middle < backward ? end - middle : backward;
    }
    double after = peak_gflops(work, pool), peak = before > after ? before : after;
    double flops = 3.0 * (double)work->net.flops - (double)work->net.layer[0].flops;
    double rate = flops * VIEWS / (forward + backward) * 1e-9;
    printf("%zu threads, micro %zu, tape %.0f KB a view, %.1f MFLOP a view\n", work->threads, work->micro,
           (double)work->net.tape_reals * sizeof(real) / 1024, flops * 1e-6);
    printf("peak %.1f GFLOP/s (%.1f before, %.1f after)\n", peak, before, after);
    printf("forward %.0f us, backward %.0f us a view and thread; %.1f GFLOP/s = %.1f %% of peak\n",
           forward * 1e6 / VIEWS, backward * 1e6 / VIEWS, rate, 100 * rate / peak);
}

/* ---- layer by layer, everything in the cache ---- */

static double best_of(const struct layer *layer, struct pass *pass,
                      void (*run)(const struct layer *, struct pass *))
{
    double best = 1e9;
    for (int i = 0; i < 20; i++) {
        double start = cpu_seconds();
        run(layer, pass);
        double took = cpu_seconds() - start;
        best = took < best ? took : best;
    }
    return best * 1e6 / (double)pass->n;
}

static void layers(struct work *work)
{
    const real *x = work->x;
    real *tape = work->tape, *dx = work->dtape[0], *dy = noise(work->micro * work->net.tape_reals, 9);
    for (size_t i = 0; i < work->net.n_layers; i++) {
        const struct layer *layer = &work->net.layer[i];
        size_t out = work->micro * shape_size(layer->out);
        struct pass pass = {.params = work->params.value,
                            .grads = work->grad[0],
                            .n = work->micro,
                            .x = x,
                            .y = tape,
                            .cache = tape + out,
                            .scratch = work->scratch[0],
                            .dy = dy,
                            .dx = i ? dx : NULL,
                            .training = true};
        char text[64];
        layer->kind->print(layer, text, sizeof text);
        double forward = best_of(layer, &pass, layer->kind->forward);
        double backward = best_of(layer, &pass, layer->kind->backward);
        printf("  %-24s forward %7.2f us %6.1f GFLOP/s   backward %7.2f us %6.1f GFLOP/s\n", text, forward,
               (double)layer->flops * 1e-3 / forward, backward,
               (double)(i ? 2 : 1) * (double)layer->flops * 1e-3 / backward);
        x = tape;
        tape += out + work->micro * layer->cache_reals;
    }
    free(dy);
}

int main(int argc, char **argv)
{
    blas_single_thread();
    struct work work = {.threads = argc > 1 ? (size_t)atoi(argv[1]) : 1};
    const char *text = argc > 2 && argv[2][0] ? argv[2] : reference;
    int side = argc > 3 ? atoi(argv[3]) : 28, channels = argc > 4 ? atoi(argv[4]) : 1;
    struct err err;
    if (!net_init(&work.net, text, (struct shape){side, side, channels}, true, "trunk", &work.params, &err))
        return fprintf(stderr, "%s\n", err.text), 2;
    work.micro = argc > 5 ? (size_t)atoi(argv[5]) : net_micro_batch(&work.net);
    params_allocate(&work.params);
    params_init(&work.params, 1);
    work.x = noise(VIEWS * shape_size(work.net.in), 1);
    work.dy = noise(VIEWS * shape_size(work.net.out), 2);
    work.tape = xaligned(VIEWS * work.net.tape_reals, sizeof(real));
    struct pool *pool = pool_new((int)work.threads, 0);
    for (size_t i = 0; i < work.threads; i++) {
        work.dtape[i] = xaligned(work.micro * (work.net.dtape_reals + work.net.tape_reals), sizeof(real));
        work.scratch[i] = xaligned(net_scratch_size(&work.net, work.micro), sizeof(real));
        work.grad[i] = xaligned(work.params.count, sizeof(real));
        work.square[i] = noise(3 * PEAK * PEAK, 3);
    }
    whole(&work, pool);
    if (work.threads == 1)
        layers(&work);
    pool_free(pool);
    return 0;
}
