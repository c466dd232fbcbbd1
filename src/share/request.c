/* SPDX-License-Identifier: MIT */
#include "share/request.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum pace { QUICK, LONG };

static const struct {
    enum pace pace;
    const char *what;
} kinds[REQUEST_KINDS] = {
#define REQUEST(ID, name, pace, what) {pace, what},
#include "share/requests.def"
#undef REQUEST
};

const char *request_what(enum request_kind kind)
{
    return kinds[kind].what;
}

bool request_is_long(enum request_kind kind)
{
    return kinds[kind].pace == LONG;
}

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
    if (!r || atomic_fetch_sub_explicit(&r->references, 1, memory_order_acq_rel) > 1)
        return;
    if (r->release)
        r->release(r);
    free(r);
}

/* As bytes: questions have no padding, and a NaN is the same question again. */
static bool same_bytes(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

bool request_same_question(const struct request *a, const struct request *b)
{
    switch (a->kind) {
#define REQUEST(ID, name, pace, what)                                                                        \
    case REQUEST_##ID:                                                                                       \
        return same_bytes(&a->name, &b->name, sizeof a->name);
#include "share/requests.def"
#undef REQUEST
    case REQUEST_KINDS: break;
    }
    return false;
}

/* Step and run of moment i, 0 the one asked about; none counts as one of its own. */
static void moment_of(const struct request *request, size_t i, uint64_t *step, uint64_t *run)
{
    const struct snapshot *s = i == 0 ? request->snapshot : request->other[i - 1];
    *step = s ? s->step : UINT64_MAX;
    *run = s ? s->run : UINT64_MAX;
}

bool asked_alike(const struct asked *asked, const struct request *request)
{
    return asked->any && asked->request.kind == request->kind &&
           request_same_question(&asked->request, request);
}

bool asked_anew(struct asked *asked, const struct request *request)
{
    bool same = asked_alike(asked, request);
    for (size_t i = 0; i <= REQUEST_OTHERS; i++) {
        uint64_t step, run;
        moment_of(request, i, &step, &run);
        same = same && asked->step[i] == step && asked->run[i] == run;
        asked->step[i] = step;
        asked->run[i] = run;
    }
    asked->any = true;
    asked->request = *request;
    return !same;
}
