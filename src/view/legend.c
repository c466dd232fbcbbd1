/* SPDX-License-Identifier: MIT */
#include "view/legend.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool legend_possible(const struct dataset *data, int column)
{
    return column >= 0 && (size_t)column < data->n_columns && data->column[column].kind != COLUMN_TEXT;
}

/* The largest values by count, ties to the earlier one; those that never occur are left out. */
static size_t largest(const size_t *count, size_t n_values, uint32_t value[LEGEND_SHOWN])
{
    size_t n = 0;
    for (uint32_t v = 0; v < n_values; v++) {
        if (count[v] == 0 || (n == LEGEND_SHOWN && count[v] <= count[value[n - 1]]))
            continue;
        size_t at = n < LEGEND_SHOWN ? n++ : n - 1;
        for (; at > 0 && count[value[at - 1]] < count[v]; at--)
            value[at] = value[at - 1];
        value[at] = v;
    }
    return n;
}

static void name_values(struct legend *l, const struct column *c)
{
    const char *names[LEGEND_SHOWN];
    char own[LEGEND_SHOWN];
    for (size_t i = 0; i < l->n; i++) {
        names[i] = c->value[l->value[i]];
        own[i] = c->letter ? c->letter[l->value[i]] : 0;
        char clean[LEGEND_NAME];
        text_clean(clean, sizeof clean, names[i]);
        int width = text_width(clean);
        text_column(clean, width > LEGEND_WIDEST ? -LEGEND_WIDEST : -width, l->name[i], LEGEND_NAME);
    }
    theme_letters(names, c->letter ? own : NULL, l->n, l->letter);
}

/* `more` values occur besides those shown. */
static void add_other(struct legend *l, size_t all, size_t more)
{
    size_t shown = 0;
    for (size_t i = 0; i < l->n; i++)
        shown += l->count[i];
    l->other = true;
    l->letter[l->n] = '.';
    l->count[l->n] = all - shown;
    snprintf(l->name[l->n++], LEGEND_NAME, "(%zu other%s)", more, more == 1 ? "" : "s");
}

static void make_category(struct legend *l, const struct dataset *data, const struct column *c)
{
    size_t *count = xcalloc(c->n_values + 1, sizeof *count), all = 0, occur = 0;
    for (size_t i = 0; i < data->n; i++)
        if (c->code[i] < c->n_values) {
            occur += count[c->code[i]]++ == 0;
            all++;
        }
    l->values = occur;
    l->n = largest(count, c->n_values, l->value);
    for (size_t i = 0; i < l->n; i++)
        l->count[i] = count[l->value[i]];
    name_values(l, c);
    if (occur > l->n)
        add_other(l, all, occur - l->n);
    free(count);
}

static void make_ramp(struct legend *l, const char *title, const float *value, size_t n)
{
    l->number = true;
    l->low = INFINITY;
    l->high = -INFINITY;
    text_clean(l->title, LEGEND_NAME - 3, title);
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i])) {
            l->low = fminf(l->low, value[i]);
            l->high = fmaxf(l->high, value[i]);
        }
    l->n = l->low <= l->high ? LEGEND_SHOWN : 0;
    for (size_t i = 0; i < l->n; i++) {
        l->letter[i] = (char)('0' + i);
        double share = (double)i / LEGEND_SHOWN;
        snprintf(l->name[i], LEGEND_NAME, "%.3g",
                 (double)l->low + ((double)l->high - (double)l->low) * share);
    }
}

void legend_make_ramp(struct legend *legend, const char *title, const float *value, size_t n)
{
    *legend = (struct legend){.column = NO_COLUMN};
    make_ramp(legend, title, value, n);
}

uint32_t legend_step(const struct legend *l, float value)
{
    float share = l->high > l->low ? (value - l->low) / (l->high - l->low) : value - l->low;
    if (!isfinite(share) || l->n == 0)
        return UINT32_MAX;
    return share >= 1 ? LEGEND_SHOWN - 1 : share > 0 ? (uint32_t)(share * LEGEND_SHOWN) : 0;
}

void legend_make(struct legend *legend, const struct dataset *data, int column)
{
    memset(legend, 0, sizeof *legend);
    legend->column = legend_possible(data, column) ? column : NO_COLUMN;
    if (legend->column == NO_COLUMN)
        return;
    const struct column *c = &data->column[column];
    if (c->kind == COLUMN_CATEGORY)
        make_category(legend, data, c);
    else
        make_ramp(legend, c->name, c->number, data->n);
}

uint32_t legend_code(const struct legend *l, const struct dataset *data, size_t row)
{
    if (l->column == NO_COLUMN || l->n == 0 || row >= data->n)
        return UINT32_MAX;
    const struct column *c = &data->column[l->column];
    if (l->number)
        return legend_step(l, c->number[row]);
    for (uint32_t i = 0; i < l->n - l->other; i++)
        if (l->value[i] == c->code[row])
            return i;
    return l->other && c->code[row] != NO_VALUE ? (uint32_t)(l->n - 1) : UINT32_MAX;
}

struct style legend_style(const struct legend *l, const struct dataset *data, const struct theme *theme,
                          size_t code)
{
    if (l->number) {
        struct style style = style_plain;
        style.fg = theme->depth == DEPTH_MONO ? COLOUR_DEFAULT
                                              : theme_ramp(theme, (double)code / (LEGEND_SHOWN - 1));
        return style;
    }
    if (l->column == NO_COLUMN || code >= l->n || (l->other && code == l->n - 1))
        return theme_style(theme, ROLE_QUIET);
    const struct column *c = &data->column[l->column];
    return theme_category(theme, code, c->colour ? c->colour[l->value[code]] : COLOUR_DEFAULT);
}
