/* SPDX-License-Identifier: MIT
 *
 * How often do 95 % intervals of a false match rate hold the truth? Populations in which a tenth of the
 * items, or of the identities of five items, are hubs; 1,000 samples of 200 from each, audited by audit_make.
 * Prints one JSON object a population: shares of intervals that hold the rate of a large sample, as the audit
 * makes them and per pair.
 */
#include "base/check.h"
#include "base/rng.h"
#include "math/normal.h"
#include "space/audit.h"

#include <stdio.h>
#include <stdlib.h>

enum { D = 32, UNITS = 200, REPLICATES = 1000, TRUTH_UNITS = 4000, TRUTH_SAMPLES = 40 };

struct population {
    const char *name;
    size_t each;       /* items of an identity */
    double hub, usual; /* how far hubs and others lie along the common direction */
    double within;     /* spread of an identity's items */
    double threshold;
};

static const struct population populations[] = {
    {"hub items", 1, 6, 1.5, 0, 0.45},
    {"hub identities of five items", 5, 5, 1.5, 0.7, 0.40},
};

struct sample {
    size_t n;
    float *rows;
    uint32_t *group, *identity;
};

static void draw(struct sample *s, const struct population *p, size_t n_units, uint64_t seed)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, p->each, 0, 0);
    s->n = n_units * p->each;
    for (size_t unit = 0; unit < n_units; unit++) {
        double centre[D], along = rng_uniform(&rng) < 0.1 ? p->hub : p->usual;
        for (size_t j = 0; j < D; j++)
            centre[j] = rng_normal(&rng) + (j == 0 ? along : 0);
        for (size_t i = unit * p->each; i < (unit + 1) * p->each; i++) {
            s->identity[i] = (uint32_t)unit;
            for (size_t j = 0; j < D; j++)
                s->rows[i * D + j] = (float)(centre[j] + (p->within > 0 ? p->within * rng_normal(&rng) : 0));
        }
    }
}

static struct audit_value rate(const struct sample *s, const struct population *p, struct pool *pool)
{
    struct audit_input input = {.items = {s->rows, s->n, D, s->group, s->identity, 1}, .unit = s->identity};
    struct audit_settings settings = {AUDIT_AT_THRESHOLD, p->threshold, FMR_WITHIN, 0, 1, 0, 0};
    struct audit audit;
    struct err err;
    CHECK(audit_make(&audit, &input, &settings, pool, NULL, &err));
    struct audit_value value = *audit_find(&audit, METRIC_FMR, ALL_GROUPS, ALL_GROUPS);
    audit_release(&audit);
    return value;
}

static bool holds(struct interval interval, double truth)
{
    return interval.low <= truth && truth <= interval.high;
}

static void measure(const struct population *p, struct sample *s, struct pool *pool)
{
    double truth = 0;
    size_t ours = 0, per_pair = 0;
    for (uint64_t i = 0; i < TRUTH_SAMPLES; i++) {
        draw(s, p, TRUTH_UNITS / p->each, 1000000 + i);
        truth += rate(s, p, pool).value / TRUTH_SAMPLES;
    }
    for (uint64_t i = 0; i < REPLICATES; i++) {
        draw(s, p, UNITS, i);
        struct audit_value value = rate(s, p, pool);
        ours += holds(value.ci, truth);
        per_pair += holds(interval_wilson(value.x, value.n, NORMAL_Z95), truth);
    }
    printf("{\"population\": \"%s\", \"truth\": %.5f, \"coverage\": %.4f, \"per_pair\": %.4f}\n", p->name,
           truth, (double)ours / REPLICATES, (double)per_pair / REPLICATES);
}

int main(void)
{
    struct sample s = {.rows = xaligned((size_t)TRUTH_UNITS * D, sizeof *s.rows)};
    s.group = xcalloc(TRUTH_UNITS, sizeof *s.group);
    s.identity = xcalloc(TRUTH_UNITS, sizeof *s.identity);
    struct pool *pool = pool_new(cores_available(), 0);
    for (size_t i = 0; i < ARRAY_LEN(populations); i++)
        measure(&populations[i], &s, pool);
    pool_free(pool);
    free(s.rows);
    free(s.group);
    free(s.identity);
    return 0;
}
