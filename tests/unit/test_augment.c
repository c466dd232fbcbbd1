/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"
#include "augment/color.h"
#include "base/check.h"
#include "support/cmocka.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEIGHT = 21, WIDTH = 34, PLANE = HEIGHT * WIDTH, MOST = 3 * PLANE };

static const double pi = 3.14159265358979323846;

/* A picture with memory of its own; pixel and scratch may change places. */
struct bed {
    struct picture picture;
    float a[MOST], b[MOST], before[MOST];
};

static void bed_init(struct bed *bed, int channels)
{
    bed->picture = (struct picture){HEIGHT, WIDTH, channels, bed->a, bed->b};
    struct rng rng = rng_at(5, RNG_SAMPLE, 0, 0, 0);
    for (int i = 0; i < PLANE * channels; i++)
        bed->a[i] = (float)rng_uniform(&rng);
    memcpy(bed->before, bed->a, sizeof bed->a);
}

static const struct augment *kind_of(const char *name)
{
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++)
        if (strcmp(kind->entry.name, name) == 0)
            return kind;
    fail_msg("no %s", name);
    return NULL;
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.9g is not %.9g (within %g)", a, b, tolerance);
}

static void view(const char *text, uint64_t item, const uint8_t *from, int side, int channels, float *to)
{
    struct recipe recipe = {0};
    struct err err;
    float *scratch = malloc(2 * (size_t)(side * side * channels) * sizeof *scratch);
    assert_true(recipe_parse(&recipe, text, &err));
    recipe_apply(&recipe, (struct view_key){1, 2, item, 0}, from, side, side, channels, to, scratch);
    free(scratch);
}

/* ---- geometry ---- */

static struct affine random_map(struct rng *rng)
{
    struct affine map;
    for (int i = 0; i < 6; i++)
        map.m[i] = rng_between(rng, -1.5, 1.5);
    return map;
}

static void map_point(struct affine map, double x, double y, double out[2])
{
    out[0] = map.m[0] * x + map.m[1] * y + map.m[2];
    out[1] = map.m[3] * x + map.m[4] * y + map.m[5];
}

static void compose_is_one_after_the_other(void **state)
{
    (void)state;
    struct rng rng = rng_at(1, RNG_SAMPLE, 1, 0, 0);
    for (int i = 0; i < 100; i++) {
        struct affine outer = random_map(&rng), inner = random_map(&rng);
        double x = rng_between(&rng, -1, 1), y = rng_between(&rng, -1, 1), half[2], want[2], got[2];
        map_point(inner, x, y, half);
        map_point(outer, half[0], half[1], want);
        map_point(affine_compose(outer, inner), x, y, got);
        assert_near(got[0], want[0], 1e-12);
        assert_near(got[1], want[1], 1e-12);
    }
}

static double pixel_at(const float *plane, int x, int y)
{
    x = x < 0 ? 0 : x >= WIDTH ? WIDTH - 1 : x;
    y = y < 0 ? 0 : y >= HEIGHT ? HEIGHT - 1 : y;
    return plane[y * WIDTH + x];
}

/* Straight from the definition, in double. */
static double bilinear(struct affine map, const float *plane, int column, int row)
{
    double p[2];
    map_point(map, (2.0 * column + 1) / WIDTH - 1, (2.0 * row + 1) / HEIGHT - 1, p);
    double x = ((p[0] + 1) * WIDTH - 1) / 2, y = ((p[1] + 1) * HEIGHT - 1) / 2;
    double x0 = floor(x), y0 = floor(y), fx = x - x0, fy = y - y0;
    int i = (int)x0, j = (int)y0;
    return (1 - fy) * ((1 - fx) * pixel_at(plane, i, j) + fx * pixel_at(plane, i + 1, j)) +
           fy * ((1 - fx) * pixel_at(plane, i, j + 1) + fx * pixel_at(plane, i + 1, j + 1));
}

