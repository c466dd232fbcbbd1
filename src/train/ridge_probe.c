/* SPDX-License-Identifier: MIT
 * How much of the categories a linear map holds: of the embedding, and of raw pixels as its yardstick.
 */
#include "base/check.h"
#include "space/ridge.h"
#include "train/probe.h"

#include <math.h>
#include <stdlib.h>

static void add(const struct probe *probe, const float *bank, const float *query, size_t d,
                struct measures *out)
{
    struct ridge_rows rows = {bank, query, probe->n_bank, probe->n_query, d};
    for (size_t i = 0; i < probe->n_attributes && out->n < MEASURES_MAX; i++) {
        const struct attribute *a = &probe->attribute[i];
        if (a->term != TERM_knn)
            continue;
        double accuracy = ridge_accuracy(&rows, a->bank_code, a->query_code, a->n_values);
        out->item[out->n++] = (struct measure){.term = TERM_ridge,
                                               .column = a->column,
                                               .value = (float)accuracy,
                                               .pixels = NAN,
                                               .untrained = NAN,
                                               .chance = a->chance};
    }
}

void probe_ridge(const struct probe *probe, struct measures *out)
{
    add(probe, probe->bank_h, probe->h, probe->dim_h, out);
}

static float *pixel_rows(const struct probe *probe, const uint32_t *item, size_t n)
{
    float *rows = xcalloc(n * probe->values, sizeof *rows);
    for (size_t i = 0; i < n; i++)
        picture_plain(dataset_pixels(probe->data, item[i]), probe->values, rows + i * probe->values);
    return rows;
}

void probe_ridge_pixels(const struct probe *probe, struct measures *out)
{
    float *bank = pixel_rows(probe, probe->bank, probe->n_bank);
    float *query = pixel_rows(probe, probe->query, probe->n_query);
    add(probe, bank, query, probe->values, out);
    free(bank);
    free(query);
}
