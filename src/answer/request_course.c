/* SPDX-License-Identifier: MIT
 *
 * REQUEST_COURSE: the audit at kept steps; REQUEST_COMPARE: two moments beside each other.
 */
#include "answer/item_codes.h"
#include "answer/requests.h"
#include "base/check.h"
#include "space/compare.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 10, VALUES = COURSE_MOMENTS + 1 };

/* ---- what is looked at ---- */

struct looked_at {
    uint32_t *index, *item; /* (codes.n) of the probe, of the data set */
    struct item_codes codes;
};

static void looked_at_release(struct looked_at *l)
{
    free(l->index);
    free(l->item);
    item_codes_release(&l->codes);
    *l = (struct looked_at){0};
}

static bool look(struct looked_at *l, const struct snapshot *s, const struct dataset *data, int group,
                 int relation)
{
    if (s->n_probe < 2 || !s->h || !dataset_is_category(data, group) || !dataset_is_category(data, relation))
        return false;
    l->index = xcalloc(s->n_probe + 1, sizeof *l->index);
    l->item = xcalloc(s->n_probe + 1, sizeof *l->item);
    size_t n = item_codes_sample(data, s->item, s->n_probe, relation, COURSE_ITEMS, l->index);
    for (size_t i = 0; i < n; i++)
        l->item[i] = s->item[l->index[i]];
    item_codes_make(&l->codes, data, l->item, n, (struct item_columns){{group, NO_COLUMN}, relation});
    if (n < 2)
        looked_at_release(l);
    return n >= 2;
}

/* Rows of h of what is looked at. Owned. */
static float *rows_of(const struct snapshot *s, const struct looked_at *l)
{
    size_t d = s->dim_h;
    float *rows = xaligned(l->codes.n * d + 1, sizeof *rows);
    for (size_t i = 0; i < l->codes.n; i++)
        memcpy(rows + i * d, s->h + l->index[i] * d, d * sizeof *rows);
    return rows;
}

static size_t name_bytes(const struct looked_at *l)
{
    return l->codes.n_groups * AUDIT_NAME;
}

/* ---- over training ---- */

static float number_of(const struct audit_value *value)
{
    return value ? (float)value->value : NAN;
}

static void take_moment(const struct audit *audit, size_t moment, float *value)
{
    static const struct {
        enum course_line line;
        enum audit_metric metric;
    } lines[] = {{COURSE_THRESHOLD, METRIC_THRESHOLD},   {COURSE_FMR_RATIO, METRIC_FMR_RATIO},
                 {COURSE_FNMR_RATIO, METRIC_FNMR_RATIO}, {COURSE_HUB_SKEW, METRIC_HUB_SKEW},
                 {COURSE_PROBE, METRIC_PROBE_BACC},      {COURSE_CONTROL, METRIC_PROBE_CONTROL}};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        value[(size_t)lines[i].line * VALUES + moment] = number_of(audit_first(audit, lines[i].metric));
    for (size_t g = 0; g < audit->n_groups; g++)
        for (size_t kind = 0; kind < 2; kind++) {
            const struct audit_value *rate =
                audit_find(audit, kind ? METRIC_FNMR : METRIC_FMR, (int)g, (int)g);
            value[(COURSE_GROUP + 2 * g + kind) * VALUES + moment] = number_of(rate);
        }
}

/* False: cancelled. */
static bool add_moment(struct course_result *r, const struct snapshot *s, const struct looked_at *l,
                       float *value, struct progress *progress)
{
    struct audit audit;
    struct err err;
    float *rows = rows_of(s, l);
    const struct item_codes *c = &l->codes;
    struct audit_input input = {.items = {rows, c->n, s->dim_h, c->group, c->identity, c->n_groups},
                                .unit = c->unit};
    struct audit_settings settings = {
        .target = AUDIT_AT_FMR, .at = (double)r->asked.fmr, .seed = 1, .k = NEIGHBOURS};
    bool fine = audit_make(&audit, &input, &settings, NULL, progress, &err);
    if (fine) {
        r->step[r->n] = s->step;
        take_moment(&audit, r->n++, value);
        audit_release(&audit);
    }
    free(rows);
    return fine && !progress_cancelled(progress);
}

