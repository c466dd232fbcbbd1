/* SPDX-License-Identifier: MIT
 *
 * The settings of the run: the highlighted one is turned with the arrows; what was changed live is marked,
 * because it is not the same as training so from the start.
 */
#include "view/change.h"
#include "view/facts.h"
#include "view/panels.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_COLUMN = 18, NARROW_COLUMN = 17, WIDE_COLUMN = 20, HELP_COLUMN = 44, WIDE = 110 };

const struct key_help settings_keys[] = {
    {"↑↓", "setting", NULL}, {"←→", "value", NULL}, {"Enter", "type it", NULL},
    {"b", "branch", NULL},   {"Esc", "back", NULL}, {NULL, NULL, NULL},
};

/* How full a knob from zero stands: only where a level says something. */
static bool has_level(const struct setting *s)
{
    return s->kind == SETTING_NUMBER && s->knob && !s->knob->log && !s->knob->whole && s->knob->min == 0 &&
           s->knob->max <= 2 && strcmp(s->group, "views") == 0 && strcmp(s->text, "off") != 0;
}

/* "±23", "0.3–1": a range reads better than it is typed. */
static void value_text(const struct setting *s, char *text, size_t size)
{
    char unit[24] = "";
    if (s->knob && s->knob->unit && *s->knob->unit)
        snprintf(unit, sizeof unit, strcmp(s->knob->unit, "degrees") == 0 ? "°" : " %.20s", s->knob->unit);
    if (s->kind == SETTING_RANGE && s->low == -s->value && s->value > 0)
        snprintf(text, size, "±%g%s", s->value, unit);
    else if (s->kind == SETTING_RANGE)
        snprintf(text, size, "%g–%g%s", s->low, s->value, unit);
    else
        snprintf(text, size, "%.80s%s", *s->text ? s->text : "default",
                 s->kind == SETTING_NUMBER && strcmp(s->text, "off") != 0 ? unit : "");
}

/* Of a branch to come: what the run it leaves was trained with there, where that is something else; NULL. */
static const struct setting *left_behind(const struct scene *scene, const struct setting *s)
{
    const struct setting *was = scene->plan ? settings_find(&scene->plan->was, s->name) : NULL;
    return was && strcmp(was->text, s->text) != 0 ? was : NULL;
}

/* What stands behind the value: what it was, changed live, needs R, does nothing. */
static int marks(const struct scene *scene, const struct pen *pen, int x, int y, const struct setting *s)
{
    char value[120];
    const struct setting *was = left_behind(scene, s);
    if (was) {
        value_text(was, value, sizeof value);
        return pen_printf(pen, x, y, ROLE_WARN, "was %s", value) + 1;
    }
    if (s->changed_at >= 0)
        x = pen_printf(pen, x, y, ROLE_WARN, "@%lld", (long long)s->changed_at) + 1;
    if (s->restart)
        x = pen_text(pen, x, y, ROLE_KEY, "R") + 1;
    if (s->idle)
        x = pen_text(pen, x, y, ROLE_QUIET, "idle") + 1;
    return x;
}

