/* SPDX-License-Identifier: MIT
 *
 * REQUEST_AUDIT: the same audit as `nearfar audit`, of one moment, as the columns say and as marks correct
 * them.
 */
#include "answer/audit_items.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>

static struct audit_settings settings_of(const struct audit_question *asked)
{
    struct audit_settings settings = {.target = (enum audit_target)asked->target,
                                      .at = (double)asked->at,
                                      .convention = (enum fmr_convention)asked->convention,
                                      .n_worst = AUDIT_PAIRS,
                                      .seed = 1};
    if (asked->bin >= 0) {
        settings.target = AUDIT_AT_THRESHOLD;
        settings.at = threshold_of_bin((uint32_t)asked->bin, SCORES_BINS);
    }
    return settings;
}

/* At its own threshold, or (NULL: none) at that of another. */
static struct audit *make(const struct audit_items *items, const struct audit *at,
                          const struct audit_settings *settings, struct pool *pool, struct progress *progress)
{
    struct err err;
    struct audit *audit = xcalloc(1, sizeof *audit);
    if (at ? audit_make_at(audit, at, &items->input, settings, pool, progress, &err)
           : audit_make(audit, &items->input, settings, pool, progress, &err))
        return audit;
    free(audit);
    return NULL;
}

static void free_audit(const struct audit *audit)
{
    struct audit *own = (struct audit *)(uintptr_t)audit;
    if (own)
        audit_release(own);
    free(own);
}

static void release(struct result *result)
{
    free_audit(result->audit.audit);
    free_audit(result->audit.tagged);
}

/* False when cancelled. */
static bool fill(struct audit_result *r, struct audit_items *items, const struct request *request,
                 struct pool *pool, struct progress *progress)
{
    struct audit_settings settings = settings_of(&r->asked);
    progress_expect(progress, audit_parts(&items->input, &settings));
    progress_expect(progress, request->marks.n > 0 ? audit_parts_at(&items->input, &settings) : 0);
    if (!(r->audit = make(items, NULL, &settings, pool, progress)))
        return false;
    r->n_tags = audit_items_tag(items, &request->marks);
    if (r->n_tags == 0)
        return true;
    r->tagged = make(items, r->audit, &settings, pool, progress);
    return r->tagged != NULL;
}

struct result *request_audit(const struct request *request, const struct request_scene *scene,
                             struct progress *progress)
{
    struct audit_items items;
    if (!audit_items_make(&items, &request->audit, request->snapshot, scene))
        return NULL;
    size_t rows = items.codes.n * sizeof *items.row, names = items.codes.n_groups * sizeof *items.codes.name;
    struct result *result = result_new(REQUEST_AUDIT, rows + names);
    memcpy(result->bytes, items.row, rows);
    memcpy(result->bytes + rows, items.codes.name, names);
    result->release = release;
    result->audit = (struct audit_result){.asked = request->audit,
                                          .n_groups = items.codes.n_groups,
                                          .row = (const uint32_t *)(const void *)result->bytes,
                                          .name = (const char(*)[AUDIT_NAME])(result->bytes + rows)};
    if (items.codes.n_groups <= AUDIT_MOST_GROUPS &&
        !fill(&result->audit, &items, request, scene->pool, progress)) {
        result_unref(result);
        result = NULL;
    }
    audit_items_release(&items);
    return result;
}
