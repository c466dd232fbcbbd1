/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct dataset data;
    struct err err;
    if (dataset_parse(&data, "cifar", bytes, size, &err))
        dataset_release(&data);
    return 0;
}
