/* SPDX-License-Identifier: MIT
 *
 * A contact sheet: pictures in their order, left to right, each with the number of its row of the data below
 * it. What the rest is near to comes first, framed.
 */
#include "app/export_parts.h"

#include "base/check.h"
#include "data/image.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 8, GAP = 8, SMALL = 64, GROUND = 24, INK = 168, FRAME = 255, FRAME_WIDTH = 2 };
enum { DIGIT_WIDTH = 3, DIGIT_HEIGHT = 5 };

/* A digit's five rows of three pixels, the left one the highest bit. */
static const uint8_t digits[10][DIGIT_HEIGHT] = {
    {7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7}, {5, 5, 7, 1, 1},
    {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 2, 2, 2}, {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7},
};

struct sheet {
    const struct dataset *data;
    int scale, digit; /* pixels of the sheet a side of a pixel of a picture, of a digit */
    int cell[2];      /* width, height of a picture with its number and the gap */
    size_t columns;
    struct image image;
};

static void put_block(struct sheet *sheet, int x, int y, int side, const uint8_t ink[3])
{
    for (int v = 0; v < side; v++)
        for (int u = 0; u < side; u++)
            memcpy(sheet->image.pixels + ((size_t)(y + v) * (size_t)sheet->image.width + (size_t)(x + u)) * 3,
                   ink, 3);
}

static void put_picture(struct sheet *sheet, size_t row, int x, int y)
{
    const struct dataset *data = sheet->data;
    const uint8_t *pixel = dataset_pixels(data, row);
    for (int v = 0; v < data->height; v++)
        for (int u = 0; u < data->width; u++, pixel += data->channels) {
            const uint8_t grey[3] = {*pixel, *pixel, *pixel};
            put_block(sheet, x + u * sheet->scale, y + v * sheet->scale, sheet->scale,
                      data->channels == 3 ? pixel : grey);
        }
}

static void put_digit(struct sheet *sheet, int digit, int x, int y)
{
    static const uint8_t ink[3] = {INK, INK, INK};
    for (int v = 0; v < DIGIT_HEIGHT; v++)
        for (int u = 0; u < DIGIT_WIDTH; u++)
            if (digits[digit][v] >> (DIGIT_WIDTH - 1 - u) & 1)
                put_block(sheet, x + u * sheet->digit, y + v * sheet->digit, sheet->digit, ink);
}

/* In the middle below the picture; none where it is too narrow for it. */
static void put_number(struct sheet *sheet, uint32_t row, int x, int y)
{
    char text[16];
    int n = snprintf(text, sizeof text, "%" PRIu32, row), step = (DIGIT_WIDTH + 1) * sheet->digit;
    int room = sheet->cell[0] - GAP, wide = n * step - sheet->digit;
    for (int i = 0; i < n && wide <= room; i++)
        put_digit(sheet, text[i] - '0', x + (room - wide) / 2 + i * step, y);
}

static void put_frame(struct sheet *sheet, int x, int y)
{
    static const uint8_t white[3] = {FRAME, FRAME, FRAME};
    int wide = sheet->data->width * sheet->scale, high = sheet->data->height * sheet->scale;
    for (int w = 1; w <= FRAME_WIDTH; w++) {
        for (int u = -w; u < wide + w; u++) {
            put_block(sheet, x + u, y - w, 1, white);
            put_block(sheet, x + u, y + high + w - 1, 1, white);
        }
        for (int v = -w; v < high + w; v++) {
            put_block(sheet, x - w, y + v, 1, white);
            put_block(sheet, x + wide + w - 1, y + v, 1, white);
        }
    }
}

static void put_cell(struct sheet *sheet, size_t place, uint32_t row, bool framed)
{
    int x = MARGIN + (int)(place % sheet->columns) * sheet->cell[0];
    int y = MARGIN + (int)(place / sheet->columns) * sheet->cell[1];
    put_picture(sheet, row, x, y);
    put_number(sheet, row, x, y + sheet->data->height * sheet->scale + GAP / 2);
    if (framed)
        put_frame(sheet, x, y);
}

/* Half as wide again as it is high, where that fits. False where it does not fit at this scale. */
static bool lay_out(struct sheet *sheet, size_t n, int scale)
{
    sheet->scale = scale;
    sheet->digit = sheet->data->width * scale < SMALL ? 1 : 2;
    sheet->cell[0] = sheet->data->width * scale + GAP;
    sheet->cell[1] = sheet->data->height * scale + GAP / 2 + DIGIT_HEIGHT * sheet->digit + GAP;
    size_t most = (size_t)((IMAGE_MAX_SIDE - 2 * MARGIN + GAP) / sheet->cell[0]);
    most = most < n ? most : n;
    double columns = ceil(sqrt((double)n * 1.5 * sheet->cell[1] / sheet->cell[0]));
    sheet->columns = columns < (double)most ? (size_t)columns : most;
    if (sheet->columns == 0)
        return false;
    size_t lines = (n + sheet->columns - 1) / sheet->columns;
    size_t high = lines * (size_t)sheet->cell[1] + 2 * MARGIN - GAP;
    sheet->image = (struct image){.height = high > IMAGE_MAX_SIDE ? 0 : (int)high,
                                  .width = (int)sheet->columns * sheet->cell[0] + 2 * MARGIN - GAP,
                                  .channels = 3};
    return high <= IMAGE_MAX_SIDE;
}

bool export_png(const struct listing *rows, struct err *err)
{
    const struct dataset *data = rows->work->scene.data;
    int64_t centre = listing_centre(rows);
    size_t first = centre >= 0, n = rows->n + first;
    struct sheet sheet = {.data = data};
    if (!data->pixels)
        return err_set(err, "there are no pictures; .csv and .npy can be written");
    int scale = (SMALL + data->width - 1) / data->width;
    while (scale > 0 && !lay_out(&sheet, n, scale))
        scale--;
    if (scale < 1 || sheet.columns == 0)
        return err_set(err, "%zu pictures do not fit one sheet; select fewer", n);
    size_t bytes = (size_t)sheet.image.height * (size_t)sheet.image.width * 3;
    sheet.image.pixels = mem_try(bytes, 1, rows->work->order.path, err);
    if (!sheet.image.pixels)
        return false;
    memset(sheet.image.pixels, GROUND, bytes);
    for (size_t i = 0; i < n; i++)
        put_cell(&sheet, i, i < first ? (uint32_t)centre : listing_row(rows, i - first), i < first);
    bool fine = image_save_png(rows->work->order.path, &sheet.image, err);
    image_release(&sheet.image);
    return fine;
}
