/* SPDX-License-Identifier: MIT */
#include "view/points.h"

#include "base/check.h"
#include "view/facts.h"
#include "view/state.h"

#include <stdlib.h>
#include <string.h>

static void place(struct points *p, const struct scene *scene)
{
    const struct map_result *map = &scene->map->map;
    const struct map_result *before = scene->map_before ? &scene->map_before->map : NULL;
    float share = (float)fmin(fmax(scene->map_share, 0), 1);
    if (!before || before->n != map->n)
        share = 1;
    for (size_t i = 0; i < p->scatter.n; i++) {
        p->x[i] = map->x[i];
        p->y[i] = map->y[i];
        if (before && share < 1) {
            p->x[i] = before->x[i] + share * (map->x[i] - before->x[i]);
            p->y[i] = before->y[i] + share * (map->y[i] - before->y[i]);
        }
        p->not_finite += !isfinite(p->x[i]) || !isfinite(p->y[i]);
    }
}

static void colour_points(struct points *p, struct scene *scene)
{
    const struct legend *l = scene_legend(scene);
    for (size_t i = 0; i < p->scatter.n; i++)
        p->code[i] = scene_code(scene, (int)i);
    for (size_t c = 0; c < l->n; c++)
        p->style[c] = legend_style(l, scene->data, scene->theme, c);
    memcpy(p->letter, l->letter, sizeof p->letter);
    p->scatter.n_codes = l->n;
}

/* What is selected is reversed; where only some are shown, the others are not drawn. */
static void choose_points(struct points *p, struct scene *scene)
{
    const struct selection *selected = scene_selection(scene);
    for (size_t i = 0; scene->choice.isolated && i < p->scatter.n; i++)
        p->hidden[i] = !selection_has(&scene->shown, i);
    if (selected->count == 0)
        return;
    p->picked = xcalloc(p->scatter.n, 1);
    for (size_t i = selection_next(selected, 0); i < p->scatter.n; i = selection_next(selected, i + 1))
        p->picked[i] = 1;
    p->scatter.picked = p->picked;
}

/* The selected item's nearest stand out on the map. */
static void raise_near(struct points *p, const struct scene *scene)
{
    const struct near_result *near = scene->found[REQUEST_NEAR] ? &scene->found[REQUEST_NEAR]->near : NULL;
    if (!near || near->item != scene->choice.item)
        return;
    for (size_t i = 0; i < near->k; i++)
        if (near->index[i] < p->scatter.n)
            p->raised[near->index[i]] = 1;
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

bool points_make(struct points *p, struct scene *scene, struct rect rect)
{
    memset(p, 0, sizeof *p);
    if (!scene->map || !scene->now || scene->map->map.n == 0 || scene->map->map.n != scene->now->n_probe)
        return false;
    size_t n = scene->map->map.n;
    p->x = xcalloc(n, sizeof *p->x);
    p->y = xcalloc(n, sizeof *p->y);
    p->code = xcalloc(n, sizeof *p->code);
    p->hidden = xcalloc(n, 1);
    p->raised = xcalloc(n, 1);
    p->scatter = (struct scatter){.n = n, .x = p->x, .y = p->y, .code = p->code, .hidden = p->hidden};
    p->scatter.raised = p->raised;
    p->scatter.letter = p->letter;
    p->scatter.style = p->style;
    int item = scene->choice.item;
    p->scatter.selected = item >= 0 && (size_t)item < n ? (size_t)item : SIZE_MAX;
    place(p, scene);
    colour_points(p, scene);
    choose_points(p, scene);
    raise_near(p, scene);
    plot_scatter_fit(&p->scatter, rect);
    zoom_in(p, &scene->choice);
    return true;
}

void points_release(struct points *p)
{
    free(p->x);
    free(p->y);
    free(p->code);
    free(p->hidden);
    free(p->raised);
    free(p->picked);
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
