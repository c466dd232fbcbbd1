/* SPDX-License-Identifier: MIT
 *
 * REQUEST_MAP: the probe onto the plane, with what the plane keeps of the space it shows.
 */
#include "answer/map_axes.h"
#include "answer/space_rows.h"
#include "base/check.h"
#include "math/linalg.h"
#include "space/neighbours.h"
#include "space/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIDELITY_K = 10 };

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
    uint32_t *codes = map_codes(data, column, j->item, j->sample.n);
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
                         size_t n, struct progress *progress)
{
    struct sample sample = sample_rows(rows->probe, n, rows->d, FITTED_MOST);
    float share = (float)projection_share(p, axes, sample.rows, sample.n, progress);
    free(sample.owned);
    return share;
}

/* What was shown turns with the points. */
static void compose(struct map_result *map, const double r[4])
{
    for (int j = 0; j < 3; j++) {
        double x = (double)map->shown[0][j], y = (double)map->shown[1][j];
        map->shown[0][j] = (float)(r[0] * x + r[1] * y);
        map->shown[1][j] = (float)(r[2] * x + r[3] * y);
    }
}

/* What is nowhere on the map tells nothing of how it lies. */
static double known(float value)
{
    return isfinite(value) ? (double)value : 0;
}

/* Two named components keep their axes and are only mirrored; the first two may turn together. */
static void align(struct map_result *map, float *x, float *y, const struct result *before, bool may_turn)
{
    size_t n = map->n;
    if (!before || before->map.n != n)
        return;
    double r[4] = {1, 0, 0, 1};
    if (may_turn) {
        linalg_procrustes(x, y, before->map.x, before->map.y, n, r);
    } else {
        double along_x = 0, along_y = 0;
        for (size_t i = 0; i < n; i++) {
            along_x += known(x[i]) * known(before->map.x[i]);
            along_y += known(y[i]) * known(before->map.y[i]);
        }
        r[0] = along_x < 0 ? -1 : 1;
        r[3] = along_y < 0 ? -1 : 1;
    }
    for (size_t i = 0; i < n; i++) {
        double px = (double)x[i], py = (double)y[i];
        x[i] = (float)(r[0] * px + r[1] * py);
        y[i] = (float)(r[2] * px + r[3] * py);
    }
    compose(map, r);
}

/* The mean of the rows of a set, on the map's first axis. */
static double mean_on(const float *x, const struct request_set *set, size_t n)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n && set->word; i++)
        if (set->word[i / 64] >> (i % 64) & 1 && isfinite(x[i])) {
            sum += (double)x[i];
            count++;
        }
    return count ? sum / (double)count : 0;
}

/* From left to right is from set 0 to set 1; up keeps to the map before. */
static void point_to(struct map_result *map, float *x, float *y, const struct request *request,
                     const struct result *before)
{
    size_t n = map->n;
    bool flip = mean_on(x, &request->set[0], n) > mean_on(x, &request->set[1], n);
    double along = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = flip ? -x[i] : x[i];
        along += before && before->map.n == n ? known(y[i]) * known(before->map.y[i]) : 0;
    }
    for (size_t i = 0; along < 0 && i < n; i++)
        y[i] = -y[i];
    compose(map, (double[4]){flip ? -1 : 1, 0, 0, along < 0 ? -1 : 1});
}

static double spread(const float *x, const float *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum +=
            isfinite(x[i]) && isfinite(y[i]) ? (double)x[i] * (double)x[i] + (double)y[i] * (double)y[i] : 0;
    return sum;
}

/* About the upright axis, then about the level one. Returns how much of the spread of x and y is left on
 * them. */
static double turn(float *x, float *y, const float *z, size_t n, const int degrees[2])
{
    double before = spread(x, y, n), yaw = degrees[0] * M_PI / 180, pitch = degrees[1] * M_PI / 180;
    for (size_t i = 0; i < n; i++) {
        double px = (double)x[i], py = (double)y[i], pz = (double)z[i];
        double depth = cos(yaw) * pz - sin(yaw) * px;
        x[i] = (float)(cos(yaw) * px + sin(yaw) * pz);
        y[i] = (float)(cos(pitch) * py - sin(pitch) * depth);
    }
    return before > 0 ? spread(x, y, n) / before : 1;
}

static void turn_map(struct map_result *map, const struct projection *p, const struct space_rows *rows,
                     float *x, float *y, struct progress *progress)
{
    float *z = xcalloc(map->n + 1, sizeof *z);
    if (p->n_axes > 2)
        projection_apply(p, map_third_axis(map->component, p->n_axes), rows->probe, map->n, z, progress);
    map->variance *= (float)turn(x, y, z, map->n, map->turn);
    float unit[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, p->n_axes > 2}}; /* where each axis went */
    turn(unit[0], unit[1], unit[2], 3, map->turn);
    memcpy(map->shown, unit, sizeof map->shown);
    free(z);
}

