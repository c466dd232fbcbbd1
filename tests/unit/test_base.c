/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/check.h"
#include "base/file.h"
#include "base/registry.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "base/text_rows.h"

#include "support/cmocka.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void err_is_one_clean_line(void **state)
{
    (void)state;
    struct err err;
    assert_false(err_set(&err, "bad %s", "a\nb\x1b[31m"));
    assert_string_equal(err.text, "bad a?b?[31m");
    assert_false(err_within(&err, "file %d", 7));
    assert_string_equal(err.text, "file 7: bad a?b?[31m");
    err_set(&err, "%s",
            "\xc2\x9b"
            "31m \x9b \xe2\x80\xae \xc3\xa4"); /* CSI as one character, one byte; a turn */
    assert_string_equal(err.text, "??31m ? ??? \xc3\xa4");
}

static void numbers_are_whole_or_refused(void **state)
{
    (void)state;
    double x;
    assert_true(text_to_double("-1.5e3", &x));
    assert_true(x == -1500);
    const char *bad[] = {"", "1x", "nan", "inf", "1e999", " 1", "0x10", "1,5"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(text_to_double(bad[i], &x));
    long n;
    assert_true(text_to_long("-12", &n) && n == -12);
    assert_false(text_to_long("12.5", &n));
    assert_false(text_to_long("99999999999999999999", &n));
}

static void as_strtod(const char *text)
{
    char *end, *wanted_end;
    double x = text_strtod(text, &end), wanted = strtod(text, &wanted_end);
    if (end != wanted_end || memcmp(&x, &wanted, sizeof x) != 0)
        fail_msg("'%s': %.17g and %td characters, strtod says %.17g and %td", text, x, end - text, wanted,
                 wanted_end - text);
}

static void quick_numbers_are_those_of_strtod(void **state)
{
    (void)state;
    static const char *const odd[] = {"",
                                      "-",
                                      "+1",
                                      ".",
                                      ".5",
                                      "5.",
                                      "-.5e1",
                                      "1e",
                                      "1e+",
                                      "1e-x",
                                      "0x1p3",
                                      "-0",
                                      "-0.0",
                                      "nan",
                                      "-inf",
                                      "1e22",
                                      "1e23",
                                      "1.5f",
                                      "1 2",
                                      "1,5",
                                      "1.2.3",
                                      "1-2",
                                      "007",
                                      "1e99999",
                                      "9007199254740993",
                                      "123456789012345678901",
                                      "0.1e-22",
                                      " 1",
                                      "--1"};
    static const int digits[] = {3, 6, 9, 15, 17, 18};
    for (size_t i = 0; i < ARRAY_LEN(odd); i++)
        as_strtod(odd[i]);
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < 40000; i++) {
        char text[400];
        double size = ldexp(rng_normal(&rng), (int)(i % 61) - 30);
        snprintf(text, sizeof text,
                 i % 3 == 0   ? "%.*g"
                 : i % 3 == 1 ? "%.*e"
                              : "%.*f",
                 digits[i % 7 % ARRAY_LEN(digits)], size);
        as_strtod(text);
    }
}

static void cleaned_text_cannot_steer_a_terminal(void **state)
{
    (void)state;
    char to[32];
    text_clean(to, sizeof to,
               "a\x1b[2Jb\xc2\x9b"
               "c\r\n\x7f");
    assert_string_equal(to, "a?[2Jb??c???");
    text_clean(to, sizeof to, "gr\xc3\xbc\xc3\x9f \xe2\x96\xb2");
    assert_string_equal(to, "gr\xc3\xbc\xc3\x9f \xe2\x96\xb2");
    text_clean(to, sizeof to, "x\xe2\x80\xaey\xff\xc0\xafz");
    assert_string_equal(to, "x???y???z");
    char halves[] = "gr\xc3 \xe6\x97|\xf0\x9f\x99";
    text_whole(halves);
    assert_string_equal(halves, "gr |");
    char tight[4];
    text_clean(tight, sizeof tight, "ab\xe2\x96\xb2"); /* no half character at the cut */
    assert_string_equal(tight, "ab");
}

