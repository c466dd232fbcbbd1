/* SPDX-License-Identifier: MIT */
#include "support/tables.h"

#include "base/rng.h"
#include "data/npy.h"
#include "support/cmocka.h"

#include <math.h>
#include <stdio.h>

static const char *const kinds[TABLES_GROUPS] = {"ant", "bird", "cat", "dog", "eel", "fish"};

static double jitter(size_t row, unsigned purpose)
{
    return (double)(rng_hash(row * 7919 + 13, purpose) % 2001) / 1000 - 1;
}

static void write_rows(const char *folder, const char *name, const float *rows, size_t n)
{
    char path[256];
    struct err err;
    snprintf(path, sizeof path, "%s/%s.npy", folder, name);
    if (!npy_write(path, rows, n, TABLES_D, &err))
        fail_msg("%s", err.text);
}

void tables_put(const char *folder, const char *name, double apart)
{
    float rows[TABLES_N * TABLES_D];
    for (size_t i = 0; i < TABLES_N; i++)
        for (size_t j = 0; j < TABLES_D; j++)
            rows[i * TABLES_D + j] = (float)((i % TABLES_GROUPS == j ? apart : 0) + jitter(i, (unsigned)j));
    write_rows(folder, name, rows, TABLES_N);
}

void tables_put_items(const char *folder)
{
    char path[256];
    snprintf(path, sizeof path, "%s/items.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("kind,title,u,v\n", file);
    for (size_t i = 0; i < TABLES_N; i++) {
        double angle = (double)(i % TABLES_GROUPS) * 1.0472;
        fprintf(file, "%s,%s number %zu,%.3f,%.3f\n", kinds[i % TABLES_GROUPS], kinds[i % TABLES_GROUPS], i,
                4 * cos(angle) + jitter(i, 20), 4 * sin(angle) + jitter(i, 21));
    }
    fclose(file);
}

void tables_put_queries(const char *folder, const char *name)
{
    float rows[TABLES_GROUPS * TABLES_D] = {0};
    for (size_t k = 0; k < TABLES_GROUPS; k++)
        rows[k * TABLES_D + k] = 1;
    write_rows(folder, name, rows, TABLES_GROUPS);
}
