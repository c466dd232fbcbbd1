/* SPDX-License-Identifier: MIT */
#include "run/checkpoint.h"

#include "base/check.h"
#include "base/file.h"
#include "support/cmocka.h"
#include "support/params.h"
#include "support/process.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path_of(const char *file)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", temporary_path(), file);
    return path;
}

static const char *const texts[] = {"step", "37", "method", "simclr", "odd \"key\"", "\xc3\xa9", NULL};

static void remember(void *ctx, const char *key, const char *value)
{
    char *all = ctx;
    size_t used = strlen(all);
    snprintf(all + used, 200 - used, "%s=%s;", key, value);
}

static void clear(struct params *params)
{
    memset(params->value, 0, params->count * sizeof(real));
    memset(params->m, 0, params->count * sizeof(real));
    memset(params->v, 0, params->count * sizeof(real));
}

static void test_round_trip(void **state)
{
    (void)state;
    struct params a, b;
    struct err err;
    char found[200] = "";
    small_params(&a);
    small_params(&b);
    clear(&b);
    assert_true(checkpoint_write(path_of("a"), &a, texts, &err));
    struct checkpoint_texts want = {remember, found};
    assert_true(checkpoint_read(path_of("a"), &b, &want, &err));
    for (size_t i = 0; i < a.n_tensors; i++)
        for (size_t k = 0; k < a.tensor[i].count; k++) {
            size_t at = a.tensor[i].offset + k;
            assert_true(a.value[at] == b.value[at]);
            if (a.tensor[i].role == TENSOR_STATE) /* no moments of what no gradient trains */
                continue;
            assert_true(a.m[at] == b.m[at]);
            assert_true(a.v[at] == b.v[at]);
        }
    assert_non_null(strstr(found, "step=37;"));
    assert_non_null(strstr(found, "odd \"key\"=\xc3\xa9;"));
    params_release(&a);
    params_release(&b);
}

static void test_same_params_same_bytes(void **state)
{
    (void)state;
    struct params a;
    struct err err;
    size_t n, m;
    small_params(&a);
    assert_true(checkpoint_write(path_of("a"), &a, texts, &err));
    assert_true(checkpoint_write(path_of("b"), &a, texts, &err));
    char *x = file_read(path_of("a"), 1 << 20, &n, &err), *y = file_read(path_of("b"), 1 << 20, &m, &err);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    assert_int_equal((8 + (unsigned char)x[0]) % 8, 0); /* tensors start aligned */
    free(x);
    free(y);
    params_release(&a);
}

static void test_every_truncation_is_refused(void **state)
{
    (void)state;
    struct params a, b;
    struct err err;
    size_t n;
    small_params(&a);
    small_params(&b);
    clear(&b);
    assert_true(checkpoint_write(path_of("a"), &a, texts, &err));
    char *bytes = file_read(path_of("a"), 1 << 20, &n, &err);
    for (size_t cut = 0; cut < n; cut++) {
        char *part = malloc(cut ? cut : 1);
        memcpy(part, bytes, cut);
        assert_false(checkpoint_parse(part, cut, &b, NULL, &err));
        free(part);
    }
    for (size_t at = 0; at < b.count; at++) /* and nothing was taken from any of them */
        assert_true(b.value[at] == 0);
    free(bytes);
    params_release(&a);
    params_release(&b);
}

/* A file with this header and n_data bytes of zeros. */
static bool parse_header(const char *header, size_t n_data, struct params *params, struct err *err)
{
    size_t length = strlen(header);
    unsigned char *bytes = calloc(8 + length + n_data, 1);
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)length >> (8 * i));
    memcpy(bytes + 8, header, length);
    bool fine = checkpoint_parse(bytes, 8 + length + n_data, params, NULL, err);
    free(bytes);
    return fine;
}

static void test_lying_headers_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t n_data;
        const char *says;
    } lies[] = {
        {"[]", 0, "not an object"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "outside"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "outside"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", 8, "outside"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "do not agree"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "do not agree"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483648,2147483648,4],\"data_offsets\":[0,0]}}", 0,
         "do not agree"},
        {"{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "F32"},
        {"{\"a\":{\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "dtype"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
         8, "overlap"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "gap"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "behind the last"},
        {"{\"__metadata__\":{\"step\":37}}", 0, "not text"},
        {"{\"__metadata__\":[]}", 0, "not an object"},
        {"{\"a\":1}", 0, "dtype"},
    };
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
        assert_false(parse_header(lies[i].header, lies[i].n_data, NULL, &err));
        if (!strstr(err.text, lies[i].says))
            fail_msg("%s: says '%s'", lies[i].header, err.text);
    }
    assert_true(parse_header("{}", 0, NULL, &err));
}

static void test_of_another_network(void **state)
{
    (void)state;
    struct params a, other = {0};
    struct err err;
    small_params(&a);
    params_add(&other, "trunk.0.weight", (int[4]){3, 2}, TENSOR_WEIGHT, INIT_HE, 2, 3);
    params_allocate(&other);
    assert_true(checkpoint_write(path_of("a"), &a, texts, &err));
    assert_false(checkpoint_read(path_of("a"), &other, NULL, &err));
    assert_non_null(strstr(err.text, "another network"));
    assert_non_null(strstr(err.text, path_of("a")));
    assert_true(checkpoint_write(path_of("b"), &other, texts, &err));
    assert_false(checkpoint_read(path_of("b"), &a, NULL, &err));
    params_release(&a);
    params_release(&other);
}

static void test_not_finite_is_refused(void **state)
{
    (void)state;
    struct params a;
    struct err err;
    small_params(&a);
    a.value[a.tensor[1].offset] = (real)NAN;
    assert_true(checkpoint_write(path_of("a"), &a, texts, &err));
    assert_false(checkpoint_read(path_of("a"), &a, NULL, &err));
    assert_non_null(strstr(err.text, "trunk.0.bias"));
    params_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_same_params_same_bytes),
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_lying_headers_are_refused),
        cmocka_unit_test(test_of_another_network),
        cmocka_unit_test(test_not_finite_is_refused),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