static void resampling_is_bilinear(void **state)
{
    (void)state;
    static struct bed bed;
    struct rng rng = rng_at(1, RNG_SAMPLE, 2, 0, 0);
    for (int i = 0; i < 20; i++) {
        bed_init(&bed, i % 2 ? 3 : 1);
        struct affine map = random_map(&rng);
        affine_resample(map, &bed.picture);
        assert_ptr_equal(bed.picture.pixel, bed.b);
        for (int k = 0; k < PLANE * bed.picture.channels; k++) {
            int in_plane = k % PLANE;
            const float *plane = bed.before + k - in_plane;
            assert_near(bed.picture.pixel[k], bilinear(map, plane, in_plane % WIDTH, in_plane / WIDTH), 3e-5);
        }
    }
}

static void identity_and_flip_are_exact(void **state)
{
    (void)state;
    static struct bed bed;
    bed_init(&bed, 3);
    affine_resample(affine_identity(), &bed.picture);
    assert_memory_equal(bed.picture.pixel, bed.before, sizeof bed.before);
    const struct augment *flip = kind_of("flip");
    struct affine map = flip->warp(0, (double)WIDTH / HEIGHT, NULL);
    affine_resample(map, &bed.picture);
    for (int k = 0; k < MOST; k++)
        assert_true(bed.picture.pixel[k] == bed.before[k / WIDTH * WIDTH + WIDTH - 1 - k % WIDTH]);
    affine_resample(affine_compose(map, map), &bed.picture);
    affine_resample(map, &bed.picture);
    assert_memory_equal(bed.picture.pixel, bed.before, sizeof bed.before);
}

static void a_quarter_turn_of_a_square(void **state)
{
    (void)state;
    float a[9] = {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f}, b[9];
    static const float want[9] = {.3f, .6f, .9f, .2f, .5f, .8f, .1f, .4f, .7f};
    struct picture picture = {3, 3, 1, a, b};
    affine_resample(affine_turn(pi / 2, 1), &picture);
    for (int i = 0; i < 9; i++)
        assert_near(picture.pixel[i], want[i], 1e-6);
}

/* A turn keeps lengths in pixels whatever the picture's shape. */
static void turns_are_rigid(void **state)
{
    (void)state;
    double aspect = 2.5, p[2];
    struct affine map = affine_turn(0.7, aspect);
    map_point(map, 1, 0, p);
    assert_near(hypot(p[0] * aspect, p[1]), aspect, 1e-12);
    map_point(map, 0, 1, p);
    assert_near(hypot(p[0] * aspect, p[1]), 1, 1e-12);
}

static void crops_have_the_area_asked_for(void **state)
{
    (void)state;
    const struct augment *crop = kind_of("crop");
    struct rng rng = rng_at(1, RNG_SAMPLE, 3, 0, 0);
    double mean_x = 0, mean_log = 0, spread_log = 0;
    int n = 4000;
    for (int i = 0; i < n; i++) {
        double area = rng_between(&rng, 0.05, 1);
        struct affine map = crop->warp(area, 1.3, &rng);
        double w = map.m[0], h = map.m[4];
        assert_near(w * h, area, 1e-12);
        assert_true(w / h > 0.75 - 1e-9 && w / h < 4.0 / 3 + 1e-9);
        assert_true(map.m[1] == 0 && map.m[3] == 0);
        assert_true(fabs(map.m[2]) + w <= 1 + 1e-12 && fabs(map.m[5]) + h <= 1 + 1e-12); /* inside */
        if (area < 0.7)
            mean_x += map.m[2] / n, mean_log += log(w / h) / n,
                spread_log = fmax(spread_log, fabs(log(w / h)));
    }
    assert_near(mean_x, 0, 0.02);
    assert_near(mean_log, 0, 0.01);
    assert_true(spread_log > 0.28); /* of ln 4/3 = 0.288 */
}

static void drawn_strengths_fill_their_range(void **state)
{
    (void)state;
    /* brightness of a constant picture is its factor: 100/255 * U[0.6, 1.4] */
    uint8_t from[4] = {100, 100, 100, 100};
    float to[4];
    double low = 9, high = 0, mean = 0;
    for (uint64_t i = 0; i < 2000; i++) {
        view("brightness=0.4@1", i, from, 2, 1, to);
        double factor = to[0] * 255.0 / 100;
        low = fmin(low, factor), high = fmax(high, factor), mean += factor / 2000;
        assert_true(to[0] == to[3]);
    }
    assert_true(low >= 0.6 - 1e-6 && low < 0.605 && high <= 1.4 + 1e-6 && high > 1.395);
    assert_near(mean, 1, 0.02);
}

