/* SPDX-License-Identifier: MIT
 * The numbers of one measuring put together, and what they warn of.
 */
#include "train/measures.h"

#include "base/check.h"
#include "space/neighbours.h"
#include "space/projection.h"
#include "space/quality.h"
#include "train/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- one measuring ---- */

static const enum term quality_terms[PROBE_QUALITIES] = {TERM_alignment, TERM_uniformity, TERM_rank,
                                                         TERM_rank_z,    TERM_std,        TERM_positive,
                                                         TERM_negative,  TERM_pretext};

/* Values by place, as the yardsticks lie. */
static void read_places(struct probe *probe, struct learner *learner, float value[MEASURES_MAX])
{
    struct reading space = {probe->bank_h, probe->h, probe->moved_h, probe->dim_h};
    size_t pairs = probe->n_query < PROBE_PAIRS ? probe->n_query : PROBE_PAIRS;
    float *quality = value + 2 * probe->n_attributes;
    attributes_read(probe, &space, probe->pool, value);
    const struct step_row *row = learner_row(learner);
    quality[0] = (float)quality_alignment(probe->pair_z[0], probe->pair_z[1], pairs, probe->dim_z);
    quality[1] = (float)quality_uniformity(probe->z, probe->n_query, probe->dim_z, 2, NULL);
    quality[2] = (float)quality_effective_rank(probe->h, probe->n_query, probe->dim_h, NULL);
    quality[3] = (float)quality_effective_rank(probe->z, probe->n_query, probe->dim_z, NULL);
    quality[4] = (float)quality_std(probe->z, probe->n_query, probe->dim_z);
    quality[5] = row ? row->positive : NAN;
    quality[6] = row ? row->negative : NAN;
    quality[7] = row ? row->pretext : NAN;
}

static void add(struct measures *out, struct probe *probe, size_t place, struct measure measure)
{
    CHECK(out->n < MEASURES_MAX);
    measure.pixels = probe->pixels[place];
    measure.untrained = probe->untrained[place];
    out->item[out->n++] = measure;
}

/* Only of attributes whose values the text encoder knows. `learner` NULL: the untrained net's. */
static void add_zero_shot(struct measures *out, struct probe *probe, struct learner *learner)
{
    for (size_t i = 0; i < probe->n_attributes; i++) {
        const struct attribute *attribute = &probe->attribute[i];
        float value = learner ? zero_shot_read(probe, learner, attribute) : probe->zero_shot_untrained[i];
        if (!isnan(value) && out->n + 1 < MEASURES_MAX)
            out->item[out->n++] = (struct measure){.term = TERM_zero_shot,
                                                   .column = attribute->column,
                                                   .value = value,
                                                   .pixels = NAN,
                                                   .untrained = probe->zero_shot_untrained[i],
                                                   .chance = attribute->chance};
    }
}

static void put_together(struct probe *probe, const float value[MEASURES_MAX], struct measures *out)
{
    for (size_t place = 0; place < 2 * probe->n_attributes; place++) {
        const struct attribute *attribute = &probe->attribute[place / 2];
        enum term term = place % 2 ? TERM_knn_moved : attribute->term;
        add(out, probe, place,
            (struct measure){.term = term,
                             .column = attribute->column,
                             .value = value[place],
                             .chance = attribute->chance});
    }
    for (size_t i = 0; i < PROBE_QUALITIES; i++) {
        size_t place = 2 * probe->n_attributes + i;
        add(out, probe, place,
            (struct measure){.term = quality_terms[i], .column = -1, .value = value[place], .chance = NAN});
    }
}

void probe_measure(struct probe *probe, struct learner *learner, struct measures *out)
{
    float value[MEASURES_MAX];
    probe_embed_all(probe, learner);
    read_places(probe, learner, value);
    *out = (struct measures){.step = learner_steps(learner)};
    put_together(probe, value, out);
    add_zero_shot(out, probe, learner);
}

static uint32_t *codes_of(const struct column *column, const uint32_t *item, size_t n)
{
    uint32_t *codes = xcalloc(n, sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = column->code[item[i]];
    return codes;
}

double probe_map_readable(const struct probe *probe, int column)
{
    if (column == NO_COLUMN || probe->data->column[column].kind != COLUMN_CATEGORY)
        return NAN;
    const struct column *attribute = &probe->data->column[column];
    uint32_t *bank_code = codes_of(attribute, probe->bank, probe->n_bank);
    uint32_t *code = codes_of(attribute, probe->query, probe->n_query);
    struct classes classes = {bank_code, attribute->n_values};
    struct projection map = {0};
    projection_fit_classes(&map, probe->bank_h, &classes, probe->n_bank, probe->dim_h, 2, NULL);
    float *x = xcalloc(2 * probe->n_query, sizeof *x), *y = x + probe->n_query;
    projection_apply(&map, 0, probe->h, probe->n_query, x, NULL);
    projection_apply(&map, map.n_axes > 1, probe->h, probe->n_query, y, NULL);
    double readable = plane_accuracy(x, y, code, probe->n_query, attribute->n_values);
    projection_release(&map);
    free(bank_code);
    free(code);
    free(x);
    return readable;
}

void probe_untrained(struct probe *probe, struct learner *untrained)
{
    CHECK(learner_steps(untrained) == 0);
    probe_embed_all(probe, untrained);
    read_places(probe, untrained, probe->untrained);
    for (size_t i = 0; i < probe->n_attributes; i++)
        probe->zero_shot_untrained[i] = zero_shot_read(probe, untrained, &probe->attribute[i]);
}

void probe_measures_untrained(struct probe *probe, struct measures *out)
{
    *out = (struct measures){.step = 0};
    put_together(probe, probe->untrained, out);
    add_zero_shot(out, probe, NULL);
}

/* ---- collapse ---- */

enum { COLLAPSE_FROM_STEP = 50 };

static double value_of(const struct measures *measures, enum term term)
{
    const struct measure *measure = measures_find(measures, term, -1);
    return measure ? (double)measure->value : (double)NAN;
}

/* Of what the method shows: the first that is not as it should be. */
static void readout_sign(const struct condition *c, char *text, size_t size)
{
    double value, line;
    for (size_t i = 0; i < c->n_readouts && !text[0]; i++)
        if (readout_alarms(&c->readout[i], &value, &line))
            snprintf(text, size, "%s %.3g, %s %.3g", c->readout[i].name, value,
                     value < line ? "below" : "above", line);
}

void measures_collapse(const struct condition *c, char *text, size_t size)
{
    double std = value_of(c->measures, TERM_std), rank = value_of(c->measures, TERM_rank);
    double rank_z = value_of(c->measures, TERM_rank_z);
    const struct step_row *row = c->row;
    text[0] = '\0';
    if (c->measures->step < COLLAPSE_FROM_STEP)
        return;
    readout_sign(c, text, size);
    if (text[0])
        return;
    if (!c->raw && std < 0.3)
        snprintf(text, size, "all pictures land near one point: std x sqrt d %.2f", std);
    else if (rank < 0.1 * (double)c->dim_h)
        snprintf(text, size, "few dimensions are used: %.1f of %zu", rank, c->dim_h);
    else if (rank_z < 0.1 * (double)c->dim_z)
        snprintf(text, size, "few dimensions of z are used: %.1f of %zu", rank_z, c->dim_z);
    else if (row && fabsf(row->loss - row->no_learning) <= 0.01F * fabsf(row->no_learning))
        snprintf(text, size, "the loss %.3g is what no learning gives (%.3g)", (double)row->loss,
                 (double)row->no_learning);
}
