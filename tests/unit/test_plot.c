/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "support/cmocka.h"
#include "ui/grid.h"
#include "ui/plot.h"

#include <math.h>
#include <stdlib.h>

static const struct theme braille = {GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};

static void points_fall_into_their_cells(void **state)
{
    (void)state;
    struct grid grid = {-1, 1, 2, 1, .width = 4, .height = 2, .log_across = 1, .log_down = 2};
    float x[] = {-1, 0.99f, 1.0f, 0, (float)NAN, INFINITY, 0, -1.01f},
          y[] = {1, -0.99f, 0, 0, 0, 0, -1e30f, 0};
    int32_t expected[] = {0, 7, -1, 6, -1, -1, -1, -1}, cell[8];
    uint8_t dot[8];
    grid_cells(&grid, x, y, 8, cell, dot);
    for (int i = 0; i < 8; i++)
        assert_int_equal(cell[i], expected[i]);
    assert_int_equal(dot[0], 0);
    assert_int_equal(dot[1], 7);
    struct extent extent = grid_extent(x, y, 8);
    assert_true(extent.x_low == -1.01f && extent.x_high == 1.0f);
    assert_true(extent.y_low == -1e30f && extent.y_high == 1.0f);
}

/* Every theme, every size: what clips or divides by nothing shows under the sanitizers. */
static void every_plot_draws_at_every_size(void **state)
{
    (void)state;
    float x[] = {0, 1, 2, (float)NAN, INFINITY, 1e30f}, y[] = {5, (float)NAN, 3, 0, 1, -1e30f};
    uint32_t code[] = {0, 1, 7, UINT32_MAX, 0, 0};
    struct style style[2] = {style_plain, style_plain};
    struct curve curve = {x, y, 6, style_plain};
    struct guide guide = {2, GLYPH_GUIDE, style_plain}, far = {1e30f, GLYPH_GUIDE, style_plain};
    struct guide guides[] = {guide, far};
    float pixels[12] = {0, 0.5f, 1, (float)NAN, 2, -1};
    struct raster raster = {2, 2, 3, pixels, NULL}, thin = {1, 12, 1, pixels, NULL};
    struct canvas canvas;
    canvas_init(&canvas, 24, 12);
    for (int i = 0; i < 24 * 12 * 12; i++) {
        struct theme theme = {(enum ground)(i % 2), (enum depth)(i / 2 % 4), (enum glyph_set)(i / 8 % 3)};
        struct rect rect = {i % 5 - 2, i % 3 - 1, i % 25, i / 25 % 13};
        struct chart chart = {
            0, i % 3 ? 2 : 0, 0, i % 2 ? 5 : 0, "0", "a label that is long", &curve, 1, guides, 2, x,
            6, i % 2};
        struct scatter scatter = {.n = 6,
                                  .x = x,
                                  .y = y,
                                  .code = i % 2 ? code : NULL,
                                  .letter = "ab",
                                  .style = style,
                                  .n_codes = 2,
                                  .selected = (size_t)(i % 8)};
        plot_chart(&canvas, rect, &chart, &theme);
        plot_scatter_fit(&scatter, rect);
        plot_scatter(&canvas, rect, &scatter, (enum scatter_mode)(i % 4), &theme);
        plot_scatter_at(&scatter, rect, i % 30 - 3, 2);
        plot_picture(&canvas, rect, i % 2 ? &raster : &thin, &theme);
        plot_bars(&canvas, rect, y, 6, style_plain, &theme);
        plot_level(&canvas, rect, rect.x, rect.y, rect.width, 0.5, style_plain, &theme);
    }
    canvas_release(&canvas);
}