struct result *request_course(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    struct looked_at l = {0};
    if (!look(&l, s, scene->data, request->course.group, request->course.relation))
        return NULL;
    bool fits = l.codes.n_groups <= COURSE_MOST_GROUPS;
    size_t lines = COURSE_GROUP + 2 * l.codes.n_groups, bytes = lines * VALUES * sizeof(float);
    struct result *result = result_new(REQUEST_COURSE, bytes + name_bytes(&l));
    struct course_result *r = &result->course;
    float *value = (float *)(void *)result->bytes;
    memcpy(result->bytes + bytes, l.codes.name, name_bytes(&l));
    *r = (struct course_result){.asked = request->course,
                                .n_groups = l.codes.n_groups,
                                .n_items = l.codes.n,
                                .of = s->n_probe,
                                .value = value,
                                .name = (const char(*)[AUDIT_NAME])(result->bytes + bytes)};
    bool fine = true;
    size_t moments = 1;
    while (moments <= COURSE_MOMENTS && request->other[moments - 1])
        moments++;
    progress_expect(progress, fits ? 2 * (unsigned)moments : 0); /* a threshold and its errors */
    for (size_t i = 0; i < COURSE_MOMENTS && request->other[i] && fine && fits; i++)
        if (snapshot_same_items(request->other[i], s) && request->other[i]->h)
            fine = add_moment(r, request->other[i], &l, value, progress);
    fine = fine && (!fits || add_moment(r, s, &l, value, progress));
    looked_at_release(&l);
    if (fine)
        return result;
    result_unref(result);
    return NULL;
}

/* ---- two moments ---- */

static struct result *pack(const struct comparison *comparison, const struct request *request,
                           const struct looked_at *l)
{
    size_t groups = comparison->n_groups * sizeof *comparison->group;
    struct result *result = result_new(REQUEST_COMPARE, sizeof *comparison + groups + name_bytes(l));
    struct comparison *copy = (struct comparison *)(void *)result->bytes;
    *copy = *comparison;
    copy->group = (struct group_change *)(void *)(result->bytes + sizeof *copy);
    memcpy(copy->group, comparison->group, groups);
    char *names = result->bytes + sizeof *copy + groups;
    memcpy(names, l->codes.name, name_bytes(l));
    result->compare = (struct compare_result){.asked = request->compare,
                                              .before_step = request->other[0]->step,
                                              .n_items = l->codes.n,
                                              .of = request->snapshot->n_probe,
                                              .comparison = copy,
                                              .name = (const char(*)[AUDIT_NAME])names};
    return result;
}

struct result *request_compare(const struct request *request, const struct request_scene *scene,
                               struct progress *progress)
{
    const struct snapshot *now = request->snapshot, *before = request->other[0];
    const struct compare_question *asked = &request->compare;
    struct looked_at l = {0};
    struct comparison comparison;
    struct err err;
    if (!before || !before->h || !snapshot_same_items(now, before) || asked->k < 1 ||
        !look(&l, now, scene->data, asked->group, asked->relation))
        return NULL;
    float *a = rows_of(before, &l), *b = rows_of(now, &l);
    struct compare_input input = {{{a, before->dim_h}, {b, now->dim_h}},
                                  l.codes.n,
                                  l.codes.group,
                                  l.codes.identity,
                                  l.codes.unit,
                                  l.codes.n_groups};
    double fmr = (double)asked->fmr;
    struct compare_settings settings = {
        (size_t)asked->k, {{AUDIT_AT_FMR, fmr}, {AUDIT_AT_FMR, fmr}}, COMPARE_DRAWS, 1};
    struct result *result = NULL;
    progress_expect(progress, compare_parts(&input));
    if (compare_spaces(&comparison, &input, &settings, NULL, progress, &err)) {
        result = pack(&comparison, request, &l);
        comparison_release(&comparison);
    }
    free(a);
    free(b);
    looked_at_release(&l);
    return result;
}
