/* SPDX-License-Identifier: MIT */
#include "view/points.h"

#include "base/check.h"
#include "view/facts.h"
#include "view/state.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* ---- where they are ---- */

static float share_of(const struct scene *scene)
{
    const struct map_result *map = &scene->map->map;
    bool moves = scene->map_before && scene->map_before->map.n == map->n;
    return moves ? (float)fmin(fmax(scene->map_share, 0), 1) : 1;
}

static void hold(const struct result **held, const struct result *result)
{
    if (*held == result)
        return;
    result_unref(*held);
    *held = result ? result_ref(result) : NULL;
}

static void move_along(float *restrict way, const float *restrict from, const float *restrict to, float share,
                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        way[i] = from[i] + share * (to[i] - from[i]);
}

static size_t count_not_finite(const float *x, const float *y, size_t n)
{
    size_t bad = 0;
    for (size_t i = 0; i < n; i++)
        bad += !(fabsf(x[i]) <= FLT_MAX) | !(fabsf(y[i]) <= FLT_MAX);
    return bad;
}

static void place(struct points *p, const struct scene *scene)
{
    struct kept_points *kept = &p->kept;
    const struct map_result *map = &scene->map->map;
    float share = share_of(scene);
    const struct result *before = share < 1 ? scene->map_before : NULL;
    if (kept->map == scene->map && kept->before == before && kept->share == share)
        return;
    hold(&kept->map, scene->map);
    hold(&kept->before, before);
    kept->share = share;
    p->x = map->x;
    p->y = map->y;
    if (before) {
        for (int axis = 0; axis < 2; axis++)
            if (!kept->way[axis])
                kept->way[axis] = xcalloc(kept->n, sizeof **kept->way);
        move_along(kept->way[0], before->map.x, map->x, share, kept->n);
        move_along(kept->way[1], before->map.y, map->y, share, kept->n);
        p->x = kept->way[0];
        p->y = kept->way[1];
    }
    p->not_finite = count_not_finite(p->x, p->y, kept->n);
    kept->extent = grid_extent(p->x, p->y, kept->n);
}

static void zoom_in(struct points *p, const struct choice *choice)
{
    if (choice->zoom <= 1)
        return;
    p->scatter.units_per_row /= choice->zoom;
    size_t i = p->scatter.selected;
    if (i < p->scatter.n && isfinite(p->x[i]) && isfinite(p->y[i])) {
        p->scatter.x_centre = p->x[i];
        p->scatter.y_centre = p->y[i];
    }
}

/* ---- how they look ---- */

static void colour_points(struct points *p, struct scene *scene)
{
    struct kept_points *kept = &p->kept;
    const struct legend *l = scene_legend(scene);
    unsigned legend = screen_state(scene)->legends_made;
    for (size_t c = 0; c < l->n; c++)
        p->style[c] = legend_style(l, scene->data, scene->theme, c);
    memcpy(p->letter, l->letter, sizeof p->letter);
    if (kept->legend == legend && kept->step == scene->now->step && kept->run == scene->now->run)
        return;
    kept->legend = legend;
    kept->step = scene->now->step;
    kept->run = scene->now->run;
    scene_codes(scene, kept->code);
}

static bool same_members(const struct selection *a, const struct selection *b)
{
    size_t words = (a->n + 63) / 64;
    return a->n == b->n && a->count == b->count &&
           (words == 0 || memcmp(a->word, b->word, words * sizeof *a->word) == 0);
}

/* True, and remembered, where the set is not the one of the draw before. */
static bool set_changed(struct selection *kept, const struct selection *now)
{
    if (same_members(kept, now))
        return false;
    selection_release(kept);
    selection_copy(kept, now);
    return true;
}

/* What is selected is reversed, unless it is just what is shown; where only some are shown, the others are
 * not drawn. */
static void choose_points(struct points *p, struct scene *scene)
{
    static const struct selection all = {0};
    struct kept_points *kept = &p->kept;
    const struct selection *selected = scene_selection(scene);
    const struct selection *shown = scene->choice.isolated ? &scene->shown : &all;
    if (set_changed(&kept->shown, shown))
        for (size_t i = 0; i < kept->n; i++)
            kept->hidden[i] = scene->choice.isolated && !selection_has(shown, i);
    if (set_changed(&kept->selected, selected)) {
        memset(kept->picked, 0, kept->n);
        for (size_t i = selection_next(selected, 0); i < kept->n; i = selection_next(selected, i + 1))
            kept->picked[i] = 1;
    }
    bool all_shown = scene->choice.isolated && same_members(selected, shown);
    p->picked = selected->count && !all_shown ? kept->picked : NULL;
}

