/* SPDX-License-Identifier: MIT
 *
 * How many more units would settle a question. Errors and their design effect both grow with the units, so
 * the variance of ln p falls as 1 / units.
 */
#include "space/audit_parts.h"

static const struct audit_more nothing = {NAN, ALL_GROUPS};

/* Units more by this factor, unless nothing is wanted or the value is not known well enough to look so far.
 */
static struct audit_more grown(size_t n_units, double factor, int group)
{
    if (!(factor > 1) || factor > AUDIT_MOST_MORE)
        return nothing;
    return (struct audit_more){ceil((double)n_units * (factor - 1)), group};
}

/* So that the variance of ln(worst / best) is `wanted`: in the less certain of the two groups, or, where it
 * alone cannot do it, in each. */
struct audit_more more_for_ratio(const struct audit_value *worst, const struct audit_value *best,
                                 double wanted)
{
    double a = log_rate_variance((struct sure_rate){worst->x, worst->n, worst->deff}),
           b = log_rate_variance((struct sure_rate){best->x, best->n, best->deff});
    const struct audit_value *less = a > b ? worst : best;
    double uncertain = fmax(a, b), other = fmin(a, b);
    if (!(wanted > 0) || wanted >= a + b)
        return nothing;
    bool alone = wanted - other > 0.1 * uncertain; /* tenfold the group's units and more is no advice */
    return alone ? grown(less->n_units, uncertain / (wanted - other), less->g)
                 : grown(less->n_units, (a + b) / wanted, ALL_GROUPS);
}

struct audit_more audit_more_to_tell(const struct audit *audit, const struct audit_value *value, double bound)
{
    if (isnan(value->ci.low) || !(value->ci.low > 0) || !(bound > 0))
        return nothing;
    double apart = log(value->value / bound);
    if (value->metric == METRIC_FMR_RATIO || value->metric == METRIC_FNMR_RATIO) {
        enum audit_metric of = value->metric == METRIC_FMR_RATIO ? METRIC_FMR : METRIC_FNMR;
        double wanted = apart / interval_z_of(audit->n_groups * (audit->n_groups - 1) / 2);
        return more_for_ratio(audit_find(audit, of, value->g, value->g),
                              audit_find(audit, of, value->h, value->h), wanted * wanted);
    }
    double half = log(value->ci.high / value->ci.low) / 2;
    return grown(value->n_units, half * half / (apart * apart), value->g == value->h ? value->g : ALL_GROUPS);
}
