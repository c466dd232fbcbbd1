/* SPDX-License-Identifier: MIT
 *
 * REQUEST_GROUPS: whose neighbours are whose, what hubs do, and how two groups differ along an axis.
 */
#include "answer/audit_items.h"
#include "base/check.h"
#include "space/association.h"
#include "space/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPLITS = 10000, DEALT = 99 };

static void release(struct result *result)
{
    struct audit *audit = (struct audit *)(uintptr_t)result->groups.audit;
    if (audit)
        audit_release(audit);
    free(audit);
}

/* ---- hubs ---- */

static uint32_t false_matches(const struct audit *audit, size_t i)
{
    uint32_t sum = 0;
    for (size_t h = 0; h < audit->n_groups; h++)
        sum += audit->scores.errors[PAIR_IMPOSTOR][i * audit->n_groups + h];
    return sum;
}

static void put_hub(struct groups_result *r, struct hub_row hub)
{
    size_t at = r->n_hubs < GROUPS_HUBS ? r->n_hubs++ : GROUPS_HUBS;
    for (; at > 0 && r->hub[at - 1].occurrence < hub.occurrence; at--)
        if (at < GROUPS_HUBS)
            r->hub[at] = r->hub[at - 1];
    if (at < GROUPS_HUBS)
        r->hub[at] = hub;
}

/* Of the items that the rates are of: under a split those are numbered anew, so there hubs are not told. */
static void find_hubs(struct groups_result *r, const struct audit_items *items)
{
    const struct audit *audit = r->audit;
    uint32_t *count = xcalloc(items->codes.n + 1, sizeof *count);
    if (!items->dev)
        graph_occurrence(&audit->scores.near, count, items->codes.n);
    for (size_t i = 0; !items->dev && i < items->codes.n; i++) {
        uint32_t matches = false_matches(audit, i);
        r->n_matches += matches;
        put_hub(r, (struct hub_row){items->row[i], items->codes.group[i], count[i], matches});
    }
    free(count);
}

/* ---- association along an axis ---- */

/* Rows of some items, copied together. */
struct rows_of {
    float *rows;
    size_t n, room;
};

static struct selection_of_rows lent(const struct rows_of *r)
{
    return (struct selection_of_rows){r->rows, r->n};
}

static void add_row(struct rows_of *r, const struct audit_items *items, size_t i)
{
    size_t d = items->input.items.d;
    if (r->n == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        r->rows = xrealloc(r->rows, r->room * d, sizeof *r->rows);
    }
    memcpy(r->rows + r->n++ * d, items->input.items.rows + i * d, d * sizeof *r->rows);
}

static bool has(const struct request_set *set, size_t i)
{
    return set->word && i < set->n && set->word[i / 64] >> (i % 64) & 1;
}

static void associate(struct groups_result *r, const struct audit_items *items, const struct request *request,
                      struct progress *progress)
{
    struct rows_of part[4] = {{0}}; /* of group g, of group h; of both ends of the axis */
    for (size_t i = 0; i < items->codes.n && !items->views; i++) {
        if ((int)items->codes.group[i] == r->asked.g)
            add_row(&part[0], items, i);
        else if ((int)items->codes.group[i] == r->asked.h)
            add_row(&part[1], items, i);
        for (int end = 0; end < 2; end++)
            if (has(&request->set[end], i))
                add_row(&part[2 + end], items, i);
    }
    struct selection_of_rows set[4];
    bool enough = true;
    for (int p = 0; p < 4; p++) {
        set[p] = lent(&part[p]);
        enough = enough && part[p].n > 0;
    }
    r->effect = r->p = r->least_p = NAN;
    for (int end = 0; end < 2; end++)
        r->n_axis[end] = part[2 + end].n;
    if (enough) {
        struct association a =
            association_test(&set[0], &set[1], &set[2], &set[3], items->input.items.d, SPLITS, 1, progress);
        r->effect = a.effect;
        r->p = a.p;
        r->least_p = a.least_p;
        r->exact = a.exact;
    }
    for (int p = 0; p < 4; p++)
        free(part[p].rows);
}

/* ---- all of it ---- */

static struct audit *look(const struct audit_items *items, const struct audit_question *asked,
                          struct pool *pool, struct progress *progress)
{
    struct err err;
    struct audit *audit = xcalloc(1, sizeof *audit);
    struct audit_settings settings = {.target = AUDIT_AT_THRESHOLD,
                                      .at = threshold_of_bin((uint32_t)asked->bin, SCORES_BINS),
                                      .convention = (enum fmr_convention)asked->convention,
                                      .k = items->codes.n > GROUPS_K ? GROUPS_K : items->codes.n - 1,
                                      .n_dealt = DEALT,
                                      .seed = 1};
    if (audit_make(audit, &items->input, &settings, pool, progress, &err))
        return audit;
    free(audit);
    return NULL;
}

struct result *request_groups(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    struct audit_items items;
    const struct audit_question *asked = &request->groups.audit;
    if (asked->bin < 0 || !audit_items_make(&items, asked, request->snapshot, scene))
        return NULL;
    progress_expect(progress, request->set[0].word && request->set[1].word ? 2 : 1);
    struct audit *audit = items.codes.n_groups <= AUDIT_MOST_GROUPS && items.codes.n > 2
                              ? look(&items, asked, scene->pool, progress)
                              : NULL;
    struct result *result = audit ? result_new(REQUEST_GROUPS, 0) : NULL;
    if (result) {
        result->release = release;
        result->groups = (struct groups_result){.asked = request->groups, .audit = audit};
        find_hubs(&result->groups, &items);
        associate(&result->groups, &items, request, progress);
    }
    audit_items_release(&items);
    return result;
}
