/* SPDX-License-Identifier: MIT */
#include "run/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record record;
    struct err err;
    if (record_parse((const char *)data, size, &record, &err))
        record_release(&record);
    return 0;
}
