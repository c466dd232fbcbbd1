/* SPDX-License-Identifier: MIT
 *
 * What a person knows better: items that are in no pair, pairs that are the same or different whatever their
 * identities say. A pair that is turned leaves units as they are: one across two identities counts in both
 * halves, as all genuine pairs do.
 */
#include "base/check.h"
#include "math/score.h"
#include "space/audit_parts.h"
#include "space/disparity.h"

#include <stdlib.h>
#include <string.h>

static enum pair_kind other(enum pair_kind kind)
{
    return kind == PAIR_GENUINE ? PAIR_IMPOSTOR : PAIR_GENUINE;
}

/* Where the items of a tag stand; that of one item has no other. */
struct ends {
    uint32_t a, b;
};

static struct ends ends_of(const struct audit_tag *tag, const uint32_t *place)
{
    bool pair = tag->kind != TAG_OUT;
    return place ? (struct ends){place[tag->a], pair ? place[tag->b] : UINT32_MAX}
                 : (struct ends){tag->a, pair ? tag->b : UINT32_MAX};
}

/* ---- who is out ---- */

/* The engine leaves out what has no identity: a copy of them, where they are lent. */
static uint32_t *own_identity(struct audit_side *side)
{
    size_t bytes = side->items.n * sizeof(uint32_t), last = ARRAY_LEN(side->owned) - 1;
    if (side->item)
        return (uint32_t *)(uintptr_t)side->items.identity;
    uint32_t *copy = xcalloc(side->items.n + 1, sizeof *copy);
    memcpy(copy, side->items.identity, bytes);
    side->owned[last] = copy;
    side->items.identity = copy;
    return copy;
}

static void leave_out(struct audit_side *side, bool listed)
{
    uint32_t *identity = listed ? NULL : own_identity(side);
    for (size_t i = 0; identity && i < side->items.n; i++)
        if (side->out[i])
            identity[i] = UINT32_MAX;
}

/* ---- pairs that are turned ---- */

static int by_ends(const void *a, const void *b)
{
    const struct listed_pair *x = a, *y = b;
    int order = (x->a > y->a) - (x->a < y->a);
    return order ? order : (x->b > y->b) - (x->b < y->b);
}

/* A tag of a pair of the side, in place of one that was said before. */
static void correct(struct audit_side *side, uint32_t a, uint32_t b, enum pair_kind kind)
{
    struct listed_pair pair = {a < b ? a : b, a < b ? b : a, 0, kind};
    size_t i = 0;
    while (i < side->n_corrected && by_ends(&side->corrected[i], &pair) != 0)
        i++;
    side->corrected[i] = pair;
    side->n_corrected += i == side->n_corrected;
}

void side_take_tags(struct audit_side *side, const struct audit_input *input)
{
    if (input->n_tags == 0)
        return;
    uint32_t *place = side_places(side, input->items.n);
    side->out = xcalloc(side->items.n + 1, sizeof *side->out);
    side->corrected = xcalloc(input->n_tags, sizeof *side->corrected);
    for (size_t t = 0; t < input->n_tags; t++) {
        const struct audit_tag *tag = &input->tag[t];
        struct ends at = ends_of(tag, place);
        if (tag->kind == TAG_OUT && at.a != UINT32_MAX)
            side->out[at.a] = true;
        else if (at.a != UINT32_MAX && at.b != UINT32_MAX && at.a != at.b)
            correct(side, at.a, at.b, tag->kind == TAG_SAME ? PAIR_GENUINE : PAIR_IMPOSTOR);
    }
    free(place);
    qsort(side->corrected, side->n_corrected, sizeof *side->corrected, by_ends);
    leave_out(side, input->pair != NULL);
}

