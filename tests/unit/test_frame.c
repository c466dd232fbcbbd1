/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/screen.h"
#include "ui/palette.h"

#include <stdio.h>
#include <string.h>

/* A small generator of its own: what is drawn only has to be varied. */
static uint32_t roll(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static struct style any_style(uint32_t *state)
{
    static const colour colours[] = {COLOUR_DEFAULT, COLOUR_DEFAULT, 0xff0000, 0x00af87, 0x123456, 0x8a8a8a};
    static const uint8_t attrs[] = {
        0, 0, 0, ATTR_BOLD, ATTR_REVERSE, ATTR_UNDERLINE, ATTR_BOLD | ATTR_REVERSE};
    return (struct style){colours[roll(state, 6)], roll(state, 4) ? COLOUR_DEFAULT : colours[roll(state, 6)],
                          attrs[roll(state, 7)]};
}

/* Changes some cells: single ones, runs of text, blank stretches, wide glyphs. */
static void scribble(struct canvas *canvas, uint32_t *state)
{
    static const char *const words[] = {"a", "text", "⠿⡇", "日本語", "        ", "▀", "é", "  x  "};
    struct rect all = canvas_rect(canvas);
    for (uint32_t i = roll(state, 20); i > 0; i--)
        canvas_text(canvas, all, (int)roll(state, 44) - 2, (int)roll(state, 12), words[roll(state, 8)],
                    any_style(state));
    if (roll(state, 6) == 0)
        canvas_fill(canvas, (struct rect){(int)roll(state, 40), (int)roll(state, 12), 40, 3}, 0, style_plain);
}

/* A second frame, told everything at once, says what each cell should be. */
static void expect_shown(const struct frame *frame, const struct canvas *canvas, const struct screen *screen)
{
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            struct shown_cell want = frame->shown[y * canvas->width + x], is = screen_cell(screen, x, y);
            assert_int_equal(is.glyph, want.glyph);
            if (want.glyph == CELL_COVERED)
                continue;
            assert_int_equal(is.pen.bg, want.pen.bg);
            bool blank = want.glyph == ' ';
            uint8_t matter = (uint8_t)(blank ? ATTR_REVERSE | ATTR_UNDERLINE : ~ATTR_DIM);
            assert_int_equal(is.pen.attr & matter, want.pen.attr & matter);
            if (!blank)
                assert_int_equal(is.pen.fg, want.pen.fg);
        }
}

static void draw_and_compare(enum depth depth)
{
    uint32_t state = 7 + (uint32_t)depth;
    struct canvas canvas;
    struct frame frame;
    canvas_init(&canvas, 40, 12);
    frame_init(&frame);
    frame.depth = depth;
    frame.utf8 = true;
    struct screen *screen = screen_new(12, 40);
    for (int i = 0; i < 300; i++) {
        struct strbuf out = {0};
        scribble(&canvas, &state);
        size_t budget = i % 3 ? 1 << 20 : 40; /* some frames are cut */
        while (!frame_write(&frame, &canvas, budget, &out)) {
            screen_feed(screen, out.text, out.length);
            strbuf_release(&out);
        }
        screen_feed(screen, strbuf_text(&out), out.length);
        strbuf_release(&out);
        expect_shown(&frame, &canvas, screen);
        assert_true(frame_write(&frame, &canvas, 1 << 20, &out));
        assert_int_equal(out.length, 0); /* nothing changed: nothing sent */
    }
    screen_free(screen);
    frame_release(&frame);
    canvas_release(&canvas);
}

static void the_terminal_shows_what_was_drawn(void **state)
{
    (void)state;
    draw_and_compare(DEPTH_TRUE);
    draw_and_compare(DEPTH_256);
    draw_and_compare(DEPTH_16);
    draw_and_compare(DEPTH_MONO);
}

/* One canvas, all sent: the bytes. */
static size_t bytes_of(struct frame *frame, const struct canvas *canvas, char *text, size_t size)
{
    struct strbuf out = {0};
    frame_write(frame, canvas, 1 << 20, &out);
    size_t n = out.length;
    snprintf(text, size, "%s", strbuf_text(&out));
    strbuf_release(&out);
    return n;
}

static void small_changes_take_few_bytes(void **state)
{
    (void)state;
    char text[256];
    struct canvas canvas;
    struct frame frame;
    canvas_init(&canvas, 80, 24);
    frame_init(&frame);
    frame.utf8 = true;
    struct rect all = canvas_rect(&canvas);
    canvas_text(&canvas, all, 0, 3, "step 120   loss 3.8   some words that stay", style_plain);
    bytes_of(&frame, &canvas, text, sizeof text);
    canvas_text(&canvas, all, 5, 3, "121", style_plain);
    bytes_of(&frame, &canvas, text, sizeof text);
    assert_string_equal(text, "\033[4;8H1");
    canvas_fill(&canvas, (struct rect){11, 3, 69, 1}, 0, style_plain);
    bytes_of(&frame, &canvas, text, sizeof text);
    assert_string_equal(text, "   \033[K");
    canvas_release(&canvas);
    frame_release(&frame);
}

static void only_ascii_goes_to_a_terminal_without_unicode(void **state)
{
    (void)state;
    char text[512];
    struct canvas canvas;
    struct frame frame;
    canvas_init(&canvas, 30, 1);
    frame_init(&frame);
    canvas_text(&canvas, canvas_rect(&canvas), 0, 0, "± −3.9 × … ▲ ⣿ █ 日 é → •", style_plain);
    bytes_of(&frame, &canvas, text, sizeof text);
    assert_non_null(strstr(text, "~ -3.9 x ~ ^ * # ?  ? > *"));
    canvas_release(&canvas);
    frame_release(&frame);
}

static void eight_colours_make_bright_ones_bold(void **state)
{
    (void)state;
    char text[128];
    struct canvas canvas;
    struct frame frame;
    canvas_init(&canvas, 3, 1);
    frame_init(&frame);
    frame.depth = DEPTH_16;
    frame.colours = 8;
    canvas_put(&canvas, canvas_rect(&canvas), 0, 0, 'r', (struct style){0xff0000, COLOUR_DEFAULT, 0});
    canvas_put(&canvas, canvas_rect(&canvas), 1, 0, 'q', (struct style){0x7f7f7f, COLOUR_DEFAULT, 0});
    bytes_of(&frame, &canvas, text, sizeof text);
    assert_non_null(strstr(text, "\033[1;31mr\033[;2mq"));
    canvas_release(&canvas);
    frame_release(&frame);
}

static void palettes_find_the_nearest(void **state)
{
    (void)state;
    assert_int_equal(palette_256(0xff0000), 196);
    assert_int_equal(palette_256(0x8a8a8a), 245);
    assert_int_equal(palette_256(0x000000), 16);
    assert_int_equal(palette_256(0xffffff), 231);
    assert_int_equal(palette_16(0xcd0000), 1);
    assert_int_equal(palette_16(0x7f7f7f), 8);
    assert_int_equal(palette_exact(0x00af87), 36);
    assert_int_equal(palette_exact(0x00af88), -1);
    assert_int_equal(palette_exact(0x0000ff), -1); /* 21: themes redefine it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terminal_shows_what_was_drawn),
        cmocka_unit_test(small_changes_take_few_bytes),
        cmocka_unit_test(only_ascii_goes_to_a_terminal_without_unicode),
        cmocka_unit_test(eight_colours_make_bright_ones_bold),
        cmocka_unit_test(palettes_find_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