static void steps_in_a_row_are_one_map(void **state)
{
    (void)state;
    enum { SIDE = 16 };
    uint8_t from[SIDE * SIDE];
    float crop[SIDE * SIDE], both[SIDE * SIDE], plain[SIDE * SIDE], scratch[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        from[i] = (uint8_t)(i * 89 % 256);
    picture_plain(from, SIDE * SIDE, plain);
    /* flip is exact, so flipping the cropped picture and composing crop with flip must agree to rounding */
    view("crop=0.5", 4, from, SIDE, 1, crop);
    view("crop=0.5 flip@1", 4, from, SIDE, 1, both);
    struct picture picture = {SIDE, SIDE, 1, crop, scratch};
    affine_resample((struct affine){{-1, 0, 0, 0, 1, 0}}, &picture);
    for (int i = 0; i < SIDE * SIDE; i++)
        assert_near(both[i], picture.pixel[i], 2e-5);
}

/* What one step draws does not depend on the others, so a knob can be judged by itself. */
static void steps_draw_for_themselves(void **state)
{
    (void)state;
    enum { SIDE = 16 };
    uint8_t from[SIDE * SIDE];
    float a[SIDE * SIDE], b[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        from[i] = (uint8_t)(i * 89 % 256);
    for (uint64_t item = 0; item < 20; item++) {
        view("crop=0.3..1 rotate=20 noise=0.1 brightness=0.4", item, from, SIDE, 1, a);
        view("crop=0.3..1 erase@0 rotate=20 invert@0 blur=0 noise=0.1 brightness=0.4", item, from, SIDE, 1,
             b);
        assert_memory_equal(a, b, sizeof a);
    }
}

/* ---- colour ---- */

static double luma_at(const float *pixel, int i)
{
    return 0.299 * pixel[i] + 0.587 * pixel[PLANE + i] + 0.114 * pixel[2 * PLANE + i];
}

static double clip(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

static void brightness_contrast_saturation(void **state)
{
    (void)state;
    static struct bed bed;
    static const double factors[] = {0, 0.3, 1, 1.7};
    for (size_t f = 0; f < ARRAY_LEN(factors); f++)
        for (int operation = 0; operation < 3; operation++) {
            bed_init(&bed, 3);
            double factor = factors[f], mean = 0;
            for (int i = 0; i < PLANE; i++)
                mean += luma_at(bed.before, i) / PLANE;
            (operation == 0   ? color_brightness
             : operation == 1 ? color_contrast
                              : color_saturation)(&bed.picture, factor);
            for (int i = 0; i < MOST; i++) {
                double centre = operation == 0 ? 0 : operation == 1 ? mean : luma_at(bed.before, i % PLANE);
                assert_near(bed.picture.pixel[i], clip(centre + factor * (bed.before[i] - centre)), 2e-6);
            }
        }
}

static void grey_makes_three_equal_channels(void **state)
{
    (void)state;
    uint8_t from[3] = {200, 100, 30};
    float to[3];
    view("grey@1", 0, from, 1, 3, to);
    assert_true(to[0] == to[1] && to[1] == to[2]);
    assert_near(to[0], (0.299 * 200 + 0.587 * 100 + 0.114 * 30) / 255, 1e-6);
}

static void hue_turns_about_the_greys(void **state)
{
    (void)state;
    static struct bed bed;
    bed_init(&bed, 3);
    for (int i = 0; i < MOST; i++) /* pale, so that nothing is clipped */
        bed.a[i] = 0.45f + 0.1f * bed.a[i];
    memcpy(bed.before, bed.a, sizeof bed.a);
    color_hue(&bed.picture, 0.2);
    double moved = 0;
    for (int i = 0; i < PLANE; i++) {
        assert_near(luma_at(bed.a, i), luma_at(bed.before, i), 2e-5); /* YIQ's published digits */
        moved += fabs(bed.a[i] - bed.before[i]) / PLANE;
    }
    assert_true(moved > 0.01);
    color_hue(&bed.picture, -0.2);
    for (int i = 0; i < MOST; i++)
        assert_near(bed.a[i], bed.before[i], 1e-4);
    for (int i = 0; i < MOST; i++)
        bed.a[i] = (float)(i % PLANE) / PLANE;
    color_hue(&bed.picture, 0.37);
    for (int i = 0; i < MOST; i++)
        assert_near(bed.a[i], (i % PLANE) / (double)PLANE, 1e-4);
}

/* A third of a turn takes red to green, two thirds to blue. */
static void hue_goes_round_the_circle(void **state)
{
    (void)state;
    for (int third = 1; third < 3; third++) {
        float a[3] = {0.6f, 0.4f, 0.4f}, b[3];
        struct picture picture = {1, 1, 3, a, b};
        color_hue(&picture, third / 3.0);
        assert_true(a[third] > a[0] + 0.1 && a[third] > a[3 - third] + 0.1);
    }
}

static void jitter_changes_all_four(void **state)
{
    (void)state;
    uint8_t from[12] = {180, 90, 60, 60, 120, 150, 100, 100, 100, 30, 40, 20};
    float to[12], plain[12];
    picture_plain(from, 12, plain);
    int idle = 0;
    double brightness = 0;
    for (uint64_t item = 0; item < 1000; item++) {
        view("jitter=0.4", item, from, 2, 3, to);
        idle += memcmp(to, plain, sizeof to) == 0;
        brightness += (to[6] + to[7] + to[8]) / (plain[6] + plain[7] + plain[8]) / 1000;
        assert_near(to[6], to[7], 1e-3); /* a grey pixel stays grey */
    }
    assert_true(idle > 150 && idle < 250); /* p 0.8 */
    assert_near(brightness, 1, 0.03);
}

/* The other three scale a pale pixel's I and Q but do not turn them, so the angle is what the hue did. */
static void jitter_turns_the_hue_by_its_strength(void **state)
{
    (void)state;
    uint8_t from[3] = {120, 105, 105};
    float to[3];
    double most = 0;
    for (uint64_t item = 0; item < 2000; item++) {
        view("jitter=0.4@1", item, from, 1, 3, to);
        double i = 0.595716 * to[0] - 0.274453 * to[1] - 0.321263 * to[2];
        double q = 0.211456 * to[0] - 0.522591 * to[1] + 0.311135 * to[2];
        most = fmax(most, fabs(remainder((atan2(q, i) - atan2(0.211456, 0.595716)) / (2 * pi), 1)));
    }
    assert_true(most < 0.401 && most > 0.39);
}

/* ---- texture ---- */

static void blur_is_a_convolution(void **state)
{
    (void)state;
    static struct bed bed;
    static const double deviations[] = {0.3, 1, 2.2, 5};
    for (size_t d = 0; d < ARRAY_LEN(deviations); d++) {
        bed_init(&bed, 3);
        double deviation = deviations[d], weight[31], sum = 0;
        int radius = (int)ceil(3 * deviation);
        for (int k = -radius; k <= radius; k++)
            sum += weight[k + radius] = exp(-k * k / (2 * deviation * deviation));
        kind_of("blur")->paint(&bed.picture, deviation, NULL);
        for (int p = 0; p < MOST; p += 7) {
            const float *plane = bed.before + p / PLANE * PLANE;
            double want = 0;
            for (int y = -radius; y <= radius; y++)
                for (int x = -radius; x <= radius; x++)
                    want += weight[x + radius] * weight[y + radius] / (sum * sum) *
                            pixel_at(plane, p % WIDTH + x, p % PLANE / WIDTH + y);
            assert_near(bed.picture.pixel[p], want, 1e-5);
        }
    }
}

static void noise_has_the_moments_it_says(void **state)
{
    (void)state;
    enum { SIDE = 200, N = SIDE * SIDE };
    static uint8_t from[N];
    static float to[N], other[N];
    memset(from, 128, sizeof from);
    view("noise=0.05", 1, from, SIDE, 1, to);
    view("noise=0.05", 2, from, SIDE, 1, other);
    double mean = 0, variance = 0, fourth = 0, beside = 0, below = 0, across = 0;
    for (int i = 0; i < N; i++) {
        double x = (to[i] - 128 / 255.0) / 0.05;
        mean += x / N, variance += x * x / N, fourth += x * x * x * x / N;
        if (i >= SIDE) {
            beside += x * (to[i - 1] - 128 / 255.0) / 0.05 / N;
            below += x * (to[i - SIDE] - 128 / 255.0) / 0.05 / N;
        }
        across += x * (other[i] - 128 / 255.0) / 0.05 / N;
    }
    assert_near(mean, 0, 0.02);
    assert_near(variance, 1, 0.03);
    assert_near(fourth, 2.7, 0.1); /* of a normal 3; of four uniforms 3 - 1.2 / 4 */
    assert_near(beside, 0, 0.02);
    assert_near(below, 0, 0.02);
    assert_near(across, 0, 0.02);
}

static void erase_paints_a_box_of_the_mean(void **state)
{
    (void)state;
    static struct bed bed;
    struct rng rng = rng_at(1, RNG_SAMPLE, 9, 0, 0);
    for (int round = 0; round < 50; round++) {
        bed_init(&bed, 1);
        kind_of("erase")->paint(&bed.picture, 0.2, &rng);
        int changed = 0, left = WIDTH, right = 0, top = HEIGHT, bottom = 0;
        float mean = 0;
        for (int i = 0; i < PLANE; i++) {
            if (bed.a[i] == bed.before[i])
                continue;
            changed++, mean = bed.a[i];
            left = i % WIDTH < left ? i % WIDTH : left, right = i % WIDTH > right ? i % WIDTH : right;
            top = i / WIDTH < top ? i / WIDTH : top, bottom = i / WIDTH > bottom ? i / WIDTH : bottom;
        }
        assert_int_equal(changed, (right - left + 1) * (bottom - top + 1));
        assert_near(changed / (double)PLANE, 0.2, 0.03);
        assert_near(mean, 0.5, 0.05);
    }
}

/* The largest box there is keeps its area: its shape is one that fits. */
static void a_large_box_has_the_area_asked_for(void **state)
{
    (void)state;
    static struct bed bed;
    struct rng rng = rng_at(1, RNG_SAMPLE, 10, 0, 0);
    for (int round = 0; round < 50; round++) {
        bed_init(&bed, 1);
        kind_of("erase")->paint(&bed.picture, 0.8, &rng);
        int changed = 0;
        for (int i = 0; i < PLANE; i++)
            changed += bed.a[i] != bed.before[i];
        assert_near(changed / (double)PLANE, 0.8, 0.05);
    }
}

static void invert_and_solarise(void **state)
{
    (void)state;
    uint8_t from[4] = {0, 127, 128, 255};
    float to[4];
    view("invert@1", 0, from, 2, 1, to);
    assert_true(to[0] == 1 && to[3] == 0);
    assert_near(to[1], 128 / 255.0, 1e-6);
    view("solarise=0.5@1", 0, from, 2, 1, to);
    assert_true(to[0] == 0 && to[3] == 0);
    assert_near(to[1], 127 / 255.0, 1e-6);
    assert_near(to[2], 127 / 255.0, 1e-6);
}

/* ---- the whole ---- */

static void plain_values(void **state)
{
    (void)state;
    uint8_t from[256];
    float to[256];
    for (int i = 0; i < 256; i++)
        from[i] = (uint8_t)i;
    picture_plain(from, 256, to);
    assert_true(to[0] == 0 && to[255] == 1);
    for (int i = 0; i < 256; i++)
        assert_near(to[i], i / 255.0, 1e-7);
}

/* Every kind at once on pictures down to one pixel, in memory of exactly the size asked for. */
static void any_size(void **state)
{
    (void)state;
    struct recipe recipe = {0};
    for (; augment_at(recipe.n); recipe.n++) {
        const struct augment *kind = augment_at(recipe.n);
        double high = kind->entry.knobs ? kind->entry.knobs[0].max : 0;
        recipe.step[recipe.n] = (struct augment_step){kind, kind->low, high, 1};
    }
    for (int height = 1; height <= 5; height++)
        for (int width = 1; width <= 5; width++)
            for (int channels = 1; channels <= 3; channels += 2) {
                size_t n = (size_t)(height * width * channels);
                uint8_t *from = malloc(n);
                float *to = malloc(n * sizeof *to), *scratch = malloc(2 * n * sizeof *scratch);
                memset(from, 77, n);
                memset(scratch, 0xff, 2 * n * sizeof *scratch);
                for (uint64_t item = 0; item < 10; item++)
                    recipe_apply(&recipe, (struct view_key){1, 1, item, 1}, from, height, width, channels, to,
                                 scratch);
                for (size_t i = 0; i < n; i++)
                    assert_true(to[i] >= 0 && to[i] <= 1);
                free(from), free(to), free(scratch);
            }
}

/* A ramp says where its pixels come from: each moved probe is shifted and turned by no more than it should.
 */
static void moved_probes(void **state)
{
    (void)state;
    enum { SIDE = 51, CENTRE = SIDE / 2 * SIDE + SIDE / 2, N = SIDE * SIDE };
    static uint8_t ramp[2][N];
    static float moved[2][N], scratch[2 * N];
    for (int i = 0; i < N; i++)
        ramp[0][i] = (uint8_t)(i % SIDE * 5), ramp[1][i] = (uint8_t)(i / SIDE * 5);
    double most_shift = 0, most_turn = 0;
    for (uint64_t item = 0; item < 300; item++) {
        double p[2], q[2];
        for (int axis = 0; axis < 2; axis++) {
            struct rng rng = rng_at(1, RNG_MOVED, 0, item, 0);
            picture_moved(ramp[axis], SIDE, SIDE, 1, &rng, moved[axis], scratch);
            p[axis] = moved[axis][CENTRE] * 51;
            q[axis] = moved[axis][CENTRE + 10] * 51;
        }
        double turn = fabs(atan2(q[1] - p[1], q[0] - p[0])) * 180 / pi;
        most_turn = fmax(most_turn, turn);
        most_shift = fmax(most_shift, fmax(fabs(p[0] - SIDE / 2), fabs(p[1] - SIDE / 2)));
        assert_near(hypot(q[0] - p[0], q[1] - p[1]), 10, 1e-3);
    }
    assert_true(most_turn <= 20.01 && most_turn > 19);
    assert_true(most_shift <= 0.12 * SIDE + 0.01 && most_shift > 0.11 * SIDE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compose_is_one_after_the_other),
        cmocka_unit_test(resampling_is_bilinear),
        cmocka_unit_test(identity_and_flip_are_exact),
        cmocka_unit_test(a_quarter_turn_of_a_square),
        cmocka_unit_test(turns_are_rigid),
        cmocka_unit_test(crops_have_the_area_asked_for),
        cmocka_unit_test(drawn_strengths_fill_their_range),
        cmocka_unit_test(steps_in_a_row_are_one_map),
        cmocka_unit_test(steps_draw_for_themselves),
        cmocka_unit_test(brightness_contrast_saturation),
        cmocka_unit_test(grey_makes_three_equal_channels),
        cmocka_unit_test(hue_turns_about_the_greys),
        cmocka_unit_test(hue_goes_round_the_circle),
        cmocka_unit_test(jitter_changes_all_four),
        cmocka_unit_test(jitter_turns_the_hue_by_its_strength),
        cmocka_unit_test(blur_is_a_convolution),
        cmocka_unit_test(noise_has_the_moments_it_says),
        cmocka_unit_test(erase_paints_a_box_of_the_mean),
        cmocka_unit_test(a_large_box_has_the_area_asked_for),
        cmocka_unit_test(invert_and_solarise),
        cmocka_unit_test(plain_values),
        cmocka_unit_test(any_size),
        cmocka_unit_test(moved_probes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
