/* SPDX-License-Identifier: MIT
 *
 * REQUEST_MAP: the probe onto the plane, with what the plane keeps of the space it shows.
 */
#include "app/requests.h"
#include "app/space_rows.h"
#include "base/check.h"
#include "math/linalg.h"
#include "space/neighbours.h"
#include "space/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIDELITY_K = 10, AXES_FITTED = 16, FITTED_MOST = 20000 };

/* The codes of a category column for these items; NULL if it has none. Owned. */
static uint32_t *codes_of(const struct dataset *data, int column, const uint32_t *item, size_t n)
{
    if (column < 0 || (size_t)column >= data->n_columns || data->column[column].kind != COLUMN_CATEGORY)
        return NULL;
    uint32_t *codes = xcalloc(n, sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = data->column[column].code[item[i]];
    return codes;
}

/* Every n / most-th row where there are more than `most`: what is too many to look at all is looked at
 * evenly.
 */
struct sample {
    size_t n, of;
    const float *rows; /* (n, d): lent where all are taken */
    float *owned;
};

static size_t sampled(const struct sample *sample, size_t i)
{
    return i * sample->of / sample->n;
}

static struct sample sample_rows(const float *rows, size_t n, size_t d, size_t most)
{
    struct sample sample = {n < most ? n : most, n, rows, NULL};
    if (n <= most)
        return sample;
    sample.rows = sample.owned = xaligned(most * d + 1, sizeof *rows);
    for (size_t i = 0; i < most; i++)
        memcpy(sample.owned + i * d, rows + sampled(&sample, i) * d, d * sizeof *rows);
    return sample;
}

static void fit_axes(struct projection *p, const struct request *request, const struct request_scene *scene,
                     const struct space_rows *rows)
{
    const struct snapshot *s = request->snapshot;
    bool by_class = request->map.axes == AXES_CLASS;
    struct sample fit = sample_rows(by_class ? rows->fit : rows->probe, by_class ? rows->n_fit : s->n_probe,
                                    rows->d, FITTED_MOST);
    uint32_t *codes = NULL, *item = xcalloc(fit.n + 1, sizeof *item);
    for (size_t i = 0; by_class && i < fit.n; i++)
        item[i] = rows->fit_item[sampled(&fit, i)];
    if (by_class)
        codes = codes_of(scene->data, request->map.column, item, fit.n);
    size_t axes = rows->d < AXES_FITTED ? rows->d : AXES_FITTED;
    if (codes) {
        struct classes classes = {codes, scene->data->column[request->map.column].n_values};
        projection_fit_classes(p, fit.rows, &classes, fit.n, rows->d, axes);
    } else {
        projection_fit_pca(p, fit.rows, fit.n, rows->d, axes);
    }
    free(codes);
    free(item);
    free(fit.owned);
}

static void choose_axes(const struct projection *p, const struct request *request, int axes[2])
{
    for (int i = 0; i < 2; i++) {
        axes[i] = request->map.component[i];
        if (axes[i] < 0 || (size_t)axes[i] >= p->n_axes)
            axes[i] = i < (int)p->n_axes ? i : 0;
    }
}

/* The items that fidelity and readability are read from, among themselves. */
struct judged {
    struct sample sample;
    float *x, *y;   /* (n) on the map */
    uint32_t *item; /* (n) data rows */
};

static struct judged judged_of(const struct space_rows *rows, const struct snapshot *s,
                               const struct map_result *map)
{
    struct judged j = {.sample = sample_rows(rows->probe, map->n, rows->d, MAP_JUDGED)};
    size_t n = j.sample.n;
    j.x = xaligned(2 * n + 1, sizeof *j.x);
    j.y = j.x + n;
    j.item = xcalloc(n + 1, sizeof *j.item);
    for (size_t i = 0; i < n; i++) {
        size_t from = sampled(&j.sample, i);
        j.x[i] = map->x[from];
        j.y[i] = map->y[from];
        j.item[i] = s->item[from];
    }
    return j;
}

static void judged_release(struct judged *j)
{
    free(j->sample.owned);
    free(j->x);
    free(j->item);
}

static float fidelity(const struct judged *j, size_t d, struct progress *progress)
{
    struct neighbours high, plane;
    struct bank bank;
    size_t n = j->sample.n;
    bank_init(&bank, j->sample.rows, n, d, NULL);
    bool fine = neighbours_find(&high, &bank, j->sample.rows, n, FIDELITY_K, true, NULL, progress);
    bank_release(&bank);
    if (!fine)
        return NAN;
    neighbours_plane(&plane, j->x, j->y, n, FIDELITY_K, NULL);
    float share = (float)neighbours_overlap(&high, &plane);
    neighbours_release(&high);
    neighbours_release(&plane);
    return share;
}

static float readable(const struct dataset *data, int column, const struct judged *j)
{
    uint32_t *codes = codes_of(data, column, j->item, j->sample.n);
    if (!codes)
        return NAN;
    float share = (float)plane_accuracy(j->x, j->y, codes, j->sample.n, data->column[column].n_values);
    free(codes);
    return share;
}

/* What the map is worth. */
static void judge(struct map_result *map, const struct request *request, const struct dataset *data,
                  const struct space_rows *rows, struct progress *progress)
{
    struct judged j = judged_of(rows, request->snapshot, map);
    size_t n = map->judged = j.sample.n;
    map->fidelity = fidelity(&j, rows->d, progress);
    map->fidelity_chance = n > 1 ? (float)fmin(1, FIDELITY_K / (double)(n - 1)) : NAN;
    map->readable = readable(data, request->map.column, &j);
    judged_release(&j);
}

static float variance_of(const struct projection *p, const int axes[2], const struct space_rows *rows,
                         size_t n)
{
    struct sample sample = sample_rows(rows->probe, n, rows->d, FITTED_MOST);
    float share = (float)projection_share(p, axes, sample.rows, sample.n);
    free(sample.owned);
    return share;
}

/* Two named components keep their axes and are only mirrored; the first two may turn together. */
static void align(float *x, float *y, size_t n, const struct result *before, bool may_turn)
{
    if (!before || before->map.n != n)
        return;
    double r[4] = {1, 0, 0, 1};
    if (may_turn) {
        linalg_procrustes(x, y, before->map.x, before->map.y, n, r);
    } else {
        double along_x = 0, along_y = 0;
        for (size_t i = 0; i < n; i++) {
            along_x += (double)x[i] * (double)before->map.x[i];
            along_y += (double)y[i] * (double)before->map.y[i];
        }
        r[0] = along_x < 0 ? -1 : 1;
        r[3] = along_y < 0 ? -1 : 1;
    }
    for (size_t i = 0; i < n; i++) {
        double px = (double)x[i], py = (double)y[i];
        x[i] = (float)(r[0] * px + r[1] * py);
        y[i] = (float)(r[2] * px + r[3] * py);
    }
}

static struct result *draw_map(const struct request *request, const struct request_scene *scene,
                               const struct space_rows *rows, struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    struct projection p = {0};
    int axes[2];
    fit_axes(&p, request, scene, rows);
    choose_axes(&p, request, axes);
    struct result *result = result_new(REQUEST_MAP, 2 * s->n_probe * sizeof(float));
    float *x = (float *)(void *)result->bytes, *y = x + s->n_probe;
    projection_apply(&p, (size_t)axes[0], rows->probe, s->n_probe, x);
    projection_apply(&p, (size_t)axes[1], rows->probe, s->n_probe, y);
    struct map_result *map = &result->map;
    *map = (struct map_result){.n = s->n_probe,
                               .x = x,
                               .y = y,
                               .axes = request->map.axes,
                               .column = request->map.column,
                               .component = {axes[0], axes[1]}};
    map->variance = variance_of(&p, axes, rows, s->n_probe);
    projection_release(&p);
    align(x, y, s->n_probe, scene->map, axes[0] == 0 && axes[1] == 1);
    judge(map, request, scene->data, rows, progress);
    return result;
}

struct result *request_map(const struct request *request, const struct request_scene *scene,
                           struct progress *progress)
{
    struct space_rows rows;
    enum space_kind space = request->map.axes == AXES_PIXELS ? SPACE_PIXELS : request->map.space;
    if (request->snapshot->n_probe == 0 || !space_rows_make(&rows, space, request->snapshot, scene))
        return NULL;
    struct result *result = draw_map(request, scene, &rows, progress);
    space_rows_release(&rows);
    if (progress_cancelled(progress)) {
        result_unref(result);
        return NULL;
    }
    return result;
}
