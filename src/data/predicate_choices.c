/* SPDX-License-Identifier: MIT
 *
 * What a predicate that is being typed could go on with.
 */
#include "data/predicate.h"
#include "data/predicate_word.h"

#include <stdio.h>
#include <string.h>

/* What may come at a place. */
enum expect { EXPECT_NAME, EXPECT_OP, EXPECT_VALUE, EXPECT_JOIN };

struct choosing {
    const struct items *items;
    const char *start; /* what is typed of the word */
    size_t typed;
    predicate_take *take;
    void *ctx;
};

static void offer(const struct choosing *c, const char *choice)
{
    if (strncmp(choice, c->start, c->typed) == 0)
        c->take(c->ctx, choice, c->typed);
}

/* In quotes where it has to be, or where quotes were begun. */
static void offer_name(const struct choosing *c, const char *name)
{
    struct predicate_word word;
    char quoted[PREDICATE_WORD + 2];
    predicate_word(name, 0, &word);
    bool bare = word.kind == WORD_NAME && !word.quoted && word.at == 0 && word.length == strlen(name);
    if (strchr(name, '"') || strlen(name) >= PREDICATE_WORD)
        return;
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    offer(c, bare && c->start[0] != '"' ? name : quoted);
}

static void offer_names(const struct choosing *c)
{
    for (size_t i = 0; i < c->items->data->n_columns; i++)
        offer_name(c, c->items->data->column[i].name);
    for (size_t i = 0; i < c->items->n_numbers; i++)
        offer_name(c, c->items->number[i].name);
    for (size_t i = 0; i < c->items->n_sets; i++) {
        char name[PREDICATE_WORD + 2];
        snprintf(name, sizeof name, "@%s", c->items->set[i].name);
        offer(c, name);
    }
    offer(c, "item");
    offer(c, "not");
}

static void offer_values(const struct choosing *c, const char *name)
{
    int column = dataset_find_column(c->items->data, name);
    if (column == NO_COLUMN || c->items->data->column[column].kind != COLUMN_CATEGORY)
        return;
    for (size_t v = 0; v < c->items->data->column[column].n_values; v++)
        offer_name(c, c->items->data->column[column].value[v]);
}

static void offer_all(const struct choosing *c, enum expect expect, const char *name)
{
    if (expect == EXPECT_NAME)
        offer_names(c);
    if (expect == EXPECT_VALUE)
        offer_values(c, name);
    for (int op = 0; expect == EXPECT_OP && op < OP_COUNT; op++)
        offer(c, op_text((enum op)op));
    if (expect == EXPECT_JOIN) {
        offer(c, "and");
        offer(c, "or");
    }
}

static enum expect after(enum expect expect, const struct predicate_word *word)
{
    switch (word->kind) {
    case WORD_NAME: return expect == EXPECT_VALUE ? EXPECT_JOIN : EXPECT_OP;
    case WORD_OP: return EXPECT_VALUE;
    case WORD_SET:
    case WORD_CLOSE: return EXPECT_JOIN;
    default: return EXPECT_NAME;
    }
}

void predicate_choices(const char *text, const struct items *items, predicate_take *take, void *ctx)
{
    struct predicate_word word;
    char name[PREDICATE_WORD] = "";
    enum expect expect = EXPECT_NAME;
    size_t at = 0, end = strlen(text);
    for (;;) {
        predicate_word(text, at, &word);
        at = word.at + word.length;
        bool whole =
            word.kind == WORD_OPEN || word.kind == WORD_CLOSE || (word.quoted && word.kind == WORD_NAME);
        if (word.kind == WORD_END || (at == end && !whole))
            break;
        if (word.kind == WORD_NAME && expect == EXPECT_NAME)
            snprintf(name, sizeof name, "%s", word.text);
        expect = after(expect, &word);
    }
    struct choosing choosing = {items, text + word.at, end - word.at, take, ctx};
    offer_all(&choosing, expect, name);
}

bool predicate_meant(const char *text)
{
    struct predicate_word word;
    for (size_t at = 0;; at = word.at + word.length) {
        predicate_word(text, at, &word);
        if (word.kind == WORD_SET || (word.kind == WORD_OP && (word.length == 2 || word.op != OP_EQUAL)))
            return true;
        if (word.kind == WORD_END)
            return false;
    }
}
