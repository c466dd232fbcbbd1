/* SPDX-License-Identifier: MIT */
#include "space/graph.h"

#include "space/association.h"

#include <math.h>
#include <string.h>

static size_t list_length(const struct neighbours *found, size_t row)
{
    size_t n = 0;
    while (n < found->k && found->index[row * found->k + n] != UINT32_MAX)
        n++;
    return n;
}

static bool list_has(const uint32_t *list, size_t n, uint32_t index)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == index)
            return true;
    return false;
}

double graph_jaccard(const struct neighbours *a, const struct neighbours *b, float *each)
{
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t na = list_length(a, i), nb = list_length(b, i), both = 0;
        for (size_t j = 0; j < na; j++)
            both += list_has(b->index + i * b->k, nb, a->index[i * a->k + j]);
        if (each)
            each[i] = na + nb > 0 ? (float)both / (float)(na + nb - both) : NAN;
        if (na + nb > 0) {
            sum += (double)both / (double)(na + nb - both);
            counted++;
        }
    }
    return counted ? sum / (double)counted : NAN;
}

double graph_rank_overlap(const struct neighbours *a, const struct neighbours *b, double p)
{
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t na = list_length(a, i), nb = list_length(b, i), n = na < nb ? na : nb;
        if (n == 0)
            continue;
        sum += rank_biased_overlap(a->index + i * a->k, b->index + i * b->k, n, p);
        counted++;
    }
    return counted ? sum / (double)counted : NAN;
}

void graph_occurrence(const struct neighbours *found, uint32_t *count, size_t n)
{
    memset(count, 0, n * sizeof *count);
    for (size_t i = 0; i < found->n; i++)
        for (size_t j = 0, length = list_length(found, i); j < length; j++)
            count[found->index[i * found->k + j]]++;
}

/* Sums of the powers of the deviations from the mean. */
static void moments(const uint32_t *count, size_t n, double mean, double *absolute, double *second,
                    double *third)
{
    *absolute = *second = *third = 0;
    for (size_t i = 0; i < n; i++) {
        double from = count[i] - mean;
        *absolute += fabs(from);
        *second += from * from;
        *third += from * from * from;
    }
}

struct hubness graph_hubness(const uint32_t *count, size_t n, size_t k)
{
    double all = 0, none = 0, hubs = 0, absolute, second, third;
    for (size_t i = 0; i < n; i++) {
        all += count[i];
        none += count[i] == 0;
        hubs += count[i] >= 2 * k ? count[i] : 0;
    }
    if (all == 0)
        return (struct hubness){NAN, NAN, NAN, NAN};
    moments(count, n, all / (double)n, &absolute, &second, &third);
    double variance = second / (double)n;
    return (struct hubness){.skew = variance > 0 ? third / (double)n / (variance * sqrt(variance)) : 0,
                            .robin_hood = absolute / 2 / all,
                            .anti_hubs = none / (double)n,
                            .hub_share = hubs / all};
}

const char *hubness_words(double skew)
{
    return isnan(skew) ? "" : skew < 0.5 ? "no hubs" : skew <= 1.2 ? "weak hubs" : "strong hubs";
}
