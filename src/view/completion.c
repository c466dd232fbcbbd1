/* SPDX-License-Identifier: MIT */
#include "view/completion.h"

#include "base/check.h"
#include "view/act.h"
#include "view/command.h"
#include "view/matcher.h"
#include "view/rows.h"
#include "view/state.h"

#include <stdio.h>
#include <string.h>

enum { CHOICES_MOST = 200, CHOICE_SIZE = 48 };
struct choices {
    char name[CHOICES_MOST][CHOICE_SIZE];
    int n;
    size_t typed; /* letters of the line that they go on from */
};

static void choice_take(void *ctx, const char *choice, size_t typed)
{
    struct choices *c = ctx;
    c->typed = typed;
    if (c->n < CHOICES_MOST && strlen(choice) < CHOICE_SIZE)
        snprintf(c->name[c->n++], CHOICE_SIZE, "%s", choice);
}

/* What follows a word: its values, and what a predicate could go on with. */
static void values_of(struct scene *scene, const struct word *word, const char *rest, struct choices *out)
{
    struct scene_asks asks;
    const char *choice;
    size_t typed = strlen(rest);
    for (size_t i = 0; (choice = word_value(scene, word, i)); i++)
        if (strncmp(choice, rest, typed) == 0)
            choice_take(out, choice, typed);
    if (!word->asks)
        return;
    scene_asks(scene, &asks);
    predicate_choices(rest, &asks.items, choice_take, out);
    scene_asks_release(&asks);
}

/* Words that take a value, and, once a letter is typed, the names of keys. */
static void words_from(const char *start, struct choices *out)
{
    size_t typed = strlen(start);
    for (size_t i = 0; word_at(i); i++)
        if (strncmp(word_at(i)->name, start, typed) == 0)
            choice_take(out, word_at(i)->name, typed);
    for (int a = ACTION_NONE + 1; typed > 0 && a < ACTION_COUNT; a++) {
        const char *name = action_entry((enum action)a)->name;
        if (strncmp(name, start, typed) == 0 && !word_find(name))
            choice_take(out, name, typed);
    }
}

/* Everything the last word of the line could be. */
static void choices_of(struct scene *scene, const char *line, struct choices *out)
{
    char name[40];
    struct scene_asks asks;
    out->n = 0;
    out->typed = 0;
    if (scene->overlay == OVERLAY_SEARCH) {
        scene_asks(scene, &asks);
        predicate_choices(line, &asks.items, choice_take, out);
        scene_asks_release(&asks);
        return;
    }
    const char *rest = line_split(line, name);
    bool value = rest > line && rest[-1] == ' ' && *name;
    const struct word *word = value ? word_find(name) : NULL;
    if (!value)
        words_from(name, out);
    else if (word)
        values_of(scene, word, rest, out);
}

/* ---- Tab ---- */

/* The choices' common beginning. */
static void common_start(const struct choices *c, char text[CHOICE_SIZE])
{
    snprintf(text, CHOICE_SIZE, "%s", c->name[0]);
    for (int i = 1; i < c->n; i++) {
        size_t k = 0;
        while (text[k] && text[k] == c->name[i][k])
            k++;
        text[k] = '\0';
    }
}

/* `line` with its last letters replaced. False: there is no room. */
static bool put_choice(struct scene *scene, const char *line, size_t typed, const char *choice, bool whole)
{
    char text[sizeof scene->line + CHOICE_SIZE];
    size_t length = strlen(line), keep = typed < length ? length - typed : 0;
    snprintf(text, sizeof text, "%.*s%s%s", (int)keep, line, choice, whole ? " " : "");
    if (strlen(text) >= sizeof scene->line)
        return false;
    typing_set(scene->line, sizeof scene->line, &scene->line_cursor, text);
    return true;
}

static void walk(struct scene *scene, struct completion *c, const struct choices *choices, int by)
{
    c->at = c->at == 0 ? (by > 0 ? 1 : choices->n) : 1 + (c->at - 1 + by + choices->n) % choices->n;
    put_choice(scene, c->line, choices->typed, choices->name[c->at - 1], false);
}

void completion_tab(struct scene *scene, int by)
{
    struct completion *c = &screen_state(scene)->completion;
    struct choices choices;
    char common[CHOICE_SIZE], before[sizeof scene->line];
    choices_of(scene, c->at > 0 ? c->line : scene->line, &choices);
    if (choices.n == 0)
        return;
    snprintf(before, sizeof before, "%s", scene->line);
    common_start(&choices, common);
    if (c->at == 0 && put_choice(scene, before, choices.typed, common, choices.n == 1) &&
        (choices.n == 1 || strcmp(before, scene->line) != 0))
        return;
    if (c->at == 0)
        snprintf(c->line, sizeof c->line, "%s", before);
    walk(scene, c, &choices, by);
}

