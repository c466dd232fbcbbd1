/* SPDX-License-Identifier: MIT
 *
 * Safeguards taken away one at a time, in the whole program as a learner does it: the screen says that the
 * method has collapsed and by which measure, and says nothing of the kind with the safeguard, from the same
 * seed. Every switch of every method is in the table, or the test fails. The lines are those of
 * measures_collapse and of the methods' panels (docs/maths.md).
 */
#include "support/cmocka.h"
#include "support/process.h"

#include "base/check.h"
#include "method/method.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two small convolutions on a few pictures: half a second a run. */
#define SMALL                                                                                                \
    "tiles:n=240", "--set", "batch=32", "--set", "bank=60", "--set", "query=90", "--set", "lr=0.01",         \
        "--every", "60", "--nice", "0", "--size", "120x40", "--encoder",                                     \
        "pool, conv 8 /2, norm, relu, conv 8, norm, relu, gap, linear 16"

/* What would hold a collapse up for longer is off throughout: MoCo's batchnorm, JEPA's variance terms. */
static const char *also_of(const char *method)
{
    if (strcmp(method, "moco") == 0)
        return "head=linear %d, relu, linear 32";
    return strcmp(method, "jepa") == 0 ? "variance=off" : "seed=1";
}

static const struct row {
    const char *method, *without;
    const char *sign; /* what the screen says of it; NULL: it goes on learning, and `why` */
    const char *why;
} rows[] = {
    {"simclr", "negatives", "std x sqrt d", NULL},
    {"drlim", "repulsion", "deviation of each dimension", NULL},
    {"triplet", "negatives", "std x sqrt d", NULL},
    {"triplet", "labels", NULL, "other pictures still repel"},
    {"supcon", "negatives", "std x sqrt d", NULL},
    {"supcon", "labels", NULL, "it is SimCLR then"},
    {"debiased", "negatives", "std x sqrt d", NULL},
    {"moco", "ema", "std x sqrt d", NULL},
    {"moco", "negatives", "std x sqrt d", NULL},
    {"moco", "queue", NULL, "the keys of the last batch still repel"},
    {"align-uniform", "uniformity", "std x sqrt d", NULL},
    {"byol", "predictor", "dimensions of z", NULL},
    {"byol", "stop-gradient", "dimensions of z", NULL},
    {"byol", "ema", NULL, "it is SimSiam then"},
    {"byol", "normalisation", "std x sqrt d", NULL},
    {"simsiam", "predictor", "dimensions of z", NULL},
    {"simsiam", "stop-gradient", "dimensions of z", NULL},
    {"simsiam", "predictor-schedule", NULL, "the predictor only learns faster"},
    {"simsiam", "normalisation", "std x sqrt d", NULL},
    {"barlow", "decorrelation", "dimensions of z", NULL},
    {"barlow", "normalisation", "dimensions of z", NULL},
    {"vicreg", "variance", "deviation of each dimension", NULL},
    {"vicreg", "covariance", "dimensions of z", NULL},
    {"vicreg", "normalisation", NULL, "the variance term holds each feature up"},
    {"dino", "centring", "teacher entropy", NULL},
    {"dino", "sharpening", "teacher entropy", NULL},
    {"jepa", "variance", NULL, "the target is held still all the same"},
    {"dino", "ema", "entropy", NULL},
    {"jepa", "stop-gradient", "spread of target features", NULL},
    {"jepa", "ema", NULL, "the target is held still all the same"},
    {"jepa", "normalisation", NULL, "the target is held still all the same"},
    {"clip", "negatives", "std x sqrt d", NULL},
    {"siglip", "negatives", "std x sqrt d", NULL},
};

static const struct row *row_of(const char *method, const char *without)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].method, method) == 0 && strcmp(rows[i].without, without) == 0)
            return &rows[i];
    return NULL;
}

/* What this script shows of the method with two settings. Owned. */
static char *screen_after(const char *script, const char *method, const char *set, const char *other)
{
    struct process p = RUN(SMALL, "--script", write_text("script", script), "--method", method, "--set", set,
                           "--set", other);
    if (p.exit_code != 0)
        fail_msg("%s %s: exit %d: %s", method, set, p.exit_code, p.err);
    char *screen = p.out;
    p.out = NULL;
    process_release(&p);
    return screen;
}

