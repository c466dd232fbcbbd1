/* SPDX-License-Identifier: MIT
 *
 * stb_image behind image_walk: it is given only PNG and BMP files whose structure and sizes have been
 * checked, and no single piece of memory larger than the picture it has been told of can need. JPEG goes to
 * libjpeg-turbo.
 */
#include "data/image.h"

#include "base/check.h"
#include "data/image_walk.h"
#include "data/jpeg.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The largest piece the decoder may ask for while it works on the picture of this thread. The decoder's
 * allocation hooks take no context, hence the one variable. */
static _Thread_local size_t largest_piece;

static void *bounded_malloc(size_t size)
{
    return size <= largest_piece ? malloc(size) : NULL;
}

static void *bounded_realloc(void *p, size_t size)
{
    return size <= largest_piece ? realloc(p, size) : NULL;
}

#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS   IMAGE_MAX_SIDE
#define STBI_ASSERT(x)        CHECK(x)
#define STBI_MALLOC(size)     bounded_malloc(size)
#define STBI_REALLOC(p, size) bounded_realloc(p, size)
#define STBI_FREE(p)          free(p)
#include <stb/stb_image.h>

/* Grey or colour, alpha laid on white. */
static void flatten(const uint8_t *from, size_t n, int stored, int channels, uint8_t *to)
{
    bool alpha = stored == 2 || stored == 4;
    for (size_t i = 0; i < n; i++, from += stored, to += channels) {
        unsigned a = alpha ? from[stored - 1] : 255;
        for (int c = 0; c < channels; c++)
            to[c] = (uint8_t)((from[c] * a + 255 * (255 - a) + 127) / 255);
    }
}

static bool stb_decode(const void *bytes, size_t length, const struct image_facts *facts, struct image *image,
                       struct err *err)
{
    enum { SLACK = 1 << 20, WIDEST = 8 }; /* tables and blocks; four 16-bit samples a pixel */
    int stored;
    largest_piece = facts->width * facts->height * WIDEST + SLACK;
    uint8_t *decoded = stbi_load_from_memory(bytes, (int)length, &image->width, &image->height, &stored, 0);
    if (!decoded)
        return err_set(err, "the picture is damaged (%s): fetch it again", stbi_failure_reason());
    size_t n = (size_t)image->width * (size_t)image->height;
    image->channels = stored < 3 ? 1 : 3;
    image->pixels = mem_try(n, (size_t)image->channels, "picture", err);
    if (image->pixels)
        flatten(decoded, n, stored, image->channels, image->pixels);
    free(decoded);
    return image->pixels != NULL;
}

bool image_load(const void *bytes, size_t length, struct image *image, struct err *err)
{
    struct image_facts facts;
    *image = (struct image){0};
    if (length > INT_MAX)
        return err_set(err, "larger than 2 GB: no picture nearfar reads");
    if (!image_walk(bytes, length, &facts, err))
        return false;
    bool fine = facts.kind == IMAGE_JPEG ? jpeg_decode(bytes, length, image, err)
                                         : stb_decode(bytes, length, &facts, image, err);
    if (!fine)
        *image = (struct image){0};
    return fine;
}

void image_release(struct image *image)
{
    free(image->pixels);
    *image = (struct image){0};
}

/* Along one axis: which source samples make target sample i, and how much each weighs. Growing: the two
 * nearest; shrinking: all it covers, the outer ones in part. */
struct span {
    int first, n;
    float weight[2]; /* of the first and the last; those between weigh 1. Growing: of the two */
    float total;
};

static struct span span_of(int i, int from, int to)
{
    double scale = (double)from / to;
    if (from <= to) {
        double centre = fmin(fmax((i + 0.5) * scale - 0.5, 0), from - 1);
        int first = (int)centre;
        float part = (float)(centre - first);
        return (struct span){
            first, first + 1 < from ? 2 : 1, {1 - part, part}, first + 1 < from ? 1.0f : 1 - part};
    }
    double low = i * scale, high = (i + 1) * scale;
    int first = (int)low, last = (int)ceil(high - 1e-9) - 1;
    last = last >= from ? from - 1 : last < first ? first : last;
    struct span span = {first, last - first + 1, {(float)(first + 1 - low), (float)(high - last)}, 0};
    if (span.n == 1)
        span.weight[0] = 1;
    span.total = span.weight[0] + (span.n > 1 ? span.weight[1] : 0) + (float)(span.n > 2 ? span.n - 2 : 0);
    return span;
}

