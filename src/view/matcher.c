/* SPDX-License-Identifier: MIT */
#include "view/matcher.h"

#include "base/clock.h"
#include "data/pattern.h"
#include "view/facts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Those that a mark has to do with. */
static void mark_items(const struct scene *scene, struct selection *marked, size_t n)
{
    selection_init(marked, n);
    for (size_t i = 0; scene->marks.n > 0 && i < n; i++)
        if (marks_of(&scene->marks, scene_row(scene, (int)i)))
            selection_put(marked, i, true);
}

void scene_asks(struct scene *scene, struct scene_asks *asks)
{
    struct screen *s = screen_state(scene);
    size_t n = (size_t)scene_items(scene);
    for (int i = 0; i < QUANTITY_COUNT; i++)
        asks->number[i] =
            (struct item_number){quantity_entry((enum quantity)i)->name, scene_values(scene, i)};
    for (int i = 0; i < s->n_named; i++) {
        selection_resize(&s->named[i].set, n);
        asks->set[i] = (struct item_set){s->named[i].name, s->named[i].set.word};
    }
    asks->set[s->n_named] = (struct item_set){"selected", scene_selection(scene)->word};
    mark_items(scene, &asks->marked, n);
    asks->set[s->n_named + 1] = (struct item_set){"marked", asks->marked.word};
    asks->items = (struct items){.data = scene->data,
                                 .n = n,
                                 .row = scene->now ? scene->now->item : NULL,
                                 .number = asks->number,
                                 .n_numbers = QUANTITY_COUNT,
                                 .set = asks->set,
                                 .n_sets = (size_t)s->n_named + 2};
}

void scene_asks_release(struct scene_asks *asks)
{
    selection_release(&asks->marked);
}

/* "a small red flower shape=flower hue=red ...": what a regular expression is asked of. */
static void row_text(const struct scene *scene, size_t row, struct strbuf *text)
{
    char cell[160], number[NUMBER_TEXT];
    text->length = 0;
    scene_caption(scene, (int64_t)row, cell, sizeof cell);
    strbuf_puts(text, cell);
    for (size_t c = 0; c < scene->data->n_columns; c++) {
        const char *value = dataset_whole_cell(scene->data, (int)c, row, number);
        if (*value)
            strbuf_printf(text, " %s=%s", scene->data->column[c].name, value);
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

/* Without the quotes it may stand in; true if it did. */
static bool unquote(char text[200])
{
    size_t n = strlen(text);
    if (n < 2 || text[0] != '"' || text[n - 1] != '"')
        return false;
    memmove(text, text + 1, n - 2);
    text[n - 2] = '\0';
    return true;
}

/* What was found of the same line stays. */
static void matched_begin(struct scene *scene, const char *line, size_t n)
{
    struct matched *found = &screen_state(scene)->matched;
    uint64_t run = scene->now ? scene->now->run : 0;
    if (strcmp(found->line, line) == 0 && found->set.n == n && found->run == run)
        return;
    selection_release(&found->set);
    *found = (struct matched){.run = run};
    snprintf(found->line, sizeof found->line, "%s", line);
    selection_init(&found->set, n);
}

bool matcher_init(struct matcher *m, struct scene *scene, const char *line, struct err *err)
{
    struct err ignored;
    *m = (struct matcher){.scene = scene};
    scene_asks(scene, &m->asks);
    snprintf(m->text, sizeof m->text, "%s", line);
    if (predicate_meant(line)) {
        m->predicate = predicate_parse(line, &m->asks.items, err);
        if (!m->predicate)
            scene_asks_release(&m->asks);
        return m->predicate != NULL;
    }
    if (!unquote(m->text))
        m->is_regex = pattern_compile(&m->regex, m->text, &ignored);
    matched_begin(scene, line, m->asks.items.n);
    return true;
}

void matcher_release(struct matcher *m)
{
    predicate_free(m->predicate);
    scene_asks_release(&m->asks);
    if (m->is_regex)
        regfree(&m->regex);
    strbuf_release(&m->row);
}

/* ---- of texts, some at a time ---- */

enum { AT_ONCE = 1000 }; /* a millisecond or two */

static bool text_matches(struct matcher *m, size_t item)
{
    int64_t row = scene_row(m->scene, (int)item);
    if (row < 0)
        return false;
    row_text(m->scene, (size_t)row, &m->row);
    const char *text = strbuf_text(&m->row);
    return m->is_regex ? pattern_matches(&m->regex, text) : contains(text, m->text);
}

/* The next few items; true when that were the last. */
static bool match_some(struct matcher *m)
{
    struct matched *found = &screen_state(m->scene)->matched;
    size_t end = found->set.n - found->done < AT_ONCE ? found->set.n : found->done + AT_ONCE;
    for (; found->done < end; found->done++)
        if (text_matches(m, found->done))
            selection_put(&found->set, found->done, true);
    return found->done == found->set.n;
}

double scene_matching(const struct scene *scene)
{
    const struct screen *s = scene->screen;
    bool awaited = *s->waiting || scene->overlay == OVERLAY_SEARCH || scene->overlay == OVERLAY_COMMAND;
    if (!awaited || !*s->matched.line || s->matched.done == s->matched.set.n)
        return -1;
    return (double)s->matched.done / (double)s->matched.set.n;
}

bool scene_match(struct scene *scene, double seconds)
{
    struct matcher m;
    struct err ignored;
    double until = clock_seconds() + seconds;
    char line[sizeof screen_state(scene)->matched.line];
    if (scene_matching(scene) < 0)
        return false;
    snprintf(line, sizeof line, "%s", screen_state(scene)->matched.line);
    if (!matcher_init(&m, scene, line, &ignored))
        return false;
    bool all = match_some(&m);
    while (!all && clock_seconds() < until)
        all = match_some(&m);
    matcher_release(&m);
    return !all;
}

bool matcher_matches(struct matcher *m, size_t item)
{
    if (!m->predicate)
        return selection_has(&screen_state(m->scene)->matched.set, item);
    return scene_row(m->scene, (int)item) >= 0 && predicate_holds(m->predicate, &m->asks.items, item);
}

bool matcher_ready(struct matcher *m)
{
    struct screen *s = screen_state(m->scene);
    bool ready = m->predicate || s->matched.done == s->matched.set.n || match_some(m);
    for (size_t i = 0; m->predicate && i < QUANTITY_COUNT; i++) {
        if (!predicate_uses(m->predicate, i))
            continue;
        s->asked_numbers |= 1U << i;
        ready = ready && scene_values_known(m->scene, (int)i);
    }
    return ready;
}

void matcher_all(struct matcher *m, struct selection *set)
{
    selection_init(set, m->asks.items.n);
    for (size_t i = 0; i < set->n; i++)
        if (matcher_matches(m, i))
            selection_put(set, i, true);
}
