/* SPDX-License-Identifier: MIT */
#include "space/sensitivity.h"

#include "base/check.h"

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

double sensitivity_moved(const struct sensitivity_row *row)
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

struct seed_floor sensitivity_floor(const struct sensitivity *sensitivity)
{
    struct seed_floor floor = {0, 0, NAN};
    for (size_t i = 0; i < sensitivity->n; i++) {
        double moved = sensitivity_moved(&sensitivity->row[i]);
        if (!sensitivity_is_floor(&sensitivity->row[i]) || isnan(moved))
            continue;
        floor.n++;
        floor.mean += moved;
        floor.most = fmax(floor.most, moved); /* fmax leaves out NaN */
    }
    floor.mean = floor.n ? floor.mean / (double)floor.n : NAN;
    return floor;
}

bool sensitivity_stands_out(const struct sensitivity_row *row, const struct seed_floor *floor)
{
    return sensitivity_moved(row) > floor->most;
}
