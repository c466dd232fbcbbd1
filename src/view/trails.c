/* SPDX-License-Identifier: MIT */
#include "view/trails.h"

#include "base/check.h"
#include "view/act.h"
#include "view/axes.h"
#include "view/facts.h"
#include "view/state.h"

#include <stdio.h>
#include <string.h>

enum { TRAILS_DRAWN = 12 };
static const float mostly_kept = 0.5F; /* fewer of the nearest than that: they changed */
static const char *const words[] = {"changed", "all", "off"};

const char *trails_words(const struct scene *scene, size_t i)
{
    (void)scene;
    return i < ARRAY_LEN(words) ? words[i] : NULL;
}

void trails_line(struct scene *scene, const char *line, const struct post *post)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(line, words[i]) == 0) {
            scene->choice.trails = (unsigned)i;
            say(post, false,
                i == TRAILS_CHANGED ? "trails of the selected whose nearest changed"
                : i == TRAILS_ALL   ? "trails of all that are selected"
                                    : "no trails");
            return;
        }
    say(post, true, "trails: changed (those whose nearest did), all, off: of what is selected");
}

/* Kept steps before now, spread over all of them where they are too many. */
static void list_moments(const struct scene *scene, const struct snapshot *other[REQUEST_OTHERS])
{
    size_t n = 0;
    while (n < scene->n_kept && scene->kept[n]->step < scene->now->step)
        n++;
    size_t some = n < REQUEST_OTHERS ? n : REQUEST_OTHERS;
    for (size_t i = 0; i < some; i++)
        other[i] = scene->kept[i * n / some];
}

void trails_wants(struct scene *scene, const struct post *post)
{
    const struct selection *selected = scene_selection(scene);
    struct request request = {.kind = REQUEST_TRAILS, .snapshot = scene->now};
    const struct result *map = scene->map;
    bool of_now = map && map->step == scene->now->step && map->run == scene->now->run && map->map.mean;
    if (scene->choice.trails == TRAILS_OFF || selected->count == 0 || !of_now)
        return;
    list_moments(scene, request.other);
    request.set[0] = (struct request_set){selected->word, selected->n};
    request.trails = (struct trails_question){selection_hash(selected), axes_mark(map)};
    if (request.other[0])
        scene_ask(scene, &request, post);
}

static bool wanted(const struct scene *scene, const struct trails_result *t, size_t i)
{
    return scene->choice.trails == TRAILS_ALL || t->kept[i] < mostly_kept;
}

/* The trails that changed most of those that are wanted; how many are. */
static size_t choose(const struct scene *scene, const struct trails_result *t, size_t chosen[TRAILS_DRAWN],
                     size_t *drawn)
{
    size_t n = 0;
    *drawn = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!wanted(scene, t, i))
            continue;
        n++;
        size_t at = *drawn < TRAILS_DRAWN ? (*drawn)++ : TRAILS_DRAWN;
        if (at == TRAILS_DRAWN && !(t->kept[i] < t->kept[chosen[TRAILS_DRAWN - 1]]))
            continue;
        at = at == TRAILS_DRAWN ? TRAILS_DRAWN - 1 : at;
        for (; at > 0 && t->kept[i] < t->kept[chosen[at - 1]]; at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = i;
    }
    return n;
}

/* The item itself stays seen at its end. */
static void draw_one(const struct pen *pen, const struct scatter *scatter, const struct trails_result *t,
                     size_t i)
{
    struct scatter way = *scatter;
    int from[2], to[2];
    bool before = false;
    way.n = t->n_moments;
    way.x = t->x + i * t->n_moments;
    way.y = t->y + i * t->n_moments;
    bool seen = plot_scatter_cell(&way, pen->rect, t->n_moments - 1, &to[0], &to[1]);
    struct cell *end = seen ? &pen->canvas->cell[to[1] * pen->canvas->width + to[0]] : NULL, item = {0};
    if (seen)
        item = *end;
    for (size_t m = 0; m < t->n_moments; m++) {
        bool inside = plot_scatter_cell(&way, pen->rect, m, &to[0], &to[1]);
        to[0] -= pen->rect.x;
        to[1] -= pen->rect.y;
        if (inside && before)
            pen_line(pen, from, to, theme_style(pen->theme, ROLE_ACCENT));
        before = inside;
        memcpy(from, to, sizeof from);
    }
    if (seen)
        *end = item;
}

/* The answer, if it is about what is drawn now: this moment, these axes. */
static const struct trails_result *answer(struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_TRAILS], *map = scene->map;
    bool fits = r && map && scene->choice.trails != TRAILS_OFF && r->run == map->run &&
                r->trails.map_step == map->step && r->trails.asked.map == axes_mark(map) &&
                selection_hash(scene_selection(scene)) == r->trails.asked.set;
    return fits ? &r->trails : NULL;
}

static void foot(const struct scene *scene, const struct pen *pen, const struct trails_result *t, size_t n,
                 size_t drawn)
{
    char text[120], step[32];
    format_count(t->since, step);
    if (n == 0)
        snprintf(text, sizeof text, " no trails: the nearest of all %zu are as at step %s ", t->of, step);
    else if (pen->rect.width < 60)
        snprintf(text, sizeof text, " trails of %zu since step %s ", drawn, step);
    else
        snprintf(text, sizeof text, " trails of %zu of %zu selected since step %s%s ", drawn, t->of, step,
                 scene->choice.trails == TRAILS_ALL ? "" : ": most of their nearest changed");
    pen_right(pen, pen->rect.height - 1, ROLE_QUIET, text);
}

void trails_draw(struct scene *scene, const struct pen *pen, const struct scatter *scatter)
{
    const struct trails_result *t = answer(scene);
    size_t chosen[TRAILS_DRAWN], drawn = 0;
    if (!t)
        return;
    size_t n = choose(scene, t, chosen, &drawn);
    for (size_t k = 0; k < drawn; k++)
        draw_one(pen, scatter, t, chosen[k]);
    foot(scene, pen, t, n, drawn);
}