static void strbuf_grows(void **state)
{
    (void)state;
    struct strbuf buf = {0};
    assert_string_equal(strbuf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        strbuf_printf(&buf, "%d,", i);
    assert_int_equal(buf.length, 10 * 2 + 90 * 3 + 900 * 4);
    assert_string_equal(buf.text + buf.length - 4, "999,");
    strbuf_release(&buf);
}

/* Against a look at every row. */
static void rows_are_found_by_their_texts(void **state)
{
    (void)state;
    static const char *const cell[] = {"b", "x", "a", "x", "", "x", "b", "x", "B", "x", "ab", "x", "", "x"};
    enum { ROWS = 7, COLUMNS = 2 };
    struct text_row *sorted = text_rows_sorted(cell, ROWS, COLUMNS);
    static const size_t order[ROWS] = {2, 6, 4, 1, 5, 0, 3};
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(sorted[i].row, order[i]);
        assert_ptr_equal(sorted[i].text, cell[order[i] * COLUMNS]);
        assert_int_equal(text_rows_again(sorted, i), i == 1 || i == 6);
        assert_string_equal(sorted[text_rows_find(sorted, ROWS, cell[i * COLUMNS])].text, cell[i * COLUMNS]);
    }
    assert_int_equal(text_rows_find(sorted, ROWS, "c"), ROWS);
    assert_int_equal(text_rows_find(sorted, 0, "a"), 0);
    free(sorted);
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Many more than are sorted at once, with twins, against qsort; and cancelled it gives nothing. */
static void many_rows_are_sorted_and_can_be_stopped(void **state)
{
    (void)state;
    enum { ROWS = 50021 };
    char(*name)[8] = xcalloc(ROWS, sizeof *name);
    const char **text = xcalloc(ROWS, sizeof *text), **wanted = xcalloc(ROWS, sizeof *wanted);
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(name[i], sizeof *name, "%zu", i * 7919 % 20011);
        text[i] = wanted[i] = name[i];
    }
    qsort(wanted, ROWS, sizeof *wanted, by_text);
    struct text_row *sorted = text_rows_sorted(text, ROWS, 1);
    for (size_t i = 0; i < ROWS; i++) {
        assert_string_equal(sorted[i].text, wanted[i]);
        assert_ptr_equal(sorted[i].text, text[sorted[i].row]);
        assert_true(!text_rows_again(sorted, i) || sorted[i].row > sorted[i - 1].row);
    }
    struct progress stopped = {0};
    progress_cancel(&stopped);
    assert_null(text_rows_sorted_watched(text, ROWS, 1, &stopped));
    free(sorted);
    free(name);
    free(text);
    free(wanted);
}

/* Also where so much is asked for that the kernel is left to give zeros: beside what was used before. */
static void memory_begins_as_zeros(void **state)
{
    (void)state;
    enum { LARGE = (1 << 25) + 4097 };
    for (size_t n = LARGE - 2 * 4097; n <= LARGE; n += 4097) {
        char *p = xaligned(n, 1);
        memset(p, 1, n);
        free(p);
        p = xaligned(n, 1);
        size_t set = 0;
        for (size_t i = 0; i < n; i++)
            set += p[i] != 0;
        assert_int_equal(set, 0);
        free(p);
    }
}

static void rng_replays_and_streams_differ(void **state)
{
    (void)state;
    struct rng a = rng_at(1, RNG_BATCH, 5, 7, 0), b = rng_at(1, RNG_BATCH, 5, 7, 0);
    for (int i = 0; i < 100; i++)
        assert_true(rng_u64(&a) == rng_u64(&b));
    struct rng others[] = {rng_at(2, RNG_BATCH, 5, 7, 0), rng_at(1, RNG_AUGMENT, 5, 7, 0),
                           rng_at(1, RNG_BATCH, 6, 7, 0), rng_at(1, RNG_BATCH, 5, 8, 0),
                           rng_at(1, RNG_BATCH, 5, 7, 1)};
    a = rng_at(1, RNG_BATCH, 5, 7, 0);
    uint64_t first = rng_u64(&a);
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        assert_true(rng_u64(&others[i]) != first);
}

/* The hash is part of the run format: a change here would silently change every run. */
static void rng_values_are_frozen(void **state)
{
    (void)state;
    struct rng r = rng_at(1, RNG_WEIGHTS, 0, 0, 0);
    assert_true(rng_u64(&r) == 0x9e64363ab86aed38u);
    assert_true(rng_u64(&r) == 0x9e77309f00b1b4f0u);
}

static void rng_moments(void **state)
{
    (void)state;
    struct rng r = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    enum { N = 200000 };
    double sum = 0, squares = 0, uniform = 0;
    size_t counts[10] = {0};
    for (int i = 0; i < N; i++) {
        double x = rng_normal(&r);
        sum += x;
        squares += x * x;
        uniform += rng_between(&r, 2, 4);
        counts[rng_below(&r, 10)]++;
    }
    assert_true(fabs(sum / N) < 0.01);
    assert_true(fabs(squares / N - 1) < 0.02);
    assert_true(fabs(uniform / N - 3) < 0.01);
    for (int c = 0; c < 10; c++)
        assert_true(fabs((double)counts[c] / N - 0.1) < 0.005);
}