/* ---- what is seen of it ---- */

/* Whole: nothing to complete but what it is for. */
static const struct word *whole_word(const struct scene *scene, const struct choices *c)
{
    const struct word *word = scene->overlay == OVERLAY_COMMAND ? word_find(scene->line) : NULL;
    return word && c->n == 1 ? word : NULL;
}

static void menu_cell(const struct pen *pen, const struct rect *cell, const char *name, bool here)
{
    struct pen place = pen_at(pen, rect_clip(*cell, pen->rect));
    pen_text(&place, 0, 0, here ? ROLE_ACCENT : ROLE_TEXT, name);
    if (here)
        row_highlight(&place, 0);
}

/* Beside each other, in as many rows as they need, half of what is above the line at most; how many are not
 * shown is said in the last place. */
static void draw_menu(const struct pen *pen, struct rect line, const struct choices *c, int at)
{
    int widest = 8, room = line.y / 2;
    for (int i = 0; i < c->n; i++)
        widest = text_width(c->name[i]) > widest ? text_width(c->name[i]) : widest;
    int across = line.width / (widest + 2) > 0 ? line.width / (widest + 2) : 1;
    int rows = (c->n + across - 1) / across;
    rows = rows < room ? rows : room;
    int first = at > 0 ? rows_from((c->n + across - 1) / across, rows, (at - 1) / across) * across : 0;
    struct rect r = {line.x, line.y - rows - 1, line.width, rows + 1};
    canvas_fill(pen->canvas, r, ' ', style_plain);
    for (int x = 0; x < r.width; x++)
        canvas_put(pen->canvas, r, r.x + x, r.y, theme_glyph(pen->theme, GLYPH_HORIZONTAL),
                   theme_style(pen->theme, ROLE_QUIET));
    struct pen menu = pen_at(pen, r);
    for (int i = 0; i < rows * across && first + i < c->n; i++) {
        struct rect cell = {r.x + 1 + i % across * (widest + 2), r.y + 1 + i / across, widest + 1, 1};
        bool cut = i == rows * across - 1 && first + i + 1 < c->n;
        char more[32];
        snprintf(more, sizeof more, "%d more", c->n - first - i);
        menu_cell(&menu, &cell, cut ? more : c->name[first + i], !cut && first + i + 1 == at);
    }
}

/* All of them, two blanks between. */
static void join(const struct choices *c, struct strbuf *out)
{
    for (int i = 0; i < c->n; i++)
        strbuf_printf(out, "%s%s", i ? "  " : "", c->name[i]);
}

static void draw_hints(struct scene *scene, const struct pen *keys, int width)
{
    static const char *const taken[] = {"Enter", "take", "Esc", "back", "↑", "earlier lines", NULL};
    static const char *const search[] = {"Enter", "search", "Esc", "back", NULL};
    struct rect r = keys->rect;
    struct pen right = pen_at(keys, (struct rect){r.x + r.width - width, r.y, width, 1});
    pen_hints(&right, 0, scene->overlay == OVERLAY_COMMAND ? taken : search, 2);
}

void completion_draw(struct scene *scene, const struct pen *keys, struct rect line)
{
    enum { LEAST = 20 };
    struct choices c;
    struct strbuf all = {0};
    const struct completion *walked = &screen_state(scene)->completion;
    choices_of(scene, walked->at > 0 ? walked->line : scene->line, &c);
    const struct word *word = whole_word(scene, &c);
    bool command = scene->overlay == OVERLAY_COMMAND;
    canvas_fill(keys->canvas, keys->rect, ' ', style_plain);
    int width = !command ? 24 : screen_state(scene)->n_history > 0 ? 41 : 22;
    width = word && keys->rect.width < LEAST + width ? 0 : width; /* what it is for is said first */
    draw_hints(scene, keys, width);
    if (word)
        strbuf_printf(&all, "%s  %s", word->name, word->help);
    else
        join(&c, &all);
    struct pen left = pen_at(keys, (struct rect){keys->rect.x, keys->rect.y, keys->rect.width - width, 1});
    bool menu = !word && c.n > 1 && text_width(strbuf_text(&all)) + 5 > left.rect.width && line.y > 6;
    if (c.n > 0) {
        int x = pen_text(&left, 1, 0, ROLE_KEY, "Tab");
        pen_text(&left, x + 1, 0, ROLE_QUIET, menu ? "the next" : strbuf_text(&all));
    }
    if (menu)
        draw_menu(keys, line, &c, walked->at);
    strbuf_release(&all);
}
