/* SPDX-License-Identifier: MIT
 *
 * Lines on the map from the item looked at to those that the threshold calls the same. The nearest are
 * drawn, the others counted.
 */
#include "view/edges.h"
#include "view/facts.h"
#include "view/threshold.h"

#include <math.h>

static const struct links_result *links_of(const struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_LINKS];
    bool fits = r && r->links.item == scene->choice.item && r->links.n == (size_t)scene_items(scene);
    return fits ? &r->links : NULL;
}

/* Are two items the same under the relation? Two pictures never are the same picture. */
static bool truly_same(const struct scene *scene, int a, int b)
{
    int relation = scene->choice.threshold.relation;
    int column = relation == RELATION_LABEL ? scene_label(scene) : scene->data->identity;
    if (relation == RELATION_VIEW || column < 0 || scene->data->column[column].kind != COLUMN_CATEGORY)
        return false;
    const uint32_t *code = scene->data->column[column].code;
    uint32_t own = code[scene_row(scene, a)];
    return own != UINT32_MAX && own == code[scene_row(scene, b)];
}

bool edges_find(const struct scene *scene, struct edges *edges)
{
    const struct links_result *links = links_of(scene);
    uint32_t bin;
    *edges = (struct edges){0};
    if (!scene->choice.threshold.shown || !links || !threshold_bin_now(scene, &bin))
        return false;
    for (size_t i = 0; i < links->n; i++) {
        float s = links->similarity[i];
        if ((int)i == links->item || isnan(s) || scores_bin(s, SCORES_BINS) < bin)
            continue;
        edges->called++;
        edges->same += truly_same(scene, links->item, (int)i);
        size_t at = edges->n < EDGES_DRAWN ? edges->n++ : EDGES_DRAWN;
        if (at == EDGES_DRAWN && !(s > links->similarity[edges->item[EDGES_DRAWN - 1]]))
            continue;
        at = at == EDGES_DRAWN ? EDGES_DRAWN - 1 : at;
        for (; at > 0 && links->similarity[edges->item[at - 1]] < s; at--)
            edges->item[at] = edges->item[at - 1];
        edges->item[at] = (uint32_t)i;
    }
    return true;
}

void edges_draw(const struct scene *scene, const struct pen *pen, const struct scatter *scatter)
{
    struct edges edges;
    int from[2], to[2];
    if (!edges_find(scene, &edges) ||
        !plot_scatter_cell(scatter, pen->rect, (size_t)scene->choice.item, &from[0], &from[1]))
        return;
    from[0] -= pen->rect.x;
    from[1] -= pen->rect.y;
    for (size_t i = 0; i < edges.n; i++) {
        if (!plot_scatter_cell(scatter, pen->rect, edges.item[i], &to[0], &to[1]))
            continue;
        to[0] -= pen->rect.x;
        to[1] -= pen->rect.y;
        bool same = truly_same(scene, scene->choice.item, (int)edges.item[i]);
        pen_line(pen, from, to, theme_style(pen->theme, same ? ROLE_QUIET : ROLE_BAD));
    }
}
