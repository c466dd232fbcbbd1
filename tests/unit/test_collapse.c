/* SPDX-License-Identifier: MIT
 *
 * Safeguards taken away one at a time: a small net on a few pictures collapses without it, as the measures
 * tell, and does not with it, from the same seed.
 */
#include "support/cmocka.h"
#include "support/tiny.h"

#include "base/check.h"
#include "space/quality.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURES = 160, STEPS = 120 };

/* What is measured of z over all pictures: std x sqrt d of unit rows, dimensions used, and for methods that
 * do not scale rows to unit length the deviation as it is. */
struct spread {
    double std, rank, deviation;
    double used,
        certain; /* dino: entropy of the teacher's mean distribution; what one picture's lacks to ln K */
};

static double deviation(const float *z, size_t n, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        double mean = 0, square = 0;
        for (size_t i = 0; i < n; i++)
            mean += (double)z[i * d + j] / (double)n;
        for (size_t i = 0; i < n; i++)
            square += ((double)z[i * d + j] - mean) * ((double)z[i * d + j] - mean) / (double)n;
        sum += sqrt(square) / (double)d;
    }
    return sum;
}

/* What the method shows under that name; 0 where it shows no such thing. */
static double shown(struct learner *learner, const char *name)
{
    struct readout readout[READOUTS_MAX];
    size_t n = learner_readouts(learner, readout, READOUTS_MAX);
    for (size_t i = 0; i < n; i++)
        if (strcmp(readout[i].name, name) == 0)
            return (double)readout[i].value[0];
    return 0;
}

static struct spread spread_of(const struct tiny *tiny, struct learner *learner)
{
    size_t n = tiny->data.n, d = learner_dim_z(learner);
    uint32_t *items = xcalloc(n, sizeof *items);
    float *z = xcalloc(n * d, sizeof *z);
    for (size_t i = 0; i < n; i++)
        items[i] = (uint32_t)i;
    learner_embed(learner, items, n, NULL, z);
    struct spread spread = {.std = quality_std(z, n, d),
                            .rank = quality_effective_rank(z, n, d),
                            .deviation = deviation(z, n, d),
                            .used = shown(learner, "entropy of the mean"),
                            .certain = log(256) - shown(learner, "teacher entropy")};
    free(items);
    free(z);
    return spread;
}

/* Trained with this method, `without` switched off; NULL: nothing. */
static struct spread trained(const char *method, const char *without)
{
    struct tiny tiny;
    tiny_init_small(&tiny, PICTURES, 2);
    tiny_set(&tiny, "method", method);
    tiny_set(&tiny, "batch", "32");
    tiny_set(&tiny, "lr", "0.01");
    if (strcmp(method, "moco") == 0) /* batchnorm in the head would hold the collapse up */
        tiny_set(&tiny, "head", "linear %d, relu, linear 32");
    if (without)
        tiny_set(&tiny, without, "off");
    struct learner *learner = tiny_learner(&tiny);
    tiny_train(learner, STEPS);
    struct spread spread = spread_of(&tiny, learner);
    learner_free(learner);
    tiny_release(&tiny);
    return spread;
}

/* The measure that sees it, and the line between the two. */
static const struct {
    const char *method, *without;
    size_t measure;
    double line;
} cases[] = {
    {"simclr", "negatives", offsetof(struct spread, std), 0.3},
    {"triplet", "negatives", offsetof(struct spread, std), 0.3},
    {"supcon", "negatives", offsetof(struct spread, std), 0.3},
    {"debiased", "negatives", offsetof(struct spread, std), 0.3},
    {"align-uniform", "uniformity", offsetof(struct spread, std), 0.3},
    {"drlim", "repulsion", offsetof(struct spread, deviation), 0.3},
    {"vicreg", "variance", offsetof(struct spread, deviation), 0.3},
    {"vicreg", "covariance", offsetof(struct spread, rank), 5}, /* dimensions, not all of them: */
    {"barlow", "decorrelation", offsetof(struct spread, rank), 5},
    {"moco", "ema", offsetof(struct spread, std), 0.3},
    {"moco", "negatives", offsetof(struct spread, std), 0.3},
    {"byol", "normalisation", offsetof(struct spread, std), 0.3},
    {"byol", "predictor", offsetof(struct spread, rank), 6}, /* batchnorm keeps std up, not the rank */
    {"byol", "stop-gradient", offsetof(struct spread, rank), 6},
    {"simsiam", "normalisation", offsetof(struct spread, std), 0.3},
    {"simsiam", "predictor", offsetof(struct spread, rank), 6},
    {"simsiam", "stop-gradient", offsetof(struct spread, rank), 6},
    {"dino", "ema", offsetof(struct spread, rank), 5},
    {"dino", "centring", offsetof(struct spread, used), 2.5},      /* few prototypes take all */
    {"dino", "sharpening", offsetof(struct spread, certain), 0.5}, /* all prototypes alike */
};

static double read_measure(const struct spread *spread, size_t measure)
{
    return *(const double *)((const char *)spread + measure);
}

static void without_its_safeguard_a_method_collapses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct spread intact = trained(cases[i].method, NULL);
        struct spread broken = trained(cases[i].method, cases[i].without);
        double with = read_measure(&intact, cases[i].measure), gone = read_measure(&broken, cases[i].measure);
        if (!(with > cases[i].line && gone < cases[i].line))
            fail_msg("%s: %.3f, without %s %.3f; the line is %.3f", cases[i].method, with, cases[i].without,
                     gone, cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_its_safeguard_a_method_collapses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
