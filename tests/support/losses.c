/* SPDX-License-Identifier: MIT */
#include "support/losses.h"

#include "base/rng.h"
#include "support/cmocka.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void fixture_init(struct fixture *f)
{
    *f = (struct fixture){.labels = {0, 0, 1, 1, 2, 2}, .same = {1, 0, 1, 0, 1, 0}};
    for (int k = 0; k < FIXTURE_REALS; k++) {
        double a = sin(0.7 * k + 0.11 * k * k + 0.3);
        f->a[k] = (real)a;
        f->b[k] = (real)(a + 0.6 * cos(1.3 * k + 0.07 * k * k + 0.1));
    }
    for (int i = 0; i < FIXTURE_QUEUE; i++) {
        double length = 0;
        for (int k = i * FIXTURE_D; k < (i + 1) * FIXTURE_D; k++)
            length += cos(0.9 * k + 0.2) * cos(0.9 * k + 0.2);
        for (int k = i * FIXTURE_D; k < (i + 1) * FIXTURE_D; k++)
            f->queue[k] = (real)(cos(0.9 * k + 0.2) / sqrt(length));
    }
    for (int j = 0; j < FIXTURE_D; j++)
        f->center[j] = (real)(0.1 * sin(j));
    f->io = (struct loss_io){.n = FIXTURE_N,
                             .d = FIXTURE_D,
                             .a = f->a,
                             .b = f->b,
                             .labels = f->labels,
                             .same = f->same,
                             .queue = f->queue,
                             .n_queue = FIXTURE_QUEUE,
                             .center = f->center,
                             .da = f->da,
                             .db = f->db};
}

const struct golden_loss golden_losses[] = {
    {"ntxent", "tau=0.5", false, 12, 12, 1.426945361, -0.109697213, 0.369980108, 0.062471556, 0.399618772, 0,
     0},
    {"ntxent", "tau=0.1", false, 12, 12, 0.863790087, -0.271835862, 1.449041162, 0.268398932, 1.403240894, 0,
     0},
    {"supcon", "tau=0.1", true, 12, 12, 7.357817212, 0.720688549, 2.016385967, 0.446017145, 2.898474579, 0,
     0},
    {"supcon-in", "tau=0.1", true, 12, 12, 1.951540591, -0.239735182, 1.427017221, 0.261647225, 1.389089460,
     0, 0},
    {"debiased", "tau=0.5 tau_plus=0.1", false, 12, 12, 1.213487297, -0.143564058, 0.507985477, 0.082475783,
     0.545086380, 0, 0},
    {"debiased", "tau=0.5 tau_plus=0.3", false, 12, 7, 0.571183290, -0.303449750, 0.928848629, 0.193874976,
     1.085786783, 0, 0},
    {"debiased", "tau=0.2 tau_plus=0.3", false, 12, 3, 0.085831224, -0.022980629, 2.379789131, 0.000782422,
     2.386621411, 0, 0},
    {"hcl", "tau=0.5 tau_plus=0.1 beta=1", false, 12, 12, 1.869045396, -0.117912600, 0.577608311, 0.097873028,
     0.469814939, 0, 0},
    {"decoupled", "tau=0.1", false, 12, 12, -0.005409830, -0.462450985, 2.750135562, 0.462706050, 2.312709003,
     0, 0},
    {"moco", "tau=0.2", false, 6, 6, 0.695153419, -0.161870381, 0.453203574, 0, 0, 0, 0},
    {"alignment", "alpha=2", false, 6, 6, 0.317267130, -0.121906999, 0.387174749, 0.071661659, 0.512159538, 0,
     0},
    {"uniformity", "t=2", false, 6, 6, -2.208831709, -0.055922543, 1.149825684, 0, 0, 0, 0},
    {"align-uniform", "alpha=2 t=2 lambda=1", false, 6, 6, -1.956427605, -0.149868271, 0.718616494,
     0.035731960, 0.763044015, 0, 0},
    {"byol", "", false, 6, 6, 0.317267130, -0.121906999, 0.387174749, 0, 0, 0, 0},
    {"simsiam", "", false, 6, 6, -0.841366435, -0.060953500, 0.193587375, 0, 0, 0, 0},
    {"barlow", "lambda=0.005 scale=1", false, 6, 6, 0.185491593, -0.083753333, 0.394531780, 0.074489553,
     0.355509418, 0, 0},
    {"vicreg", "lambda=25 mu=25 nu=1", false, 6, 6, 13.930614213, -1.399473706, 4.391689648, 0.697108318,
     4.156005215, 0, 0},
    {"dino", "tau_s=0.1 tau_t=0.04", false, 6, 6, 1.305225730, -1.040658874, 2.164571567, 0, 0, 0, 0},
    {"clip", "t=2.659260036932778", false, 12, 12, 0.594907073, -0.344253490, 1.670286011, 0.424283471,
     1.952839945, 0.149041046, 0},
    {"clip", "scale=14.285714285714286", false, 12, 12, 0.594907073, -0.344253490, 1.670286011, 0.424283471,
     1.952839945, 0.149041046, 0},
    {"siglip", "t=2.302585092994046 b=-10", false, 6, 6, 1.964037642, -0.523309039, 1.767598994, 0.354087350,
     2.290926969, -5.579074235, -0.674761279},
    {"contrastive", "margin=1.5", false, 6, 6, 0.227865236, -0.099500417, 0.275599490, 0.099500417,
     0.275599490, 0, 0},
    {"drlim", "margin=1.5", false, 6, 6, 0.227865236, -0.099500417, 0.275599490, 0.099500417, 0.275599490, 0,
     0},
    {"triplet", "alpha=0.2", true, 6, 4, 0.152281551, 0.182985431, 0.745338706, 0, 0, 0, 0},
    {"triplet", "margin=0.2", true, 6, 4, 0.152281551, 0.182985431, 0.745338706, 0, 0, 0, 0},
    {"smooth-l1", "beta=1", false, 6, 6, 0.218486139, -0.023649892, 0.127799237, 0, 0, 0, 0},
    {NULL, NULL, false, 0, 0, 0, 0, 0, 0, 0, 0, 0},
};

void random_rows(real *rows, size_t count, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        rows[i] = (real)rng_normal(&rng);
}

double frobenius(const real *rows, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)rows[i] * rows[i];
    return sqrt(sum);
}

void loss_knobs(const struct loss *loss, const char *set, double *knob)
{
    const struct knob *knobs = loss->entry.knobs;
    for (size_t i = 0; i < knob_count(knobs); i++)
        knob[i] = knobs[i].value;
    for (; *set; set += strcspn(set, " "), set += strspn(set, " ")) {
        char name[32];
        double value;
        assert_int_equal(sscanf(set, "%31[a-z_]=%lf", name, &value), 2);
        assert_non_null(loss_knob(loss, name));
        knob[loss_knob(loss, name) - knobs] = value;
    }
}

bool loss_call(const struct loss *loss, struct loss_io *io, const double *knob, struct pool *pool,
               struct err *err)
{
    double defaults[16];
    loss_knobs(loss, "", defaults);
    struct arena arena = {0};
    bool fine = loss_run(loss, io, knob ? knob : defaults, pool, &arena, err);
    arena_release(&arena);
    return fine;
}
