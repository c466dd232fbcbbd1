/* SPDX-License-Identifier: MIT
 *
 * Microseconds a view costs, one thread: the default recipes, the reference recipe of the training bench, and
 * every kind alone at probability 1. Best of several rounds, as anything slower is the machine's doing.
 */
#include "augment/augment.h"
#include "base/check.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { SIDE = 32, VIEWS = 500, ROUNDS = 12 };

struct bench {
    uint8_t from[SIDE * SIDE * 3];
    float to[SIDE * SIDE * 3], scratch[2 * SIDE * SIDE * 3];
};

static double view_us(struct bench *b, const struct recipe *recipe, int side, int channels)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = clock_seconds();
        for (uint64_t i = 0; i < VIEWS; i++)
            recipe_apply(recipe, (struct view_key){1, 2, i, 0}, b->from, side, side, channels, b->to,
                         b->scratch);
        double us = (clock_seconds() - start) / VIEWS * 1e6;
        best = us < best ? us : best;
    }
    return best;
}

static void line(struct bench *b, const char *what, const char *text, int side, int channels)
{
    struct recipe recipe = {0};
    struct err err;
    CHECK(recipe_parse(&recipe, text, &err));
    printf("%-12s %dx%dx%d %7.2f us  %s\n", what, side, side, channels, view_us(b, &recipe, side, channels),
           text);
}

int main(void)
{
    static struct bench b;
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < sizeof b.from; i++)
        b.from[i] = (uint8_t)rng_below(&rng, 256);
    struct recipe recipe;
    char text[RECIPE_TEXT_SIZE];
    recipe_default(&recipe, "tiles", 3);
    recipe_print(&recipe, text, sizeof text);
    line(&b, "colour", text, 32, 3);
    recipe_default(&recipe, "fashion-mnist", 1);
    recipe_print(&recipe, text, sizeof text);
    line(&b, "grey", text, 28, 1);
    line(&b, "reference", "crop=0.36..1 rotate=14 shift=0.2 flip brightness=0.4@1 contrast=0.2@1 noise=0.05",
         28, 1);
    line(&b, "none", "none", 28, 1);
    line(&b, "none", "none", 32, 3);
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++) {
        snprintf(text, sizeof text, "%s@1", kind->entry.name);
        line(&b, "alone", text, 32, 3);
    }
    return 0;
}
