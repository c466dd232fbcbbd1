/* SPDX-License-Identifier: MIT */
#include "answer/space_rows.h"

#include "base/check.h"

#include <stdlib.h>

enum { SQUARES = 8 };

/* Mean of channel c over the square (sy, sx) of a picture cut into `high` x `wide`. */
static float square_mean(const struct dataset *data, const uint8_t *pixels, int sy, int high, int sx,
                         int wide, int c)
{
    int y0 = sy * data->height / high, y1 = (sy + 1) * data->height / high;
    int x0 = sx * data->width / wide, x1 = (sx + 1) * data->width / wide;
    long sum = 0;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            sum += pixels[((size_t)y * (size_t)data->width + (size_t)x) * (size_t)data->channels + (size_t)c];
    return (float)sum / (float)((y1 - y0) * (x1 - x0)) / 255.0f;
}

static float *pixel_rows(const struct dataset *data, const uint32_t *item, size_t n, size_t *d)
{
    int high = data->height < SQUARES ? data->height : SQUARES,
        wide = data->width < SQUARES ? data->width : SQUARES;
    *d = (size_t)high * (size_t)wide * (size_t)data->channels;
    float *rows = xaligned(n * *d, sizeof *rows), *to = rows;
    for (size_t i = 0; i < n; i++)
        for (int y = 0; y < high; y++)
            for (int x = 0; x < wide; x++)
                for (int c = 0; c < data->channels; c++)
                    *to++ = square_mean(data, dataset_pixels(data, item[i]), y, high, x, wide, c);
    return rows;
}

static bool from_pixels(struct space_rows *rows, const struct snapshot *s, const struct dataset *data)
{
    if (!data->pixels)
        return false;
    rows->probe = rows->owned[0] = pixel_rows(data, s->item, s->n_probe, &rows->d);
    rows->n_fit = s->n_bank ? s->n_bank : s->n_probe;
    rows->fit_item = s->n_bank ? s->bank_item : s->item;
    rows->fit = rows->owned[1] = pixel_rows(data, rows->fit_item, rows->n_fit, &rows->d);
    return true;
}

static bool from_matrix(struct space_rows *rows, const struct snapshot *s, const float *matrix, size_t d,
                        const float *bank)
{
    if (!matrix || d == 0)
        return false;
    rows->d = d;
    rows->probe = matrix;
    rows->n_fit = bank ? s->n_bank : s->n_probe;
    rows->fit_item = bank ? s->bank_item : s->item;
    rows->fit = bank ? bank : matrix;
    return true;
}

bool space_rows_make(struct space_rows *rows, enum space_kind space, const struct snapshot *snapshot,
                     const struct request_scene *scene)
{
    const struct snapshot *u = scene->untrained;
    *rows = (struct space_rows){0};
    switch (space) {
    case SPACE_PIXELS: return from_pixels(rows, snapshot, scene->data);
    case SPACE_Z: return from_matrix(rows, snapshot, snapshot->z, snapshot->dim_z, NULL);
    case SPACE_UNTRAINED:
        return u && snapshot_same_items(u, snapshot) && from_matrix(rows, u, u->h, u->dim_h, u->bank_h);
    case SPACE_H:
    case SPACE_KINDS: break;
    }
    return from_matrix(rows, snapshot, snapshot->h, snapshot->dim_h, snapshot->bank_h);
}

void space_rows_release(struct space_rows *rows)
{
    free(rows->owned[0]);
    free(rows->owned[1]);
    *rows = (struct space_rows){0};
}
