/* SPDX-License-Identifier: MIT */
#include "space/sensitivity.h"

#include <stdlib.h>
#include <string.h>

void sensitivity_release(struct sensitivity *sensitivity)
{
    for (size_t i = 0; i < sensitivity->n; i++)
        comparison_release(&sensitivity->row[i].moved);
    free(sensitivity->group);
    sensitivity->group = NULL;
    sensitivity->n = 0;
}

/* How far a row moved the verdict: the share of matches that change; NaN where it has none. */
static double sensitivity_moved(const struct sensitivity_row *row)
{
    return row->failed[0] ? NAN : row->moved.match_churn;
}

bool sensitivity_is_floor(const struct sensitivity_row *row)
{
    return strcmp(row->kind, "seed") == 0;
}

/* Insertion: there are a few dozen at most, and equal ones keep their order. */
void sensitivity_sort(struct sensitivity *sensitivity)
{
    for (size_t i = 1; i < sensitivity->n; i++) {
        struct sensitivity_row row = sensitivity->row[i];
        double moved = sensitivity_moved(&row);
        size_t at = i;
        for (; at > 0; at--) {
            double before = sensitivity_moved(&sensitivity->row[at - 1]);
            if (before >= moved || isnan(moved))
                break;
            sensitivity->row[at] = sensitivity->row[at - 1];
        }
        sensitivity->row[at] = row;
    }
}

static bool is_seed(const struct sensitivity_row *row)
{
    return sensitivity_is_floor(row) && !isnan(sensitivity_moved(row));
}

/* fmin and fmax leave out NaN. */
static void widen(struct interval *range, const struct change *ratio)
{
    range->low = fmin(range->low, fmin(ratio->a, ratio->b));
    range->high = fmax(range->high, fmax(ratio->a, ratio->b));
}

struct seed_floor sensitivity_floor(const struct sensitivity *sensitivity)
{
    struct seed_floor floor = {0, 0, NAN, {{NAN, NAN}, {NAN, NAN}}};
    for (size_t i = 0; i < sensitivity->n; i++) {
        const struct sensitivity_row *row = &sensitivity->row[i];
        if (!is_seed(row))
            continue;
        floor.n++;
        floor.mean += sensitivity_moved(row);
        floor.most = fmax(floor.most, sensitivity_moved(row));
        for (int kind = 0; kind < N_PAIR_KINDS; kind++)
            widen(&floor.ratio[kind], &row->moved.ratio[kind]);
    }
    floor.mean = floor.n ? floor.mean / (double)floor.n : NAN;
    return floor;
}

double sensitivity_floor_rate(const struct sensitivity *sensitivity, enum pair_kind kind, size_t group)
{
    double most = NAN;
    for (size_t i = 0; i < sensitivity->n; i++)
        if (is_seed(&sensitivity->row[i])) {
            const struct change *rate = &sensitivity->row[i].moved.group[group].rate[kind];
            most = fmax(most, fabs(rate->b - rate->a));
        }
    return most;
}

bool sensitivity_ratio_is_of_seeds(const struct sensitivity_row *row, enum pair_kind kind,
                                   const struct seed_floor *floor)
{
    double ratio = row->moved.ratio[kind].b;
    return ratio >= floor->ratio[kind].low && ratio <= floor->ratio[kind].high;
}

bool sensitivity_stands_out(const struct sensitivity_row *row, const struct seed_floor *floor)
{
    return sensitivity_moved(row) > floor->most;
}