enum pair_kind side_kind_of(const struct audit_side *side, const struct listed_pair *pair)
{
    struct listed_pair key = *pair;
    if (pair->a > pair->b)
        key = (struct listed_pair){pair->b, pair->a, pair->score, pair->kind};
    const struct listed_pair *found =
        side->n_corrected ? bsearch(&key, side->corrected, side->n_corrected, sizeof key, by_ends) : NULL;
    return found ? found->kind : pair->kind;
}

static float score_of(const struct score_items *items, const struct listed_pair *pair)
{
    float *unit = xcalloc(2 * items->d + 1, sizeof *unit);
    score_normalise(items->rows + pair->a * items->d, 1, items->d, unit, NULL);
    score_normalise(items->rows + pair->b * items->d, 1, items->d, unit + items->d, NULL);
    float score = score_pair(unit, unit + items->d, items->d);
    free(unit);
    return score;
}

/* Pairs of both its items: one more of its kind, one less of the other. */
static void add_more(struct audit_side *side, const struct listed_pair *pair)
{
    const struct score_items *items = &side->items;
    const uint32_t end[] = {pair->a, pair->b};
    for (int e = 0; e < 2; e++) {
        size_t at = end[e] * items->n_groups + items->group[end[1 - e]];
        side->more[pair->kind][at]++;
        side->more[other(pair->kind)][at]--;
    }
}

void side_score_corrected(struct audit_side *side)
{
    const struct score_items *items = &side->items;
    size_t kept = 0;
    for (int kind = 0; side->n_corrected > 0 && kind < N_PAIR_KINDS; kind++)
        side->more[kind] = xcalloc(items->n * items->n_groups + 1, sizeof *side->more[kind]);
    for (size_t i = 0; i < side->n_corrected; i++) {
        struct listed_pair pair = side->corrected[i];
        bool same = items->identity[pair.a] == items->identity[pair.b];
        if (!side->in[pair.a] || !side->in[pair.b] || same == (pair.kind == PAIR_GENUINE))
            continue;
        pair.score = score_of(items, &pair);
        add_more(side, &pair);
        side->corrected[kept++] = pair;
    }
    side->n_corrected = kept;
}

/* ---- what a tag changes ---- */

/* More (or less) errors and pairs between items of group g and those of each group: (N_PAIR_KINDS, n_groups).
 */
struct change_of_pairs {
    uint32_t g;
    double *errors[N_PAIR_KINDS], *pairs[N_PAIR_KINDS];
};

/* What an effect is found with. */
struct looking {
    const struct audit *audit; /* without tags */
    struct audit_side side;
    struct change_of_pairs change;
    struct audit_tag_effect *effect;
};

static void change(struct looking *l, uint32_t h, enum pair_kind kind, double errors, double pairs)
{
    l->change.errors[kind][h] += errors;
    l->change.pairs[kind][h] += pairs;
}

static void take_item(struct looking *l, uint32_t i)
{
    const struct audit_side *side = &l->side;
    size_t n_groups = side->items.n_groups;
    if (i == UINT32_MAX || !side->in[i])
        return;
    l->effect->counts = true;
    l->change.g = side->items.group[i];
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        for (uint32_t h = 0; h < n_groups; h++)
            change(l, h, (enum pair_kind)kind, -(double)l->audit->scores.errors[kind][i * n_groups + h],
                   -side_pairs_of(side, (enum pair_kind)kind, i, h));
}

/* One pair, unless it is of that kind. */
static void turn_pair(struct looking *l, const struct listed_pair *pair, enum pair_kind kind)
{
    const uint32_t *group = l->side.items.group;
    bool match = scores_bin(pair->score, (uint32_t)l->audit->n_bins) >= l->audit->bin;
    bool error = match == (pair->kind == PAIR_IMPOSTOR);
    l->effect->counts = true;
    if (pair->kind == kind)
        return;
    l->change.g = group[pair->a];
    change(l, group[pair->b], pair->kind, -(double)error, -1);
    change(l, group[pair->b], kind, !error, 1);
}

