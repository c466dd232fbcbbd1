/* SPDX-License-Identifier: MIT */
#include "answer/map_axes.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum { AXES_FITTED = 16 };

uint32_t *map_codes(const struct dataset *data, int column, const uint32_t *item, size_t n)
{
    if (column < 0 || (size_t)column >= data->n_columns || data->column[column].kind != COLUMN_CATEGORY)
        return NULL;
    uint32_t *codes = xcalloc(n, sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = data->column[column].code[item[i]];
    return codes;
}

struct sample sample_rows(const float *rows, size_t n, size_t d, size_t most)
{
    struct sample sample = {n < most ? n : most, n, rows, NULL};
    if (n <= most)
        return sample;
    sample.rows = sample.owned = xaligned(most * d + 1, sizeof *rows);
    for (size_t i = 0; i < most; i++)
        memcpy(sample.owned + i * d, rows + sampled(&sample, i) * d, d * sizeof *rows);
    return sample;
}

static bool has(const struct request_set *set, size_t i)
{
    return set->word && i < set->n && set->word[i / 64] >> (i % 64) & 1;
}

/* The rows a fit is made of, and a class each where there are classes. */
struct fitted {
    const float *rows;
    uint32_t *code; /* (n) or NULL; owned */
    float *own;     /* the same as rows where they were gathered; owned */
    size_t n, n_classes;
};

/* The two sets as two classes of the probe; an item of both is of neither. */
static struct fitted of_sets(const struct request *request, const struct space_rows *rows)
{
    size_t n = request->snapshot->n_probe;
    struct fitted f = {rows->probe, xcalloc(n, sizeof *f.code), NULL, n, 2};
    for (size_t i = 0; i < n; i++) {
        bool a = has(&request->set[0], i), b = has(&request->set[1], i);
        f.code[i] = a == b ? UINT32_MAX : b;
    }
    return f;
}

static struct fitted of_selected(const struct request *request, const struct space_rows *rows)
{
    size_t n = request->snapshot->n_probe, d = rows->d;
    struct fitted f = {.own = xcalloc(n * d + 1, sizeof *f.own)};
    for (size_t i = 0; i < n; i++)
        if (has(&request->set[0], i))
            memcpy(f.own + f.n++ * d, rows->probe + i * d, d * sizeof *f.own);
    f.rows = f.own;
    return f;
}

static struct fitted of_question(const struct request *request, const struct request_scene *scene,
                                 const struct space_rows *rows)
{
    const struct map_question *q = &request->map;
    if (q->axes == AXES_SETS)
        return of_sets(request, rows);
    if (q->basis == BASIS_SELECTED)
        return of_selected(request, rows);
    struct fitted f = {.rows = rows->probe, .n = request->snapshot->n_probe};
    if (q->axes == AXES_CLASS)
        f.code = map_codes(scene->data, q->column, rows->fit_item, rows->n_fit);
    if (f.code) {
        f.rows = rows->fit;
        f.n = rows->n_fit;
        f.n_classes = scene->data->column[q->column].n_values;
    }
    return f;
}

/* Too many rows are fitted on some, spread evenly; what they were is then let go. */
static void thin(struct fitted *f, size_t d)
{
    struct sample sample = sample_rows(f->rows, f->n, d, FITTED_MOST);
    if (!sample.owned)
        return;
    for (size_t i = 0; f->code && i < sample.n; i++)
        f->code[i] = f->code[sampled(&sample, i)]; /* never before i */
    free(f->own);
    f->rows = f->own = sample.owned;
    f->n = sample.n;
}

bool map_axes_of(const struct map_result *map, struct projection *p)
{
    size_t d = map->d;
    if (!map->mean || d == 0)
        return false;
    *p = (struct projection){.d = d, .n_axes = map->n_axes};
    p->mean = xcalloc(d, sizeof *p->mean);
    p->axis = xcalloc(map->n_axes * d + 1, sizeof *p->axis);
    p->variance = xcalloc(map->n_axes + 1, sizeof *p->variance);
    for (size_t j = 0; j < d; j++)
        p->mean[j] = (double)map->mean[j];
    for (size_t j = 0; j < map->n_axes * d; j++)
        p->axis[j] = (double)map->basis_axis[j];
    return true;
}

size_t map_third_axis(const int axes[2], size_t n_axes)
{
    size_t third = 0;
    while ((int)third == axes[0] || (int)third == axes[1])
        third++;
    return third < n_axes ? third : 0;
}

/* As the map before was fitted; false where that does not fit. */
static bool keep_axes(struct projection *p, const struct request *request, const struct result *before,
                      size_t d)
{
    const struct map_result *map = before ? &before->map : NULL;
    if (!map || !map->mean || map->d != d || map->axes != request->map.axes ||
        (map->axes == AXES_CLASS && map->column != request->map.column))
        return false;
    return map_axes_of(map, p);
}

bool map_axes_fit(struct projection *p, const struct request *request, const struct request_scene *scene,
                  const struct space_rows *rows, struct progress *progress)
{
    size_t axes = rows->d < AXES_FITTED ? rows->d : AXES_FITTED;
    if (request->map.basis == BASIS_FROZEN && keep_axes(p, request, scene->map, rows->d))
        return true;
    struct fitted f = of_question(request, scene, rows);
    if (request->map.axes != AXES_SETS) /* two sets may be small, and their means are cheap */
        thin(&f, rows->d);
    bool fine = f.code ? projection_fit_classes(p, f.rows, &(struct classes){f.code, f.n_classes}, f.n,
                                                rows->d, axes, progress)
                       : projection_fit_pca(p, f.rows, f.n, rows->d, axes, progress);
    free(f.code);
    free(f.own);
    return fine;
}

void map_axes_keep(const struct projection *p, struct map_result *map, float *room)
{
    for (size_t j = 0; j < p->d; j++)
        room[j] = (float)p->mean[j];
    for (size_t j = 0; j < p->n_axes * p->d; j++)
        room[p->d + j] = (float)p->axis[j];
    map->d = p->d;
    map->n_axes = p->n_axes;
    map->mean = room;
    map->basis_axis = room + p->d;
}
