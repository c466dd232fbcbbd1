/* SPDX-License-Identifier: MIT
 *
 * predicate_parse and predicate_choices over any text and columns of every kind; what is accepted is asked of
 * every item.
 */
#include "base/check.h"
#include "data/predicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill(struct dataset *d)
{
    *d = (struct dataset){.n = ITEMS};
    struct column *c = dataset_add_column(d, "shape", COLUMN_CATEGORY);
    for (size_t i = 0; i < ITEMS; i++)
        c->code[i] = i ? column_code(c, i % 2 ? "star" : "half moon") : NO_VALUE;
    c = dataset_add_column(d, "angle", COLUMN_NUMBER);
    for (size_t i = 0; i < ITEMS; i++)
        c->number[i] = i ? (float)i : NAN;
    c = dataset_add_column(d, "caption", COLUMN_TEXT);
    for (size_t i = 0; i < ITEMS; i++)
        column_set_text(c, i, i % 3 ? "a red star" : "");
}

static void count(void *ctx, const char *choice, size_t typed)
{
    CHECK(strlen(choice) >= typed);
    ++*(size_t *)ctx;
}

static void ask(const char *text, const struct items *items)
{
    struct err err = {.text = ""};
    size_t yes = 0, choices = 0;
    struct predicate *p = predicate_parse(text, items, &err);
    CHECK(p || strncmp(err.text, "at ", 3) == 0);
    for (size_t i = 0; p && i < ITEMS; i++)
        yes += predicate_holds(p, items, i);
    CHECK(yes <= ITEMS);
    predicate_free(p);
    predicate_choices(text, items, count, &choices);
    (void)predicate_meant(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct dataset d;
    float similar[ITEMS] = {0, 1, NAN};
    uint64_t odd = 0xaaa;
    struct item_number number = {"similar", similar};
    struct item_set set = {"odd", &odd};
    fill(&d);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    ask(text, &(struct items){&d, ITEMS, NULL, &number, 1, &set, 1});
    ask(text, &(struct items){.data = &d, .n = ITEMS});
    dataset_release(&d);
    free(text);
    return 0;
}
