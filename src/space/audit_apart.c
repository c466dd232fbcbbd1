/* SPDX-License-Identifier: MIT
 *
 * Lists say where to look: which groups' rates stand apart from all others', which cells are nearer than
 * chance. Their p-values are adjusted as a list (Benjamini and Hochberg 1995), not as claims.
 */
#include "base/check.h"
#include "math/normal.h"
#include "space/audit_parts.h"

#include <stdlib.h>

void audit_adjust(struct audit *audit, enum audit_metric metric)
{
    double *p = xcalloc(audit->n_values + 1, sizeof *p);
    size_t n = 0;
    for (size_t i = 0; i < audit->n_values; i++)
        if (audit->value[i].metric == metric && !isnan(audit->value[i].p))
            p[n++] = audit->value[i].p;
    adjust_bh(p, n);
    n = 0;
    for (size_t i = 0; i < audit->n_values; i++)
        if (audit->value[i].metric == metric && !isnan(audit->value[i].p))
            audit->value[i].q = p[n++];
    free(p);
}

struct sure_rate audit_rest(const struct audit *audit, enum audit_metric metric, int g)
{
    struct sure_rate rest = {0, 0, 1};
    double variance = 0;
    for (int h = 0; h < (int)audit->n_groups; h++) {
        const struct audit_value *rate = h == g ? NULL : audit_find(audit, metric, h, h);
        if (!rate || !(rate->n > 0))
            continue;
        rest.x += rate->x;
        rest.n += rate->n;
        variance += rate->deff * rate->x * (1 - rate->value);
    }
    if (rest.x > 0 && rest.x < rest.n)
        rest.deff = variance / (rest.x * (1 - rest.x / rest.n));
    return rest;
}

/* Two-sided, of the logarithm of the rate over that of the rest; NaN where either has no interval. */
static double p_of_rest(const struct audit *audit, const struct audit_value *rate)
{
    struct sure_rate rest = audit_rest(audit, rate->metric, rate->g);
    if (isnan(rate->ci.low) || !(rate->x > 0) || !(rest.x > 0))
        return NAN;
    double variance =
        log_rate_variance((struct sure_rate){rate->x, rate->n, rate->deff}) + log_rate_variance(rest);
    return variance > 0 ? 2 * normal_cdf(-fabs(log(rate->value / (rest.x / rest.n))) / sqrt(variance)) : NAN;
}

void audit_tell_apart(struct audit *audit)
{
    for (size_t i = 0; i < audit->n_cells && audit->n_groups > 1; i++) {
        struct audit_value *rate = &audit->value[i];
        rate->p = rate->g != ALL_GROUPS && rate->g == rate->h ? p_of_rest(audit, rate) : NAN;
    }
    audit_adjust(audit, METRIC_FMR);
    audit_adjust(audit, METRIC_FNMR);
}
