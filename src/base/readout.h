/* SPDX-License-Identifier: MIT
 *
 * One thing that something shows of itself: a number, a row of numbers, a picture of numbers, a histogram.
 * A method fills them in, a snapshot carries them, one generic panel draws them. By value; the numbers are
 * lent by whoever made it.
 */
#ifndef NF_BASE_READOUT_H
#define NF_BASE_READOUT_H

#include <stdbool.h>

enum { READOUTS_MAX = 8, READOUT_VALUES_MAX = 4096 };

enum readout_kind {
    READOUT_SCALAR,
    READOUT_VECTOR,    /* one value a place: a std for each dimension */
    READOUT_MATRIX,    /* a correlation of each dimension with each */
    READOUT_HISTOGRAM, /* counts in bins of equal width from low to high */
};

struct readout {
    char name[40], unit[16]; /* "distance to target", "steps" */
    char note[80];           /* how to read it: "0 = the same weights"; "" none */
    enum readout_kind kind;
    int rows, columns;   /* of value; 1 x 1 for a scalar, 1 x n for a vector and a histogram */
    double low, high;    /* range of what is shown (HISTOGRAM: of its bins); NAN: as the values are */
    double guide;        /* a line to compare with; NAN: none */
    char guide_name[24]; /* what stands at the guide: "collapsed" */
    double least, most;  /* of a scalar, or of a vector's mean: outside it is a sign of collapse; NAN: open */
    const float *value;  /* (rows, columns); at most READOUT_VALUES_MAX together */
};

/* One number; a row of n; a table. Without range, guide and note. */
struct readout readout_scalar(const char *name, const char *unit, const float *value);
struct readout readout_vector(const char *name, const char *unit, const float *value, int n);
struct readout readout_matrix(const char *name, const char *unit, const float *value, int rows, int columns);
/* Between which it is healthy; either may be NAN. */
void readout_healthy(struct readout *readout, double least, double most);
/* Outside of that: what is outside, and the line it has crossed; false where all is well. */
bool readout_alarms(const struct readout *readout, double *value, double *line);
/* A line to compare with. */
void readout_guide(struct readout *readout, double at, const char *name);

#endif
