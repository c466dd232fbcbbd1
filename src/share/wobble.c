/* SPDX-License-Identifier: MIT */
#include "share/wobble.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MEASURINGS = 12, FEWEST = 5 };

struct reading {
    double step, value;
};

/* The last ones that have it, the newest first; how many. */
static int read_back(const struct series *measured, uint64_t last_step, enum term term, int column,
                     struct reading out[MEASURINGS])
{
    int n = 0;
    for (size_t i = series_count(measured); i > 0 && n < MEASURINGS; i--) {
        const struct measures *row = series_at(measured, i - 1);
        const struct measure *m = row->step <= last_step ? measures_find(row, term, column) : NULL;
        bool again = m && n > 0 && out[n - 1].step == (double)row->step;
        if (m && !again && isfinite(m->value))
            out[n++] = (struct reading){(double)row->step, (double)m->value};
    }
    return n;
}

/* From the line through its neighbours, in units of what it would be if each strayed by one. */
static double strays(const struct reading r[3])
{
    double a = (r[2].step - r[1].step) / (r[2].step - r[0].step), b = 1 - a;
    return fabs(a * r[0].value + b * r[2].value - r[1].value) / sqrt(a * a + b * b + 1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measures_wobble(const struct series *measured, uint64_t last_step, enum term term, int column)
{
    static const double NORMAL = 1.4826; /* of a normal variable: standard deviation over median of |x| */
    struct reading r[MEASURINGS];
    double away[MEASURINGS];
    int n = measured ? read_back(measured, last_step, term, column, r) : 0;
    if (n < FEWEST)
        return NAN;
    for (int i = 1; i + 1 < n; i++)
        away[i - 1] = strays(r + i - 1);
    n -= 2;
    qsort(away, (size_t)n, sizeof *away, by_value);
    return NORMAL * (n % 2 ? away[n / 2] : (away[n / 2 - 1] + away[n / 2]) / 2);
}