static void fit_shows_every_point_and_at_finds_it(void **state)
{
    (void)state;
    float x[] = {-3, 9, 2, 2}, y[] = {100, 101, 100.5f, 100.5f};
    uint8_t hidden[] = {0, 0, 1, 0};
    for (int width = 4; width < 60; width++)
        for (int height = 1; height < 20; height += 3) {
            struct rect rect = {7, 3, width, height};
            struct scatter scatter = {.n = 4, .x = x, .y = y, .hidden = hidden, .selected = SIZE_MAX};
            plot_scatter_fit(&scatter, rect);
            for (size_t i = 0; i < 4; i++) {
                int cx, cy;
                assert_true(plot_scatter_cell(&scatter, rect, i, &cx, &cy));
                assert_true(rect_has(rect, cx, cy));
                if (width > 20)
                    assert_int_equal(plot_scatter_at(&scatter, rect, cx, cy), i == 2 ? 3 : i);
            }
        }
    struct scatter none = {.n = 0, .selected = SIZE_MAX};
    plot_scatter_fit(&none, (struct rect){0, 0, 9, 9});
    assert_int_equal(plot_scatter_at(&none, (struct rect){0, 0, 9, 9}, 1, 1), SIZE_MAX);
}

/* An axis that varies little next to the other would be a strip; over the whole width it can be read. */
static void what_fills_reaches_from_side_to_side(void **state)
{
    (void)state;
    float x[] = {-0.1F, 0.1F, 0}, y[] = {-5, 5, 0};
    struct rect rect = {2, 1, 60, 20};
    for (int fills = 0; fills < 2; fills++) {
        int left, right, middle, row;
        struct scatter scatter = {.n = 3, .x = x, .y = y, .selected = SIZE_MAX, .fills = fills};
        plot_scatter_fit(&scatter, rect);
        assert_true(plot_scatter_cell(&scatter, rect, 0, &left, &row));
        assert_int_equal(row, 20);
        assert_true(plot_scatter_cell(&scatter, rect, 1, &right, &row));
        assert_int_equal(row, 1);
        assert_true(plot_scatter_cell(&scatter, rect, 2, &middle, &row));
        assert_true(abs(left + right - 2 * middle) <= 1);
        assert_true(fills ? right - left >= 56 : right - left <= 2);
        assert_int_equal(plot_scatter_at(&scatter, rect, left, 20), 0);
    }
}

/* What an auditor came for: a class of 5 % keeps about its share of the coloured cells. */
static void a_rare_class_keeps_its_share_of_the_dots(void **state)
{
    (void)state;
    enum { N = 40000 };
    float *x = xcalloc(N, sizeof *x), *y = xcalloc(N, sizeof *y);
    uint32_t *code = xcalloc(N, sizeof *code);
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)fmod((double)i * 0.754877666, 1);
        y[i] = (float)fmod((double)i * 0.569840291, 1);
        code[i] = i % 20 == 0;
    }
    struct style style[2] = {{1, COLOUR_DEFAULT, 0}, {2, COLOUR_DEFAULT, 0}};
    struct canvas canvas;
    canvas_init(&canvas, 100, 50);
    struct scatter scatter = {.n = N,
                              .x = x,
                              .y = y,
                              .code = code,
                              .letter = "ab",
                              .style = style,
                              .n_codes = 2,
                              .selected = SIZE_MAX};
    plot_scatter_fit(&scatter, canvas_rect(&canvas));
    plot_scatter(&canvas, canvas_rect(&canvas), &scatter, SCATTER_DOTS, &braille);
    int cells = 0, rare = 0;
    for (int i = 0; i < 5000; i++) {
        cells += canvas.cell[i].glyph != 0;
        rare += canvas.cell[i].glyph != 0 && canvas.cell[i].style.fg == 2;
    }
    assert_in_range(rare * 1000 / cells, 35, 65);
    canvas_release(&canvas);
    free(x);
    free(y);
    free(code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_fall_into_their_cells),
        cmocka_unit_test(every_plot_draws_at_every_size),
        cmocka_unit_test(fit_shows_every_point_and_at_finds_it),
        cmocka_unit_test(what_fills_reaches_from_side_to_side),
        cmocka_unit_test(a_rare_class_keeps_its_share_of_the_dots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
