/* SPDX-License-Identifier: MIT
 *
 * A map of 1,000,000 points drawn on 200 x 60 cells, whole screen and all: while it moves from one map to the
 * next, so that every point has another place in every frame, and standing still, as after a key; and the
 * exact neighbours of one of 1,000,000 rows of 128 numbers that lie ready to be searched. The best of as many
 * as fit.
 */
#include "app/bench.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "space/neighbours.h"
#include "view/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { POINTS = 1000000, WIDTH = 200, HEIGHT = 60, D = 128, K = 20, CLASSES = 5 };

static struct result *draw_points(uint64_t which)
{
    struct result *map = result_new(REQUEST_MAP, 2 * POINTS * sizeof(float));
    float *x = (float *)(void *)map->bytes, *y = x + POINTS;
    struct rng rng = rng_at(0, RNG_SAMPLE, which, 1, 0);
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = (float)rng_normal(&rng) + (float)(i % CLASSES);
        y[i] = (float)rng_normal(&rng);
    }
    map->map = (struct map_result){.n = POINTS, .x = x, .y = y, .component = {0, 1}, .readable = NAN};
    return map;
}

static struct snapshot *draw_snapshot(void)
{
    struct snapshot_sizes sizes = {.n_probe = POINTS, .dim_h = 1};
    struct snapshot *s = snapshot_new(&sizes);
    uint32_t *item = (uint32_t *)(uintptr_t)s->item; /* ours until it is published */
    for (uint32_t i = 0; i < POINTS; i++)
        item[i] = i;
    s->status = TRAIN_ELSEWHERE;
    s->steps = series_new(sizeof(struct step_row));
    s->measured = series_new(sizeof(struct measures));
    s->events = series_new(sizeof(struct event));
    return s;
}

static void fill_classes(struct dataset *data)
{
    static const char *const names[CLASSES] = {"disc", "square", "star", "moon", "bar"};
    data->n = POINTS;
    struct column *label = dataset_add_column(data, "label", COLUMN_CATEGORY);
    for (size_t i = 0; i < POINTS; i++)
        label->code[i] = column_code(label, names[i % CLASSES]);
    dataset_finish(data, "bench", "bench");
}

/* Seconds of the quickest frame; each stands `on` further on the way between two maps. */
static double time_frames(struct scene *scene, struct canvas *canvas, double on, double seconds)
{
    double best = INFINITY, until = clock_seconds() + seconds;
    do {
        scene->map_share = fmod(scene->map_share + on, 1);
        double start = clock_seconds();
        screen_draw(scene, canvas);
        best = fmin(best, clock_seconds() - start);
    } while (clock_seconds() < until);
    return best;
}

struct frame_times {
    double moving, still; /* seconds */
};

static struct frame_times time_map(double seconds)
{
    struct dataset data = dataset_empty;
    struct theme theme = {GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
    struct scene scene;
    struct canvas canvas;
    fill_classes(&data);
    scene_init(&scene, &data, &theme);
    struct snapshot *now = draw_snapshot();
    struct result *before = draw_points(0), *map = draw_points(1);
    scene.now = now;
    scene.map = scene.found[REQUEST_MAP] = map;
    scene.map_before = before;
    scene.elsewhere = true;
    canvas_init(&canvas, WIDTH, HEIGHT);
    struct frame_times times;
    times.moving = time_frames(&scene, &canvas, 0.0625, seconds / 2);
    times.still = time_frames(&scene, &canvas, 0, seconds / 2);
    canvas_release(&canvas);
    scene_release(&scene);
    result_unref(map);
    result_unref(before);
    snapshot_unref(now);
    dataset_release(&data);
    return times;
}

static double time_search(int threads, double seconds)
{
    struct pool *pool = pool_new(threads, 0);
    float *rows = xaligned((size_t)POINTS * D, sizeof *rows);
    struct rng rng = rng_at(0, RNG_SAMPLE, 0, 2, 0);
    for (size_t i = 0; i < (size_t)POINTS * D; i++)
        rows[i] = (float)rng_uniform(&rng) - 0.5F;
    struct bank bank;
    bank_init(&bank, rows, POINTS, D, pool);
    double best = INFINITY, until = clock_seconds() + seconds;
    do {
        struct neighbours found;
        double start = clock_seconds();
        neighbours_find(&found, &bank, rows, 1, K + 1, false, pool, NULL);
        best = fmin(best, clock_seconds() - start);
        neighbours_release(&found);
    } while (clock_seconds() < until);
    bank_release(&bank);
    free(rows);
    pool_free(pool);
    return best;
}

static enum exit_code run(int threads, double seconds, bool json, struct err *err)
{
    (void)err;
    struct frame_times frame = time_map(seconds / 2);
    double near = time_search(threads, seconds / 2);
    if (json)
        printf("{\"bench\": \"frame\", \"threads\": %d, \"points\": %d, \"frame_ms\": %.2f, "
               "\"still_ms\": %.2f, \"near_ms\": %.2f}\n",
               threads, POINTS, 1e3 * frame.moving, 1e3 * frame.still, 1e3 * near);
    else
        printf("frame       %8.1f ms a frame of %d moving points on %d x %d, %.1f standing still; %.1f ms "
               "the %d "
               "nearest of one\n",
               1e3 * frame.moving, POINTS, WIDTH, HEIGHT, 1e3 * frame.still, 1e3 * near, K);
    return EXIT_FINE;
}

const struct bench bench_frame = {
    .entry = {"frame", "A map of 1,000,000 points drawn, and the nearest of one of so many.", NULL},
    .run = run,
};
