/* SPDX-License-Identifier: MIT
 *
 * recipe_parse over any text, on an empty recipe and on the default; what it accepts prints and parses back
 * to the same, and is safe to apply.
 */
#include "augment/augment.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const struct recipe *recipe)
{
    char text[RECIPE_TEXT_SIZE];
    struct recipe back = {0};
    struct err err;
    recipe_print(recipe, text, sizeof text);
    CHECK(recipe_parse(&back, text, &err));
    CHECK(back.n == recipe->n);
    for (size_t i = 0; i < back.n; i++) {
        const struct augment_step *a = &recipe->step[i], *b = &back.step[i];
        CHECK(a->kind == b->kind && a->low == b->low && a->high == b->high &&
              a->probability == b->probability);
    }
}

static void apply(const struct recipe *recipe)
{
    enum { HEIGHT = 3, WIDTH = 5, N = HEIGHT * WIDTH * 3 };
    uint8_t from[N];
    float to[N], scratch[2 * N];
    for (int i = 0; i < N; i++)
        from[i] = (uint8_t)(i * 37);
    recipe_apply(recipe, (struct view_key){1, 2, 3, 4}, from, HEIGHT, WIDTH, 3, to, scratch);
    for (int i = 0; i < N; i++)
        CHECK(to[i] >= 0 && to[i] <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    struct recipe recipes[2] = {{.n = 0}};
    recipe_default(&recipes[1], "tiles", 3);
    for (int i = 0; i < 2; i++) {
        struct err err;
        if (!recipe_parse(&recipes[i], text, &err))
            CHECK(err.text[0]);
        round_trip(&recipes[i]);
        apply(&recipes[i]);
    }
    free(text);
    return 0;
}
