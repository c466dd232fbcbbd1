/* SPDX-License-Identifier: MIT
 *
 * What stands around every view: tab bar, headline, timeline, sentence, hint and keys.
 */
#include "base/check.h"
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/panels.h"
#include "view/state.h"
#include "view/work.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What training does, and how fast: "▶ 10 steps/s", "‖ paused". */
static void run_pace(const struct snapshot *now, const struct theme *theme, bool wide, char *text,
                     size_t size)
{
    const char *play = theme_glyph_text(theme, GLYPH_PLAY), *pause = theme_glyph_text(theme, GLYPH_PAUSE);
    bool keeps_pace = now->pace > 0 && now->steps_per_s > 0.8 * now->pace;
    double speed = keeps_pace ? now->pace : now->steps_per_s;
    if (now->status == TRAIN_PAUSED)
        snprintf(text, size, "%s paused", pause);
    else if (now->status == TRAIN_DONE)
        snprintf(text, size, "%s done", pause);
    else if (now->status == TRAIN_FAILED)
        snprintf(text, size, "! failed");
    else if (now->catch_up && wide)
        snprintf(text, size, "%s catching up to %llu ", play, (unsigned long long)now->catch_up);
    else
        snprintf(text, size, wide ? "%s %.*f steps/s " : "%s%.*f/s", play,
                 speed < (wide ? 9.95 : 0.95) && !keeps_pace, speed);
}

/* "epoch_12.npy  step 12", or of a single table its shape: "1 000 x 64". */
static void elsewhere_state(const struct scene *scene, int room, char *text, size_t size)
{
    const struct snapshot *now = scene->now;
    const struct event *event = NULL;
    char n[32];
    for (size_t i = 0, all = series_count(now->events); i < all; i++) {
        const struct event *e = series_at(now->events, i);
        event = e->step == now->step && e->kind == EVENT_START ? e : event;
    }
    format_count(event || series_count(now->steps) ? now->step : now->n_probe, n);
    bool learned = series_count(now->steps) > 0;
    if (!event && learned)
        snprintf(text, size, room < 30 ? "%sstep %s" : "%sa run, at step %s", scene->past ? "past " : "", n);
    else if (!event)
        snprintf(text, size, room < 30 ? "%s x %zu" : "%s items x %zu numbers", n, now->dim_h);
    else if (room < 30)
        snprintf(text, size, "%sstep %s", scene->past ? "past " : "", n);
    else
        snprintf(text, size, "%s%s  step %s", scene->past ? "past  " : "", event->text, n);
}

/* The longest wording for `room` cells: "▶ 10 steps/s  step 120", "▶10/s step 120", "▶10/s 120", "120". */
static void run_state(const struct scene *scene, const struct theme *theme, int room, char *text, size_t size)
{
    const struct snapshot *now = scene->now;
    char step[32], pace[64];
    if (!now && scene->opened >= 0) {
        snprintf(text, size, "reading %.0f %%", floor(100 * scene->opened));
        return;
    }
    if (!now || now->status == TRAIN_PREPARING) {
        snprintf(text, size, "preparing");
        return;
    }
    format_count(now->step, step);
    if (scene->elsewhere) {
        elsewhere_state(scene, room, text, size);
        return;
    }
    for (int shorter = room < 30; shorter < 4; shorter++) {
        run_pace(now, theme, shorter == 0, pace, sizeof pace);
        if (scene->past)
            snprintf(pace, sizeof pace, "past");
        else if (now->status == TRAIN_PAUSED && now->step == 0 && scene->intro_seconds >= 0)
            snprintf(pace, sizeof pace, "starts soon,"); /* the intro holds it, nobody paused */
        snprintf(text, size,
                 shorter < 2    ? "%s step %s"
                 : shorter == 2 ? "%s %s"
                                : "%s%s",
                 shorter < 3 ? pace : "", step);
        if (text_width(text) <= room)
            return;
    }
}

/* Width of tab i with the blank after it; where not all names fit, only that of the view shown. */
static int tab_width(const struct scene *scene, size_t i, bool narrow)
{
    bool named = !narrow || (int)i == scene->choice.view;
    return named ? 4 + text_width(view_at(i)->entry.name) : 3;
}