static void setting_row(struct scene *scene, const struct pen *pen, int y, int i, bool here)
{
    struct setting s = scene_setting(scene, i);
    char value[120];
    bool narrow = pen->rect.width < 30, turns = here && !scene->elsewhere;
    int column = narrow ? NARROW_COLUMN : pen->rect.width >= WIDE ? WIDE_COLUMN : VALUE_COLUMN;
    struct pen label = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, column - 3, pen->rect.height});
    pen_text(&label, 0, y, here ? ROLE_ACCENT : s.idle ? ROLE_QUIET : ROLE_TEXT, s.label);
    value_text(&s, value, sizeof value);
    if (turns)
        pen_glyph(pen, column - 2, y, ROLE_ACCENT, GLYPH_LEFT);
    int x = pen_text(pen, column, y, here ? ROLE_ACCENT : s.idle ? ROLE_QUIET : ROLE_TEXT, value);
    if (turns)
        x = pen_glyph(pen, x + 1, y, ROLE_ACCENT, GLYPH_RIGHT);
    x = marks(scene, pen, x + 1, y, &s);
    int level = column + 7;
    if (has_level(&s) && x <= level && pen->rect.width >= level + 5)
        plot_level(pen->canvas, pen->rect, pen->rect.x + level, pen->rect.y + y,
                   pen->rect.width - level > 8 ? 8 : pen->rect.width - level, s.value / s.knob->max,
                   theme_style(pen->theme, ROLE_QUIET), pen->theme);
    if (pen->rect.width >= WIDE && s.knob && s.knob->help && x < HELP_COLUMN)
        pen_text(pen, HELP_COLUMN, y, ROLE_QUIET, s.knob->help);
}

/* What the highlighted one does, and what a live change means. */
static void explain(struct scene *scene, const struct pen *pen, int i)
{
    struct setting s = scene_setting(scene, i);
    int y = 0;
    if (scene->plan) {
        char text[200];
        plan_words(scene, text, sizeof text);
        y = pen_wrap(pen, y, ROLE_KEY, text);
    } else if (s.changed_at >= 0) {
        char text[160];
        snprintf(text, sizeof text, "changed at step %lld: not the same as training so from the start (R)",
                 (long long)s.changed_at);
        y = pen_wrap(pen, y, ROLE_WARN, text);
    } else if (s.restart) {
        y = pen_wrap(pen, y, ROLE_KEY, "takes effect with R");
    }
    if (s.idle)
        y = pen_wrap(pen, y, ROLE_QUIET, "does nothing on these pictures");
    if (s.knob && s.knob->help && y < pen->rect.height && pen->rect.width < WIDE) /* else beside it */
        pen_wrap(pen, y, ROLE_QUIET, s.knob->help);
}

/* First row shown so that the highlighted one is in the window. */
static int first_row(int n, int rows, int here)
{
    int first = here - rows / 2;
    if (first > n - rows)
        first = n - rows;
    return first > 0 ? first : 0;
}

/* What the keys do to a setting, behind the heading. */
static const char *keys_of_settings(const struct scene *scene, bool focus, int width)
{
    if (scene->elsewhere)
        return "it was trained with";
    if (!focus)
        return "S to change";
    if (scene->plan)
        return width < 30 ? "of a branch" : "of a branch  ←→ change";
    return width < 30 ? "←→ change u undo" : "←→ change  u undo";
}

void panel_settings(struct scene *scene, const struct pen *pen)
{
    bool focus = panel_has_focus(scene, PANEL_SETTINGS);
    int n = scene_settings(scene), height = pen->rect.height;
    int x = pen_text(pen, 0, 0, focus ? ROLE_ACCENT : ROLE_STRONG, "settings");
    if (scene->elsewhere && n == 0) {
        pen_wrap(pen, 1, ROLE_QUIET, "Nothing trains here: what is shown was made elsewhere.");
        return;
    }
    pen_text(pen, x + 2, 0, ROLE_QUIET, keys_of_settings(scene, focus, pen->rect.width));
    if (n == 0) {
        pen_text(pen, 0, 1, ROLE_QUIET, "none yet");
        return;
    }
    int below = focus && height >= 10 ? (height >= 20 ? 6 : height >= 13 ? 4 : 3) : 0;
    int rows = height - 1 - below, here = scene->choice.setting;
    here = here < 0 ? 0 : here < n ? here : n - 1;
    int first = focus ? first_row(n, rows, here) : 0;
    for (int i = 0; i < rows && first + i < n; i++)
        setting_row(scene, pen, 1 + i, first + i, focus && first + i == here);
    if (below) {
        struct pen words = pen_rows(pen, height - below, below);
        explain(scene, &words, here);
    }
}
