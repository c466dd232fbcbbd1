/* SPDX-License-Identifier: MIT */
#include "run/checkpoint.h"

#include "../support/params.c" /* the fuzzer links nothing of tests/ */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct params params;
    struct err err;
    small_params(&params);
    checkpoint_parse(data, size, &params, NULL, &err);
    checkpoint_parse(data, size, NULL, NULL, &err);
    params_release(&params);
    return 0;
}
