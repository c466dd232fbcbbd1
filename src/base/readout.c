/* SPDX-License-Identifier: MIT */
#include "base/readout.h"

#include <math.h>
#include <stdio.h>

struct readout readout_vector(const char *name, const char *unit, const float *value, int n)
{
    struct readout readout = {.kind = READOUT_VECTOR,
                              .rows = 1,
                              .columns = n,
                              .low = (double)NAN,
                              .high = (double)NAN,
                              .guide = (double)NAN,
                              .least = (double)NAN,
                              .most = (double)NAN,
                              .value = value};
    snprintf(readout.name, sizeof readout.name, "%s", name);
    snprintf(readout.unit, sizeof readout.unit, "%s", unit);
    return readout;
}

struct readout readout_scalar(const char *name, const char *unit, const float *value)
{
    struct readout readout = readout_vector(name, unit, value, 1);
    readout.kind = READOUT_SCALAR;
    return readout;
}

struct readout readout_matrix(const char *name, const char *unit, const float *value, int rows, int columns)
{
    struct readout readout = readout_vector(name, unit, value, columns);
    readout.kind = READOUT_MATRIX;
    readout.rows = rows;
    return readout;
}

void readout_guide(struct readout *readout, double at, const char *name)
{
    readout->guide = at;
    snprintf(readout->guide_name, sizeof readout->guide_name, "%s", name);
}

void readout_healthy(struct readout *readout, double least, double most)
{
    readout->least = least;
    readout->most = most;
}

bool readout_alarms(const struct readout *readout, double *value, double *line)
{
    int n = readout->rows * readout->columns;
    *value = 0;
    for (int i = 0; i < n; i++)
        *value += (double)readout->value[i] / n;
    *line = *value > readout->most ? readout->most : readout->least;
    return *value < readout->least || *value > readout->most;
}