static float span_weight(const struct span *span, int k)
{
    return k == 0 ? span->weight[0] : k == span->n - 1 ? span->weight[1] : 1.0f;
}

/* Channel c of a picture that may have another number of channels: grey is repeated, colour made grey by its
 * luma (ITU-R BT.601). */
static float sample(const struct image *image, const uint8_t *pixel, int c, int channels)
{
    if (image->channels == channels)
        return pixel[c];
    return image->channels == 1 ? pixel[0] : 0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2];
}

static float average(const struct image *image, const struct span *down, const struct span *across, int c,
                     int channels)
{
    float sum = 0;
    for (int y = 0; y < down->n; y++) {
        const uint8_t *row =
            image->pixels + (size_t)(down->first + y) * (size_t)image->width * (size_t)image->channels;
        float line = 0;
        for (int x = 0; x < across->n; x++)
            line += span_weight(across, x) *
                    sample(image, row + (size_t)(across->first + x) * (size_t)image->channels, c, channels);
        sum += span_weight(down, y) * line;
    }
    return sum / (down->total * across->total);
}

void image_fit(const struct image *image, int height, int width, int channels, uint8_t *to)
{
    CHECK(height > 0 && width > 0 && (channels == 1 || channels == 3));
    for (int y = 0; y < height; y++) {
        struct span down = span_of(y, image->height, height);
        for (int x = 0; x < width; x++) {
            struct span across = span_of(x, image->width, width);
            for (int c = 0; c < channels; c++)
                *to++ = (uint8_t)(average(image, &down, &across, c, channels) + 0.5f);
        }
    }
}

/* What of a side is as long as `part` at that scale: one pixel at least. */
static int cut_side(int side, double part, double scale)
{
    int cut = (int)(part / scale + 0.5);
    return cut < 1 ? 1 : cut > side ? side : cut;
}

void image_fit_middle(const struct image *image, int height, int width, int channels, uint8_t *to)
{
    double scale = fmax((double)height / image->height, (double)width / image->width);
    struct image middle = {cut_side(image->height, height, scale), cut_side(image->width, width, scale),
                           image->channels, NULL};
    size_t pixel = (size_t)image->channels, line = (size_t)middle.width * pixel;
    size_t top = (size_t)(image->height - middle.height) / 2,
           left = (size_t)(image->width - middle.width) / 2;
    middle.pixels = xcalloc((size_t)middle.height, line);
    for (size_t y = 0; y < (size_t)middle.height; y++)
        memcpy(middle.pixels + y * line, image->pixels + ((top + y) * (size_t)image->width + left) * pixel,
               line);
    image_fit(&middle, height, width, channels, to);
    free(middle.pixels);
}

/* At least one pixel, `most` where it is as good as that. */
static int fitted_side(int side, double scale, int most)
{
    int fitted = (int)(side * scale + 0.5);
    return fitted < 1 ? 1 : fitted > most ? most : fitted;
}

void image_fit_within(const struct image *image, int height, int width, int channels, uint8_t *to)
{
    double scale = fmin((double)height / image->height, (double)width / image->width);
    int high = fitted_side(image->height, scale, height), wide = fitted_side(image->width, scale, width);
    size_t row = (size_t)width * (size_t)channels, line = (size_t)wide * (size_t)channels;
    uint8_t *fitted = xcalloc((size_t)high, line);
    image_fit(image, high, wide, channels, fitted);
    memset(to, 0, (size_t)height * row);
    to += (size_t)((height - high) / 2) * row + (size_t)((width - wide) / 2) * (size_t)channels;
    for (int y = 0; y < high; y++)
        memcpy(to + (size_t)y * row, fitted + (size_t)y * line, line);
    free(fitted);
}