static int tabs_width(const struct scene *scene, bool narrow)
{
    int width = 1;
    for (size_t i = 0; i < tab_count(); i++)
        width += tab_width(scene, i, narrow);
    return width;
}

int tab_at(const struct scene *scene, int width, int at)
{
    bool narrow = tabs_width(scene, false) > width;
    int x = 0;
    for (size_t i = 0; i < tab_count(); i++) {
        x += tab_width(scene, i, narrow);
        if (at < x)
            return (int)i;
    }
    return -1;
}

static const char *method_name(const struct scene *scene)
{
    const struct setting *s = scene->now ? settings_find(&scene->now->settings, "method") : NULL;
    return s ? s->text : "";
}

/* Tabs from column 0 on; the column after them. */
static int draw_tabs(const struct scene *scene, const struct pen *pen)
{
    int x = 0;
    bool narrow = tabs_width(scene, false) > pen->rect.width;
    for (size_t i = 0; i < tab_count(); i++) {
        const struct view *view = view_at(i);
        bool here = (int)i == scene->choice.view;
        enum role role = here ? ROLE_ACCENT : ROLE_TEXT;
        int end = pen_printf(pen, x + 1, 0, here ? ROLE_ACCENT : ROLE_KEY, "%zu", i + 1);
        if (!narrow || here)
            pen_text(pen, end + 1, 0, role, view->entry.name);
        x += tab_width(scene, i, narrow);
    }
    return x;
}

void panel_tabs(struct scene *scene, const struct pen *pen)
{
    int x = draw_tabs(scene, pen), room = pen->rect.width - x;
    char run[120], all[240];
    bool wide = pen->rect.width >= 110;
    run_state(scene, pen->theme, wide ? room : room < 30 ? room : 29, run, sizeof run);
    const char *branch = scene->n_branches > 1 ? scene->branch[scene->n_branches - 1].name : "";
    snprintf(all, sizeof all, "%.60s · %.40s%s%s  %s", scene->data->name, method_name(scene),
             *branch ? " · " : "", branch, run);
    if (!*method_name(scene) || (*branch && text_width(all) + 1 > room))
        snprintf(all, sizeof all, "%.60s  %s", *branch ? branch : scene->data->name, run);
    if (!wide || text_width(all) + 1 > room)
        snprintf(all, sizeof all, "%s", run);
    bool failed = scene->now && scene->now->status == TRAIN_FAILED;
    int spare = room > text_width(all);
    struct pen right = pen_at(pen, (struct rect){pen->rect.x + x, pen->rect.y, room - spare, 1});
    pen_right(&right, 0, failed ? ROLE_BAD : ROLE_STRONG, all);
}

/* Without labels: how far apart views are and how the space is spread. */
static void headline_unlabelled(const struct scene *scene, const struct pen *pen)
{
    const struct measure *apart = scene_measure(scene, TERM_alignment, NO_COLUMN);
    const struct measure *spread = scene_measure(scene, TERM_uniformity, NO_COLUMN);
    char text[32];
    if (scene->elsewhere && spread) {
        int end = pen_text(pen, 1, 0, ROLE_TEXT, "spread ");
        end = pen_text(pen, end, 0, ROLE_STRONG, format_number(pen->theme, (double)spread->value, 1, text));
        pen_text(pen, end, 0, ROLE_QUIET, " (random −3.9, collapsed 0)   --items FILE brings attributes");
        return;
    }
    if (!apart || !spread) {
        pen_printf(pen, 1, 0, ROLE_QUIET, "%s: the first numbers come with the first measuring",
                   scene->data->name);
        return;
    }
    int x = pen_text(pen, 1, 0, ROLE_TEXT, "views apart ");
    x = pen_text(pen, x, 0, ROLE_STRONG, format_number(pen->theme, (double)apart->value, 2, text));
    bool wide = pen->rect.width >= 84;
    x = pen_text(pen, x, 0, ROLE_QUIET, " (0 alike, 2 unrelated)   ");
    x = pen_text(pen, x, 0, ROLE_TEXT, "spread ");
    x = pen_text(pen, x, 0, ROLE_STRONG, format_number(pen->theme, (double)spread->value, 1, text));
    pen_text(pen, x, 0, ROLE_QUIET, wide ? " (random −3.9, collapsed 0)" : " (random −3.9)");
}

