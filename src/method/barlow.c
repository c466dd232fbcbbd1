/* SPDX-License-Identifier: MIT
 *
 * Barlow Twins (Zbontar et al. 2021, arXiv:2103.03230): no negatives and no second network. Each feature of z
 * is to be the same in both views, and no two features are to say the same: the cross-correlation of the
 * views comes near the identity.
 */
#include "base/check.h"
#include "method/knobs.h"
#include "method/two_views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct knob knobs[] = {
    KNOB_REDUNDANCY(0.02),
    KNOB_LOSS_SCALE(1),
    KNOB_SWITCH("decorrelation", "decorrelation",
                "Off: features may all say the same; few dimensions are left of z."),
    KNOB_NORMALISATION,
    {.name = NULL},
};

enum { SHOWN = 64 }; /* features a side: what a panel can show */

struct own {
    real *c; /* (dim_z, dim_z) of the last step */
    float shown[SHOWN * SHOWN];
};

static bool begin(struct method_run *run, struct err *err)
{
    struct own *own = run->own = xcalloc(1, sizeof *own);
    own->c = mem_try(run->dim_z * run->dim_z, sizeof *own->c, "cross-correlation", err);
    return own->c;
}

static void end(struct method_run *run)
{
    struct own *own = run->own;
    free(own ? own->c : NULL);
    free(own);
    run->own = NULL;
}

static void inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)batch, (void)view;
    io->matrix = ((struct own *)run->own)->c;
    if (!method_has(run, "decorrelation"))
        *method_loss_knob(run, "lambda") = 0;
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    (void)batch;
    struct own *own = run->own;
    size_t d = run->dim_z, side = d < SHOWN ? d : SHOWN;
    if (max < 1)
        return 0;
    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++)
            own->shown[i * side + j] = (float)own->c[i * d + j];
    out[0] = readout_matrix("cross-correlation", "", own->shown, (int)side, (int)side);
    out[0].low = -1;
    out[0].high = 1;
    snprintf(out[0].note, sizeof out[0].note, "wanted: 1 on the diagonal, 0 elsewhere%s",
             side < d ? "; the first 64 features" : "");
    return 1;
}

const struct method method_barlow = {
    .entry = {"barlow", "Each feature is the same in both views, and no two features say the same.", knobs},
    .loss = "barlow",
    .head = "linear 128, batchnorm, relu, linear 64",
    .paper = "Zbontar et al. 2021, arXiv:2103.03230",
    .flow = &two_views,
    .form = FORM_BOTH,
    .raw = true,
    .begin = begin,
    .end = end,
    .inputs = inputs,
    .readouts = readouts,
};
