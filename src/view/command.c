/* SPDX-License-Identifier: MIT
 *
 * The `:` line: every action by its name, and a few words of its own that take a value.
 */
#include "view/command.h"
#include "base/check.h"
#include "base/strbuf.h"
#include "view/act.h"
#include "view/axes.h"
#include "view/change.h"
#include "view/differs.h"
#include "view/facts.h"
#include "view/mark.h"
#include "view/matcher.h"
#include "view/state.h"
#include "view/threshold.h"
#include "view/trails.h"

#include <stdio.h>
#include <string.h>

/* Words whose value is one of a few; in the order of their numbers, where they stand for numbers. */
enum { LISTED = 6 };
static const struct {
    const char *word, *value[LISTED]; /* NULL behind the last */
} listed[] = {
    {"pace", {"slower", "faster", "full", "10"}},
    {"threshold", {"fmr 1%", "fmr 0.1%", "fnmr 5%", "eer", "0.72"}},
    {"axes", {"class", "pca", "pixels"}},
    {"basis", {"refit", "frozen", "selected"}},
    {"names", {"auto", "on", "off"}},
    {"draw", {"letters", "dots", "density", "pictures", "auto"}},
    {"select", {"all", "none", "invert", "/"}},
};

/* The i-th value of a word; NULL past the end. */
static const char *listed_value(const char *word, size_t i)
{
    size_t at = 0;
    while (at < ARRAY_LEN(listed) && strcmp(listed[at].word, word) != 0)
        at++;
    return at < ARRAY_LEN(listed) && i < LISTED ? listed[at].value[i] : NULL;
}

/* Which of them it is; -1: none. */
static int listed_place(const char *word, const char *text)
{
    const char *value;
    for (int i = 0; (value = listed_value(word, (size_t)i)); i++)
        if (strcmp(value, text) == 0)
            return i;
    return -1;
}

/* The setting at the start of the line, by its name or as the screen calls it ("colour jitter"). */
static size_t name_length(const struct scene *scene, const char *line, char name[24])
{
    size_t longest = 0; /* one may begin with another: "batch", "batch norm" */
    for (int i = 0; i < scene_settings(scene); i++) {
        const struct setting *s = &scene->now->settings.item[i];
        size_t n = strlen(s->label);
        if (n > longest && strncmp(line, s->label, n) == 0 && strchr(" =", line[n])) {
            snprintf(name, 24, "%s", s->name);
            longest = n;
        }
    }
    if (longest > 0)
        return longest;
    size_t n = strcspn(line, " =");
    snprintf(name, 24, "%.*s", (int)(n < 23 ? n : 23), line);
    return n;
}

static void run_set(struct scene *scene, const char *rest, const struct post *post)
{
    char name[24];
    size_t n = name_length(scene, rest, name);
    rest += n;
    rest += strspn(rest, " =");
    if (!*name || !*rest)
        say(post, true, "set what to what? for example :set tau 0.1 (Tab completes the name)");
    else
        setting_put(scene, name, rest, post);
}

static void run_pace(struct scene *scene, const char *rest, const struct post *post)
{
    double pace = scene->now && scene->now->pace > 0 ? scene->now->pace : 20, given;
    if (strcmp(rest, "full") == 0)
        pace = 0;
    else if (strcmp(rest, "slower") == 0)
        pace /= 2;
    else if (strcmp(rest, "faster") == 0)
        pace *= 2;
    else if (text_to_double(rest, &given) && given > 0 && given < 1e6)
        pace = given;
    else {
        say(post, true, "pace: slower, faster, full, or steps a second (10)");
        return;
    }
    post_command(post, COMMAND_RUN, pace);
}

static void run_colour(struct scene *scene, const char *rest, const struct post *post)
{
    int column = dataset_find_column(scene->data, rest), quantity = quantity_find(rest);
    if (legend_possible(scene->data, column))
        column_put(scene, column);
    else if (quantity != NO_QUANTITY)
        quantity_put(scene, quantity);
    else if (column >= 0)
        say(post, true,
            "%.40s is text: the map is coloured by numbers, and by categories of at most 64 values (more of "
            "`label`)",
            rest);
    else
        say(post, true, "no attribute or number %.60s to colour by (Tab lists them)", rest);
}

