/* SPDX-License-Identifier: MIT */
#include "view/facts.h"

#include "view/panels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool scene_has_steps(const struct scene *scene)
{
    return scene->now && (!scene->elsewhere || scene->past || scene->now->step > 0);
}

int scene_items(const struct scene *scene)
{
    return scene->now ? (int)scene->now->n_probe : 0;
}

int64_t scene_row(const struct scene *scene, int item)
{
    if (item < 0 || item >= scene_items(scene) || scene->now->item[item] >= scene->data->n)
        return -1;
    return scene->now->item[item];
}

const char *scene_column_name(const struct scene *scene, int column)
{
    bool some = column >= 0 && (size_t)column < scene->data->n_columns;
    return some ? scene->data->column[column].name : "";
}

const struct measure *scene_measure(const struct scene *scene, enum term term, int column)
{
    return scene->now ? measures_find(&scene->now->measures, term, column) : NULL;
}

static enum term main_term(const struct dataset *data, int column)
{
    if (column >= 0 && column == data->identity)
        return TERM_rank1;
    bool number =
        column >= 0 && (size_t)column < data->n_columns && data->column[column].kind == COLUMN_NUMBER;
    return number ? TERM_r2 : TERM_knn;
}

const struct measure *scene_main_measure(const struct scene *scene, int column)
{
    const struct measure *m = scene_measure(scene, main_term(scene->data, column), column);
    return m ? m : scene_measure(scene, TERM_knn, column);
}

enum verdict measure_verdict(const struct measure *m)
{
    return m ? verdict_of(m->value, m->pixels, m->untrained, m->chance, 0.01F) : VERDICT_NONE;
}

int scene_headline_column(const struct scene *scene)
{
    if (scene->choice.column >= 0 && scene_main_measure(scene, scene->choice.column))
        return scene->choice.column;
    return scene->data->label;
}

int scene_second_column(const struct scene *scene)
{
    int first = scene_headline_column(scene);
    if (first != scene->data->label && scene->data->label >= 0)
        return scene->data->label;
    for (size_t c = 0; c < scene->data->n_columns; c++)
        if ((int)c != first && scene_measure(scene, TERM_knn, (int)c))
            return (int)c;
    return NO_COLUMN;
}

int scene_label(const struct scene *scene)
{
    const struct dataset *data = scene->data;
    int coloured = scene->choice.column;
    bool follows = data->label_guessed && dataset_is_category(data, coloured) &&
                   data->column[coloured].n_values > 1 && coloured != data->identity &&
                   coloured != data->split;
    return follows ? coloured : data->label;
}

/* "bright, plain": the name, else the first values of an item without a caption. */
static void caption_of_values(const struct scene *scene, size_t row, char *text, size_t size)
{
    size_t used = 0;
    int label = scene->data->label, name = dataset_find_column(scene->data, "name");
    if (name >= 0)
        dataset_cell(scene->data, name, row, text, size);
    if (*text)
        return;
    if (label >= 0)
        dataset_cell(scene->data, label, row, text, size);
    used = strlen(text);
    for (size_t c = 0; c < scene->data->n_columns && used + 4 < size; c++) {
        char cell[48];
        if ((int)c == label || (int)c == scene->data->split || scene->data->column[c].kind != COLUMN_CATEGORY)
            continue;
        dataset_cell(scene->data, (int)c, row, cell, sizeof cell);
        if (*cell)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", cell);
    }
}

void scene_caption(const struct scene *scene, int64_t row, char *text, size_t size)
{
    text[0] = '\0';
    if (row < 0 || (size_t)row >= scene->data->n)
        return;
    if (scene->data->caption >= 0)
        dataset_cell(scene->data, scene->data->caption, (size_t)row, text, size);
    if (!*text)
        caption_of_values(scene, (size_t)row, text, size);
    if (!*text)
        snprintf(text, size, "%s %lld", scene->data->pixels ? "picture" : "row", (long long)row);
}

static float own_value(const struct scene *scene, enum term term)
{
    const struct measure *m = scene_measure(scene, term, NO_COLUMN);
    return m ? m->value : NAN;
}

/* Is there an augmentation of colour that is on? */
static bool colour_steps_on(const struct settings *settings)
{
    static const char *const names[] = {"jitter", "hue", "grey", "solarise", "invert"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct setting *s = settings_find(settings, names[i]);
        if (s && !s->idle && s->value > 0)
            return true;
    }
    return false;
}

