/* SPDX-License-Identifier: MIT
 *
 * print_docs keys | options | terms | man: the generated pages of docs/, from the same lists the program
 * reads, so that no page can say otherwise. On stdout; tests/lint/docs.sh writes or compares them.
 */
#include "app/options.h"
#include "app/version.h"
#include "base/check.h"
#include "share/terms.h"
#include "train/config_fields.h"
#include "ui/keys.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char generated[] = "written by `make docs` from the program's own lists; do not edit";

/* ---- markdown ---- */

/* A cell: what would end it is escaped, and <x> is no tag. */
static void cell(const char *text)
{
    fputs("| ", stdout);
    for (const char *p = text; *p; p++) {
        if (*p == '|' || *p == '<' || *p == '*' || *p == '\\' || *p == '`')
            putchar('\\');
        putchar(*p == '\n' ? ' ' : *p);
    }
    putchar(' ');
}

static void code_cell(const char *text)
{
    fputs("| ", stdout);
    if (text[0] == '\0') {
        putchar(' ');
        return;
    }
    putchar('`');
    for (const char *p = text; *p; p++)
        printf(*p == '|' ? "\\%c" : "%c", *p); /* of a code span a table only minds this one */
    fputs("` ", stdout);
}

static void head(const char *names)
{
    printf("| %s |\n|", names);
    for (const char *p = names - 1; p; p = strchr(p + 1, '|'))
        fputs("---|", stdout);
    putchar('\n');
}

static void number_text(double value, char *text, size_t size)
{
    if (isinf(value) || fabs(value) >= 1e15)
        snprintf(text, size, "any");
    else if (fabs(value) >= 1e6 && fmod(value, 1e6) == 0)
        snprintf(text, size, "%.0f million", value / 1e6);
    else
        snprintf(text, size, "%.12g", value);
}

static void range_cell(double low, double high)
{
    char from[32], to[32], text[80];
    number_text(low, from, sizeof from);
    number_text(high, to, sizeof to);
    bool open_low = strcmp(from, "any") == 0, open_high = strcmp(to, "any") == 0;
    if (open_low || open_high)
        snprintf(text, sizeof text, "%s %s", open_low ? "up to" : "from", open_low ? to : from);
    else
        snprintf(text, sizeof text, "%s to %s", from, to);
    cell(open_low && open_high ? "any" : text);
}

static void knob_row(const struct knob *knob)
{
    char value[32], words[200] = "";
    const char *word = knob_word(knob, knob->value);
    number_text(knob->value, value, sizeof value);
    code_cell(knob->name);
    code_cell(word ? word : value);
    for (size_t i = 0, at = 0; knob->words && knob->words[i]; i++)
        at += (size_t)snprintf(words + at, sizeof words - at, "%s%s", i ? ", " : "", knob->words[i]);
    if (word)
        cell(knob->words ? words : "on, off");
    else
        range_cell(knob->min, knob->max);
    cell(knob->unit ? knob->unit : "");
    cell(knob->help);
    cell(knob->restart ? "restart" : "next step");
    puts("|");
}

static const char knob_head[] = "name | default | range | unit | what it does | takes effect";

static void knob_table(const struct knob *knobs)
{
    if (knob_count(knobs) == 0)
        return;
    head(knob_head);
    for (const struct knob *k = knobs; k->name; k++)
        knob_row(k);
    putchar('\n');
}

/* ---- keys ---- */

static void recipe_table(void)
{
    puts("## How to\nFrom any view; `?` begins with it.\n");
    head("what | keys");
#define RECIPE(needs, what, how) cell(what), cell(how), puts("|");
#include "view/recipes.def"
#undef RECIPE
}

static int print_keys(void)
{
    printf("<!-- %s -->\n# Keys\nOne table for all views. Arrows move what is highlighted, Enter looks into "
           "it, Esc "
           "comes back,\nS holds this view's settings. `:` takes every action by its name.\n\n",
           generated);
    recipe_table();
    const char *group = "";
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const struct action_entry *action = action_entry((enum action)i);
        if (strcmp(group, action->group) != 0) {
            printf("\n## %c%s\n", toupper((unsigned char)action->group[0]), action->group + 1);
            head("keys | name | what it does");
        }
        group = action->group;
        code_cell(action->keys);
        code_cell(action->name);
        cell(action->help);
        puts("|");
    }
    return 0;
}