static void run_draw(struct scene *scene, const char *rest, const struct post *post)
{
    struct choice *c = &scene->choice;
    int place = listed_place("draw", rest);
    c->draw_auto = strcmp(rest, "auto") == 0;
    if (place < 0)
        say(post, true, "draw: letters, dots, density, pictures, auto");
    else if (!c->draw_auto)
        c->draw = (enum scatter_mode)place;
}

static void run_names(struct scene *scene, const char *rest, const struct post *post)
{
    int place = listed_place("names", rest);
    if (place < 0)
        say(post, true, "names: on, off, or auto (where the map has no letters)");
    else
        scene->choice.names = (unsigned)place;
}

static void run_item(struct scene *scene, const char *rest, const struct post *post)
{
    long row;
    if (text_to_long(rest, &row) && row >= 0 && scene->now)
        item_by_row(scene, row, post);
    else
        say(post, true, "item %.40s is no number of an item: 0 to %zu; /%.40s searches", rest,
            scene->data->n > 0 ? scene->data->n - 1 : 0, rest);
}

static void run_step(struct scene *scene, const char *rest, const struct post *post)
{
    (void)scene;
    long n = 1;
    if (*rest && (!text_to_long(rest, &n) || n < 1 || n > 1000000))
        say(post, true, "step: how many, from 1 to 1 000 000");
    else
        post_command(post, COMMAND_STEP, (double)n);
}

/* "150", or "-200" from the step shown: to the kept step at or before it. */
static void run_goto(struct scene *scene, const char *rest, const struct post *post)
{
    static const long farthest = 1000000000000000;
    long step;
    bool relative = *rest == '-' || *rest == '+';
    bool reads = text_to_long(*rest == '+' ? rest + 1 : rest, &step) && step < farthest && step > -farthest;
    if (!scene->now || !post->travel_to || !reads) {
        say(post, true, "goto: a step (150), or how far from here (-200)");
        return;
    }
    step += relative ? (long)scene->now->step : 0;
    post->travel_to(post->ctx, step > 0 ? (uint64_t)step : 0);
}

static void run_recall(struct scene *scene, const char *rest, const struct post *post)
{
    (void)rest;
    if (scene->now && scene->now->status == TRAIN_FAILED)
        post_command(post, COMMAND_RECALL, 0);
    else
        say(post, false, "recall goes back to the last good state after a failure; nothing has failed");
}

static void run_threshold(struct scene *scene, const char *rest, const struct post *post)
{
    struct threshold_choice to = scene->choice.threshold;
    if (!threshold_parse(rest, &to)) {
        say(post, true, "threshold: a similarity (0.72), fmr 0.1%%, fnmr 5%%, fmr 1/1000, or eer");
        return;
    }
    threshold_put(scene, &to, false);
    threshold_say(scene, post);
    screen_state(scene)->tells_threshold = true;
}

static void run_branch(struct scene *scene, const char *rest, const struct post *post)
{
    (void)scene;
    if (post->branch)
        post->branch(post->ctx, *rest ? rest : NULL);
}

static void run_chance(struct scene *scene, const char *rest, const struct post *post)
{
    (void)rest;
    differs_see_chance(scene, post);
}

static void run_describe(struct scene *scene, const char *rest, const struct post *post)
{
    (void)rest;
    act(scene, ACTION_WORDS, (struct key){0}, post);
}

static void run_quit(struct scene *scene, const char *rest, const struct post *post)
{
    (void)rest;
    act(scene, ACTION_QUIT, (struct key){0}, post);
}

static void run_search(struct scene *scene, const char *rest, const struct post *post)
{
    search_start(scene, rest, post);
}

/* What n and N go on from, and what is near it: nothing moves. */
static void run_searched(struct scene *scene, const char *rest, const struct post *post)
{
    (void)post;
    snprintf(scene->choice.search, sizeof scene->choice.search, "%s", rest);
}

