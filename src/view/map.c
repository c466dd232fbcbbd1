/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "view/area.h"
#include "view/axes.h"
#include "view/edges.h"
#include "view/facts.h"
#include "view/panels.h"
#include "view/points.h"
#include "view/state.h"
#include "view/trails.h"

#include <stdio.h>
#include <string.h>

void panel_map(struct scene *scene, const struct pen *pen)
{
    const struct points *points = points_of(scene, pen->rect);
    if (!points) {
        const char *why = scene->now && scene->now->n_probe ? "The map is being computed."
                                                            : "The map comes with the first embeddings.";
        pen_text(pen, 1, pen->rect.height / 2, ROLE_QUIET, why);
        return;
    }
    edges_draw(scene, pen, &points->scatter);
    enum scatter_mode mode = points_mode(scene, points, pen->rect);
    plot_scatter(pen->canvas, pen->rect, &points->scatter, mode, pen->theme);
    bool names = scene->choice.names == NAMES_ON ||
                 (scene->choice.names == NAMES_AUTO && (mode == SCATTER_DOTS || mode == SCATTER_DENSITY));
    if (mode == SCATTER_PICTURES)
        map_pictures(scene, pen, points);
    if (names)
        map_names(scene, pen, points);
    trails_draw(scene, pen, &points->scatter);
    area_draw(scene, pen);
}

/* Appends " · 12 of 1 000 shown" or, unless it is just those, " · 12 selected" where that is so. */
static void add_selected(struct scene *scene, char *text, size_t size)
{
    const struct selection *selected = scene_selection(scene);
    size_t used = strlen(text);
    bool alone = scene->choice.isolated;
    char n[32], of[32];
    if (alone)
        used += (size_t)snprintf(text + used, size - used, " · %s of %s shown",
                                 format_count(scene->shown.count, n), format_count(scene->map->map.n, of));
    if (selected->count > 0 && used < size && !(alone && selected->count == scene->shown.count))
        snprintf(text + used, size - used, " · %s selected", format_count(selected->count, n));
}

/* Appends " · of 5 000 sampled" where not all were looked at. */
static void add_sampled(const struct map_result *map, char *text, size_t size)
{
    char n[32];
    size_t used = strlen(text);
    if (map->judged > 0 && map->judged < map->n)
        snprintf(text + used, size - used, " · of %s sampled", format_count(map->judged, n));
}

/* Appends " · 3 not finite, not drawn" where that is so. */
static void add_not_finite(struct scene *scene, char *text, size_t size)
{
    const struct points *points = points_of(scene, screen_state(scene)->map_rect);
    size_t n = points ? points->not_finite : 0, used = strlen(text);
    if (n > 0)
        snprintf(text + used, size - used, " · %zu not finite, not drawn", n);
}

static const char *space_name(const struct scene *scene)
{
    return scene_map_is_pixels(scene) ? "pixels" : "h";
}

/* What the map is of and how far it can be trusted, in the first of the wordings that fits. A wording takes
 * the head, the axes, their share of the variance, the neighbours kept, and those kept by chance. */
static void honest_line(struct scene *scene, const struct pen *pen, const char *head,
                        const char *const wordings[], size_t n)
{
    const struct map_result *map = &scene->map->map;
    char axes[80], kept[32], chance[32], variance[32], text[240];
    axes_text(scene, axes, sizeof axes);
    format_percent(pen->theme, map->variance, variance);
    format_percent(pen->theme, map->fidelity, kept);
    format_percent(pen->theme, map->fidelity_chance, chance);
    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, wordings[i], head, axes, variance, kept, chance);
        add_sampled(map, text, sizeof text);
        add_not_finite(scene, text, sizeof text);
        add_selected(scene, text, sizeof text);
        if (text_width(text) + 1 <= pen->rect.width)
            break;
    }
    pen_text(pen, 1, 0, panel_has_focus(scene, PANEL_MAP) ? ROLE_ACCENT : ROLE_QUIET, text);
}

void panel_map_title(struct scene *scene, const struct pen *pen)
{
    static const char *const wordings[] = {
        "map of %s · %s, %s %% of variance · keeps %s %% of 10 true neighbours (chance %s)",
        "map of %s · %s, %s %% variance · keeps %s %% of neighbours (chance %s)",
        "map of %s · %s, %s %% · keeps %s %% of near (chance %s)",
        "%s · %s, %s %% · keeps %s %% (chance %s)",
    };
    static const char *const given[] = {
        /* no share of the variance: nothing was projected */
        "map made elsewhere%.0s · %s%.0s · keeps %s %% of 10 true neighbours in h (chance %s)",
        "made elsewhere%.0s · %s%.0s · keeps %s %% of near in h (chance %s)",
        "%.0s%s%.0s · keeps %s %% (chance %s)",
    };
    if (scene->map && scene->map->map.axes == AXES_COLUMNS)
        honest_line(scene, pen, "", given, ARRAY_LEN(given));
    else if (scene->map)
        honest_line(scene, pen, space_name(scene), wordings, ARRAY_LEN(wordings));
    else
        pen_text(pen, 1, 0, panel_has_focus(scene, PANEL_MAP) ? ROLE_ACCENT : ROLE_QUIET, "map");
}

void panel_honesty(struct scene *scene, const struct pen *pen)
{
    static const char *const wordings[] = {
        "%s%s, %s %% of variance   map keeps %s %% of 10 true neighbours (chance %s)",
        "%s%s, %s %% of variance   map keeps %s %% of the nearest (chance %s)",
        "%s%s, %s %%   map keeps %s %% of the nearest (chance %s)",
        "%s%s, %s %%  keeps %s %% of near (chance %s)",
    };
    static const char *const given[] = {
        "%s%s, made elsewhere%.0s   map keeps %s %% of 10 true neighbours in h (chance %s)",
        "%s%s, made elsewhere%.0s   keeps %s %% of near in h (chance %s)",
        "%s%s%.0s   keeps %s %% of near in h (chance %s)",
    };
    if (scene->map && scene->map->map.axes == AXES_COLUMNS)
        honest_line(scene, pen, "", given, ARRAY_LEN(given));
    else if (scene->map)
        honest_line(scene, pen, "", wordings, ARRAY_LEN(wordings));
}