void scene_sentence_facts(const struct scene *scene, struct sentence_facts *f)
{
    const struct snapshot *now = scene->now;
    *f = (struct sentence_facts){.label = -1, .std = NAN, .rank = NAN, .alignment = NAN, .uniformity = NAN};
    if (!now) {
        bool reads = scene->elsewhere || scene->data->n == 0; /* a table, or what is opened just now */
        f->reading = reads ? scene->data->name : NULL;
        return;
    }
    f->step = now->measures.step;
    f->now = now->step;
    f->status = now->status;
    f->message = now->message;
    f->known = now->measures.n > 0;
    f->colour_steps = colour_steps_on(&now->settings);
    f->std = own_value(scene, TERM_std);
    f->rank = own_value(scene, TERM_rank);
    f->sign = scene->elsewhere ? NULL : now->collapse;
    f->alignment = own_value(scene, TERM_alignment);
    f->uniformity = own_value(scene, TERM_uniformity);
    for (size_t c = 0; c < scene->data->n_columns && f->n < SENTENCE_COLUMNS; c++) {
        const struct measure *m = scene_measure(scene, TERM_knn, (int)c);
        if (!m)
            continue;
        const struct column *column = &scene->data->column[c];
        if ((int)c == scene->data->label)
            f->label = f->n;
        f->column[f->n++] = (struct sentence_column){column->name, m->value,  m->pixels,
                                                     m->untrained, m->chance, column->colour != NULL};
    }
}

const struct snapshot *scene_before(const struct scene *scene)
{
    const struct snapshot *now = scene->now, *before = NULL;
    if (!now || now->n_probe == 0)
        return NULL;
    if (scene->pinned && scene->pinned != now && snapshot_same_items(scene->pinned, now))
        return scene->pinned;
    for (size_t i = 0; i < scene->n_kept && scene->kept[i]->step <= now->step / 2; i++)
        before = scene->kept[i];
    return before && before->step < now->step && snapshot_same_items(before, now) ? before : NULL;
}

bool scene_has_course(const struct scene *scene)
{
    const struct snapshot *now = scene->newest ? scene->newest : scene->now;
    if (!scene->elsewhere)
        return true;
    return now && ((now->steps && series_count(now->steps) > 0) ||
                   (now->measured && series_count(now->measured) > 1));
}

uint64_t scene_last_step(const struct scene *scene)
{
    uint64_t last = scene->now->step;
    if (scene->n_kept > 0 && scene->kept[scene->n_kept - 1]->step > last)
        last = scene->kept[scene->n_kept - 1]->step;
    return last;
}

int step_place(uint64_t step, uint64_t last, int width)
{
    double share = last > 0 ? (double)step / (double)last : 0;
    return (int)lround((share < 1 ? share : 1) * (width - 1));
}

bool scene_map_is_pixels(const struct scene *scene)
{
    return scene->map && scene->map->map.axes == AXES_PIXELS;
}

bool step_of_distances(const struct step_row *row)
{
    return row->positive <= 0 && !(row->negative > 0);
}

const struct event *scene_last_event(const struct scene *scene, bool settings_too)
{
    if (!scene->now || !scene->now->events)
        return NULL;
    size_t n = series_count(scene->now->events);
    for (size_t looked = 0; n > 0 && looked < 512; looked++) {
        const struct event *e = series_at(scene->now->events, --n);
        bool plain = e->kind == EVENT_START || e->kind == EVENT_SAVED || e->step > scene->now->step;
        if (!plain && (settings_too || e->kind != EVENT_SETTING))
            return e;
    }
    return NULL;
}

bool plan_words(const struct scene *scene, char *text, size_t size)
{
    const struct branch_plan *plan = scene->plan;
    bool turning = panel_has_focus(scene, PANEL_SETTINGS);
    const char *tail = turning ? "   ←→ another value" : "   S: with other settings";
    char differs[120], before[48] = "";
    if (!plan)
        return false;
    if (!plan->from) {
        snprintf(text, size, "no state is kept at or before step %llu: a branch begins later",
                 (unsigned long long)scene->now->step);
        return true;
    }
    settings_difference(&plan->was, &plan->settings, differs, sizeof differs);
    if (plan->from->step != scene->now->step)
        snprintf(before, sizeof before, ", the kept state before %llu", (unsigned long long)scene->now->step);
    snprintf(text, size, "b: branch from step %llu%s%s%s", (unsigned long long)plan->from->step, before,
             *differs ? ": " : "", *differs ? differs : tail);
    return true;
}