static int headline_verdict(const struct pen *pen, int x, enum verdict verdict)
{
    static const enum glyph glyphs[] = {GLYPH_SAME, GLYPH_UP, GLYPH_DOWN, GLYPH_SAME};
    static const enum role roles[] = {ROLE_QUIET, ROLE_GOOD, ROLE_BAD, ROLE_QUIET};
    return verdict == VERDICT_NONE ? x : pen_glyph(pen, x + 1, 0, roles[verdict], glyphs[verdict]);
}

static int yardstick(const struct pen *pen, int x, const char *name, float value)
{
    char text[32];
    x = pen_printf(pen, x, 0, ROLE_QUIET, "%s ", name);
    return pen_text(pen, x, 0, ROLE_TEXT, format_percent(pen->theme, (double)value, text));
}

/* " held-out pictures 1 000   seed 1", where there is room. */
static void headline_tail(const struct scene *scene, const struct pen *pen, int x)
{
    char items[32], text[120];
    format_count(scene->now->n_probe, items);
    if (!scene_has_course(scene)) /* stands above */
        return;
    if (scene->elsewhere)
        snprintf(text, sizeof text, "items %s ", items);
    else
        snprintf(text, sizeof text, "held-out pictures %s   seed %llu ", items,
                 (unsigned long long)scene->now->seed);
    if (pen->rect.width - x > text_width(text) + 2)
        pen_right(pen, 0, ROLE_QUIET, text);
}

static int headline_name(const struct scene *scene, const struct pen *pen, const struct measure *m)
{
    int x = 1;
    bool wide = pen->rect.width >= 110;
    const char *name = scene_column_name(scene, m->column);
    if (!wide && pen->rect.width >= 76)
        x = pen_printf(pen, x, 0, ROLE_QUIET, "%.12s %.10s  ", scene->data->name, method_name(scene));
    const char *what = m->term == TERM_rank1  ? "of the nearest"
                       : m->term == TERM_r2   ? "R² of 20 nearest"
                       : wide                 ? "from its 20 nearest"
                       : pen->rect.width < 60 ? ""
                                              : "from 20 nearest";
    return pen_printf(pen, x, 0, ROLE_TEXT, *what ? "%.20s %s " : "%.20s %s", name, what) + wide;
}

void panel_headline(struct scene *scene, const struct pen *pen)
{
    if (!scene->now) {
        pen_text(pen, 1, 0, ROLE_QUIET, scene->data->name);
        return;
    }
    const struct measure *m = scene_main_measure(scene, scene_headline_column(scene));
    if (!m) {
        headline_unlabelled(scene, pen);
        return;
    }
    char text[32];
    bool wide = pen->rect.width >= 110;
    int x = headline_name(scene, pen, m);
    x = pen_printf(pen, x, 0, ROLE_STRONG, "%s %%", format_percent(pen->theme, (double)m->value, text));
    x = headline_verdict(pen, x, measure_verdict(m)) + (wide ? 4 : 2);
    int gap = wide ? 3 : 2;
    if (!scene->elsewhere || !isnan(m->pixels)) {
        x = yardstick(pen, x, "pixels", m->pixels) + gap;
        x = yardstick(pen, x, "untrained", m->untrained) + gap;
    }
    x = yardstick(pen, x, "chance", m->chance);
    headline_tail(scene, pen, x);
}

/* While the intro shows the pixels: what they tell. False: it does not. */
static bool story_text(struct scene *scene, int width, char text[SENTENCE_SIZE])
{
    if (scene->intro_seconds < 0 || intro_time(scene) >= 5 || !scene_map_is_pixels(scene))
        return false;
    const struct map_result *map = &scene->map->map;
    struct sentence_story story = {intro_time(scene), scene_column_name(scene, scene->choice.column),
                                   scene_column_name(scene, scene->data->label), NAN, map->n};
    if (map->column == scene->choice.column)
        story.order = map->readable;
    sentence_intro(&story, width, text);
    return true;
}

