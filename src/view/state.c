/* SPDX-License-Identifier: MIT */
#include "view/state.h"

#include "base/check.h"

#include <stdlib.h>

/* Class axes need directions between the classes' means, and few enough to mean something. */
static enum axes_kind axes_for(const struct dataset *data, int column)
{
    if (!legend_possible(data, column) || data->column[column].kind != COLUMN_CATEGORY)
        return AXES_PCA;
    size_t n = data->column[column].n_values;
    return n >= 3 && n <= 32 ? AXES_CLASS : AXES_PCA;
}

static int first_colourable(const struct dataset *data)
{
    if (legend_possible(data, data->label))
        return data->label;
    for (size_t c = 0; c < data->n_columns; c++)
        if (legend_possible(data, (int)c))
            return (int)c;
    return NO_COLUMN;
}

void scene_init(struct scene *scene, const struct dataset *data, const struct theme *theme)
{
    *scene =
        (struct scene){.data = data, .theme = theme, .split_rule = "", .protocol = "", .analysis_share = -1};
    scene->map_share = 1;
    scene->intro_seconds = -1;
    struct choice *choice = &scene->choice;
    choice->column = first_colourable(data);
    choice->axes = axes_for(data, choice->column);
    choice->component[1] = 1;
    choice->draw_auto = true;
    choice->zoom = 1;
    screen_state(scene);
}

void scene_release(struct scene *scene)
{
    for (int i = 0; scene->screen && i < scene->screen->n_changes; i++)
        selection_release(&scene->screen->change[i].flip);
    selection_release(&scene->selected);
    selection_release(&scene->shown);
    free(scene->screen);
    scene->screen = NULL;
}

struct screen *screen_state(struct scene *scene)
{
    if (!scene->screen) {
        scene->screen = xcalloc(1, sizeof *scene->screen);
        scene->screen->inspected = -1;
    }
    return scene->screen;
}

struct selection *scene_selection(struct scene *scene)
{
    if (scene->now)
        selection_resize(&scene->selected, scene->now->n_probe);
    return &scene->selected;
}

double intro_time(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    return s->intro < INTRO_SHOWN ? 0 : scene->intro_seconds - s->intro_began;
}

const struct legend *scene_legend(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    if (!s->legend_made || s->legend.column != scene->choice.column) {
        legend_make(&s->legend, scene->data, scene->choice.column);
        s->legend_made = true;
    }
    return &s->legend;
}