/* ---- terms ---- */

static int print_terms(void)
{
    static const char *const better[] = {"", "high", "low"};
    printf("<!-- %s -->\n# Numbers\nEvery number the program shows; `id` is its column in metrics.csv and "
           "its key in "
           "JSON. On the screen `?` shows the same.\n\n",
           generated);
    head("id | on the screen | unit | range | good | meaning");
    for (int i = 0; i < TERM_COUNT; i++) {
        const struct term_entry *term = term_entry((enum term)i);
        code_cell(term->id);
        cell(term->name);
        cell(term->unit);
        range_cell(term->low, term->high);
        cell(better[term->better]);
        cell(term->meaning);
        puts("|");
    }
    return 0;
}

/* ---- options ---- */

static void option_text_of(const struct option *option, char *text, size_t size)
{
    char letter[8] = "";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(text, size, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
}

static void option_rows(const struct option *options)
{
    char text[120];
    for (const struct option *o = options; o->name; o++) {
        option_text_of(o, text, sizeof text);
        code_cell(text);
        cell(o->help);
        puts("|");
    }
}

static const char *name_of(const struct subcommand *command)
{
    return command == command_at(0) ? "" : command->entry.name;
}

static void print_subcommand(const struct subcommand *command)
{
    const char *name = name_of(command);
    printf("## nearfar%s%s\n%s\n\n```\nnearfar%s%s %s\n```\n", *name ? " " : "", name, command->entry.help,
           *name ? " " : "", name, command->usage);
    if (command->notes)
        printf("%s\n\n", command->notes);
    head("option | what it does");
    for (size_t i = 0; i < OPTION_LISTS && command->option[i]; i++)
        if (command->option[i] != common_options)
            option_rows(command->option[i]);
    putchar('\n');
}

/* What a setting that is no number may be. */
static void choices_text(const char *name, char *text, size_t size)
{
    const char *const *words = strcmp(name, "optimizer") == 0  ? optimizer_names
                               : strcmp(name, "schedule") == 0 ? schedule_names
                                                               : NULL;
    text[0] = '\0';
    for (size_t i = 0; words && words[i]; i++)
        snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? ", " : "", words[i]);
    if (strcmp(name, "method") == 0)
        axis_names(&method_axis, text, size);
    else if (strcmp(name, "encoder") == 0)
        snprintf(text, size, "a preset or a list of layers");
    else if (strcmp(name, "head") == 0)
        snprintf(text, size, "a list of layers; the method's own without one");
    else if (strcmp(name, "seed") == 0)
        snprintf(text, size, "a whole number");
}

static void word_row(const struct setting *setting)
{
    char choices[200];
    choices_text(setting->name, choices, sizeof choices);
    code_cell(setting->name);
    code_cell(setting->text);
    cell(choices);
    cell("");
    cell(setting->label);
    cell(setting->restart ? "restart" : "next step");
    puts("|");
}

static void print_settings(void)
{
    static struct config config;
    struct settings settings = {0};
    char name[] = "tiles";
    struct dataset tiles = {.name = name, .channels = 3, .height = 32, .width = 32};
    config_default(&config, &tiles);
    config_settings(&config, 3, &settings);
    puts("## Settings\n`--set NAME=VALUE` at the start, S or `: NAME VALUE` on the screen. Defaults are "
         "those for tiles.\n");
    head("name | default | range | unit | what it does | takes effect");
    for (int i = 0; i < settings.n; i++) {
        const struct setting *s = &settings.item[i];
        if (strcmp(s->group, "views") == 0)
            continue;
        if (s->knob) {
            struct knob knob = *s->knob;
            knob.value = s->value;
            knob.restart = s->restart;
            knob_row(&knob);
            continue;
        }
        word_row(s);
    }
    putchar('\n');
}

static void print_axis(const struct axis *axis, const char *title)
{
    printf("## %s\n", title);
    for (size_t i = 0; axis->at(i); i++)
        printf("**%s**: %s\n\n", axis->at(i)->name, axis->at(i)->help);
}

