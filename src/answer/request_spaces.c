/* SPDX-License-Identifier: MIT
 *
 * REQUEST_SPACES: an item's nearest in every space side by side, which of them are new since another moment,
 * and what they are made of.
 */
#include "answer/near_asked.h"
#include "answer/requests.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>

/* Lists are written here until the result is made. */
struct draft {
    struct neighbours now[SPACE_KINDS], before[SPACE_KINDS]; /* k 0: none */
};

static bool moves(enum space_kind space)
{
    return space == SPACE_H || space == SPACE_Z;
}

static bool draft_make(struct draft *draft, const struct near_asking *asking)
{
    const struct snapshot *now = asking->request->snapshot, *before = asking->request->other[0];
    for (int i = 0; i < SPACE_KINDS; i++) {
        enum space_kind space = (enum space_kind)i;
        if (!near_asked_find(&draft->now[i], asking, now, space) ||
            (before && moves(space) && !near_asked_find(&draft->before[i], asking, before, space)))
            return false;
    }
    return true;
}

static void draft_release(struct draft *draft)
{
    for (int i = 0; i < SPACE_KINDS; i++) {
        neighbours_release(&draft->now[i]);
        neighbours_release(&draft->before[i]);
    }
}

static bool has(const struct neighbours *list, uint32_t index)
{
    for (size_t i = 0; i < list->k; i++)
        if (list->index[i] == index)
            return true;
    return false;
}

/* Room for one space: index, lost, value, kept. */
static size_t list_bytes(size_t k)
{
    return k * (2 * sizeof(uint32_t) + sizeof(float)) + (k + 3) / 4 * 4;
}

static void fill_list(struct near_list *list, char *at, const struct neighbours *now,
                      const struct neighbours *before, size_t k)
{
    uint32_t *index = (uint32_t *)(void *)at, *lost = index + k;
    float *value = (float *)(void *)(lost + k);
    uint8_t *kept = (uint8_t *)(value + k);
    if (now->k == 0)
        return;
    memcpy(index, now->index, now->k * sizeof *index);
    memcpy(value, now->score, now->k * sizeof *value);
    *list = (struct near_list){.k = now->k, .index = index, .value = value, .lost = lost};
    if (before->k == 0)
        return;
    list->kept = kept;
    for (size_t i = 0; i < now->k; i++)
        kept[i] = has(before, now->index[i]);
    for (size_t i = 0; i < before->k; i++)
        if (!has(now, before->index[i]))
            lost[list->n_lost++] = before->index[i];
}

/* ---- composition ---- */

/* How often each value occurs among what is asked about, all others, and the neighbours. */
struct counts {
    uint32_t *own, *all, *near; /* (n_values) */
    size_t n_all;
};

static struct counts count(const struct column *column, const struct snapshot *s, const bool *asked,
                           const struct near_list *list)
{
    struct counts c = {.all = xcalloc(column->n_values + 1, sizeof(uint32_t)),
                       .near = xcalloc(column->n_values + 1, sizeof(uint32_t)),
                       .own = xcalloc(column->n_values + 1, sizeof(uint32_t))};
    for (size_t i = 0; i < s->n_probe; i++) {
        uint32_t code = column->code[s->item[i]];
        uint32_t *counted = asked[i] ? c.own : c.all;
        c.n_all += !asked[i]; /* a blank is one of them, as it is one of the k */
        if (code < column->n_values)
            counted[code]++;
    }
    for (size_t i = 0; i < list->k; i++) {
        uint32_t code = column->code[s->item[list->index[i]]];
        if (code < column->n_values)
            c.near[code]++;
    }
    return c;
}

static void add_value(struct spaces_result *r, const struct counts *c, int column, uint32_t value, bool own)
{
    if (r->n_composition == COMPOSITION_MAX || c->n_all == 0)
        return;
    r->composition[r->n_composition++] =
        (struct composition){column, value, c->near[value], (float)c->all[value] / (float)c->n_all, own};
}

/* The value that most have, but one; UINT32_MAX: none has any. */
static uint32_t most_frequent(const uint32_t *count, uint32_t n, uint32_t but)
{
    uint32_t most = UINT32_MAX;
    for (uint32_t v = 0; v < n; v++)
        if (v != but && count[v] > 0 && (most == UINT32_MAX || count[v] > count[most]))
            most = v;
    return most;
}

/* The own value, then the most frequent other one if there is any. */
static void compose(struct spaces_result *r, const struct dataset *data, int column, const struct snapshot *s,
                    const bool *asked)
{
    const struct column *values = &data->column[column];
    struct counts c = count(values, s, asked, &r->list[r->asked.space]);
    uint32_t own = most_frequent(c.own, (uint32_t)values->n_values, UINT32_MAX),
             most = most_frequent(c.near, (uint32_t)values->n_values, own);
    if (own != UINT32_MAX)
        add_value(r, &c, column, own, true);
    if (most != UINT32_MAX)
        add_value(r, &c, column, most, false);
    free(c.own);
    free(c.all);
    free(c.near);
}

static void compose_all(struct spaces_result *r, const struct dataset *data, const struct snapshot *s,
                        const bool *asked)
{
    if (r->list[r->asked.space].k == 0)
        return;
    for (int c = 0; c < (int)data->n_columns; c++)
        if (data->column[c].kind == COLUMN_CATEGORY && c != data->split)
            compose(r, data, c, s, asked);
}

static struct result *answer(const struct draft *draft, const struct near_asking *asking)
{
    const struct request *request = asking->request;
    const struct snapshot *before = request->other[0];
    size_t k = (size_t)request->spaces.k;
    struct result *result = result_new(REQUEST_SPACES, SPACE_KINDS * list_bytes(k));
    struct spaces_result *r = &result->spaces;
    r->asked = request->spaces;
    r->before_step = before ? before->step : UINT64_MAX;
    for (size_t i = 0; i < SPACE_KINDS; i++)
        fill_list(&r->list[i], result->bytes + i * list_bytes(k), &draft->now[i], &draft->before[i], k);
    compose_all(r, asking->scene->data, request->snapshot, asking->asked);
    return result;
}

struct result *request_spaces(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    const struct snapshot *s = request->snapshot, *before = request->other[0];
    bool sense = request->spaces.k >= 1 && (!before || snapshot_same_items(before, s));
    bool *asked = near_asked_items(request, s->n_probe);
    struct near_asking asking = {request, scene, asked, progress};
    struct draft draft = {0};
    struct result *result = sense && asked && draft_make(&draft, &asking) ? answer(&draft, &asking) : NULL;
    draft_release(&draft);
    free(asked);
    return result;
}
