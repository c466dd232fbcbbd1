/* SPDX-License-Identifier: MIT
 *
 * nearfar audit --pictures: pictures of the worst pairs stand in the report when they are asked for, and
 * never else.
 */
#include "support/cmocka.h"
#include "support/program.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/image.h"
#include "data/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT "audit t8.npy --items t8.csv --group group --threshold 0.8 "

static const char *path_of(struct program *program, const char *name)
{
    static char path[256];
    return program_path(program, name, path, sizeof path);
}

/* T8 with a picture of one grey each, and a caption that HTML must not take for markup. */
static int setup(void **state)
{
    static struct program program;
    static const char *const identity = "ppqqrrss", *const group = "AAAABBBB";
    float rows[T8_N * 2];
    struct err err;
    struct strbuf items = {0};
    program_init(&program);
    t8_rows(rows, 0);
    program_put_table(&program, "t8.npy", rows, T8_N, 2);
    assert_true(folder_make(path_of(&program, "pics"), &err));
    strbuf_puts(&items, "id,identity,group,file,caption\n");
    for (int i = 0; i < T8_N; i++) {
        uint8_t pixel[16];
        char name[32];
        struct image image = {4, 4, 1, pixel};
        memset(pixel, 20 * i, sizeof pixel);
        snprintf(name, sizeof name, "pics/%d.png", i);
        assert_true(image_save_png(path_of(&program, name), &image, &err));
        strbuf_printf(&items, "%d,%c,%c,%d.png,\"<b> & grey %d\"\n", i, identity[i], group[i], i, i);
    }
    program_put(&program, "t8.csv", strbuf_text(&items));
    strbuf_release(&items);
    *state = &program;
    return 0;
}

static int teardown(void **state)
{
    program_release(*state);
    return 0;
}

static size_t times(const char *text, const char *what)
{
    size_t n = 0;
    for (; (text = strstr(text, what)); text += strlen(what))
        n++;
    return n;
}

static void without_being_asked_for_there_are_none(void **state)
{
    struct program *program = *state;
    program_ends(program, 0, AUDIT "-o plain");
    char *html = program_get(program, "plain/audit.html"), *markdown = program_get(program, "plain/audit.md");
    assert_int_equal(times(html, "<img") + times(html, "data:") + times(html, "<image"), 0);
    assert_null(strstr(html, "worst pairs"));
    assert_null(strstr(markdown, "worst pairs"));
    free(html);
    free(markdown);
}

static void the_worst_pairs_are_shown_and_named(void **state)
{
    struct program *program = *state;
    program_ends(program, 0, AUDIT "--pictures --images pics -o shown");
    char *html = program_get(program, "shown/audit.html"), *markdown = program_get(program, "shown/audit.md");
    /* A: 4 impostors, 2 genuine; B the same; between 5 of 16, no genuine one: 17 pairs of two pictures */
    assert_int_equal(times(html, "<img src=\"data:image/png;base64,iVBORw0KGgo"), 34);
    assert_int_equal(times(html, "<img"), 34);
    assert_int_equal(times(html, "alt=\"picture of "), 34);
    assert_non_null(strstr(html, "alt=\"picture of 5: &lt;b&gt; &amp; grey 5\""));
    assert_int_equal(times(html, "<script") + times(html, "src=\"http") + times(html, "<b>"), 0);
    assert_non_null(
        strstr(markdown, "| 1 | 0.9563 | false match | item 5, identity r, B | item 6, identity s, B |"));
    assert_non_null(
        strstr(markdown, "| 1 | 0.9135 | match | item 2, identity q, A | item 3, identity q, A |"));
    assert_int_equal(times(markdown, "base64"), 0);
    free(html);
    free(markdown);
    program_ends(program, 0, "audit --check shown");
}

/* RFC 4648, 4, up to the end of the attribute; how many bytes. */
static size_t from_base64(const char *text, unsigned char *to)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;
    unsigned word = 0, bits = 0;
    for (; *text != '"' && *text != '='; text++) {
        const char *digit = strchr(digits, *text);
        assert_non_null(digit);
        word = word << 6 | (unsigned)(digit - digits);
        bits += 6;
        if (bits >= 8)
            to[n++] = (unsigned char)(word >> (bits -= 8));
    }
    return n;
}

/* Each is the picture of the item it says: its grey tells which. */
static void each_is_the_picture_of_its_item(void **state)
{
    static const char before[] = "<img src=\"data:image/png;base64,", behind[] = "alt=\"picture of ";
    struct program *program = *state;
    program_ends(program, 0, AUDIT "--pictures --images pics -o shown");
    char *html = program_get(program, "shown/audit.html"), *at = html;
    while ((at = strstr(at, before))) {
        static unsigned char png[1 << 16];
        struct image image;
        struct err err;
        size_t length = from_base64(at + strlen(before), png);
        assert_true(image_load(png, length, &image, &err));
        assert_int_equal(image.pixels[0], 20 * atoi(strstr(at, behind) + strlen(behind)));
        image_release(&image);
        at++;
    }
    free(html);
}

static void what_is_needed_is_said(void **state)
{
    struct program *program = *state;
    program_ends(program, 2, AUDIT "--pictures -o none");
    assert_non_null(strstr(program->err, "--pictures: a table has none of its own: add --images DIR"));
    program_ends(program, 2, AUDIT "--pictures --images pics");
    assert_non_null(strstr(program->err, "add -o DIR"));
    program_ends(program, 2, AUDIT "--images pics -o none");
    assert_non_null(strstr(program->err, "--images: goes with --pictures"));
    program_ends(program, 2, AUDIT "--pictures --images nowhere -o none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_being_asked_for_there_are_none),
        cmocka_unit_test(the_worst_pairs_are_shown_and_named),
        cmocka_unit_test(each_is_the_picture_of_its_item),
        cmocka_unit_test(what_is_needed_is_said),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