static const char *setting_names(const struct scene *scene, size_t i)
{
    return scene->now && i < (size_t)scene->now->settings.n ? scene->now->settings.item[i].name : NULL;
}

static const char *column_names(const struct scene *scene, size_t i)
{
    for (size_t c = 0; c < scene->data->n_columns; c++)
        if (legend_possible(scene->data, (int)c) && i-- == 0)
            return scene->data->column[c].name;
    return i < QUANTITY_COUNT ? quantity_entry((enum quantity)i)->name : NULL;
}

static void run_zoom(struct scene *scene, const char *rest, const struct post *post)
{
    double zoom;
    if (text_to_double(rest, &zoom) && zoom >= 1 && zoom <= 64)
        scene->choice.zoom = (float)zoom;
    else
        say(post, true, "zoom: 1 (everything) to 64");
}

/* "near neighbours 20": a setting of a view, by the names S shows; values by their place in their list. */
static void run_option(struct scene *scene, const char *rest, const struct post *post)
{
    for (size_t v = 0; v < view_count(); v++)
        for (const struct view_option *o = view_at(v)->options; o && o->label; o++) {
            char head[80];
            long value;
            size_t n = (size_t)snprintf(head, sizeof head, "%s %s ", view_at(v)->entry.name, o->label);
            if (strncmp(rest, head, n) == 0 && text_to_long(rest + n, &value) && value >= o->low &&
                value <= (o->step == 0 ? (long)scene->data->n_columns - 1 : o->high)) {
                option_put(scene, o, (int)value);
                return;
            }
        }
    say(post, true, "option: VIEW SETTING NUMBER, as in near neighbours 20");
}

static void export_line_over(struct scene *scene, const char *rest, const struct post *post)
{
    char line[220];
    snprintf(line, sizeof line, "! %s", rest);
    export_line(scene, line, post);
}

static const char *mark_words(const struct scene *scene, size_t i)
{
    (void)scene;
    return i < MARK_KINDS ? mark_name((enum mark_kind)i) : NULL;
}

static const char *method_names(const struct scene *scene, size_t i)
{
    const struct setting *s = scene->now ? settings_find(&scene->now->settings, "method") : NULL;
    const struct entry *entry = s && s->axis ? s->axis->at(i) : NULL;
    return entry ? entry->name : NULL;
}

static void run_method(struct scene *scene, const char *rest, const struct post *post)
{
    setting_put(scene, "method", rest, post);
}

static void run_pairs(struct scene *scene, const char *rest, const struct post *post)
{
    (void)scene;
    if (!*rest || !post->pairs)
        say(post, true, "pairs: which file? A CSV of id_a, id_b, and same (1 or 0) or score or both");
    else
        post->pairs(post->ctx, rest);
}