/* Turned maps keep their axes; so do frozen ones. */
static void align_map(struct map_result *map, float *x, float *y, const struct request *request,
                      const struct result *before)
{
    bool turned = map->turn[0] || map->turn[1];
    if (map->axes == AXES_SETS)
        point_to(map, x, y, request, before);
    else if (!turned && !(map->basis == BASIS_FROZEN && before && before->map.basis == BASIS_FROZEN))
        align(map, x, y, before, map->component[0] == 0 && map->component[1] == 1);
}

static struct result *draw_map(const struct request *request, const struct request_scene *scene,
                               const struct space_rows *rows, struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    struct projection p = {0};
    int axes[2];
    if (!map_axes_fit(&p, request, scene, rows, progress))
        return NULL;
    choose_axes(&p, request, axes);
    size_t n = s->n_probe;
    struct result *result = result_new(REQUEST_MAP, (2 * n + (p.n_axes + 1) * p.d) * sizeof(float));
    float *x = (float *)(void *)result->bytes, *y = x + n;
    projection_apply(&p, (size_t)axes[0], rows->probe, n, x, progress);
    projection_apply(&p, (size_t)axes[1], rows->probe, n, y, progress);
    struct map_result *map = &result->map;
    *map = (struct map_result){.n = n,
                               .x = x,
                               .y = y,
                               .axes = request->map.axes,
                               .column = request->map.column,
                               .component = {axes[0], axes[1]},
                               .basis = request->map.basis,
                               .turn = {request->map.turn[0], request->map.turn[1]},
                               .shown = {{1, 0, 0}, {0, 1, 0}}};
    map->variance = variance_of(&p, axes, rows, n, progress);
    map_axes_keep(&p, map, y + n);
    if (map->turn[0] || map->turn[1])
        turn_map(map, &p, rows, x, y, progress);
    projection_release(&p);
    align_map(map, x, y, request, scene->map);
    judge(map, request, scene->data, rows, progress);
    return result;
}

static void range_of(const float *value, size_t n, float *low, float *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i])) {
            *low = fminf(*low, value[i]);
            *high = fmaxf(*high, value[i]);
        }
}

/* Columns of one kind (both of a map made elsewhere) keep their aspect. Of unlike ones, degrees over a share,
 * one would be a thin strip: each then goes from 0 to 1. */
static void fit_columns(struct map_result *map, float *const xy[2])
{
    enum { UNLIKE = 4 };
    float span[2];
    for (int axis = 0; axis < 2; axis++) {
        range_of(xy[axis], map->n, &map->low[axis], &map->high[axis]);
        span[axis] = map->high[axis] - map->low[axis];
    }
    map->unlike = fmaxf(span[0], span[1]) > UNLIKE * fminf(span[0], span[1]);
    for (int axis = 0; map->unlike && axis < 2; axis++)
        for (size_t i = 0; i < map->n; i++)
            xy[axis][i] =
                span[axis] > 0 ? (xy[axis][i] - map->low[axis]) / span[axis] : xy[axis][i] - map->low[axis];
}

/* As it was made elsewhere; judged all the same. */
static struct result *given_map(const struct request *request, const struct request_scene *scene,
                                const struct space_rows *rows, struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    const int *column = request->map.component;
    size_t n = s->n_probe;
    struct result *result = result_new(REQUEST_MAP, 2 * n * sizeof(float));
    float *xy[2] = {(float *)(void *)result->bytes, (float *)(void *)result->bytes + n};
    for (int axis = 0; axis < 2; axis++)
        for (size_t i = 0; i < n; i++)
            xy[axis][i] = scene->data->column[column[axis]].number[s->item[i]];
    result->map = (struct map_result){.n = n,
                                      .x = xy[0],
                                      .y = xy[1],
                                      .axes = AXES_COLUMNS,
                                      .column = request->map.column,
                                      .component = {column[0], column[1]},
                                      .variance = NAN};
    fit_columns(&result->map, xy);
    judge(&result->map, request, scene->data, rows, progress);
    return result;
}

static bool is_number(const struct dataset *data, int column)
{
    return column >= 0 && (size_t)column < data->n_columns && data->column[column].kind == COLUMN_NUMBER;
}

struct result *request_map(const struct request *request, const struct request_scene *scene,
                           struct progress *progress)
{
    struct space_rows rows;
    enum space_kind space = request->map.axes == AXES_PIXELS ? SPACE_PIXELS : request->map.space;
    if (request->map.axes == AXES_COLUMNS && (!is_number(scene->data, request->map.component[0]) ||
                                              !is_number(scene->data, request->map.component[1])))
        return NULL;
    if (request->snapshot->n_probe == 0 || !space_rows_make(&rows, space, request->snapshot, scene))
        return NULL;
    bool given = request->map.axes == AXES_COLUMNS;
    struct result *result = (given ? given_map : draw_map)(request, scene, &rows, progress);
    space_rows_release(&rows);
    if (result && progress_cancelled(progress)) {
        result_unref(result);
        return NULL;
    }
    return result;
}
