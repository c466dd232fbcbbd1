/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "support/cmocka.h"
#include "support/golden.h"
#include "ui/plot.h"

#include <math.h>
#include <stdio.h>

static const struct theme braille = {GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
static const struct theme blocks = {GROUND_DARK, DEPTH_256, GLYPHS_BLOCKS};
static const struct theme ascii = {GROUND_DARK, DEPTH_16, GLYPHS_ASCII};
static const struct theme mono = {GROUND_DARK, DEPTH_MONO, GLYPHS_BRAILLE};
static const struct theme few = {GROUND_DARK, DEPTH_16, GLYPHS_BRAILLE};

/* Draws, compares with tests/golden/plot/<name>.txt. */
static void expect(const char *name, const struct canvas *canvas, bool styles)
{
    char path[64];
    snprintf(path, sizeof path, "plot/%s", name);
    golden_canvas(path, canvas, styles);
}

enum { STEPS = 200 };

/* A loss that falls with a gap in it, an earlier run, a baseline, chance, an event. */
static void draw_chart(const char *name, int width, int height, const struct theme *theme)
{
    float x[STEPS], now[STEPS], before[STEPS], mark = 60;
    for (int i = 0; i < STEPS; i++) {
        x[i] = (float)i;
        now[i] = i >= 120 && i < 130 ? (float)NAN : 90 - 70 * expf(-(float)i / 40) + (i % 7 == 0 ? 5 : 0);
        before[i] = 20 + 0.2f * (float)i;
    }
    struct curve curves[] = {{x, before, STEPS, theme_style(theme, ROLE_EARLIER)},
                             {x, now, STEPS, theme_category(theme, 0, COLOUR_DEFAULT)}};
    struct guide guides[] = {{76, GLYPH_GUIDE, theme_style(theme, ROLE_QUIET)},
                             {13, GLYPH_CHANCE, theme_style(theme, ROLE_QUIET)}};
    struct chart chart = {.x_low = 0,
                          .x_high = STEPS - 1,
                          .y_low = 0,
                          .y_high = 100,
                          .y_low_text = "0",
                          .y_high_text = "100",
                          .curve = curves,
                          .n_curves = 2,
                          .guide = guides,
                          .n_guides = 2,
                          .mark = &mark,
                          .n_marks = 1};
    struct canvas canvas;
    canvas_init(&canvas, width, height);
    plot_chart(&canvas, canvas_rect(&canvas), &chart, theme);
    expect(name, &canvas, theme == &braille);
    canvas_release(&canvas);
}

static void charts_join_their_points_and_break_at_gaps(void **state)
{
    (void)state;
    draw_chart("chart", 60, 12, &braille);
    draw_chart("chart_blocks", 60, 12, &blocks);
    draw_chart("chart_ascii", 60, 12, &ascii);
    draw_chart("chart_small", 12, 3, &mono);
}

/* Three clouds and one stray point. */
enum { POINTS = 300 };
struct cloud {
    float x[POINTS], y[POINTS];
    uint32_t code[POINTS];
};

static void make_cloud(struct cloud *cloud)
{
    for (int i = 0; i < POINTS; i++) {
        double turn = i * 2.399963, far = sqrt(i / (double)POINTS);
        cloud->code[i] = (uint32_t)(i % 3);
        cloud->x[i] = (float)((i % 3) * 2 - 2 + far * cos(turn));
        cloud->y[i] = (float)((i % 3 == 1) + far * sin(turn));
    }
    cloud->code[0] = UINT32_MAX;
    cloud->x[1] = (float)NAN;
}

static void draw_scatter(const char *name, enum scatter_mode mode, const struct theme *theme)
{
    struct cloud cloud;
    make_cloud(&cloud);
    uint8_t raised[POINTS] = {[5] = 1}, hidden[POINTS] = {[6] = 1};
    struct style style[3];
    for (size_t i = 0; i < 3; i++)
        style[i] = theme_category(theme, i, COLOUR_DEFAULT);
    struct canvas canvas;
    canvas_init(&canvas, 60, 16);
    struct rect rect = {2, 1, 56, 14};
    struct scatter scatter = {.n = POINTS,
                              .x = cloud.x,
                              .y = cloud.y,
                              .code = cloud.code,
                              .letter = "osf",
                              .style = style,
                              .n_codes = 3,
                              .hidden = hidden,
                              .raised = raised,
                              .selected = 200};
    plot_scatter_fit(&scatter, rect);
    plot_scatter(&canvas, rect, &scatter, mode, theme);
    expect(name, &canvas, theme != &ascii);
    canvas_release(&canvas);
}

static void scatter_shows_letters_dots_and_density(void **state)
{
    (void)state;
    draw_scatter("scatter_letters", SCATTER_LETTERS, &braille);
    draw_scatter("scatter_dots", SCATTER_DOTS, &braille);
    draw_scatter("scatter_dots_blocks", SCATTER_DOTS, &blocks);
    draw_scatter("scatter_dots_mono", SCATTER_DOTS, &mono);
    draw_scatter("scatter_dots_ascii", SCATTER_DOTS, &ascii);
    draw_scatter("scatter_density", SCATTER_DENSITY, &braille);
    draw_scatter("scatter_density_mono", SCATTER_DENSITY, &mono);
    draw_scatter("scatter_density_ascii", SCATTER_DENSITY, &ascii);
}

/* A red ring on a dark blue ground. */
static void draw_picture(const char *name, struct rect rect, const struct theme *theme)
{
    enum { SIDE = 32 };
    uint8_t pixel[SIDE * SIDE * 3];
    for (int i = 0; i < SIDE * SIDE; i++) {
        double far = hypot(i % SIDE - 15.5, i / SIDE - 15.5);
        bool ring = far < 13 && far > 6;
        pixel[3 * i] = ring ? 230 : 10;
        pixel[3 * i + 1] = ring ? 60 : 20;
        pixel[3 * i + 2] = ring ? 40 : 70;
    }
    struct raster raster = {SIDE, SIDE, 3, NULL, pixel};
    struct canvas canvas;
    canvas_init(&canvas, 18, 9);
    plot_picture(&canvas, rect, &raster, theme);
    expect(name, &canvas, theme->depth != DEPTH_MONO);
    canvas_release(&canvas);
}

static void pictures_keep_their_aspect(void **state)
{
    (void)state;
    draw_picture("picture", (struct rect){0, 0, 16, 8}, &braille);
    draw_picture("picture_low", (struct rect){1, 1, 16, 3}, &braille);
    draw_picture("picture_16", (struct rect){0, 0, 16, 8}, &few);
    draw_picture("picture_mono", (struct rect){0, 0, 16, 8}, &mono);
    draw_picture("picture_ascii", (struct rect){0, 0, 16, 8}, &ascii);
}

static void bars_and_levels(void **state)
{
    (void)state;
    float value[] = {0, 1, 2, 4, 8, 16, 15, 9, 5, 0.01f, (float)NAN, -3, 16};
    const struct theme *themes[] = {&braille, &ascii};
    struct canvas canvas;
    canvas_init(&canvas, 20, 12);
    for (int i = 0; i < 2; i++) {
        struct rect high = {0, i * 6, 20, 3}, low = {0, i * 6 + 4, 20, 1};
        plot_bars(&canvas, high, value, ARRAY_LEN(value), style_plain, themes[i]);
        plot_bars(&canvas, low, value, ARRAY_LEN(value), style_plain, themes[i]);
        plot_level(&canvas, (struct rect){0, i * 6 + 5, 20, 1}, 0, i * 6 + 5, 8, 0.4, style_plain, themes[i]);
    }
    expect("bars", &canvas, false);
    canvas_release(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charts_join_their_points_and_break_at_gaps),
        cmocka_unit_test(scatter_shows_letters_dots_and_density),
        cmocka_unit_test(pictures_keep_their_aspect),
        cmocka_unit_test(bars_and_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
