/* SPDX-License-Identifier: MIT */
#include "answer/space_rows.h"
#include "answer/values.h"
#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 8 }; /* of a task */
static const double default_temperature = 0.2;

static double temperature_of(const struct snapshot *s)
{
    const struct setting *tau = settings_find(&s->settings, "tau");
    return tau && tau->value > 0 ? tau->value : default_temperature;
}

/* Sum over all others of e^((s - 1) / T): the constant factor drops out of shares. */
static double crowd(const float *scores, const bool *valid, size_t n, size_t self, double temperature)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        if (j != self && valid[j])
            sum += exp(((double)scores[j] - 1) / temperature);
    return sum;
}

/* A task is a few rows against all; what a row finds depends on no other. */
struct push {
    const float *unit, *packed;
    const bool *valid;
    size_t n, d;
    double temperature;
    float *scores; /* (threads, ROWS, padded n) */
    double *sum;   /* (n) */
    struct progress *progress;
};

static void some_rows(void *ctx, size_t task, int worker)
{
    const struct push *p = ctx;
    size_t first = task * ROWS, m = p->n - first < ROWS ? p->n - first : ROWS, width = score_padded(p->n);
    float *scores = p->scores + (size_t)worker * ROWS * width;
    if (progress_cancelled(p->progress))
        return;
    score_tile(p->unit + first * p->d, m, p->packed, 0, p->n, p->d, scores, width);
    for (size_t i = 0; i < m; i++)
        if (p->valid[first + i])
            p->sum[first + i] = crowd(scores + i * width, p->valid, p->n, first + i, p->temperature);
    progress_step(p->progress, m);
}

static void fill(struct push *p, struct pool *pool, float *value)
{
    size_t n = p->n, width = score_padded(n);
    float *packed = xaligned(p->d * width, sizeof *packed);
    double all = 0;
    p->packed = packed;
    p->scores = xaligned((size_t)pool_threads(pool) * ROWS * width + 1, sizeof *p->scores);
    p->sum = xcalloc(n + 1, sizeof *p->sum);
    score_pack(p->unit, n, p->d, packed);
    progress_begin(p->progress, n);
    pool_run(pool, (n + ROWS - 1) / ROWS, some_rows, p);
    for (size_t i = 0; i < n; i++)
        all += p->sum[i];
    for (size_t i = 0; i < n; i++)
        value[i] = p->valid[i] && all > 0 ? (float)(p->sum[i] / all) : NAN;
    free(packed);
    free(p->scores);
    free(p->sum);
}

bool value_push(const struct request *request, const struct request_scene *scene, struct progress *progress,
                float *value)
{
    const struct snapshot *s = request->snapshot;
    struct space_rows rows;
    if (!space_rows_make(&rows, s->z ? SPACE_Z : SPACE_H, s, scene))
        return false;
    float *unit = xcalloc(s->n_probe * rows.d, sizeof *unit);
    bool *valid = xcalloc(s->n_probe, sizeof *valid);
    score_normalise(rows.probe, s->n_probe, rows.d, unit, valid);
    struct push push = {.unit = unit, .valid = valid, .n = s->n_probe, .d = rows.d, .progress = progress};
    push.temperature = temperature_of(s);
    fill(&push, scene->pool, value);
    free(unit);
    free(valid);
    space_rows_release(&rows);
    return true;
}