static void strength_cell(const struct augment *kind)
{
    struct augment_step step = {kind, 0, 0, kind->probability};
    char text[64];
    if (kind->entry.knobs)
        step.high = kind->entry.knobs->value, step.low = kind->low;
    augment_step_print(&step, text, sizeof text);
    code_cell(text);
}

static void print_recipes(void)
{
    static const struct {
        const char *what, *name;
        int channels;
    } cases[] = {{"colour pictures", "tiles", 3},
                 {"grey pictures", "fashion-mnist", 1},
                 {"digits and letters", "mnist", 1}};
    struct recipe recipe;
    char text[RECIPE_TEXT_SIZE];
    head("pictures | default list");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        recipe_default(&recipe, cases[i].name, cases[i].channels);
        recipe_print(&recipe, text, sizeof text);
        cell(cases[i].what);
        code_cell(text);
        puts("|");
    }
    putchar('\n');
}

static void print_augments(void)
{
    puts("## Augmentations\nWhat two views of a picture may differ in, and so what the net learns to ignore. "
         "`--augment "
         "\"crop=0.3..1 flip jitter=0.4@0.8\"`: name,\nstrength or the range it is drawn from, `@` "
         "probability. A list in "
         "which every word starts with + or - edits the one there is.\n");
    print_recipes();
    head("as written alone | strength | probability | what it does");
    const struct augment *kind;
    for (size_t i = 0; (kind = augment_at(i)); i++) {
        char probability[32];
        number_text(kind->probability, probability, sizeof probability);
        strength_cell(kind);
        if (kind->entry.knobs)
            range_cell(kind->entry.knobs->min, kind->entry.knobs->max);
        else
            cell("on or off");
        cell(probability);
        char help[400];
        snprintf(help, sizeof help, "%s%s", kind->entry.help, kind->needs_colour ? " (colour only)" : "");
        cell(help);
        puts("|");
    }
    putchar('\n');
}

static void print_nets(void)
{
    print_axis(&layer_axis, "Layers");
    puts("### Presets\n`--encoder NAME`, or the list of layers itself.\n");
    head("name | layers | what it is");
    for (const struct net_preset *p = net_presets; p->name; p++) {
        cell(p->name);
        code_cell(p->text);
        cell(p->help);
        puts("|");
    }
    putchar('\n');
}

static void print_methods(void)
{
    puts("## Methods");
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++) {
        printf("### %s\n%s\n\n%s. Loss `%s`", method->entry.name, method->entry.help, method->paper,
               method->loss);
        if (method->head)
            printf("; head `%s`, %%d the width of h", method->head);
        if (method->predictor)
            printf("; predictor `%s`, %%d the width of z", method->predictor);
        puts(".\n");
        for (const char *const *pair = method->defaults; pair && pair[0]; pair += 2)
            printf("%s`%s=%s`%s", pair == method->defaults ? "Unless set otherwise: " : ", ", pair[0],
                   pair[1], pair[2] ? "" : ".\n\n");
        knob_table(method->entry.knobs);
    }
    puts("## Losses");
    const struct loss *loss;
    for (size_t i = 0; (loss = loss_at(i)); i++) {
        printf("### %s\n%s", loss->entry.name, loss->entry.help);
        printf(loss->used_by ? " Also by the name %s.\n\n" : "\n\n", loss->used_by);
        knob_table(loss->entry.knobs);
    }
}

static void print_formats(void)
{
    puts("## Data\n`nearfar PATH` finds out by itself what PATH is. Settings of the data follow a colon, "
         "`tiles:n=500,seed=2`, or "
         "come with `--set`.\n");
    const struct format *format;
    for (size_t i = 0; (format = format_at(i)); i++) {
        printf("**%s**: %s\n\n", format->entry.name, format->entry.help);
        knob_table(format->entry.knobs);
    }
}

static int print_options(void)
{
    printf("<!-- %s -->\n# Options, settings and lists\nEvery subcommand ends with 0 fine, 1 the answer is "
           "no or it "
           "failed, 2 usage or input, 3 inconclusive.\n\n",
           generated);
    for (size_t i = 0; command_at(i); i++)
        print_subcommand(command_at(i));
    puts("## Every subcommand");
    head("option | what it does");
    option_rows(common_options);
    putchar('\n');
    print_settings();
    print_methods();
    print_augments();
    print_nets();
    print_formats();
    return 0;
}

