/* SPDX-License-Identifier: MIT */
#include "method/deviation.h"

#include "base/check.h"
#include "loss/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double least = 0.3; /* mean over the dimensions; healthy ones are near 1 (VICReg) or a margin */

struct own {
    double *mean, *variance; /* (dim_z) */
    float *deviation;
};

bool deviation_begin(struct method_run *run, struct err *err)
{
    (void)err;
    struct own *own = run->own = xcalloc(1, sizeof *own);
    own->mean = xcalloc(run->dim_z, sizeof *own->mean);
    own->variance = xcalloc(run->dim_z, sizeof *own->variance);
    own->deviation = xcalloc(run->dim_z, sizeof *own->deviation);
    return true;
}

void deviation_end(struct method_run *run)
{
    struct own *own = run->own;
    if (own) {
        free(own->mean);
        free(own->variance);
        free(own->deviation);
    }
    free(own);
    run->own = NULL;
}

bool deviation_read(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                    size_t max)
{
    struct own *own = run->own;
    size_t d = run->dim_z;
    if (max < 1 || d > READOUT_VALUES_MAX)
        return false;
    columns_moments(batch->z[0], batch->n, d, own->mean, own->variance);
    for (size_t j = 0; j < d; j++)
        own->deviation[j] = (float)sqrt(own->variance[j]);
    *out = readout_vector("deviation of each dimension", "", own->deviation, (int)d);
    readout_healthy(out, least, (double)NAN);
    snprintf(out->note, sizeof out->note, "of z over the batch's first views; 0: it says nothing");
    return true;
}