/* The selected item's nearest stand out on the map. */
static void raise_near(struct points *p, const struct scene *scene)
{
    struct kept_points *kept = &p->kept;
    const struct near_result *near = scene->found[REQUEST_NEAR] ? &scene->found[REQUEST_NEAR]->near : NULL;
    size_t n = near && near->item == scene->choice.item ? near->k : 0;
    for (size_t i = 0; i < kept->n_lifted; i++)
        kept->raised[kept->lifted[i]] = 0;
    kept->n_lifted = 0;
    kept->lifted = xrealloc(kept->lifted, n + 1, sizeof *kept->lifted);
    for (size_t i = 0; i < n; i++)
        if (near->index[i] < kept->n) {
            kept->raised[near->index[i]] = 1;
            kept->lifted[kept->n_lifted++] = near->index[i];
        }
}

/* ---- made and kept ---- */

static void make_room(struct points *p, size_t n)
{
    if (p->kept.n == n)
        return;
    points_release(p);
    struct kept_points *kept = &p->kept;
    kept->n = n;
    kept->code = xcalloc(n, sizeof *kept->code);
    kept->hidden = xcalloc(n, 1);
    kept->raised = xcalloc(n, 1);
    kept->picked = xcalloc(n, 1);
    p->code = kept->code;
    p->hidden = kept->hidden;
}

const struct points *points_of(struct scene *scene, struct rect rect)
{
    struct points *p = &screen_state(scene)->points;
    if (!scene->map || !scene->now || scene->map->map.n == 0 || scene->map->map.n != scene->now->n_probe)
        return NULL;
    make_room(p, scene->map->map.n);
    place(p, scene);
    colour_points(p, scene);
    choose_points(p, scene);
    raise_near(p, scene);
    int item = scene->choice.item;
    p->scatter =
        (struct scatter){.n = p->kept.n,
                         .x = p->x,
                         .y = p->y,
                         .code = p->code,
                         .letter = p->letter,
                         .style = p->style,
                         .n_codes = scene_legend(scene)->n,
                         .hidden = scene->choice.isolated ? p->hidden : NULL,
                         .raised = p->kept.n_lifted ? p->kept.raised : NULL,
                         .picked = p->picked,
                         .fills = scene->map->map.unlike || scene->map->map.axes == AXES_SETS,
                         .selected = item >= 0 && (size_t)item < p->kept.n ? (size_t)item : SIZE_MAX};
    plot_scatter_window(&p->scatter, &p->kept.extent, rect);
    zoom_in(p, &scene->choice);
    return p;
}

void points_release(struct points *p)
{
    struct kept_points *kept = &p->kept;
    free(kept->way[0]);
    free(kept->way[1]);
    free(kept->code);
    free(kept->hidden);
    free(kept->raised);
    free(kept->picked);
    free(kept->lifted);
    selection_release(&kept->shown);
    selection_release(&kept->selected);
    result_unref(kept->map);
    result_unref(kept->before);
    memset(p, 0, sizeof *p);
}

enum scatter_mode points_mode(const struct scene *scene, const struct points *points, struct rect rect)
{
    if (!scene->choice.draw_auto)
        return scene->choice.draw;
    double zoom = fmax(1, (double)scene->choice.zoom);
    double cells = (double)rect.width * rect.height * zoom * zoom;
    double items = (double)points->scatter.n;
    return items <= 4 * cells ? SCATTER_LETTERS : items <= 40 * cells ? SCATTER_DOTS : SCATTER_DENSITY;
}

int points_towards(const struct points *p, int item, int dx, int dy)
{
    if (item < 0 || (size_t)item >= p->scatter.n)
        return 0;
    int best = item;
    float best_score = INFINITY;
    for (size_t i = 0; i < p->scatter.n; i++) {
        float right = p->x[i] - p->x[item], down = p->y[item] - p->y[i];
        float along = right * (float)dx + down * (float)dy;
        float across = fabsf(right * (float)dy) + fabsf(down * (float)dx);
        if ((int)i == item || p->hidden[i] || !(along > 0))
            continue;
        float score = along * along + 4 * across * across;
        if (score < best_score) {
            best_score = score;
            best = (int)i;
        }
    }
    return best;
}