static void turn_ends(struct looking *l, uint32_t a, uint32_t b, enum pair_kind kind)
{
    const struct audit_side *side = &l->side;
    struct listed_pair pair = {a, b, 0, PAIR_IMPOSTOR};
    if (a == UINT32_MAX || b == UINT32_MAX || a == b || !side->in[a] || !side->in[b])
        return;
    for (size_t p = 0; p < side->n_pairs; p++) { /* as often as it is listed, either way round */
        struct listed_pair at = side->pair[p];
        if (at.a == b && at.b == a)
            at = (struct listed_pair){a, b, at.score, at.kind};
        if (at.a == a && at.b == b)
            turn_pair(l, &at, kind);
    }
    if (side->pair)
        return;
    pair.score = score_of(&side->items, &pair);
    pair.kind = side->items.identity[a] == side->items.identity[b] ? PAIR_GENUINE : PAIR_IMPOSTOR;
    turn_pair(l, &pair, kind);
}

/* The rate of a group, or of all, after the change. */
static double rate_after(const struct looking *l, enum pair_kind kind, int g)
{
    const struct audit_value *rate =
        audit_find(l->audit, kind == PAIR_GENUINE ? METRIC_FNMR : METRIC_FMR, g, g);
    struct pair_set set = pair_set_of(g, g, kind == PAIR_GENUINE ? FMR_WITHIN : l->audit->convention);
    double x = rate->x, n = rate->n;
    for (uint32_t h = 0; h < l->audit->n_groups; h++) {
        unsigned w = pair_set_weight(set, l->change.g, h);
        x += w * l->change.errors[kind][h];
        n += w * l->change.pairs[kind][h];
    }
    return n > 0 ? x / n : NAN;
}

static void settle(struct looking *l)
{
    size_t n = l->audit->n_groups;
    double *rate = xcalloc(n, sizeof *rate);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        for (uint32_t h = 0; h < n; h++) {
            l->effect->pairs[kind] += fmax(0, -l->change.pairs[kind][h]);
            l->effect->errors[kind] += l->change.pairs[kind][h] < 0 ? -l->change.errors[kind][h] : 0;
        }
        for (size_t g = 0; g < n; g++)
            rate[g] = rate_after(l, (enum pair_kind)kind, (int)g);
        l->effect->rate[kind] = rate_after(l, (enum pair_kind)kind, ALL_GROUPS);
        l->effect->ratio[kind] = n > 1 ? rates_ratio(rate, n) : NAN;
    }
    free(rate);
}

static void look_at_tag(struct looking *l, const struct audit_tag *tag, const uint32_t *place)
{
    struct ends at = ends_of(tag, place);
    size_t n = l->audit->n_groups;
    double *numbers = xcalloc(4 * n, sizeof *numbers);
    for (size_t kind = 0; kind < N_PAIR_KINDS; kind++) {
        l->change.errors[kind] = numbers + 2 * kind * n;
        l->change.pairs[kind] = numbers + (2 * kind + 1) * n;
    }
    l->change.g = 0;
    *l->effect = (struct audit_tag_effect){.counts = false};
    if (tag->kind == TAG_OUT)
        take_item(l, at.a);
    else
        turn_ends(l, at.a, at.b, tag->kind == TAG_SAME ? PAIR_GENUINE : PAIR_IMPOSTOR);
    settle(l);
    free(numbers);
}

void audit_tag_effects(const struct audit *untagged, const struct audit_input *input,
                       struct audit_tag_effect *effect)
{
    struct looking looking = {.audit = untagged};
    struct audit_input bare = *input;
    bare.n_tags = 0;
    side_init(&looking.side, &bare, false);
    uint32_t *place = side_places(&looking.side, input->items.n);
    for (size_t t = 0; t < input->n_tags; t++) {
        looking.effect = &effect[t];
        look_at_tag(&looking, &input->tag[t], place);
    }
    free(place);
    side_release(&looking.side);
}
