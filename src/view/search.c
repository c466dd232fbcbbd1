/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/state.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct search {
    regex_t regex;
    bool is_regex;
    const char *text;
};

static void search_init(struct search *search, const char *pattern)
{
    search->text = pattern;
    search->is_regex = regcomp(&search->regex, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB) == 0;
}

static void search_release(struct search *search)
{
    if (search->is_regex)
        regfree(&search->regex);
}

/* "a small red flower shape=flower hue=red ...": what is searched. */
static void row_text(const struct scene *scene, size_t row, struct strbuf *text)
{
    char cell[160];
    text->length = 0;
    scene_caption(scene, (int64_t)row, cell, sizeof cell);
    strbuf_puts(text, cell);
    for (size_t c = 0; c < scene->data->n_columns; c++) {
        dataset_cell(scene->data, (int)c, row, cell, sizeof cell);
        if (*cell)
            strbuf_printf(text, " %s=%s", scene->data->column[c].name, cell);
    }
    strbuf_printf(text, " item=%zu", row);
}

static bool contains(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (; *text; text++)
        if (strncasecmp(text, part, n) == 0)
            return true;
    return n == 0;
}

static bool matches(const struct search *search, const struct scene *scene, int item, struct strbuf *text)
{
    int64_t row = scene_row(scene, item);
    if (row < 0)
        return false;
    row_text(scene, (size_t)row, text);
    return search->is_regex ? regexec(&search->regex, strbuf_text(text), 0, NULL, 0) == 0
                            : contains(strbuf_text(text), search->text);
}

/* The nearest match from `from` on (itself included) in probe order, around the end; -1 if none. */
static int find(const struct search *search, const struct scene *scene, int from, int direction, int *count)
{
    struct strbuf text = {0};
    int n = scene_items(scene), found = -1;
    *count = 0;
    for (int k = 0; k < n; k++) {
        int item = ((from + direction * k) % n + n) % n;
        if (!matches(search, scene, item, &text))
            continue;
        found = found < 0 ? item : found;
        ++*count;
    }
    strbuf_release(&text);
    return found;
}

static void go(struct scene *scene, int from, int direction, const struct post *post)
{
    struct search search;
    int count;
    if (scene_items(scene) == 0)
        return;
    search_init(&search, scene->choice.search);
    int item = find(&search, scene, from, direction, &count);
    if (item < 0)
        say(post, true, "nothing on the map matches %s", scene->choice.search);
    else
        say(post, false, "%d of %d match %s%s   n N: next, previous", count, scene_items(scene),
            search.is_regex ? "" : "the text ", scene->choice.search);
    if (item >= 0)
        item_put(scene, item);
    search_release(&search);
}

void search_start(struct scene *scene, const char *pattern, const struct post *post)
{
    if (!*pattern)
        return;
    if (strstr(pattern, "==") || strstr(pattern, "!=") || strchr(pattern, '>') || strchr(pattern, '<')) {
        say(post, true,
            "predicates come with the next version; now: a regular expression over captions and "
            "name=value, as in hue=red");
        return;
    }
    snprintf(scene->choice.search, sizeof scene->choice.search, "%s", pattern);
    go(scene, scene->choice.item < 0 ? 0 : scene->choice.item, 1, post);
}

void search_next(struct scene *scene, int direction, const struct post *post)
{
    if (!*scene->choice.search)
        say(post, false, "nothing searched yet: / begins");
    else
        go(scene, scene->choice.item + direction, direction, post);
}
