/* SPDX-License-Identifier: MIT
 *
 * audit.html read as a browser and a reader with poor sight meet it: elements that close, tables whose cells
 * have headers, figures that say what they show, colours that can be told from the ground (WCAG 2.1: 4.5 : 1
 * for text, 3 : 1 for lines and marks). No browser is needed.
 */
#include "support/cmocka.h"
#include "support/program.h"

#include "base/check.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "data/npy.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 640, D = 4, GROUPS = 8 };

static void put_table(const struct program *program)
{
    static float rows[N * D];
    struct strbuf items = {0};
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    strbuf_puts(&items, "identity,group\n");
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < D; j++)
            rows[i * D + j] =
                i % 2 ? rows[(i - 1) * D + j] + 0.2F * (float)rng_normal(&rng) : (float)rng_normal(&rng);
        strbuf_printf(&items, "%d,\"g%d <&>\"\n", i / 2, i / 2 % GROUPS);
    }
    program_put_table(program, "many.npy", rows, N, D);
    program_put(program, "many.csv", strbuf_text(&items));
    strbuf_release(&items);
}

static char *report(struct program *program)
{
    put_table(program);
    program_run(program, "audit many.npy --items many.csv --group group --target fmr=1e-2 --fail-if "
                         "'fmr_ratio>1000' -o report");
    if (program->status != 0 && program->status != 3)
        fail_msg("%s%s", program->out, program->err);
    return program_get(program, "report/audit.html");
}

/* ---- elements ---- */

struct tag {
    char name[16];
    const char *attributes; /* up to '>' */
    bool closes, empty;
    const char *end; /* behind '>' */
};

static bool next_tag(const char *at, struct tag *tag)
{
    const char *open = strchr(at, '<');
    if (!open)
        return false;
    *tag = (struct tag){.closes = open[1] == '/', .end = strchr(open, '>')};
    assert_non_null(tag->end);
    tag->empty = tag->end[-1] == '/';
    const char *name = open + 1 + tag->closes;
    size_t length = 0;
    while (isalnum((unsigned char)name[length]) || name[length] == '!')
        length++;
    assert_true(length > 0 && length < sizeof tag->name); /* a bare < is no element */
    memcpy(tag->name, name, length);
    tag->attributes = name + length;
    tag->end++;
    return true;
}

static bool has(const struct tag *tag, const char *attribute)
{
    const char *found = strstr(tag->attributes, attribute);
    return found && found < tag->end;
}

static bool is(const struct tag *tag, const char *name)
{
    return strcmp(tag->name, name) == 0;
}

static void every_element_is_closed_in_its_place(void **state)
{
    char *html = report(*state), open[32][16];
    size_t depth = 0, elements = 0;
    struct tag tag;
    for (const char *at = html; next_tag(at, &tag); at = tag.end) {
        if (tag.empty || is(&tag, "meta") || is(&tag, "!DOCTYPE"))
            continue;
        elements++;
        if (!tag.closes) {
            assert_true(depth < 32);
            strcpy(open[depth++], tag.name);
        } else if (depth == 0 || strcmp(open[--depth], tag.name) != 0)
            fail_msg("</%s> closes <%s> at: %.60s", tag.name, open[depth], tag.end);
    }
    assert_int_equal(depth, 0);
    assert_true(elements > 200);
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "http")); /* nothing is fetched */
    free(html);
}

static void every_cell_has_headers(void **state)
{
    char *html = report(*state);
    size_t tables = 0, rows = 0, columns = 0, cell = 0;
    bool in_head = false;
    struct tag tag;
    for (const char *at = html; next_tag(at, &tag); at = tag.end) {
        if (is(&tag, "thead") && !tag.closes)
            columns = 0;
        if (is(&tag, "thead"))
            in_head = !tag.closes;
        if (is(&tag, "tr") && !tag.closes)
            cell = 0;
        if ((is(&tag, "th") || is(&tag, "td")) && !tag.closes) {
            assert_true(is(&tag, "th") == (in_head || cell == 0));
            assert_true(has(&tag, in_head ? "scope=\"col\"" : cell == 0 ? "scope=\"row\"" : ""));
            assert_true(!is(&tag, "th") || tag.end[0] != '<'); /* a header says something */
            cell++;
        }
        if (is(&tag, "tr") && tag.closes) {
            columns = in_head ? cell : columns;
            assert_int_equal(cell, columns);
            rows++;
        }
        tables += is(&tag, "table") && tag.closes;
    }
    assert_true(tables >= 5 && rows > 60);
    free(html);
}

