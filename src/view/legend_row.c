/* SPDX-License-Identifier: MIT
 *
 * The row below the map that says what its letters and colours mean, and where a click on it points.
 */
#include "view/facts.h"
#include "view/panels.h"
#include "view/state.h"
#include "view/work.h"

#include <stdio.h>

/* Where entry i of the legend stands, for drawing and for clicks; the column after it. */
static int entry_end(const struct legend *l, size_t i, int x, int gap)
{
    return x + 2 + text_width(l->name[i]) + gap;
}

enum { SHORT_HINT = 14, LONG_HINT = 24 };

/* Two blanks between entries where the hint still fits behind them, or where one would not make room either.
 */
static int legend_gap(const struct legend *l, int width)
{
    int x[3] = {1, 1, 1};
    for (int gap = 1; gap <= 2; gap++)
        for (size_t i = 0; i < l->n; i++)
            x[gap] = entry_end(l, i, x[gap], gap);
    bool hint_only_with_one = x[2] + SHORT_HINT > width && x[1] + SHORT_HINT <= width + 1;
    return x[2] > width || hint_only_with_one ? 1 : 2;
}

/* Columns that "(190 others)" keeps for itself at the end. */
static int kept_for_other(const struct legend *l, size_t i)
{
    return l->other && i + 1 < l->n ? text_width(l->name[l->n - 1]) + 4 : 0;
}

/* Where the ramp of a number begins: behind its name and its lowest value. */
static int ramp_start(const struct legend *l)
{
    return 1 + text_width(l->title) + 2 + text_width(l->name[0]) + 1;
}

int legend_at(struct scene *scene, int width, int at)
{
    const struct legend *l = scene_legend(scene);
    if (l->number)
        return at >= ramp_start(l) && at < ramp_start(l) + (int)l->n ? at - ramp_start(l) : -1;
    int gap = legend_gap(l, width), x = 1;
    for (size_t i = 0; i < l->n; i++) {
        int end = entry_end(l, i, x, gap);
        if (end - gap > width - kept_for_other(l, i))
            continue;
        if (at >= x && at < end - gap)
            return (int)i;
        x = end;
    }
    return -1;
}

static void legend_hint(const struct scene *scene, const struct pen *pen, int x)
{
    static const char *const more[] = {"c", "colour", "a", "axes", "d", "draw", NULL};
    static const char *const none[] = {"a", "axes", "d", "draw", NULL};
    static const char *const one[] = {"c", "colour by…", NULL};
    int room = pen->rect.width - x;
    const char *const *pairs = scene->data->n_columns == 0 ? none : room >= LONG_HINT ? more : one;
    int need = pairs == one ? SHORT_HINT : LONG_HINT;
    if (room < need - 1)
        return;
    struct rect right = {pen->rect.x + pen->rect.width - need, pen->rect.y, need, 1};
    struct pen tail = pen_at(pen, right);
    pen_hints(&tail, 0, pairs, 1);
}

/* Which entries have an item on the map while only some are shown. */
static void shown_codes(struct scene *scene, bool shown[LEGEND_CODES])
{
    const struct selection *only = &scene->shown;
    for (size_t i = 0; i < LEGEND_CODES; i++)
        shown[i] = !scene->choice.isolated;
    for (size_t i = selection_next(only, 0); scene->choice.isolated && i < only->n;
         i = selection_next(only, i + 1)) {
        uint32_t code = scene_code(scene, (int)i);
        if (code < LEGEND_CODES)
            shown[code] = true;
    }
}

/* "similarity  -0.2 0123456789 1": a number's steps side by side; the column after. */
static int draw_ramp(const struct scene *scene, const struct pen *pen, const struct legend *l,
                     const bool shown[LEGEND_CODES])
{
    char text[32], working[WORK_TEXT];
    int x = pen_text(pen, 1, 0, ROLE_QUIET, l->title) + 2;
    bool waiting =
        scene->choice.quantity != NO_QUANTITY && !scene_values_known(scene, scene->choice.quantity);
    if (l->n == 0)
        return pen_text(pen, x, 0, ROLE_QUIET,
                        waiting ? work_text(scene, REQUEST_VALUES, working) : "no item has one") +
               1;
    x = pen_text(pen, x, 0, ROLE_TEXT, l->name[0]) + 1;
    for (size_t i = 0; i < l->n; i++) {
        struct style style = legend_style(l, scene->data, pen->theme, i);
        char letter[2] = {l->letter[i], '\0'};
        x = pen_styled(pen, x, 0, shown[i] ? style : theme_style(pen->theme, ROLE_QUIET), letter);
    }
    snprintf(text, sizeof text, "%.3g", (double)l->high);
    x = pen_text(pen, x + 1, 0, ROLE_TEXT, text) + 2;
    if (scene->choice.quantity == NO_QUANTITY)
        return x;
    const char *unit = quantity_entry((enum quantity)scene->choice.quantity)->unit;
    return x + text_width(unit) + 3 <= pen->rect.width
               ? pen_printf(pen, x - 1, 0, ROLE_QUIET, "· %s", unit) + 2
               : x;
}

static int draw_entries(const struct scene *scene, const struct pen *pen, const struct legend *l,
                        const bool shown[LEGEND_CODES])
{
    int width = pen->rect.width, gap = legend_gap(l, width), x = 1;
    for (size_t i = 0; i < l->n; i++) {
        int end = entry_end(l, i, x, gap);
        if (end - gap > width - kept_for_other(l, i))
            continue;
        struct style style = legend_style(l, scene->data, pen->theme, i);
        bool off = !shown[i];
        char letter[2] = {l->letter[i], '\0'};
        style.attr |= ATTR_BOLD;
        pen_styled(pen, x, 0, off ? theme_style(pen->theme, ROLE_QUIET) : style, letter);
        pen_text(pen, x + 2, 0, off ? ROLE_QUIET : ROLE_TEXT, l->name[i]);
        x = end;
    }
    return x;
}

void panel_legend(struct scene *scene, const struct pen *pen)
{
    const struct legend *l = scene_legend(scene);
    bool shown[LEGEND_CODES];
    shown_codes(scene, shown);
    legend_hint(scene, pen, (l->number ? draw_ramp : draw_entries)(scene, pen, l, shown));
}