/* ---- the man page ---- */

/* Text for roff: its escapes and line starts are harmless, blanks stay as they are. */
static void roff(const char *text)
{
    bool line_start = true;
    for (const char *p = text; *p; p++) {
        if (line_start && (*p == '.' || *p == '\''))
            fputs("\\&", stdout);
        if (*p == '\\')
            fputs("\\e", stdout);
        else if (*p == '-')
            fputs("\\-", stdout);
        else
            putchar(*p);
        line_start = *p == '\n';
    }
}

static void roff_item(const char *term, const char *text)
{
    fputs(".TP\n.B ", stdout);
    roff(term);
    putchar('\n');
    roff(text);
    putchar('\n');
}

static void man_command(const struct subcommand *command)
{
    printf(".SS nearfar %s\n", name_of(command));
    roff(command->entry.help);
    putchar('\n');
    if (command->notes) {
        fputs(".P\n", stdout);
        roff(command->notes);
        putchar('\n');
    }
    char text[120];
    for (size_t i = 0; i < OPTION_LISTS && command->option[i]; i++)
        for (const struct option *o = command->option[i]; o->name && command->option[i] != common_options;
             o++) {
            option_text_of(o, text, sizeof text);
            roff_item(text, o->help);
        }
}

static void man_synopsis(void)
{
    puts(".SH SYNOPSIS\n.nf");
    for (size_t i = 0; command_at(i); i++) {
        printf(".B nearfar %s\n", name_of(command_at(i)));
        fputs("    ", stdout);
        roff(command_at(i)->usage);
        putchar('\n');
    }
    puts(".fi");
}

static void man_keys(void)
{
    puts(".SH KEYS");
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const struct action_entry *action = action_entry((enum action)i);
        if (action->keys[0])
            roff_item(action->keys, action->help);
    }
}

static void man_surroundings(void)
{
    puts(".SH FILES");
    roff_item("$XDG_STATE_HOME/nearfar or ~/.local/state/nearfar",
              "Live runs, written when they end; --continue goes on with the newest.");
    puts(".SH ENVIRONMENT");
    roff_item("TERM, COLORTERM, COLORFGBG",
              "What the terminal is and can do; --color, --theme and --glyphs overrule them.");
    roff_item("NO_COLOR", "Set and not empty: no colours.");
    puts(".SH EXIT STATUS");
    roff_item("0", "fine");
    roff_item("1", "the answer is no, or the work failed");
    roff_item("2", "usage or input");
    roff_item("3", "inconclusive");
    puts(".SH EXAMPLES\n.nf");
    roff("nearfar\nnearfar fashion-mnist\nnearfar train tiles -o run\nnearfar embed run tiles -o "
         "embeddings.npy\n"
         "nearfar loss ntxent --set tau=0.2 a.npy b.npy --json\n");
    puts(".fi");
}

static int print_man(void)
{
    printf(".\\\" %s\n.TH NEARFAR 1 \"\" \"nearfar %s\" \"User commands\"\n.SH NAME\n"
           "nearfar \\- watch a contrastive encoder learn what is near and what is far\n",
           generated, NEARFAR_VERSION);
    man_synopsis();
    puts(".SH DESCRIPTION\nTrains a small encoder live in the terminal and shows the map of its embeddings "
         "as it forms: what counts as "
         "near, what as far,\nand which of data, augmentations, objective and threshold decided "
         "that.\nWithout a subcommand it trains at "
         "once, on pictures the program draws itself or on those it is given.\n.SH OPTIONS");
    for (size_t i = 0; command_at(i); i++)
        man_command(command_at(i));
    puts(".SS Every subcommand");
    char text[120];
    for (const struct option *o = common_options; o->name; o++) {
        option_text_of(o, text, sizeof text);
        roff_item(text, o->help);
    }
    man_keys();
    man_surroundings();
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*print)(void);
    } pages[] = {
        {"keys", print_keys}, {"options", print_options}, {"terms", print_terms}, {"man", print_man}};
    for (size_t i = 0; i < ARRAY_LEN(pages); i++)
        if (argc == 2 && strcmp(argv[1], pages[i].name) == 0)
            return pages[i].print();
    fprintf(stderr, "usage: print_docs keys|options|terms|man\n");
    return 2;
}
