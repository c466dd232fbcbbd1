/* SPDX-License-Identifier: MIT */
#include "app/options.h"

#include "base/check.h"
#include "base/parallel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct option common_options[] = {
    {"seed", 0, OPTION_WHOLE, "N", 0, 9007199254740991.0, "what all randomness is drawn from (1)"},
    {"threads", 0, OPTION_WHOLE, "T", 1, 256,
     "threads to work with (every core); results do not depend on it"},
    {"help", 'h', OPTION_FLAG, NULL, 0, 0, "this text"},
    {0},
};

/* ---- finding ---- */

static const struct option *find_long(const struct subcommand *command, const char *name, size_t length)
{
    for (size_t list = 0; list < OPTION_LISTS && command->option[list]; list++)
        for (const struct option *o = command->option[list]; o->name; o++)
            if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
                return o;
    return NULL;
}

static const struct option *find_letter(const struct subcommand *command, char letter)
{
    for (size_t list = 0; list < OPTION_LISTS && command->option[list]; list++)
        for (const struct option *o = command->option[list]; o->name; o++)
            if (o->letter == letter)
                return o;
    return NULL;
}

/* How many letters of two words differ place by place or in length: enough to spot a slip. */
static size_t difference(const char *a, const char *b, size_t b_length)
{
    size_t a_length = strlen(a), same_front = 0, same_back = 0;
    size_t shorter = a_length < b_length ? a_length : b_length, longer = a_length + b_length - shorter;
    while (same_front < shorter && a[same_front] == b[same_front])
        same_front++;
    while (same_front + same_back < shorter && a[a_length - 1 - same_back] == b[b_length - 1 - same_back])
        same_back++;
    return longer - same_front - same_back;
}

static bool say_unknown(const struct subcommand *command, const char *word, size_t length, struct err *err)
{
    const struct option *near = NULL;
    size_t least = 3;
    for (size_t list = 0; list < OPTION_LISTS && command->option[list]; list++)
        for (const struct option *o = command->option[list]; o->name; o++) {
            size_t d = difference(o->name, word, length);
            if (d < least) {
                least = d;
                near = o;
            }
        }
    return near ? err_set(err, "--%.*s is not an option here; --%s is (--help lists them)", (int)length, word,
                          near->name)
                : err_set(err, "--%.*s is not an option here (--help lists them)", (int)length, word);
}

/* ---- values ---- */

static bool read_bytes(const char *text, double *value)
{
    char digits[32];
    size_t length = strlen(text);
    double unit = 1;
    if (length == 0 || length >= sizeof digits)
        return false;
    const char *letter = strchr("KMG", text[length - 1]);
    if (letter) {
        unit = *letter == 'K' ? 1024.0 : *letter == 'M' ? 1024.0 * 1024 : 1024.0 * 1024 * 1024;
        length--;
    }
    memcpy(digits, text, length);
    digits[length] = '\0';
    if (!text_to_double(digits, value))
        return false;
    *value *= unit;
    return true;
}

static int word_index(const char *words, const char *text)
{
    int index = 0;
    for (const char *p = words; *p; index++) {
        size_t length = strcspn(p, "|");
        if (length == strlen(text) && strncmp(p, text, length) == 0)
            return index;
        p += length + (p[length] == '|');
    }
    return -1;
}

static bool in_range(const struct option *option, const char *text, double value, struct err *err)
{
    if (value >= option->low && value <= option->high)
        return true;
    return err_set(err, "--%s %s: must be between %.15g and %.15g", option->name, text, option->low,
                   option->high);
}

static bool wants_value(const struct option *option, struct err *err)
{
    return err_set(err, "--%s wants a value: --%s %s", option->name, option->name, option->argument);
}

