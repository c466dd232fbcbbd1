/* SPDX-License-Identifier: MIT */
#include "view/facts.h"
#include "view/panels.h"
#include "view/points.h"
#include "view/state.h"

#include <stdio.h>
#include <string.h>

void panel_map(struct scene *scene, const struct pen *pen)
{
    struct points points;
    if (!points_make(&points, scene, pen->rect)) {
        const char *why = scene->now && scene->now->n_probe ? "The map is being computed."
                                                            : "The map comes with the first embeddings.";
        pen_text(pen, 1, pen->rect.height / 2, ROLE_QUIET, why);
        return;
    }
    enum scatter_mode mode = points_mode(scene, &points, pen->rect);
    plot_scatter(pen->canvas, pen->rect, &points.scatter, mode, pen->theme);
    points_release(&points);
}

/* "axes: shape", "axes: components 1, 2". */
static int axes_text(const struct scene *scene, char *text, size_t size)
{
    const struct map_result *map = &scene->map->map;
    const char *name = scene_column_name(scene, map->column);
    if (map->axes == AXES_CLASS && *name)
        return snprintf(text, size, "axes: %s", name);
    return snprintf(text, size, "axes: components %d, %d", map->component[0] + 1, map->component[1] + 1);
}

static size_t not_finite(const struct map_result *map)
{
    size_t n = 0;
    for (size_t i = 0; i < map->n; i++)
        n += !isfinite(map->x[i]) || !isfinite(map->y[i]);
    return n;
}

/* Appends " · 3 not finite, not drawn" where that is so. */
static void add_not_finite(const struct map_result *map, char *text, size_t size)
{
    size_t n = not_finite(map), used = strlen(text);
    if (n > 0)
        snprintf(text + used, size - used, " · %zu not finite, not drawn", n);
}

static const char *space_name(const struct scene *scene)
{
    return scene_map_is_pixels(scene) ? "pixels" : "h";
}

void panel_map_title(struct scene *scene, const struct pen *pen)
{
    enum role role = panel_has_focus(scene, PANEL_MAP) ? ROLE_ACCENT : ROLE_QUIET;
    if (!scene->map) {
        pen_text(pen, 1, 0, role, "map");
        return;
    }
    const struct map_result *map = &scene->map->map;
    char axes[80], kept[32], chance[32], variance[32], text[240];
    axes_text(scene, axes, sizeof axes);
    format_percent(pen->theme, map->variance, variance);
    format_percent(pen->theme, map->fidelity, kept);
    format_percent(pen->theme, map->fidelity_chance, chance);
    bool wide = pen->rect.width >= 90;
    snprintf(text, sizeof text, "map of %s · %s, %s %% %svariance · keeps %s %% of %sneighbours (chance %s)",
             space_name(scene), axes, variance, wide ? "of " : "", kept, wide ? "10 true " : "", chance);
    add_not_finite(map, text, sizeof text);
    pen_text(pen, 1, 0, role, text);
}

void panel_honesty(struct scene *scene, const struct pen *pen)
{
    if (!scene->map)
        return;
    const struct map_result *map = &scene->map->map;
    char axes[80], kept[32], chance[32], variance[32], text[240];
    axes_text(scene, axes, sizeof axes);
    format_percent(pen->theme, map->variance, variance);
    format_percent(pen->theme, map->fidelity, kept);
    format_percent(pen->theme, map->fidelity_chance, chance);
    bool wide = pen->rect.width >= 78;
    snprintf(text, sizeof text,
             wide ? "%s, %s %% of variance   map keeps %s %% of 10 true neighbours (chance %s)"
                  : "%s, %s %%  keeps %s %% of near (chance %s)",
             axes, variance, kept, chance);
    add_not_finite(map, text, sizeof text);
    pen_text(pen, 1, 0, panel_has_focus(scene, PANEL_MAP) ? ROLE_ACCENT : ROLE_QUIET, text);
}

/* Where entry i of the legend stands, for drawing and for clicks; the column after it. */
static int entry_end(const struct legend *l, size_t i, int x, int gap)
{
    return x + 2 + text_width(l->name[i]) + gap;
}

static int legend_gap(const struct legend *l, int width)
{
    int x = 1;
    for (size_t i = 0; i < l->n; i++)
        x = entry_end(l, i, x, 2);
    return x <= width ? 2 : 1;
}

int legend_at(struct scene *scene, int width, int at)
{
    const struct legend *l = scene_legend(scene);
    int gap = legend_gap(l, width), x = 1;
    for (size_t i = 0; i < l->n; i++) {
        int end = entry_end(l, i, x, gap);
        if (at >= x && at < end - gap && end - gap <= width)
            return (int)i;
        x = end;
    }
    return -1;
}

void panel_legend(struct scene *scene, const struct pen *pen)
{
    const struct legend *l = scene_legend(scene);
    int width = pen->rect.width, gap = legend_gap(l, width), x = 1;
    for (size_t i = 0; i < l->n; i++) {
        int end = entry_end(l, i, x, gap);
        if (end - gap > width - (i + 1 < l->n)) {
            pen_glyph(pen, x, 0, ROLE_QUIET, GLYPH_ELLIPSIS);
            return;
        }
        struct style style = legend_style(l, scene->data, pen->theme, i);
        bool off = scene->choice.solo >= 0 && (size_t)scene->choice.solo != i;
        char letter[2] = {l->letter[i], '\0'};
        style.attr |= ATTR_BOLD;
        pen_styled(pen, x, 0, off ? theme_style(pen->theme, ROLE_QUIET) : style, letter);
        pen_text(pen, x + 2, 0, off ? ROLE_QUIET : ROLE_TEXT, l->name[i]);
        x = end;
    }
    static const char *const more[] = {"c", "colour", "a", "axes", "d", "draw", NULL};
    static const char *const one[] = {"c", "colour by…", NULL};
    const char *const *pairs = width - x >= 26 ? more : one;
    int need = pairs == more ? 23 : 14;
    if (width - x >= need) {
        struct rect right = {pen->rect.x + width - need, pen->rect.y, need, 1};
        struct pen tail = pen_at(pen, right);
        pen_hints(&tail, 0, pairs, 1);
    }
}