static void permutation_holds_each_once(void **state)
{
    (void)state;
    struct rng r = rng_at(3, RNG_BATCH, 0, 0, 0);
    uint32_t order[257];
    bool seen[257] = {false};
    rng_permutation(&r, order, 257);
    size_t in_place = 0;
    for (uint32_t i = 0; i < 257; i++) {
        assert_true(order[i] < 257 && !seen[order[i]]);
        seen[order[i]] = true;
        in_place += order[i] == i;
    }
    assert_true(in_place < 12);
}

/* A step takes pieces, gives some back, takes others; the next one finds them all in one block. */
static size_t take_pieces(struct arena *arena, char *piece[4])
{
    piece[0] = arena_take(arena, 3, 5);
    struct arena_mark mark = arena_mark(arena);
    piece[1] = arena_take(arena, 10000, sizeof(double));
    memset(piece[1], 1, 80000);
    arena_back(arena, mark);
    piece[2] = arena_take(arena, 20000, sizeof(double));
    piece[3] = arena_take(arena, 1, 1);
    memset(piece[0], 2, 15);
    memset(piece[2], 3, 160000);
    *piece[3] = 4;
    return (size_t)piece[0][14] + (size_t)piece[2][159999] + (size_t)*piece[3];
}

static void arena_settles_on_one_block(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *first[4], *second[4], *third[4];
    assert_int_equal(take_pieces(&arena, first), 2 + 3 + 4);
    for (int i = 0; i < 4; i++)
        assert_true((uintptr_t)first[i] % 64 == 0);
    arena_reset(&arena);
    assert_int_equal(take_pieces(&arena, second), 2 + 3 + 4);
    assert_null(arena.full);
    assert_ptr_equal(second[1], second[2]); /* given back, so it is taken again */
    assert_true(second[1] >= second[0] + 15 && second[3] >= second[2] + 160000);
    arena_reset(&arena);
    take_pieces(&arena, third);
    assert_memory_equal(second, third, sizeof second);
    arena_release(&arena);
}

static const struct knob knobs[] = {
    {.name = "tau", .min = 0.01, .max = 10, .value = 0.2, .step = 2, .log = true},
    {.name = "batch", .min = 2, .max = 4096, .value = 256, .step = 1, .whole = true},
    {.name = "noise", .min = 0, .max = 1, .value = 0.05, .step = 0.05},
    {0},
};

static void knobs_stay_in_range_and_on_the_grid(void **state)
{
    (void)state;
    const struct knob *noise = knob_find(knobs, "noise");
    double x = 0;
    for (int i = 0; i < 6; i++)
        x = knob_turn(noise, x, 1);
    assert_true(fabs(x - 0.3) < 1e-15);
    assert_true(knob_turn(noise, 1, 1) == 1);
    assert_true(knob_turn(knob_find(knobs, "tau"), 0.2, -1) == 0.1);
    static const struct knob fine = {.name = "f", .max = 10, .step = 1.25, .log = true},
                             batch = {.name = "b", .max = 4096, .step = 2, .log = true, .whole = true};
    static const double up[] = {0.25, 0.31, 0.39, 0.49, 0.61}; /* not 0.6103515625 */
    double y = 0.2;
    for (size_t i = 0; i < ARRAY_LEN(up); i++)
        assert_true((y = knob_turn(&fine, y, 1)) == up[i]);
    for (size_t i = ARRAY_LEN(up); i > 0; i--)
        y = knob_turn(&fine, y, -1);
    assert_true(y == 0.2 && knob_turn(&batch, 128, 1) == 256);
    assert_true(knob_clamp(knob_find(knobs, "batch"), 2.6) == 3);
    assert_true(knob_clamp(noise, NAN) == 0.05);
    assert_null(knob_find(knobs, "nope"));
    assert_null(knob_find(NULL, "tau"));
    assert_int_equal(knob_count(knobs), 3);
}

