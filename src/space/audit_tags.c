/* SPDX-License-Identifier: MIT
 *
 * What a person knows better: items that are in no pair, pairs that are the same or different whatever their
 * identities say. A pair that is turned leaves units as they are: one across two identities counts in both
 * halves, as all genuine pairs do.
 */
#include "base/check.h"
#include "math/score.h"
#include "space/audit_parts.h"

#include <stdlib.h>
#include <string.h>

static enum pair_kind other(enum pair_kind kind)
{
    return kind == PAIR_GENUINE ? PAIR_IMPOSTOR : PAIR_GENUINE;
}

static uint32_t place_of(const uint32_t *place, uint32_t item)
{
    return place ? place[item] : item;
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
        uint32_t a = place_of(place, tag->a), b = place_of(place, tag->b);
        if (tag->kind == TAG_OUT && a != UINT32_MAX)
            side->out[a] = true;
        else if (tag->kind != TAG_OUT && a != UINT32_MAX && b != UINT32_MAX && a != b)
            correct(side, a, b, tag->kind == TAG_SAME ? PAIR_GENUINE : PAIR_IMPOSTOR);
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

static void effect_of_item(const struct audit_side *side, const struct scores *scores, uint32_t i,
                           struct audit_tag_effect *effect)
{
    size_t n_groups = side->items.n_groups;
    if (i == UINT32_MAX || !side->in[i])
        return;
    effect->counts = true;
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        for (uint32_t h = 0; h < n_groups; h++) {
            effect->pairs[kind] += side_pairs_of(side, (enum pair_kind)kind, i, h);
            effect->errors[kind] += (double)scores->errors[kind][i * n_groups + h];
        }
}

/* A pair that is turned to `kind`, unless it is of that kind. */
static void effect_of_pair(const struct audit *audit, const struct listed_pair *pair, enum pair_kind kind,
                           struct audit_tag_effect *effect)
{
    bool match = scores_bin(pair->score, (uint32_t)audit->n_bins) >= audit->bin;
    effect->counts = true;
    if (pair->kind == kind)
        return;
    effect->pairs[pair->kind]++;
    effect->errors[pair->kind] += match == (pair->kind == PAIR_IMPOSTOR);
}

static void effect_of_ends(const struct audit *audit, const struct audit_side *side, uint32_t a, uint32_t b,
                           enum pair_kind kind, struct audit_tag_effect *effect)
{
    struct listed_pair pair = {a, b, 0, PAIR_IMPOSTOR};
    if (a == UINT32_MAX || b == UINT32_MAX || a == b || !side->in[a] || !side->in[b])
        return;
    for (size_t p = 0; p < side->n_pairs; p++) /* as often as it is listed */
        if ((side->pair[p].a == a && side->pair[p].b == b) || (side->pair[p].a == b && side->pair[p].b == a))
            effect_of_pair(audit, &side->pair[p], kind, effect);
    if (side->pair)
        return;
    pair.score = score_of(&side->items, &pair);
    pair.kind = side->items.identity[a] == side->items.identity[b] ? PAIR_GENUINE : PAIR_IMPOSTOR;
    effect_of_pair(audit, &pair, kind, effect);
}

void audit_tag_effects(const struct audit *untagged, const struct audit_input *input,
                       struct audit_tag_effect *effect)
{
    struct audit_side side;
    struct audit_input bare = *input;
    bare.n_tags = 0;
    side_init(&side, &bare, false);
    uint32_t *place = side_places(&side, input->items.n);
    for (size_t t = 0; t < input->n_tags; t++) {
        const struct audit_tag *tag = &input->tag[t];
        uint32_t a = place_of(place, tag->a), b = place_of(place, tag->b);
        effect[t] = (struct audit_tag_effect){.counts = false};
        if (tag->kind == TAG_OUT)
            effect_of_item(&side, &untagged->scores, a, &effect[t]);
        else
            effect_of_ends(untagged, &side, a, b, tag->kind == TAG_SAME ? PAIR_GENUINE : PAIR_IMPOSTOR,
                           &effect[t]);
    }
    free(place);
    side_release(&side);
}