void panel_sentence(struct scene *scene, const struct pen *pen)
{
    struct sentence_facts facts;
    char text[SENTENCE_SIZE];
    scene_sentence_facts(scene, &facts);
    if (!story_text(scene, pen->rect.width - 2, text))
        sentence_make(&facts, pen->rect.width - 2, text);
    bool bad = facts.status == TRAIN_FAILED;
    pen_text(pen, 1, 0, bad ? ROLE_BAD : ROLE_STRONG, text);
    /* the last event, where the timeline leaves it no room */
    const struct event *event = scene_last_event(scene, false);
    int x = 1 + text_width(text) + 4;
    if (event && pen->rect.width >= 170) {
        char news[180];
        snprintf(news, sizeof news, "%s step %llu: %s ", theme_glyph_text(pen->theme, GLYPH_MARK),
                 (unsigned long long)event->step, event->text);
        if (pen->rect.width - x > text_width(news))
            pen_right(pen, 0, ROLE_ACCENT, news);
    }
}

/* The knob the built-in story turns: is colour jitter on, was it turned off live? */
static const struct setting *jitter(const struct scene *scene)
{
    bool trains = scene->now && !scene->elsewhere;
    const struct setting *s = trains ? settings_find(&scene->now->settings, "jitter") : NULL;
    return s && !s->idle ? s : NULL;
}

/* What goes before all else: work that can be stopped, the story, a failure, what is selected, what the view
 * says of itself. NULL: nothing of these. */
static const char *first_hint(struct scene *scene, char *text, size_t size)
{
    const struct view *view = view_at((size_t)scene->choice.view);
    size_t selected = scene_selection(scene)->count;
    if (work_hint(scene, text, size))
        return text;
    if (scene->intro_seconds >= 0 && intro_time(scene) < 5)
        return "any key skips ahead";
    if (scene->now->status == TRAIN_FAILED)
        return "try: :recall (back to the last good state), or a lower learning rate and R";
    if (selected > 0) {
        snprintf(text, size,
                 "%zu selected   try: o shows only them, e exports them, Esc drops them, u undoes", selected);
        return text;
    }
    if (view->hint && view->hint(scene, text, size))
        return text;
    return scene->elsewhere && view->tip_still ? view->tip_still : view->tip;
}

/* "grey: temperature 0.2; batch 256 +1": what the curve of the run before was trained with. */
static void grey_hint(const struct scene *scene, char *text, size_t size)
{
    size_t last = scene->n_earlier < EARLIER_RUNS ? scene->n_earlier : EARLIER_RUNS;
    char grey[64];
    text_list(scene->earlier[last - 1].differs, 34, grey, sizeof grey);
    snprintf(text, size, "grey: %s   try: c, the map by another attribute", *grey ? grey : "the run before");
}

/* Where the training leads to next. */
static const char *training_hint(struct scene *scene, char *text, size_t size)
{
    const struct snapshot *now = scene->now;
    const struct setting *knob = jitter(scene);
    bool learns = measure_verdict(scene_main_measure(scene, scene->data->label)) == VERDICT_UP;
    if (now->status == TRAIN_PAUSED)
        return now->step == 0 ? "try: Space starts, . does one step" : "try: Space goes on, . does one step";
    if (panel_has_focus(scene, PANEL_SETTINGS))
        return "try: arrows change a value from the next step on; R: again from the start";
    if (knob && knob->value == 0 && knob->changed_at >= 0)
        snprintf(text, size, "try: R, the same start with %s 0: this curve stays in grey", knob->label);
    else if (scene->n_earlier > 0)
        grey_hint(scene, text, size);
    else if (knob && knob->value > 0 && learns)
        snprintf(text, size, "try: S, %s 0, then R: the same start without it (this curve stays)",
                 knob->label);
    else
        snprintf(text, size, "try: arrows walk over the map, %s",
                 scene->data->n_columns > 0 ? "c colours it by another attribute"
                                            : "? says what every number means");
    return text;
}

