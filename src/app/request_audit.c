/* SPDX-License-Identifier: MIT
 *
 * REQUEST_AUDIT: the same audit as `nearfar audit`, of the probe's h at one moment.
 */
#include "app/requests.h"
#include "base/check.h"
#include "space/audit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Codes of a category at the probe's items. */
static uint32_t *codes_of(const struct dataset *data, int column, const struct snapshot *s)
{
    uint32_t *code = xcalloc(s->n_probe + 1, sizeof *code);
    for (size_t i = 0; i < s->n_probe; i++)
        code[i] = data->column[column].code[s->item[i]];
    return code;
}

static bool is_category(const struct dataset *data, int column)
{
    return column >= 0 && (size_t)column < data->n_columns && data->column[column].kind == COLUMN_CATEGORY;
}

/* Values that no item of the probe has are no groups; a blank one is. new_code[value], the last for blank. */
static size_t number_groups(const uint32_t *code, size_t n, uint32_t *new_code, size_t n_values)
{
    size_t n_groups = 0;
    memset(new_code, 0, (n_values + 1) * sizeof *new_code);
    for (size_t i = 0; i < n; i++)
        new_code[code[i] == NO_VALUE ? n_values : code[i]] = 1;
    for (size_t v = 0; v <= n_values; v++)
        new_code[v] = new_code[v] ? (uint32_t)n_groups++ : UINT32_MAX;
    return n_groups;
}

/* ---- what goes back ---- */

static struct result *pack(const struct audit *audit, const struct audit_question *asked,
                           const struct column *groups, const uint32_t *new_code)
{
    size_t n_lists = audit->scores.n_cells * N_PAIR_KINDS, n_names = audit->n_groups;
    size_t values = audit->n_values * sizeof *audit->value,
           pairs = n_lists * AUDIT_PAIRS * sizeof(struct audit_pair);
    struct result *result =
        result_new(REQUEST_AUDIT, values + pairs + n_lists * sizeof(uint32_t) + n_names * AUDIT_NAME);
    struct audit_value *value = (struct audit_value *)(void *)result->bytes;
    struct audit_pair *pair = (struct audit_pair *)(void *)(result->bytes + values);
    uint32_t *n_pairs = (uint32_t *)(void *)(result->bytes + values + pairs);
    char(*name)[AUDIT_NAME] = (char(*)[AUDIT_NAME])(void *)(n_pairs + n_lists);
    memcpy(value, audit->value, values);
    for (size_t list = 0; list < n_lists; list++) {
        const struct worst_pairs *worst = &audit->scores.worst[list];
        n_pairs[list] = (uint32_t)worst->n;
        for (size_t p = 0; p < worst->n; p++) {
            bool match = scores_bin(worst->pair[p].score, (uint32_t)audit->n_bins) >= audit->bin;
            pair[list * AUDIT_PAIRS + p] =
                (struct audit_pair){worst->pair[p].a, worst->pair[p].b, worst->pair[p].score,
                                    match != (list % N_PAIR_KINDS == PAIR_GENUINE)};
        }
    }
    for (size_t v = 0; v <= groups->n_values; v++)
        if (new_code[v] != UINT32_MAX)
            snprintf(name[new_code[v]], AUDIT_NAME, "%s",
                     v < groups->n_values ? groups->value[v] : "(missing)");
    result->audit = (struct audit_result){.asked = *asked,
                                          .n_groups = n_names,
                                          .n_items = audit->n_items,
                                          .n_units = audit->n_units,
                                          .by_unit = audit->by_unit,
                                          .threshold = audit_tau(audit, audit->bin),
                                          .value = value,
                                          .n_values = audit->n_values,
                                          .pair = pair,
                                          .n_pairs = n_pairs,
                                          .name = (const char(*)[AUDIT_NAME])name};
    return result;
}

struct result *request_audit(const struct request *request, const struct request_scene *scene,
                             struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    const struct audit_question *asked = &request->audit;
    const struct dataset *data = scene->data;
    if (s->n_probe < 2 || !s->h || !is_category(data, asked->group) || !is_category(data, asked->relation))
        return NULL;
    const struct column *groups = &data->column[asked->group];
    uint32_t *group = codes_of(data, asked->group, s), *identity = codes_of(data, asked->relation, s);
    uint32_t *new_code = xcalloc(groups->n_values + 1, sizeof *new_code);
    size_t n_groups = number_groups(group, s->n_probe, new_code, groups->n_values);
    for (size_t i = 0; i < s->n_probe; i++)
        group[i] = new_code[group[i] == NO_VALUE ? groups->n_values : group[i]];
    struct audit_input input = {.items = {s->h, s->n_probe, s->dim_h, group, identity, n_groups}};
    if (asked->relation == data->identity)
        input.unit = identity;
    struct audit_settings settings = {.target = (enum audit_target)asked->target,
                                      .at = 1e-6 * asked->at_ppm,
                                      .convention = (enum fmr_convention)asked->convention,
                                      .n_worst = AUDIT_PAIRS,
                                      .seed = 1};
    struct audit audit;
    struct result *result = NULL;
    struct err err;
    if (n_groups <= AUDIT_MOST_GROUPS && audit_make(&audit, &input, &settings, NULL, progress, &err)) {
        result = pack(&audit, asked, groups, new_code);
        audit_release(&audit);
    }
    free(group);
    free(identity);
    free(new_code);
    return result;
}
