/* SPDX-License-Identifier: MIT */
#include "view/method_picker.h"

#include "view/act.h"
#include "view/change.h"
#include "view/state.h"
#include "view/typing.h"

#include <stdio.h>
#include <string.h>

enum { LIST_WIDTH = 18, NARROW = 40, NOTE_SIZE = 400 };

static const struct setting *method_setting(const struct scene *scene)
{
    const struct setting *s = scene->now ? settings_find(&scene->now->settings, "method") : NULL;
    return s && s->axis ? s : NULL;
}

/* The i-th of those whose name or sentence holds what was typed; NULL past the end. `place`: its index. */
static const struct entry *listed(const struct scene *scene, int i, size_t *place)
{
    const struct setting *s = method_setting(scene);
    const struct entry *entry;
    for (size_t k = 0; s && (entry = s->axis->at(k)); k++) {
        *place = k;
        bool fits = strstr(entry->name, scene->line) || strstr(entry->help, scene->line);
        if (fits && i-- == 0)
            return entry;
    }
    return NULL;
}

static int count(const struct scene *scene)
{
    int n = 0;
    size_t place;
    while (listed(scene, n, &place))
        n++;
    return n;
}

void method_picker_open(struct scene *scene, const struct post *post)
{
    size_t place;
    const struct entry *entry;
    const struct setting *s = method_setting(scene);
    int *row = &screen_state(scene)->method_row;
    if (!s) {
        say(post, false, "no method to choose: nothing trains here");
        return;
    }
    overlay_open(scene, OVERLAY_METHOD, "");
    *row = 0;
    for (int i = 0; (entry = listed(scene, i, &place)); i++)
        *row = strcmp(entry->name, s->text) == 0 ? i : *row;
}

/* ---- keys ---- */

static void take(struct scene *scene, bool anew, const struct post *post)
{
    size_t place;
    const struct entry *entry = listed(scene, screen_state(scene)->method_row, &place);
    scene->overlay = OVERLAY_NONE;
    scene->line[0] = '\0';
    if (!entry)
        return;
    if (anew && scene->plan) { /* it ends the stay in the past, and is no branch */
        struct command set = {.kind = COMMAND_SET, .name = "method"};
        snprintf(set.text, sizeof set.text, "%s", entry->name);
        post->command(post->ctx, &set);
    } else {
        setting_put(scene, "method", entry->name, post);
    }
    if (anew)
        act(scene, ACTION_RESTART, (struct key){0}, post);
}

static void filter_key(struct scene *scene, struct key key)
{
    struct screen *s = screen_state(scene);
    if (key.code == KEYC_ESCAPE)
        typing_set(scene->line, sizeof scene->line, &scene->line_cursor, "");
    if (key.code == KEYC_ENTER || key.code == KEYC_ESCAPE)
        s->filtering = false;
    else
        typing_key(scene->line, sizeof scene->line, &scene->line_cursor, key);
    s->method_row = 0;
}

void method_picker_key(struct scene *scene, struct key key, const struct post *post)
{
    struct screen *s = screen_state(scene);
    int n = count(scene);
    enum action action = action_of_key(key);
    bool typed = (key.code >= ' ' && key.code < 0x110000) || key.code == KEYC_BACKSPACE;
    if (s->filtering && (typed || key.code == KEYC_ENTER || key.code == KEYC_ESCAPE))
        filter_key(scene, key);
    else if (key.code == '/')
        s->filtering = true;
    else if (n > 0 && (action == ACTION_DOWN || action == ACTION_METHOD || key.code == KEYC_TAB))
        s->method_row = (s->method_row + 1) % n;
    else if (n > 0 && (action == ACTION_UP || key.code == KEYC_BACK_TAB))
        s->method_row = (s->method_row + n - 1) % n;
    else if (action == ACTION_ENTER || action == ACTION_RESTART)
        take(scene, action == ACTION_RESTART, post);
    else if (key.code != KEYC_MOUSE && key.code != KEYC_RESIZE && key.code != KEYC_PASTE)
        scene->overlay = OVERLAY_NONE;
    if (scene->overlay == OVERLAY_NONE)
        scene->line[0] = '\0';
}

/* ---- drawing ---- */

/* `now` is the one at work. */
static void draw_list(struct scene *scene, const struct pen *pen, const char *now)
{
    const struct entry *entry;
    size_t place;
    int here = screen_state(scene)->method_row, rows = pen->rect.height;
    int first = here >= rows ? here - rows + 1 : 0;
    for (int y = 0; y < rows && (entry = listed(scene, first + y, &place)); y++) {
        bool at = first + y == here;
        if (at)
            pen_glyph(pen, 1, y, ROLE_ACCENT, GLYPH_RIGHT);
        int x = pen_text(pen, 3, y, at ? ROLE_ACCENT : ROLE_TEXT, entry->name);
        if (strcmp(entry->name, now) == 0)
            pen_text(pen, x + 1, y, ROLE_QUIET, "now");
    }
}

/* What the highlighted one is, what goes on and what is new; the row after. */
static int draw_note(struct scene *scene, const struct pen *pen)
{
    char note[NOTE_SIZE] = "";
    size_t place;
    const struct setting *s = method_setting(scene);
    const struct entry *entry = listed(scene, screen_state(scene)->method_row, &place);
    if (!entry)
        return pen_wrap(pen, 0, ROLE_QUIET, "no method has this in its name or sentence");
    if (s->axis->note)
        s->axis->note(place, note, sizeof note);
    int y = pen_wrap(pen, 0, ROLE_TEXT, entry->help);
    if (strcmp(entry->name, s->text) == 0)
        return pen_wrap(pen, y + 1, ROLE_QUIET, "It trains now.");
    y = pen_wrap(pen, y + 1, ROLE_QUIET,
                 "Goes on: the encoder with its moments, the pictures, the step, the curves.");
    return pen_wrap(pen, y, ROLE_QUIET, note);
}

void method_picker_draw(struct scene *scene, const struct pen *pen)
{
    static const char *const keys[] = {"Enter", "on this encoder", "R", "from the start", "Esc", "back",
                                       "/",     "filter",          NULL};
    int width = pen->rect.width, height = pen->rect.height;
    bool beside = width >= NARROW;
    int below = beside || height < 14 ? 0 : height >= 22 ? 8 : 6;
    const struct setting *s = method_setting(scene);
    if (!s)
        return;
    pen_text(pen, 1, 0, ROLE_ACCENT, "method");
    if (screen_state(scene)->filtering || *scene->line)
        pen_printf(pen, 12, 0, ROLE_TEXT, "/%s", scene->line);
    struct rect list = {pen->rect.x, pen->rect.y + 2, beside ? LIST_WIDTH : width, height - 3 - below};
    struct rect note = {pen->rect.x + LIST_WIDTH + 3, list.y, width - LIST_WIDTH - 5, list.height};
    if (!beside)
        note = (struct rect){pen->rect.x + 1, list.y + list.height, width - 2, below};
    struct pen p = pen_at(pen, rect_clip(list, pen->rect));
    draw_list(scene, &p, s->text);
    p = pen_at(pen, rect_clip(note, pen->rect));
    draw_note(scene, &p);
    pen_hints(pen, height - 1, keys, 2);
}