static const struct word words[] = {
    {"pairs", run_pairs, NULL, false,
     "audit comparisons made elsewhere: :pairs FILE.csv of id_a, id_b, and same (1 or 0) or score"},
    {"method", run_method, method_names, false, "another method of learning: :method byol; M lists them"},
    {"set", run_set, setting_names, false, "a setting of the training: :set tau 0.1; S lists them"},
    {"pace", run_pace, NULL, false,
     "how fast training runs, its speed: :pace faster, slower, full (as fast as it can) or steps a second"},
    {"colour", run_colour, column_names, false, "an attribute or a number of every item: :colour hue"},
    {"axes", axes_line, NULL, false,
     "of the map: :axes class, pca, pixels, two components (1 3), two columns, two selections (@a @b)"},
    {"basis", axes_basis_line, NULL, false,
     "axes of the map: refit at each step, frozen as they are, or fitted on the selected"},
    {"turn", axes_turn_line, NULL, false,
     "the map in three dimensions, by two angles: :turn 30 20; 0 0 is the plane"},
    {"names", run_names, NULL, false, "of the values on the map: on, off, auto"},
    {"trails", trails_line, trails_words, false,
     "where the selected came from on the map: changed (whose nearest did), all, off"},
    {"draw", run_draw, NULL, false, "letters, dots, density, pictures, auto"},
    {"item", run_item, NULL, false, "to the item of that row of the data: :item 412"},
    {"search", run_search, NULL, true, "by regular expression, predicate or \"text\", as / does"},
    {"searched", run_searched, NULL, false, "what n and N go on from, and nothing moves: :searched hub > 5"},
    {"cursor", cursor_line, NULL, false,
     "what is highlighted in a view, as a session keeps it: :cursor near-row 4"},
    {"select", select_line, NULL, true,
     "what a predicate says: :select shape == star and similar > 0.8; all, none, invert"},
    {"only", only_line, NULL, true, "show but these: :only light == dim; nothing after it: all"},
    {"name", name_selection, NULL, false, "the selection, so that a predicate can ask for it: :name odd"},
    {"mark", mark_line, mark_words, false,
     "the pair or the item: same, different, duplicate, wrong label, none"},
    {"export", export_line, NULL, false,
     "a file: .csv attributes, .npy embeddings, .png pictures; of selected, all, pair, near 50 z euclidean, "
     "marks"},
    {"export!", export_line_over, NULL, false, "the same over a file that is there"},
    {"forget", forget_selection, NULL, false, "a named selection"},
    {"step", run_step, NULL, false, "train so many steps, then pause: :step 20"},
    {"threshold", run_threshold, NULL, false,
     "a similarity or what sets it: :threshold 0.72, fmr 1%, fnmr 5%, eer"},
    {"branch", run_branch, NULL, false, "train on from the step shown, under that name"},
    {"chance", run_chance, NULL, false,
     "what chance does to a branch: the run it left again from the same step, with other draws and nothing "
     "else"},
    {"goto", run_goto, NULL, false, "a step of the past: :goto 150; so many back: :goto -200"},
    {"recall", run_recall, NULL, false, "after a failure, the last good state"},
    {"describe", run_describe, NULL, false, "this screen in words"},
    {"zoom", run_zoom, NULL, false, "of the map, 1 to 64"},
    {"option", run_option, NULL, false, "a setting of a view: :option near neighbours 20; S lists them"},
    {"w", write_session, NULL, false, "write the session: :w FILE"},
    {"q", run_quit, NULL, false, "quit"},
    {"wq", run_quit, NULL, false, "write and quit"},
};

const struct word *word_at(size_t i)
{
    return i < ARRAY_LEN(words) ? &words[i] : NULL;
}

const char *word_value(const struct scene *scene, const struct word *word, size_t i)
{
    return word->value ? word->value(scene, i) : listed_value(word->name, i);
}

const char *command_word(size_t i, const char **help)
{
    const struct word *word = word_at(i);
    if (word)
        *help = word->help;
    return word ? word->name : NULL;
}

const struct word *word_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

const char *line_split(const char *line, char name[40])
{
    line += strspn(line, " :");
    size_t n = strcspn(line, " ");
    snprintf(name, 40, "%.*s", (int)(n < 39 ? n : 39), line);
    return line + n + strspn(line + n, " ");
}

/* Nothing but the name: the words with a value that have a key too then do what the key does. */
static bool bare_action(struct scene *scene, const char *name, const char *rest, const struct post *post)
{
    enum action action = action_find(name);
    if (action == ACTION_NONE || (*rest && word_find(name)))
        return false;
    act(scene, action, (struct key){0}, post);
    return true;
}

bool command_leaves_something(const char *line)
{
    static const char *const names[] = {"export", "export!", "w", "wq", "write", "copy"};
    char name[40];
    line_split(line, name);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

void command_run(struct scene *scene, const char *line, const struct post *post)
{
    char name[40], instead[120];
    const char *rest = line_split(line, name);
    if (!*name || bare_action(scene, name, rest, post))
        return;
    const struct word *word = word_find(name);
    if (word)
        word->run(scene, rest, post);
    else
        say(post, true, ":%s is no command: %s", name, command_guess(name, instead, sizeof instead));
}

const char *line_asks(const char *line)
{
    char name[40];
    const char *rest = line_split(line, name);
    const struct word *word = word_find(name);
    return word && word->asks ? rest : "";
}
