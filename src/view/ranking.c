/* SPDX-License-Identifier: MIT */
#include "view/ranking.h"

#include "base/strbuf.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"

#include <stdio.h>
#include <string.h>

static bool is_query(const struct scene *scene, const char *line)
{
    static const char word[] = "query ";
    long i;
    return scene->n_queries && scene->now && strncmp(line, word, sizeof word - 1) == 0 &&
           text_to_long(line + sizeof word - 1, &i) && i >= 0 && (size_t)i < scene->n_queries;
}

bool ranking_meant(const struct scene *scene, const char *line)
{
    if (is_query(scene, line))
        return true;
    size_t n = strlen(line);
    bool quoted = n > 2 && line[0] == '"' && line[n - 1] == '"';
    return quoted && n - 2 < TEXT_QUESTION_SIZE && scene->now && scene->now->text && scene->now->z;
}

void ranking_question(const struct scene *scene, char text[TEXT_QUESTION_SIZE])
{
    const char *line = scene->choice.search;
    int quotes = is_query(scene, line) ? 0 : 1, length = (int)strlen(line) - 2 * quotes;
    memset(text, 0, TEXT_QUESTION_SIZE);
    snprintf(text, TEXT_QUESTION_SIZE, "%.*s", length, line + quotes);
}

/* The answer at hand, of this moment or of the one before it; NULL: none to this text. */
static const struct text_result *answer(const struct scene *scene)
{
    char text[TEXT_QUESTION_SIZE];
    const struct result *found = scene->found[REQUEST_TEXT];
    ranking_question(scene, text);
    bool fits = found && found->text.of == scene->now->n_probe && found->run == scene->now->run;
    return fits && strcmp(found->text.text, text) == 0 ? &found->text : NULL;
}

bool ranking_awaited(const struct scene *scene)
{
    return ranking_meant(scene, scene->choice.search) && !answer(scene);
}

void ranking_wants(struct scene *scene, const struct post *post)
{
    if (!ranking_meant(scene, scene->choice.search))
        return;
    struct request request = {.kind = REQUEST_TEXT, .snapshot = scene->now};
    ranking_question(scene, request.text.text);
    scene_ask(scene, &request, post);
}

static int place_of(const struct text_result *ranks, int item)
{
    int place = 0;
    while ((size_t)place < ranks->n && ranks->item[place] != (uint32_t)item)
        place++;
    return place;
}

static void tell(const struct scene *scene, const struct text_result *ranks, int place,
                 const struct post *post)
{
    char unknown[64] = "", whose[48] = "";
    if (ranks->known < ranks->words)
        snprintf(unknown, sizeof unknown, " (%d of %d words known)", ranks->known, ranks->words);
    if (ranks->space == SPACE_Z && (scene->past || scene->elsewhere))
        snprintf(whose, sizeof whose, ", encoders of step %llu", (unsigned long long)scene->now->step);
    say(post, false, "%d of %zu by similarity to %s: %.2f in %s%s%s   n N: next, previous", place + 1,
        ranks->n, scene->choice.search, (double)ranks->similarity[place], ranks->space == SPACE_H ? "h" : "z",
        whose, unknown);
}

bool ranking_go(struct scene *scene, int direction, const struct post *post)
{
    const struct text_result *ranks = answer(scene);
    if (!ranks)
        return false;
    if (ranks->n == 0) {
        say(post, false, "nothing is near %s: it, or every item, has no direction", scene->choice.search);
        return true;
    }
    int n = (int)ranks->n, place = direction ? place_of(ranks, scene->choice.item) + direction : 0;
    place = (place % n + n) % n;
    item_put(scene, (int)ranks->item[place]);
    tell(scene, ranks, place, post);
    return true;
}
