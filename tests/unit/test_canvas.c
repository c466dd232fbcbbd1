/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "ui/canvas.h"
#include "ui/term.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

static void expect_dump(const struct canvas *canvas, bool styles, const char *text)
{
    struct strbuf out = {0};
    canvas_dump(canvas, styles, &out);
    assert_string_equal(strbuf_text(&out), text);
    strbuf_release(&out);
}

static void text_is_clipped_on_every_side(void **state)
{
    (void)state;
    struct canvas canvas;
    canvas_init(&canvas, 6, 3);
    struct rect clip = {1, 0, 4, 2};
    assert_int_equal(canvas_text(&canvas, clip, -1, 0, "abcdefgh", style_plain), 7);
    canvas_text(&canvas, clip, 3, 1, "xyz", style_plain);
    canvas_text(&canvas, clip, 0, 2, "below", style_plain);
    canvas_text(&canvas, clip, 0, -1, "above", style_plain);
    expect_dump(&canvas, false, " cdef\n   xy\n\n");
    canvas_release(&canvas);
}

static void wide_glyphs_take_two_cells_or_none(void **state)
{
    (void)state;
    struct canvas canvas;
    canvas_init(&canvas, 5, 2);
    struct rect all = canvas_rect(&canvas);
    assert_int_equal(canvas_text(&canvas, all, 0, 0, "日本語", style_plain), 6);
    assert_int_equal(canvas.cell[1].glyph, CELL_COVERED);
    assert_int_equal(canvas.cell[4].glyph, 0); /* the half that does not fit is blank */
    canvas_text(&canvas, all, 0, 1, "日本", style_plain);
    canvas_put(&canvas, all, 1, 1, 'x', style_plain); /* its left half goes too */
    canvas_put(&canvas, all, 2, 1, 'y', style_plain);
    expect_dump(&canvas, false, "日本\n xy\n");
    canvas_release(&canvas);
}

static void broken_text_shows_as_question_marks(void **state)
{
    (void)state;
    struct canvas canvas;
    canvas_init(&canvas, 20, 1);
    canvas_text(&canvas, canvas_rect(&canvas), 0, 0, "a\xff\xc3(\x1b[m\xc0\x80\xed\xa0\x80\xe2\x82",
                style_plain);
    expect_dump(&canvas, false,
                "a?"
                "…(?[m?????…\n");
    assert_int_equal(text_width("e\xcc\x81t\xc3\xa9"), 3); /* a combining accent takes no cell */
    const char *cut = "gr\xc3\xb6\xc3";                    /* as %.5s leaves it */
    assert_int_equal(text_width(cut), 4);
    for (int i = 0; i < 3; i++)
        text_next(&cut);
    assert_int_equal(text_next(&cut), 0x2026);
    assert_int_equal(text_next(&cut), 0);
    canvas_release(&canvas);
}

static void text_can_end_at_the_right_edge(void **state)
{
    (void)state;
    struct canvas canvas;
    canvas_init(&canvas, 6, 1);
    canvas_text_right(&canvas, canvas_rect(&canvas), 0, "end", style_plain);
    expect_dump(&canvas, false, "   end\n");
    canvas_release(&canvas);
}

static void every_size_from_nothing_up_takes_every_call(void **state)
{
    (void)state;
    for (int width = 0; width < 4; width++)
        for (int height = 0; height < 4; height++) {
            struct canvas canvas;
            canvas_init(&canvas, width, height);
            struct rect all = {-1, -1, 9, 9};
            canvas_text(&canvas, all, -2, 0, "日本語", style_plain);
            canvas_text(&canvas, all, 0, 1, "日本語日本語", style_plain);
            canvas_text_right(&canvas, canvas_rect(&canvas), 0, "long text", style_plain);
            canvas_fill(&canvas, all, '.', style_plain);
            for (int i = 0; i < width * height; i++)
                assert_int_equal(canvas.cell[i].glyph, '.');
            canvas_release(&canvas);
        }
}

static void rectangles_clip_to_nothing_not_below(void **state)
{
    (void)state;
    struct rect r = rect_clip((struct rect){8, 8, 3, 3}, (struct rect){0, 0, 4, 20});
    assert_int_equal(r.width, 0);
    assert_int_equal(r.height, 3);
    assert_false(rect_has(r, 8, 8));
    assert_true(rect_has((struct rect){1, 1, 1, 1}, 1, 1));
}