static bool read_value(struct option_value *value, struct err *err)
{
    const struct option *option = value->option;
    switch (option->kind) {
    case OPTION_FLAG: return true;
    case OPTION_TEXT: return *value->text || wants_value(option, err);
    case OPTION_WHOLE:
        if (!text_to_double(value->text, &value->number) || value->number != floor(value->number))
            return err_set(err, "--%s %s: not a whole number", option->name, value->text);
        return in_range(option, value->text, value->number, err);
    case OPTION_NUMBER:
        if (!text_to_double(value->text, &value->number))
            return err_set(err, "--%s %s: not a number", option->name, value->text);
        return in_range(option, value->text, value->number, err);
    case OPTION_BYTES:
        if (!read_bytes(value->text, &value->number))
            return err_set(err, "--%s %s: not a size such as 64M", option->name, value->text);
        return in_range(option, value->text, value->number, err);
    case OPTION_CHOICE:
        value->number = word_index(option->argument, value->text);
        if (value->number < 0)
            return err_set(err, "--%s %s: must be one of %s", option->name, value->text, option->argument);
        return true;
    }
    return false;
}

/* ---- parsing ---- */

struct words {
    int at, n;
    char **word;
};

static bool take(struct options *options, const struct option *option, const char *attached,
                 struct words *words, struct err *err)
{
    if (options->n_values == OPTIONS_MAX)
        return err_set(err, "more than %d options", OPTIONS_MAX);
    struct option_value *value = &options->value[options->n_values];
    *value = (struct option_value){.option = option, .text = attached};
    if (option->kind == OPTION_FLAG && attached)
        return err_set(err, "--%s takes no value", option->name);
    if (option->kind != OPTION_FLAG && !attached) {
        if (words->at == words->n)
            return wants_value(option, err);
        value->text = words->word[words->at++];
    }
    if (!read_value(value, err))
        return false;
    options->n_values++;
    options->help |= strcmp(option->name, "help") == 0;
    return true;
}

static bool take_long(struct options *options, const char *word, struct words *words, struct err *err)
{
    size_t length = strcspn(word, "=");
    const struct option *option = find_long(options->command, word, length);
    if (!option)
        return say_unknown(options->command, word, length, err);
    return take(options, option, word[length] == '=' ? word + length + 1 : NULL, words, err);
}

static bool take_letter(struct options *options, const char *word, struct words *words, struct err *err)
{
    const struct option *option = find_letter(options->command, word[0]);
    if (!option)
        return err_set(err, "-%c is not an option here (--help lists them)", word[0]);
    return take(options, option, word[1] ? word + 1 : NULL, words, err);
}

/* "nearfar --seed 2 explore EMB.npy": what looks like data to the live screen was meant as a subcommand. */
static bool names_a_subcommand(const struct options *options, const char *word)
{
    for (size_t i = 0; command_at(i); i++)
        if (options->command == command_at(0) && options->n_operands == 0 &&
            strcmp(command_at(i)->entry.name, word) == 0)
            return true;
    return false;
}

static bool take_operand(struct options *options, const char *word, struct err *err)
{
    if (names_a_subcommand(options, word))
        return err_set(err, "%s comes first, options behind it: nearfar %s ... (data of that name: ./%s)",
                       word, word, word);
    if (options->n_operands == options->command->max_operands || options->n_operands == OPERANDS_MAX)
        return err_set(err, "%s: one more than it takes (--help shows what it takes)", word);
    options->operand[options->n_operands++] = word;
    return true;
}

bool options_add(struct options *options, const char *name, const char *text, struct err *err)
{
    const struct option *option = find_long(options->command, name, strlen(name));
    if (!option)
        return say_unknown(options->command, name, strlen(name), err);
    if (options->n_values == OPTIONS_MAX)
        return err_set(err, "more than %d options", OPTIONS_MAX);
    struct option_value *value = &options->value[options->n_values];
    *value = (struct option_value){.option = option, .text = text};
    if (!read_value(value, err))
        return false;
    options->n_values++;
    return true;
}

bool options_parse(struct options *options, const struct subcommand *command, int argc, char **argv,
                   struct err *err)
{
    *options = (struct options){.command = command};
    struct words words = {0, argc, argv};
    bool only_operands = false, fine = true;
    while (fine && words.at < words.n) {
        const char *word = words.word[words.at++];
        if (only_operands || word[0] != '-' || word[1] == '\0')
            fine = take_operand(options, word, err);
        else if (strcmp(word, "--") == 0)
            only_operands = true;
        else if (word[1] == '-')
            fine = take_long(options, word + 2, &words, err);
        else
            fine = take_letter(options, word + 1, &words, err);
    }
    if (fine && !options->help && options->n_operands < command->min_operands)
        return err_set(err, "something is missing: nearfar %s %s (--help says more)", command->entry.name,
                       command->usage);
    return fine;
}

