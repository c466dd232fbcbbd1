/* SPDX-License-Identifier: MIT */
#include "answer/audit_pairs.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- items by name ---- */

/* Rows sorted by their texts, then by their order. */
struct names {
    size_t n;
    struct name {
        const char *text;
        uint32_t row;
    } * name; /* (n) */
};

static int by_name(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Empty where there are no texts. */
static void names_init(struct names *names, const char *const *text, size_t n)
{
    *names = (struct names){.name = xcalloc(n + 1, sizeof *names->name)};
    for (size_t r = 0; text && r < n; r++)
        names->name[names->n++] = (struct name){text[r], (uint32_t)r};
    qsort(names->name, names->n, sizeof *names->name, by_name);
}

/* The first row of that name. */
static bool names_find(const struct names *names, const char *text, uint32_t *row)
{
    size_t low = 0, high = names->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->name[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == names->n || strcmp(names->name[low].text, text) != 0)
        return false;
    *row = names->name[low].row;
    return true;
}

/* Of a claimed identity, which stands for its first item, or of an item. */
static bool find(const struct names *ids, const struct names *claimed, const char *text, size_t line,
                 uint32_t *row, struct err *err)
{
    if (names_find(ids, text, row) || (claimed && names_find(claimed, text, row)))
        return true;
    char clean[64];
    text_clean(clean, sizeof clean, text);
    return err_set(err, "line %zu: no item has the id '%s'%s", line, clean,
                   claimed ? ", nor the identity" : "");
}

bool audit_pairs_find(const struct comparisons *list, const struct pair_names *items, uint32_t (*row)[2],
                      struct err *err)
{
    struct names ids, identities;
    names_init(&ids, items->id, items->n);
    names_init(&identities, items->identity, items->n);
    bool fine = true;
    for (size_t i = 0; fine && i < list->n; i++) {
        const struct comparison_row *c = &list->at[i];
        const struct names *claimed = list->form == COMPARISONS_FOUR ? &identities : NULL;
        fine = find(&ids, claimed, c->a, c->line, &row[i][0], err) &&
               find(&ids, NULL, c->b, c->line, &row[i][1], err);
    }
    free(ids.name);
    free(identities.name);
    return fine;
}

/* ---- one pair ---- */

struct joining {
    struct audit_pairs *pairs;
    const struct pair_items *items;
    float *unit; /* (rows, d), NULL: the list has scores */
    bool *valid;
};

static int kind_of(const struct joining *j, const struct comparison_row *c, uint32_t a, uint32_t b)
{
    const uint32_t *code = j->items->relation;
    if (c->same >= 0)
        return c->same ? PAIR_GENUINE : PAIR_IMPOSTOR;
    if (code[a] == UINT32_MAX || code[b] == UINT32_MAX)
        return -1;
    return code[a] == code[b] ? PAIR_GENUINE : PAIR_IMPOSTOR;
}

static double score_of(const struct joining *j, const struct comparison_row *c, uint32_t a, uint32_t b)
{
    size_t d = j->items->d;
    if (!j->unit)
        return c->score;
    return j->valid[a] && j->valid[b] ? (double)score_pair(j->unit + a * d, j->unit + b * d, d) : (double)NAN;
}

static float on_scale(struct score_scale scale, double score)
{
    return (float)fmin(1, fmax(-1, scale_of(scale, score)));
}

static void join_one(const struct joining *j, const struct comparison_row *c, const uint32_t row[2])
{
    struct audit_pairs *pairs = j->pairs;
    uint32_t a = row[0], b = row[1];
    int kind = kind_of(j, c, a, b);
    double score = score_of(j, c, a, b);
    if (a == b)
        pairs->n_self++;
    else if (kind < 0)
        pairs->n_unknown++;
    else if (isnan(score))
        pairs->n_failed++;
    else
        pairs->pair[pairs->n++] = (struct listed_pair){a, b, on_scale(pairs->scale, score), kind};
}

/* ---- the list ---- */

/* Scores that are no cosines are stretched from the least to the greatest of them. */
static struct score_scale scale_of_list(const struct comparisons *list)
{
    struct score_scale scale = {(double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < list->n; i++) {
        scale.low = fmin(scale.low, list->at[i].score); /* not that of NaN */
        scale.high = fmax(scale.high, list->at[i].score);
    }
    if (!list->scored || (scale.low >= -1 && scale.high <= 1) || scale.low > scale.high)
        return (struct score_scale){0, 0};
    if (scale.low < scale.high)
        return scale;
    return (struct score_scale){scale.low - 1, scale.high + 1};
}

/* A column's cells; NULL: there is no such column. Owned. */
static const char **texts_of(const struct csv *csv, const char *what)
{
    int column = csv_find(csv, what);
    const char **text = column < 0 ? NULL : xcalloc(csv->rows + 1, sizeof *text);
    for (size_t r = 0; text && r < csv->rows; r++)
        text[r] = csv->cell[r * csv->columns + (size_t)column];
    return text;
}

static bool find_rows(const struct comparisons *list, const struct csv *csv, uint32_t (*row)[2],
                      struct err *err)
{
    struct pair_names names = {texts_of(csv, "id"), texts_of(csv, "identity"), csv->rows};
    bool fine = audit_pairs_find(list, &names, row, err);
    free((void *)(uintptr_t)names.id);
    free((void *)(uintptr_t)names.identity);
    return fine;
}

bool audit_pairs_join(struct audit_pairs *pairs, const struct pair_items *items, struct err *err)
{
    const struct comparisons *list = &pairs->list;
    struct joining j = {.pairs = pairs, .items = items};
    if (csv_find(items->csv, "id") < 0)
        return err_set(err, "pairs are joined by ids, and there is no column 'id'");
    uint32_t(*row)[2] = xcalloc(list->n + 1, sizeof *row);
    if (!find_rows(list, items->csv, row, err)) {
        free(row);
        return false;
    }
    pairs->scale = scale_of_list(list);
    pairs->pair = xcalloc(list->n + 1, sizeof *pairs->pair);
    if (!list->scored) {
        j.unit = xcalloc(items->csv->rows * items->d + 1, sizeof *j.unit);
        j.valid = xcalloc(items->csv->rows + 1, sizeof *j.valid);
        score_normalise(items->rows, items->csv->rows, items->d, j.unit, j.valid);
    }
    for (size_t i = 0; i < list->n; i++)
        join_one(&j, &list->at[i], row[i]);
    free(j.unit);
    free(j.valid);
    free(row);
    return pairs->n > 0 || err_set(err,
                                   "of its %zu pairs none can be counted: %zu failed, %zu of an item "
                                   "with itself, %zu neither same nor different",
                                   list->n, pairs->n_failed, pairs->n_self, pairs->n_unknown);
}

void audit_pairs_alone(struct audit_pairs *pairs)
{
    const struct comparisons *list = &pairs->list;
    pairs->scale = scale_of_list(list);
    pairs->pair = xcalloc(list->n + 1, sizeof *pairs->pair);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct comparison_row *c = &list->at[i];
        if (isnan(c->score))
            pairs->n_failed++;
        else
            pairs->pair[pairs->n++] = (struct listed_pair){2 * i, 2 * i + 1, on_scale(pairs->scale, c->score),
                                                           c->same ? PAIR_GENUINE : PAIR_IMPOSTOR};
    }
}

void audit_pairs_release(struct audit_pairs *pairs)
{
    comparisons_release(&pairs->list);
    free(pairs->pair);
    *pairs = (struct audit_pairs){0};
}