static void figures_say_what_they_show(void **state)
{
    char *html = report(*state);
    size_t figures = 0;
    for (const char *at = html; (at = strstr(at, "<figure>")) != NULL; at++, figures++) {
        const char *end = strstr(at, "</figure>"), *title = strstr(at, "<title>"),
                   *caption = strstr(at, "<figcaption>");
        assert_true(strncmp(at, "<figure><svg role=\"img\" ", 24) == 0);
        assert_true(title && title < end && title[7] != '<' && caption && caption < end);
    }
    assert_int_equal(figures, 3);
    assert_non_null(strstr(html, "g0 &lt;&amp;&gt;"));
    free(html);
}

/* ---- colours ---- */

/* Relative luminance of "#rgb" or "#rrggbb" (WCAG 2.1). */
static double luminance(const char *colour)
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    size_t digits = strspn(colour + 1, "0123456789abcdef"), each = digits / 3;
    double sum = 0;
    assert_true(colour[0] == '#' && (digits == 3 || digits == 6));
    for (size_t c = 0; c < 3; c++) {
        char pair[3] = {colour[1 + c * each], colour[1 + c * each + (each - 1)], 0};
        double v = (double)strtol(pair, NULL, 16) / 255;
        sum += weight[c] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *a, const char *b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

/* Calls for each colour behind `key`, such as "stroke=\"". */
static size_t check_each(const char *html, const char *key, const char *ground, double least)
{
    size_t n = 0;
    for (const char *at = html; (at = strstr(at, key)) != NULL; n++) {
        at += strlen(key);
        if (*at != '#')
            assert_true(strncmp(at, "none\"", 5) == 0 || strncmp(at, "currentColor\"", 13) == 0);
        else if (contrast(at, ground) < least)
            fail_msg("%s%.7s on %.7s: %.2f : 1, at least %.1f is needed", key, at, ground,
                     contrast(at, ground), least);
    }
    return n;
}

/* The colour that a scheme gives a name, such as "--ink:". */
static const char *named(const char *scheme, const char *name)
{
    const char *at = strstr(scheme, name);
    assert_non_null(at);
    assert_true(at < strchr(scheme, '}'));
    return at + strlen(name);
}

static void colours_can_be_told_from_the_ground(void **state)
{
    static const char *const inks[] = {"--ink:", "--note:", "--faint:"};
    char *html = report(*state);
    assert_true(fabs(contrast("#000", "#ffffff") - 21) < 1e-9);
    assert_true(fabs(contrast("#767676", "#fff") - 4.54) < 0.01);
    size_t schemes = 0;
    for (const char *at = html; (at = strstr(at, ":root{")) != NULL; at++, schemes++) {
        const char *ground = named(at, "--ground:");
        assert_true((luminance(ground) < 0.5) == (schemes == 1)); /* the second is for dark screens */
        for (size_t i = 0; i < sizeof inks / sizeof *inks; i++) {
            assert_true(contrast(named(at, inks[i]), ground) >= 4.5);
            assert_true(contrast(named(at, inks[i]), named(at, "--code:")) >= 4.5);
        }
        assert_true(check_each(html, "stroke=\"", ground, 3) > 10);
        assert_true(check_each(html, "fill=\"", ground, 3) > 10);
    }
    assert_int_equal(schemes, 2);
    assert_non_null(strstr(html, "@media screen and (prefers-color-scheme:dark){:root{")); /* not paper */
    assert_null(strstr(html, ";color:#"));
    assert_null(strstr(html, "{color:#"));
    assert_null(strstr(html, "background:#"));
    free(html);
}

static int setup(void **state)
{
    static struct program program;
    program_init(&program);
    *state = &program;
    return 0;
}

static int teardown(void **state)
{
    program_release(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_is_closed_in_its_place),
        cmocka_unit_test(every_cell_has_headers),
        cmocka_unit_test(figures_say_what_they_show),
        cmocka_unit_test(colours_can_be_told_from_the_ground),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
