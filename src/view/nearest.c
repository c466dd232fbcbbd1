/* SPDX-License-Identifier: MIT */
#include "view/nearest.h"

#include "base/check.h"
#include "view/facts.h"
#include "view/ranking.h"
#include "view/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const nearest_to_names[] = {"by itself", "the item", "the selected", "the text"};

const char *const space_words[SPACE_KINDS] = {"h", "z", "pixels", "untrained"};
const char *const metric_words[2] = {"cosine", "euclidean"};

enum near_of nearest_of(struct scene *scene)
{
    int to = scene->choice.near.to;
    bool text = ranking_meant(scene, scene->choice.search);
    size_t selected = scene_selection(scene)->count;
    if (selected > (to == NEAR_TO_AUTO) && (to == NEAR_TO_AUTO || to == NEAR_TO_SELECTED))
        return NEAR_SET;
    if (text && (to == NEAR_TO_AUTO || to == NEAR_TO_TEXT))
        return NEAR_TEXT;
    return NEAR_ITEM;
}

void nearest_name(struct scene *scene, char what[64], char rest[96])
{
    int64_t row = scene_row(scene, scene->choice.item);
    rest[0] = '\0';
    switch (nearest_of(scene)) {
    case NEAR_SET: snprintf(what, 64, "%zu selected", scene_selection(scene)->count); return;
    case NEAR_TEXT: snprintf(what, 64, "%.60s", scene->choice.search); return;
    case NEAR_ITEM: break;
    }
    snprintf(what, 64, "item %lld", (long long)row);
    scene_caption(scene, row, rest, 96);
}

void nearest_ask(struct scene *scene, struct request *request)
{
    struct spaces_question *q = &request->spaces;
    const struct selection *selected = scene_selection(scene);
    q->of = nearest_of(scene);
    if (q->of == NEAR_ITEM)
        q->item = scene->choice.item;
    if (q->of == NEAR_TEXT)
        ranking_question(scene, q->text);
    if (q->of == NEAR_SET) {
        q->set = selection_hash(selected);
        request->set[0] = (struct request_set){selected->word, selected->n};
    }
}

bool nearest_answered(struct scene *scene, const struct spaces_result *result)
{
    struct request now = {.kind = REQUEST_SPACES};
    const struct spaces_question *asked = &result->asked;
    nearest_ask(scene, &now);
    return asked->of == now.spaces.of && asked->item == now.spaces.item && asked->set == now.spaces.set &&
           strcmp(asked->text, now.spaces.text) == 0;
}

uint32_t nearest_value(struct scene *scene, int column)
{
    const struct column *c = &scene->data->column[column];
    const struct selection *selected = scene_selection(scene);
    enum near_of of = nearest_of(scene);
    if (of != NEAR_SET)
        return of == NEAR_ITEM ? c->code[scene_row(scene, scene->choice.item)] : UINT32_MAX;
    uint32_t *count = xcalloc(c->n_values + 1, sizeof *count), most = UINT32_MAX;
    for (size_t i = selection_next(selected, 0); i < selected->n; i = selection_next(selected, i + 1)) {
        uint32_t code = c->code[scene_row(scene, (int)i)];
        if (code < c->n_values)
            count[code]++;
    }
    for (uint32_t v = 0; v < c->n_values; v++)
        if (count[v] > 0 && (most == UINT32_MAX || count[v] > count[most]))
            most = v;
    free(count);
    return most;
}
