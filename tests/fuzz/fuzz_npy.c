/* SPDX-License-Identifier: MIT */
#include "data/npy.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct table table;
    struct err err;
    if (npy_parse(bytes, size, &table, &err))
        table_release(&table);
    return 0;
}