static const char *hint_text(struct scene *scene, char *text, size_t size)
{
    if (!scene->now || scene->now->status == TRAIN_PREPARING)
        return "";
    const char *first = first_hint(scene, text, size);
    return first ? first : training_hint(scene, text, size);
}

/* Where there is room on the first screen: what nothing else on it leads to. */
static void way_back(const struct scene *scene, const struct pen *pen, int x)
{
    static const char way[] = "7, PgUp, S, b: branch from earlier";
    bool map = scene->choice.view == ACTION_VIEW_MAP - ACTION_VIEW_MAP;
    bool far = scene->now && scene->now->step >= 100 && !action_lacks(scene, ACTION_BRANCH);
    struct pen place = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, pen->rect.width - 1, 1});
    if (map && far && !scene->past && x + 3 + text_width(way) < pen->rect.width)
        pen_right(&place, 0, ROLE_QUIET, way);
}

/* Before it, where a list that is walked has stayed behind the training, of which step it is. */
void panel_hint(struct scene *scene, const struct pen *pen)
{
    char text[200], count[32];
    uint64_t step;
    int x = 1;
    if (list_stays_at(scene, &step))
        x = pen_printf(pen, x, 0, ROLE_ACCENT,
                       scene->choice.large ? "list of step %s" : "list of step %s, Esc: live",
                       format_count(step, count)) +
            3;
    x = pen_text(pen, x, 0, ROLE_QUIET, hint_text(scene, text, sizeof text));
    way_back(scene, pen, x);
}

enum { HINTS_MAX = 20 };

static bool is_named(const char *const *pairs, int n, const char *key)
{
    bool named = false;
    for (int i = 0; i < n; i++)
        named = named || strcmp(pairs[2 * i], key) == 0;
    return named;
}

/* The view's own first, then what is the same everywhere, as far as they work here. */
static void keys_of_view(const struct scene *scene, const char *pairs[2 * HINTS_MAX + 1])
{
    const char *space = scene->past ? "play" : "pause";
    const struct key_help common[] = {{"1-7", "views", NULL},
                                      {"Space", space, NULL},
                                      {":", "command", NULL},
                                      {"q", "quit", NULL},
                                      {NULL, NULL, NULL}};
    const struct choice *c = &scene->choice; /* the training's are there without being opened */
    bool opened = c->panel == PANEL_SETTINGS || c->time.list == TIME_SETTINGS;
    bool turning = opened && panel_has_focus(scene, PANEL_SETTINGS);
    const struct key_help *part[] = {turning ? settings_keys : view_at((size_t)scene->choice.view)->keys,
                                     common};
    int n = 0;
    for (size_t i = 0; i < ARRAY_LEN(part); i++)
        for (const struct key_help *k = part[i]; k && k->key && n < HINTS_MAX; k++)
            if (k->hint && !is_named(pairs, n, k->key) && keys_work(scene, k->key)) {
                pairs[2 * n] = k->key;
                pairs[2 * n++ + 1] = k->hint;
            }
    pairs[2 * n] = NULL;
}

void panel_keys(struct scene *scene, const struct pen *pen)
{
    static const char *const help[] = {"?", "help", NULL};
    const char *pairs[2 * HINTS_MAX + 1];
    int width = pen->rect.width, gap = width >= 110 ? 3 : 2;
    struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, width - 9, 1});
    keys_of_view(scene, pairs);
    pen_hints(&left, 0, pairs, gap);
    struct pen right = pen_at(pen, (struct rect){pen->rect.x + width - 8, pen->rect.y, 8, 1});
    pen_hints(&right, 0, help, 1);
}

void panel_line(struct scene *scene, const struct pen *pen)
{
    char run[120], value[32], text[240];
    run_state(scene, pen->theme, 20, run, sizeof run);
    const struct measure *m = scene_main_measure(scene, scene_headline_column(scene));
    snprintf(text, sizeof text, "%s", run);
    if (m)
        snprintf(text, sizeof text, "%.20s %s%% %s", scene_column_name(scene, m->column),
                 format_percent(pen->theme, (double)m->value, value), run);
    pen_text(pen, 0, 0, ROLE_TEXT, text);
}
