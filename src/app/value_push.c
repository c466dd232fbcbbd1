/* SPDX-License-Identifier: MIT */
#include "app/space_rows.h"
#include "app/values.h"
#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>

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

static void fill(const float *unit, const bool *valid, size_t n, size_t d, double temperature,
                 struct progress *progress, float *value)
{
    float *packed = xaligned(d * score_padded(n), sizeof *packed);
    float *scores = xcalloc(score_padded(n), sizeof *scores);
    double *sum = xcalloc(n, sizeof *sum), all = 0;
    score_pack(unit, n, d, packed);
    for (size_t i = 0; i < n && !progress_cancelled(progress); i++) {
        score_tile(unit + i * d, 1, packed, 0, n, d, scores, score_padded(n));
        sum[i] = valid[i] ? crowd(scores, valid, n, i, temperature) : 0;
        all += sum[i];
        progress_step(progress, 1);
    }
    for (size_t i = 0; i < n; i++)
        value[i] = valid[i] && all > 0 ? (float)(sum[i] / all) : NAN;
    free(packed);
    free(scores);
    free(sum);
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
    fill(unit, valid, s->n_probe, rows.d, temperature_of(s), progress, value);
    free(unit);
    free(valid);
    space_rows_release(&rows);
    return true;
}
