/* SPDX-License-Identifier: MIT
 *
 * What the colours and letters of the map mean: the values of the coloured attribute, the largest first. A
 * category of more than ten values shows the ten largest and "(3 others)"; a number is cut into ten
 * steps of a ramp; so are quantities that are computed. Made once for an attribute and kept (the counting
 * walks the whole data set). Screen thread.
 */
#ifndef NF_VIEW_LEGEND_H
#define NF_VIEW_LEGEND_H

#include "data/dataset.h"
#include "ui/theme.h"

enum {
    LEGEND_SHOWN = 10,
    LEGEND_CODES = LEGEND_SHOWN + 1,
    LEGEND_WIDEST = 24,
    LEGEND_NAME = 4 * LEGEND_WIDEST + 4
};

struct legend {
    int column;              /* of the data set, or NO_COLUMN: one colour, or a quantity */
    char title[LEGEND_NAME]; /* of a number: what it is */
    size_t n;                /* codes drawn, the last is "other" if `other` */
    bool number, other;
    uint32_t value[LEGEND_SHOWN]; /* of a category: its values by size */
    float low, high;              /* of a number */
    size_t values;                /* how many different ones occur */
    char letter[LEGEND_CODES + 1];
    char name[LEGEND_CODES][LEGEND_NAME]; /* as shown */
    size_t count[LEGEND_CODES];           /* items of the data set */
};

void legend_make(struct legend *legend, const struct dataset *data, int column);
/* A ramp over the finite values. */
void legend_make_ramp(struct legend *legend, const char *title, const float *value, size_t n);
/* The step of the ramp, UINT32_MAX for a value that is not finite. */
uint32_t legend_step(const struct legend *legend, float value);
/* 0..n-1 of a data set row, UINT32_MAX where blank. */
uint32_t legend_code(const struct legend *legend, const struct dataset *data, size_t row);
struct style legend_style(const struct legend *legend, const struct dataset *data, const struct theme *theme,
                          size_t code);
/* Can the map be coloured by it? Text cannot. */
bool legend_possible(const struct dataset *data, int column);

#endif