/* ---- asking ---- */

static const struct option_value *last_value(const struct options *options, const char *name)
{
    CHECK(find_long(options->command, name, strlen(name)));
    for (size_t i = options->n_values; i-- > 0;)
        if (strcmp(options->value[i].option->name, name) == 0)
            return &options->value[i];
    return NULL;
}

bool option_given(const struct options *options, const char *name)
{
    return last_value(options, name) != NULL;
}

bool options_only_with(const struct options *options, const struct option *list, const char *with,
                       struct err *err)
{
    for (size_t i = 0; i < options->n_values; i++)
        for (const struct option *o = list; o->name; o++)
            if (options->value[i].option == o)
                return err_set(err, "--%s says nothing without %s", o->name, with);
    return true;
}

const char *option_text(const struct options *options, const char *name, const char *otherwise)
{
    const struct option_value *value = last_value(options, name);
    return value ? value->text : otherwise;
}

double option_number(const struct options *options, const char *name, double otherwise)
{
    const struct option_value *value = last_value(options, name);
    return value ? value->number : otherwise;
}

int option_choice(const struct options *options, const char *name, int otherwise)
{
    return (int)option_number(options, name, otherwise);
}

const char *option_repeated(const struct options *options, const char *name, size_t i)
{
    CHECK(find_long(options->command, name, strlen(name)));
    for (size_t k = 0; k < options->n_values; k++)
        if (strcmp(options->value[k].option->name, name) == 0 && i-- == 0)
            return options->value[k].text;
    return NULL;
}

int option_threads(const struct options *options)
{
    return (int)option_number(options, "threads", cores_available());
}

bool split_pair(const char *pair, char *name, size_t name_size, const char **value, struct err *err)
{
    size_t length = strcspn(pair, "=");
    if (length == 0 || pair[length] != '=')
        return err_set(err, "%s: write it as name=value", pair);
    if (length >= name_size)
        return err_set(err, "%s: no setting has so long a name", pair);
    memcpy(name, pair, length);
    name[length] = '\0';
    *value = pair + length + 1;
    return true;
}

/* ---- help ---- */

static void help_option(const struct option *option, struct strbuf *out)
{
    struct strbuf left = {0};
    if (option->letter)
        strbuf_printf(&left, "-%c, ", option->letter);
    strbuf_printf(&left, "--%s", option->name);
    if (option->argument)
        strbuf_printf(&left, " %s", option->argument);
    if (left.length > 22)
        strbuf_printf(out, "  %s\n%26s%s\n", strbuf_text(&left), "", option->help);
    else
        strbuf_printf(out, "  %-22s  %s\n", strbuf_text(&left), option->help);
    strbuf_release(&left);
}

static void help_program(struct strbuf *out)
{
    strbuf_puts(out, "nearfar: watch a contrastive encoder learn what is near and what is far.\n\nusage:\n");
    for (size_t i = 0; command_at(i); i++) {
        const struct subcommand *c = command_at(i);
        strbuf_printf(out, "  nearfar %s%s%s\n      %s\n", i ? c->entry.name : "", i ? " " : "", c->usage,
                      c->entry.help);
    }
    strbuf_puts(
        out, "`nearfar SUBCOMMAND --help` says more. Exit status: 0 fine, 1 the answer is no or it failed,\n"
             "2 usage or input, 3 inconclusive.\n\noptions:\n");
}

void options_help(const struct subcommand *command, struct strbuf *out)
{
    if (command == command_at(0))
        help_program(out);
    else
        strbuf_printf(out, "usage: nearfar %s %s\n%s\n\noptions:\n", command->entry.name, command->usage,
                      command->entry.help);
    for (size_t list = 0; list < OPTION_LISTS && command->option[list]; list++)
        for (const struct option *o = command->option[list]; o->name; o++)
            help_option(o, out);
    if (command->notes)
        strbuf_printf(out, "\n%s\n", command->notes);
}

enum exit_code complain(const struct options *options, enum exit_code code, const struct err *err)
{
    bool live = options->command == command_at(0);
    fprintf(stderr, "nearfar%s%s: %s\n", live ? "" : " ", live ? "" : options->command->entry.name,
            err->text);
    return code;
}
