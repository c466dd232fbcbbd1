/* SPDX-License-Identifier: MIT */
#include "view/state.h"

#include "base/check.h"
#include "view/audit.h"
#include "view/facts.h"
#include "view/held.h"

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
    *scene = (struct scene){.data = data, .theme = theme, .split_rule = "", .protocol = ""};
    scene->map_share = 1;
    scene->opened = -1;
    scene->of_run = true;
    scene->intro_seconds = -1;
    struct choice *choice = &scene->choice;
    choice->column = first_colourable(data);
    choice->axes = axes_for(data, choice->column);
    choice->quantity = NO_QUANTITY;
    choice->component[1] = 1;
    choice->xy[0] = choice->xy[1] = NO_COLUMN;
    choice->draw_auto = true;
    choice->zoom = 1;
    choice->near.k = 8;
    choice->pairs.of = NO_ITEM;
    choice->audit.group = choice->audit.cross = NO_COLUMN;
    choice->threshold.target = 0.01; /* FMR 1 %: a thousand items cannot tell less */
    choice->threshold.relation = data->label >= 0      ? RELATION_LABEL
                                 : data->identity >= 0 ? RELATION_IDENTITY
                                                       : RELATION_VIEW;
    screen_state(scene);
}

void scene_release(struct scene *scene)
{
    for (int i = 0; scene->screen && i < scene->screen->n_changes; i++)
        selection_release(&scene->screen->change[i].flip);
    for (int i = 0; scene->screen && i < scene->screen->n_named; i++)
        selection_release(&scene->screen->named[i].set);
    selection_release(&scene->screen->matched.set);
    selection_release(&scene->selected);
    selection_release(&scene->shown);
    marks_release(&scene->marks);
    audited_free(scene->screen ? scene->screen->audited : NULL);
    for (int i = 0; scene->screen && i < 2; i++)
        selection_release(&scene->screen->map_set[i].set);
    if (scene->screen) {
        points_release(&scene->screen->points);
        lists_release(scene->screen);
    }
    free(scene->screen);
    scene->screen = NULL;
}

struct screen *screen_state(struct scene *scene)
{
    if (!scene->screen) {
        scene->screen = xcalloc(1, sizeof *scene->screen);
        scene->screen->inspected = -1;
        scene->screen->walked = REQUEST_KINDS;
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

bool scene_values_known(const struct scene *scene, int quantity)
{
    const struct result *found = scene->found[REQUEST_VALUES];
    const struct values_result *values = found ? &found->values : NULL;
    if (!values || !scene->now || quantity == NO_QUANTITY || values->n != scene->now->n_probe)
        return false;
    bool other_item = quantity_entry((enum quantity)quantity)->of_item && values->item != scene->choice.item;
    bool other_label = quantity == QUANTITY_error && values->label != scene_label(scene);
    return !other_item && !other_label && values->quantities >> quantity & 1;
}

const float *scene_values(const struct scene *scene, int quantity)
{
    return scene_values_known(scene, quantity) ? scene->found[REQUEST_VALUES]->values.value[quantity] : NULL;
}

static void make_legend(struct scene *scene, struct legend *legend)
{
    const float *value = scene_values(scene, scene->choice.quantity);
    if (scene->choice.quantity == NO_QUANTITY)
        legend_make(legend, scene->data, scene->choice.column);
    else
        legend_make_ramp(legend, quantity_entry((enum quantity)scene->choice.quantity)->name, value,
                         value ? scene->now->n_probe : 0);
}

static struct legend_source legend_source(const struct scene *scene)
{
    const struct choice *c = &scene->choice;
    const struct result *found = scene_values(scene, c->quantity) ? scene->found[REQUEST_VALUES] : NULL;
    struct legend_source source = {.made = true, .column = c->column, .quantity = c->quantity, .item = -2};
    if (found) {
        source.item = found->values.item;
        source.step = found->step;
        source.run = found->run;
    }
    return source;
}

const struct legend *scene_legend(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    struct legend_source a = legend_source(scene), *b = &s->legend_of;
    bool same = b->made && a.column == b->column && a.quantity == b->quantity && a.item == b->item &&
                a.step == b->step && a.run == b->run;
    if (!same) {
        make_legend(scene, &s->legend);
        s->legend_of = a;
        s->legends_made++;
    }
    return &s->legend;
}

/* value: of the quantity that the legend is of; NULL where it is of a column, or nothing is known yet. */
static uint32_t code_in(const struct scene *scene, const struct legend *l, const float *value, int item)
{
    int64_t row = scene_row(scene, item);
    if (row < 0)
        return UINT32_MAX;
    if (scene->choice.quantity == NO_QUANTITY)
        return legend_code(l, scene->data, (size_t)row);
    return value ? legend_step(l, value[item]) : UINT32_MAX;
}

uint32_t scene_code(struct scene *scene, int item)
{
    return code_in(scene, scene_legend(scene), scene_values(scene, scene->choice.quantity), item);
}

void scene_codes(struct scene *scene, uint32_t *code)
{
    const struct legend *l = scene_legend(scene);
    const float *value = scene_values(scene, scene->choice.quantity);
    for (int i = 0; i < scene_items(scene); i++)
        code[i] = code_in(scene, l, value, i);
}
