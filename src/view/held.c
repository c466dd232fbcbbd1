/* SPDX-License-Identifier: MIT */
#include "view/held.h"

#include "base/check.h"
#include "view/state.h"

static const enum request_kind kinds[] = {REQUEST_SPACES, REQUEST_GRAPH, REQUEST_PAIRS};

/* Is it an answer to that? The threshold may have moved with the training that it follows: who moves it by
 * hand lets go. */
static bool answers(const struct result *r, const struct request *request)
{
    struct request asked = {.kind = r->kind};
    switch (r->kind) {
    case REQUEST_SPACES: asked.spaces = r->spaces.asked; break;
    case REQUEST_GRAPH: asked.graph = r->graph.asked; break;
    case REQUEST_PAIRS:
        asked.pairs = r->pairs.asked;
        asked.pairs.threshold = request->pairs.threshold;
        break;
    default: return false;
    }
    return request_same_question(&asked, request);
}

const struct result *list_answer(const struct scene *scene, enum request_kind kind)
{
    return scene->screen->shown[kind];
}

void list_hold(struct scene *scene, enum request_kind kind)
{
    screen_state(scene)->walked = kind;
}

bool list_walked_at(const struct scene *scene, uint64_t *step)
{
    const struct screen *s = scene->screen;
    bool shows = s->walked != REQUEST_KINDS && s->shown[s->walked];
    if (shows)
        *step = s->shown[s->walked]->step;
    return shows;
}

bool list_stays_at(const struct scene *scene, uint64_t *step)
{
    return scene->screen->stays && scene->now && list_walked_at(scene, step) && *step != scene->now->step;
}

bool list_changes(const struct scene *scene)
{
    uint64_t step;
    return scene->now && scene->now->status == TRAIN_RUNNING && !scene->past && !list_walked_at(scene, &step);
}

bool list_let_go(struct scene *scene)
{
    uint64_t step;
    struct screen *s = screen_state(scene);
    bool stayed = list_stays_at(scene, &step);
    s->walked = REQUEST_KINDS;
    s->stays = false;
    return stayed;
}

bool list_stays(struct scene *scene, const struct request *request)
{
    struct screen *s = screen_state(scene);
    if (request->kind != s->walked)
        return false;
    const struct result *r = s->shown[request->kind];
    s->stays = r && !scene->past && r->run == scene->now->run && answers(r, request);
    return s->stays;
}

static void show(struct screen *s, enum request_kind kind, const struct result *found)
{
    const struct result *before = s->shown[kind];
    s->shown[kind] = found ? result_ref(found) : NULL;
    result_unref(before);
}

void lists_drawn(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (!s->stays || kinds[i] != s->walked)
            show(s, kinds[i], scene->found[kinds[i]]);
}

void lists_release(struct screen *screen)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        show(screen, kinds[i], NULL);
}