static void styles_are_dumped_with_a_key(void **state)
{
    (void)state;
    struct canvas canvas;
    canvas_init(&canvas, 4, 2);
    struct style red = {0xff0000, COLOUR_DEFAULT, ATTR_BOLD}, ground = {COLOUR_DEFAULT, 0x0000ff, 0};
    canvas_text(&canvas, canvas_rect(&canvas), 0, 0, "ab", red);
    canvas_put(&canvas, canvas_rect(&canvas), 1, 1, 0, ground);
    canvas_put(&canvas, canvas_rect(&canvas), 0, 1, 'z', style_plain);
    expect_dump(&canvas, true, "ab\nz\n---\naa\n.b\na fg=ff0000 bold\nb bg=0000ff\n");
    canvas_release(&canvas);
}

static void the_memory_terminal_shows_and_types(void **state)
{
    (void)state;
    struct theme theme = {GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
    struct terminal *term = term_memory_open(3, 1, theme);
    struct canvas canvas;
    canvas_init(&canvas, 3, 1);
    canvas_text(&canvas, canvas_rect(&canvas), 0, 0, "hey", style_plain);
    assert_true(term->ops->present(term, &canvas));
    expect_dump(term_memory_canvas(term), false, "hey\n");
    struct key key;
    assert_false(term->ops->key(term, &key));
    for (uint32_t i = 0; i < 40; i++)
        term_memory_type(term, (struct key){.code = 'a' + i % 26});
    term_memory_resize(term, 5, 2);
    for (uint32_t i = 0; i < 40; i++) {
        assert_true(term->ops->key(term, &key));
        assert_int_equal(key.code, 'a' + i % 26);
    }
    assert_true(term->ops->key(term, &key));
    assert_int_equal(key.code, KEYC_RESIZE);
    int width, height;
    term->ops->size(term, &width, &height);
    assert_int_equal(width, 5);
    assert_int_equal(height, 2);
    term->ops->present(term, &canvas); /* drawn for the old size: dropped */
    expect_dump(term_memory_canvas(term), false, "\n\n");
    term->ops->copy(term, "row 412");
    assert_string_equal(term_memory_copied(term), "row 412");
    canvas_release(&canvas);
    term->ops->free(term);
}

/* German, Japanese, emoji: as wide as they are asked to be, and never half a character. */
static void cells_of_a_table_are_of_one_width(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
        const char *cell;
    } cases[] = {{"größe", -7, "größe  "}, {"größe", 7, "  größe"},         {"größe", -5, "größe"},
                 {"größe", -4, "grö…"},    {"日本語の名前", -7, "日本語…"}, {"日本語の名前", -6, "日本… "},
                 {"日本", 6, "  日本"},    {"🙂🙂", -3, "🙂…"},     {"", -2, "  "}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char cell[64];
        text_column(cases[i].text, cases[i].width, cell, sizeof cell);
        assert_string_equal(cell, cases[i].cell);
        assert_int_equal(text_width(cell), abs(cases[i].width));
    }
    char marks[400] = "e", cell[4 * 3 + 1];
    for (size_t i = 1; i + 2 < sizeof marks; i += 2)
        memcpy(marks + i, "\xcc\x81", 2); /* accents on accents */
    assert_true(strlen(text_column(marks, -3, cell, sizeof cell)) < sizeof cell);
}

/* Whole parts, and how many more there are: nothing is left out unsaid. */
static void a_list_is_cut_between_its_parts(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int width;
        const char *fits;
    } cases[] = {
        {"temperature 0.2; draws 0; crop 0.3..1", 37, "temperature 0.2; draws 0; crop 0.3..1"},
        {"temperature 0.2; draws 0; crop 0.3..1", 36, "temperature 0.2; draws 0 +1"},
        {"temperature 0.2; draws 0; crop 0.3..1", 26, "temperature 0.2 +2"},
        {"temperature 0.2; draws 0", 17, ""},
        {"same settings", 13, "same settings"},
        {"", 10, ""},
    };
    char text[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(text_list(cases[i].list, cases[i].width, text, sizeof text), cases[i].fits);
    assert_string_equal(text_list("quite long; b", 60, text, 8), ""); /* nor beyond the memory */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_cut_between_its_parts),
        cmocka_unit_test(text_is_clipped_on_every_side),
        cmocka_unit_test(wide_glyphs_take_two_cells_or_none),
        cmocka_unit_test(cells_of_a_table_are_of_one_width),
        cmocka_unit_test(broken_text_shows_as_question_marks),
        cmocka_unit_test(text_can_end_at_the_right_edge),
        cmocka_unit_test(every_size_from_nothing_up_takes_every_call),
        cmocka_unit_test(rectangles_clip_to_nothing_not_below),
        cmocka_unit_test(styles_are_dumped_with_a_key),
        cmocka_unit_test(the_memory_terminal_shows_and_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