static void file_is_whole_or_not_there(void **state)
{
    (void)state;
    char folder[] = "/tmp/nearfar-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[160], deep[160], command[512];
    snprintf(path, sizeof path, "%s/f", folder);
    snprintf(deep, sizeof deep, "%s/a/b", folder);
    struct err err;
    assert_true(file_write(path, "one", 3, &err));
    struct file_writer w;
    assert_true(file_begin(&w, path, &err));
    fputs("half", w.stream);
    file_abandon(&w);
    size_t length;
    char *bytes = file_read(path, 100, &length, &err);
    assert_string_equal(bytes, "one");
    free(bytes);
    assert_null(file_read(path, 2, &length, &err));
    assert_null(file_read(folder, 100, &length, &err));
    assert_non_null(strstr(err.text, "folder"));
    assert_true(folder_make(deep, &err) && folder_make(deep, &err));
    assert_false(folder_make(path, &err));
    assert_false(file_write("/nowhere/at/all", "x", 1, &err));
    snprintf(command, sizeof command, "test \"$(ls %s | tr '\\n' ' ')\" = 'a f ' && rm -r %s", folder,
             folder);
    assert_int_equal(system(command), 0); /* nothing half-written stays */
}

static void expect_file(const char *path, const char *wanted)
{
    struct err err;
    size_t length;
    char *bytes = file_read(path, 100, &length, &err);
    assert_string_equal(bytes ? bytes : err.text, wanted);
    free(bytes);
}

/* As two threads or two programs do that keep the same marks. */
static void two_writers_of_a_path_do_not_meet(void **state)
{
    (void)state;
    char folder[] = "/tmp/nearfar-test-XXXXXX", path[160];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/f", folder);
    struct err err;
    struct file_writer a, b, c;
    assert_true(file_begin(&a, path, &err) && file_begin(&b, path, &err) && file_begin(&c, path, &err));
    fputs("a, longer", a.stream);
    fputs("b", b.stream);
    assert_true(file_commit(&b, &err));
    expect_file(path, "b");
    file_abandon(&c);
    expect_file(path, "b");
    assert_true(file_commit(&a, &err));
    expect_file(path, "a, longer");
    assert_false(file_begin(&a, folder, &err)); /* said before the work, not after it */
    assert_non_null(strstr(err.text, "directory"));
    assert_true(unlink(path) == 0 && rmdir(folder) == 0); /* nothing else is left */
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    char folder[] = "/tmp/nearfar-test-XXXXXX", path[160], link[160];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/f", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    struct err err;
    struct stat st;
    assert_true(file_write(path, "one", 3, &err) && symlink("f", link) == 0);
    assert_true(file_write(link, "two", 3, &err));
    expect_file(path, "two");
    assert_true(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    assert_true(unlink(link) == 0 && unlink(path) == 0 && rmdir(folder) == 0);
}

/* A device or a pipe is written to; it is not replaced by a file. */
static void what_is_no_file_is_not_replaced(void **state)
{
    (void)state;
    char path[] = "/tmp/nearfar-test-XXXXXX", got[4] = "";
    struct err err;
    struct stat st;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && close(fd) == 0 && unlink(path) == 0 && mkfifo(path, 0600) == 0);
    int end = open(path, O_RDWR | O_NONBLOCK);
    assert_true(end >= 0);
    assert_true(file_write(path, "one", 3, &err));
    assert_true(stat(path, &st) == 0 && S_ISFIFO(st.st_mode));
    assert_int_equal(read(end, got, sizeof got), 3);
    assert_string_equal(got, "one");
    struct file_writer w;
    assert_true(file_begin(&w, path, &err));
    file_abandon(&w);
    assert_true(stat(path, &st) == 0 && S_ISFIFO(st.st_mode));
    close(end);
    unlink(path);
    assert_false(file_write("/dev/full", "x", 1, &err));
    assert_non_null(strstr(err.text, "No space left"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_is_one_clean_line),
        cmocka_unit_test(numbers_are_whole_or_refused),
        cmocka_unit_test(quick_numbers_are_those_of_strtod),
        cmocka_unit_test(cleaned_text_cannot_steer_a_terminal),
        cmocka_unit_test(strbuf_grows),
        cmocka_unit_test(rows_are_found_by_their_texts),
        cmocka_unit_test(many_rows_are_sorted_and_can_be_stopped),
        cmocka_unit_test(memory_begins_as_zeros),
        cmocka_unit_test(rng_replays_and_streams_differ),
        cmocka_unit_test(rng_values_are_frozen),
        cmocka_unit_test(rng_moments),
        cmocka_unit_test(permutation_holds_each_once),
        cmocka_unit_test(arena_settles_on_one_block),
        cmocka_unit_test(knobs_stay_in_range_and_on_the_grid),
        cmocka_unit_test(file_is_whole_or_not_there),
        cmocka_unit_test(two_writers_of_a_path_do_not_meet),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(what_is_no_file_is_not_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
