/* SPDX-License-Identifier: MIT */
#include "share/request.h"

#include "base/check.h"

#include <stdlib.h>

struct result *result_new(enum request_kind kind, size_t bytes)
{
    struct result *result = xcalloc(1, sizeof *result + bytes);
    atomic_init(&result->references, 1);
    result->kind = kind;
    return result;
}

struct result *result_ref(const struct result *result)
{
    struct result *r = (struct result *)(uintptr_t)result;
    atomic_fetch_add_explicit(&r->references, 1, memory_order_relaxed);
    return r;
}

void result_unref(const struct result *result)
{
    struct result *r = (struct result *)(uintptr_t)result;
    if (r && atomic_fetch_sub_explicit(&r->references, 1, memory_order_acq_rel) == 1)
        free(r);
}