static char *screen_of(const char *method, const char *set, const char *other)
{
    return screen_after("steps 120\nkey 6\ndump\n", method, set, other);
}

/* What the screen says of a collapse, "" if nothing. */
static const char *sign_in(const char *screen)
{
    static char sign[200];
    const char *at = strstr(screen, "A sign of collapse: ");
    at = at ? at : strstr(screen, " Collapse: ");
    at = at ? strstr(at, ": ") + 2 : "";
    snprintf(sign, sizeof sign, "%.*s", (int)strcspn(at, "\n"), at);
    return sign;
}

static void judge(const struct row *row, const char *screen)
{
    const char *sign = sign_in(screen);
    if (row->sign ? !strstr(sign, row->sign) : *sign != '\0')
        fail_msg("%s without %s: expected %s, the screen says: \"%s\"", row->method, row->without,
                 row->sign ? row->sign : "nothing", sign);
    print_message("%-14s without %-14s %s\n", row->method, row->without, *sign ? sign : row->why);
}

static void walk_switches(const struct method *method)
{
    const char *name = method->entry.name;
    const char *other = also_of(name);
    char *intact = screen_of(name, "every=60", other);
    if (*sign_in(intact))
        fail_msg("%s with everything: \"%s\"", name, sign_in(intact));
    free(intact);
    for (const struct knob *knob = method->entry.knobs; knob && knob->name; knob++) {
        if (!knob->on_off)
            continue;
        char off[40];
        const struct row *row = row_of(name, knob->name);
        if (!row)
            fail_msg("%s: the switch %s is not in the table of this test", name, knob->name);
        snprintf(off, sizeof off, "%s=off", knob->name);
        char *screen = screen_of(name, off, other);
        judge(row, screen);
        free(screen);
    }
}

/* What collapses does not depend on threads, and a build that watches them takes ten seconds a run. */
#ifdef __SANITIZE_THREAD__
enum { EVERY = 5 };
#else
enum { EVERY = 1 };
#endif

static void without_its_safeguard_a_method_collapses(void **state)
{
    (void)state;
    const struct method *method;
    size_t switches = 0;
    for (size_t i = 0; (method = method_at(i)); i++) {
        if (i % EVERY == 0)
            walk_switches(method);
        for (const struct knob *knob = method->entry.knobs; knob && knob->name; knob++)
            switches += knob->on_off;
    }
    assert_int_equal(switches, ARRAY_LEN(rows)); /* and no row is of a switch that is gone */
}

/* Of SimCLR after 120 steps with this setting, from the list of all numbers. */
static double dimensions_of_z(const char *set)
{
    static const char name[] = "dimensions used of z";
    char *screen = screen_after("steps 120\nkey 6 Tab z\ndump\n", "simclr", set, "seed=1");
    const char *at = strstr(screen, name);
    double value = at ? strtod(at + strlen(name), NULL) : 0;
    free(screen);
    assert_true(value > 0);
    return value;
}

/* The two dimensional collapses of Jing et al. 2022 (arXiv:2110.09348), with every negative in place: views
 * so strong that few dimensions agree, and layers in a row with nothing between them, which training makes of
 * ever lower rank. */
static void some_dimensions_collapse_in_spite_of_negatives(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"augment=+noise=0.05", "augment=+noise=0.5"},
        {"head=linear 32",
         "head=linear 32, linear 32, linear 32, linear 32, linear 32, linear 32, linear 32, linear 32"},
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        double mild = dimensions_of_z(pairs[i][0]), strong = dimensions_of_z(pairs[i][1]);
        print_message("%s: %.1f, %s: %.1f dimensions of z\n", pairs[i][0], mild, pairs[i][1], strong);
        if (!(strong < 0.6 * mild))
            fail_msg("%s: %.2f dimensions of z, %s: %.2f", pairs[i][0], mild, pairs[i][1], strong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_dimensions_collapse_in_spite_of_negatives),
        cmocka_unit_test(without_its_safeguard_a_method_collapses),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
