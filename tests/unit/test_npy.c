/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "base/file.h"
#include "data/npy.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 118, START = 10 + HEADER };

/* A version 1 file around the dict and the numbers. */
static size_t build(uint8_t *file, const char *dict, const void *numbers, size_t n)
{
    memcpy(file, "\x93NUMPY\x01\x00", 8);
    file[8] = HEADER;
    file[9] = 0;
    memset(file + 10, ' ', HEADER);
    memcpy(file + 10, dict, strlen(dict));
    file[START - 1] = '\n';
    memcpy(file + START, numbers, n);
    return START + n;
}

static struct table parsed(const char *dict, const void *numbers, size_t n)
{
    uint8_t file[512];
    struct table table;
    struct err err;
    size_t length = build(file, dict, numbers, n);
    if (!npy_parse(file, length, &table, &err))
        fail_msg("%s", err.text);
    return table;
}

static void refused(const char *dict, const void *numbers, size_t n, const char *why)
{
    uint8_t file[512];
    struct table table;
    struct err err;
    size_t length = build(file, dict, numbers, n);
    assert_false(npy_parse(file, length, &table, &err));
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_null(table.values);
}

static void every_dtype(void **state)
{
    (void)state;
    const float f4[] = {1.5f, -2};
    const double f8[] = {0.1, 1e300};
    const uint16_t f2[] = {0x3c00, 0xc000, 0x0001, 0x7c00}; /* 1, -2, the smallest, infinity */
    const int8_t i1[] = {-1, 127};
    const uint8_t f4_big[] = {0x3f, 0xc0, 0, 0};
    const int64_t i8[] = {-3};
    struct table t = parsed("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", f4, sizeof f4);
    assert_true(t.rows == 1 && t.columns == 2 && t.values[0] == 1.5 && t.values[1] == -2);
    table_release(&t);
    t = parsed("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", f8, sizeof f8);
    assert_true(t.rows == 2 && t.columns == 1 && t.values[0] == 0.1 && t.values[1] == 1e300);
    table_release(&t);
    t = parsed("{'descr': '<f2', 'fortran_order': False, 'shape': (4, 1), }", f2, sizeof f2);
    assert_true(t.values[0] == 1 && t.values[1] == -2 && t.values[2] == ldexp(1, -24) && isinf(t.values[3]));
    table_release(&t);
    t = parsed("{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}", i1, sizeof i1);
    assert_true(t.values[0] == -1 && t.values[1] == 127);
    table_release(&t);
    t = parsed("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }", f4_big, sizeof f4_big);
    assert_true(t.values[0] == 1.5);
    table_release(&t);
    t = parsed("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", i8, sizeof i8);
    assert_true(t.values[0] == -3);
    table_release(&t);
}

static void fortran_order_is_turned(void **state)
{
    (void)state;
    const float columns_first[] = {0, 10, 1, 11, 2, 12};
    struct table t = parsed("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", columns_first,
                            sizeof columns_first);
    for (int r = 0; r < 2; r++)
        for (int c = 0; c < 3; c++)
            assert_true(t.values[3 * r + c] == 10 * r + c);
    table_release(&t);
}

static void lies_and_strangers_are_refused(void **state)
{
    (void)state;
    const float two[] = {1, 2};
    struct table table;
    struct err err;
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }", two, sizeof two, "truncated");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999), }", two, sizeof two,
            "the");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", two, sizeof two, "bytes more");
    refused("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", two, sizeof two, "dtype");
    refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", two, sizeof two, "dtype");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2), }", two, sizeof two, "dimensions");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", two, sizeof two, "dimensions");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", two, sizeof two, "0");
    assert_false(npy_parse("PK\3\4", 4, &table, &err));
    assert_non_null(strstr(err.text, "numpy.save"));
}

static void what_is_written_reads_the_same(void **state)
{
    (void)state;
    struct folder folder;
    struct table table;
    struct err err;
    const float values[] = {0.1f, -0.0f, 3e38f, 1e-40f, 5, 6};
    folder_init(&folder);
    const char *path = folder_at(&folder, "e.npy");
    assert_true(npy_write(path, values, 3, 2, &err));
    assert_true(npy_read(path, &table, &err));
    assert_true(table.rows == 3 && table.columns == 2);
    for (int i = 0; i < 6; i++)
        assert_true((float)table.values[i] == values[i]);
    table_release(&table);
    size_t length;
    char *bytes = file_read(path, 1 << 20, &length, &err);
    assert_int_equal(length, 128 + sizeof values);
    free(bytes);
    folder_release(&folder);
    assert_false(npy_write("/nonexistent/e.npy", values, 3, 2, &err));
}

/* Longer than what is read at once: numbers on both sides of a border, in both orders, of any width. */
static void long_files_are_read_piece_by_piece(void **state)
{
    (void)state;
    enum { ROWS = 30011, COLUMNS = 7, N = ROWS * COLUMNS };
    static const struct {
        const char *dict;
        bool fortran;
    } kinds[] = {{"{'descr': '<f4', 'fortran_order': False, 'shape': (30011, 7), }", false},
                 {"{'descr': '<f4', 'fortran_order': True, 'shape': (30011, 7), }", true},
                 {"{'descr': '<f8', 'fortran_order': False, 'shape': (30011, 7), }", false},
                 {"{'descr': '<f8', 'fortran_order': True, 'shape': (30011, 7), }", true}};
    struct folder folder;
    uint8_t *file = xcalloc(START + N * sizeof(double), 1);
    double *wide = xcalloc(N, sizeof *wide);
    float *narrow = xcalloc(N, sizeof *narrow);
    folder_init(&folder);
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        struct progress progress = {0};
        struct matrix m;
        struct err err;
        for (size_t r = 0; r < ROWS; r++)
            for (size_t c = 0; c < COLUMNS; c++)
                wide[kinds[k].fortran ? c * ROWS + r : r * COLUMNS + c] = (double)(r * 10 + c);
        for (size_t i = 0; i < N; i++)
            narrow[i] = (float)wide[i];
        const void *numbers = k < 2 ? (const void *)narrow : wide;
        folder_put(&folder, "e.npy", file, build(file, kinds[k].dict, numbers, N * (k < 2 ? 4 : 8)));
        assert_true(npy_read_floats_watched(folder_at(&folder, "e.npy"), &m, &progress, &err));
        for (size_t i = 0; i < N; i++)
            assert_true(m.values[i] == (float)(i / COLUMNS * 10 + i % COLUMNS));
        assert_int_equal(progress.done, progress.total);
        matrix_release(&m);
        progress_cancel(&progress);
        assert_false(npy_read_floats_watched(folder_at(&folder, "e.npy"), &m, &progress, &err));
        assert_null(m.values);
        assert_non_null(strstr(err.text, "stopped"));
    }
    free(file);
    free(wide);
    free(narrow);
    folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dtype),
        cmocka_unit_test(fortran_order_is_turned),
        cmocka_unit_test(lies_and_strangers_are_refused),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(long_files_are_read_piece_by_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
