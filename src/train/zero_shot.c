/* SPDX-License-Identifier: MIT
 * Zero-shot reading (Radford et al. 2021, section 3.1): no neighbour is asked; a picture is called by the
 * value whose text lies nearest to it in z.
 */
#include "base/check.h"
#include "math/score.h"
#include "train/probe.h"

#include <math.h>
#include <stdlib.h>

/* Captions name every value: its words are all known. */
static bool values_known(const struct learner *learner, const struct column *column)
{
    for (size_t v = 0; v < column->n_values; v++) {
        struct words_known words = learner_words(learner, column->value[v]);
        if (words.words == 0 || words.known < words.words)
            return false;
    }
    return true;
}

/* The row of `text` (n, d) nearest to z; ties to the lower. */
static size_t nearest(const float *z, const float *text, size_t n, size_t d)
{
    size_t best = 0;
    double top = -INFINITY;
    for (size_t v = 0; v < n; v++) {
        double similarity = score_cosine(z, text + v * d, d);
        if (similarity > top) {
            top = similarity;
            best = v;
        }
    }
    return best;
}

/* Averaged over the values that have queries, so that rare ones count as much. */
static double balanced_accuracy(const struct probe *probe, const struct attribute *attribute,
                                const float *text)
{
    size_t n = attribute->n_values, d = probe->dim_z, *count = xcalloc(2 * n, sizeof *count),
           *right = count + n, classes = 0;
    double sum = 0;
    for (size_t i = 0; i < probe->n_query; i++) {
        uint32_t code = attribute->query_code[i];
        if (code == NO_VALUE)
            continue;
        count[code]++;
        right[code] += nearest(probe->z + i * d, text, n, d) == code;
    }
    for (size_t v = 0; v < n; v++)
        if (count[v]) {
            sum += (double)right[v] / (double)count[v];
            classes++;
        }
    free(count);
    return classes ? sum / (double)classes : (double)NAN;
}

float zero_shot_read(const struct probe *probe, struct learner *learner, const struct attribute *attribute)
{
    const struct column *column = &probe->data->column[attribute->column];
    if (attribute->term != TERM_knn || !learner_reads_text(learner) || !values_known(learner, column))
        return NAN;
    float *text = xaligned(column->n_values * probe->dim_z, sizeof *text);
    learner_embed_texts(learner, (const char *const *)column->value, column->n_values, text);
    double accuracy = balanced_accuracy(probe, attribute, text);
    free(text);
    return (float)accuracy;
}
