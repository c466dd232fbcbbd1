/* SPDX-License-Identifier: MIT
 *
 * The command line. Every subcommand is a const table: what it is called, what it takes, what it does; the
 * one parser, --help, the man page and docs/options.md read the tables. Texts are lent from argv. Main thread
 * only.
 */
#ifndef NF_APP_OPTIONS_H
#define NF_APP_OPTIONS_H

#include "base/err.h"
#include "base/registry.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* What the program tells its caller. */
enum exit_code {
    EXIT_FINE = 0,
    EXIT_NO = 1,           /* the answer is no, or the work failed */
    EXIT_USAGE = 2,        /* usage or input */
    EXIT_INCONCLUSIVE = 3, /* not enough to say */
};

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_WHOLE,  /* an integer within low..high */
    OPTION_NUMBER, /* a number within low..high */
    OPTION_BYTES,  /* a size with K, M or G: "64M"; low and high in bytes */
    OPTION_CHOICE, /* one of the words of `argument`, separated by '|' */
};

struct option {
    const char *name; /* without "--" */
    char letter;      /* short form, 0: none */
    enum option_kind kind;
    const char *argument; /* as help shows it: "N", "RUN", "auto|never"; NULL for a flag */
    double low, high;
    const char *help;
};

enum { OPTION_LISTS = 5, OPTIONS_MAX = 96, OPERANDS_MAX = 16 };

struct options;

struct subcommand {
    struct entry entry;                        /* name as typed, one sentence */
    const char *usage;                         /* operands and the main options, behind the name */
    const struct option *option[OPTION_LISTS]; /* lists, each ends with a NULL name; NULL after the last */
    size_t min_operands, max_operands;
    const char *notes; /* the rest of --help, or NULL */
    enum exit_code (*run)(const struct options *options);
};

extern const struct axis command_axis;
const struct subcommand *command_at(size_t i); /* NULL past the end */

/* --help, --seed and --threads, which every subcommand has. */
extern const struct option common_options[];

struct option_value {
    const struct option *option; /* lent: static */
    const char *text;            /* lent from argv; NULL for a flag */
    double number;               /* of WHOLE, NUMBER and BYTES; CHOICE: index of the word */
};

struct options {
    const struct subcommand *command;
    struct option_value value[OPTIONS_MAX]; /* in the order given */
    size_t n_values;
    const char *operand[OPERANDS_MAX];
    size_t n_operands;
    bool help;
};

/* argv[0..argc-1] behind the subcommand's name. Checks kinds, ranges and the number of operands. */
bool options_parse(struct options *options, const struct subcommand *command, int argc, char **argv,
                   struct err *err);

/* As if --name text (NULL for a flag) had been typed behind the rest; text is lent. */
bool options_add(struct options *options, const char *name, const char *text, struct err *err);

/* The last one given. The name must be one of the subcommand's options. */
bool option_given(const struct options *options, const char *name);
const char *option_text(const struct options *options, const char *name, const char *otherwise);
double option_number(const struct options *options, const char *name, double otherwise);
int option_choice(const struct options *options, const char *name, int otherwise);
/* The i-th given of an option that may be repeated; NULL past the last. */
const char *option_repeated(const struct options *options, const char *name, size_t i);

/* False and err where one of these was given, which mean something only with `with`: else it would be passed
 * over in silence. */
bool options_only_with(const struct options *options, const struct option *list, const char *with,
                       struct err *err);

/* --threads, or every core this process may use. */
int option_threads(const struct options *options);

/* "name=value" in two; false and err if there is no '=' or no name. */
bool split_pair(const char *pair, char *name, size_t name_size, const char **value, struct err *err);

/* The help of one subcommand; of the program when it is the first (what runs without a name). */
void options_help(const struct subcommand *command, struct strbuf *out);

/* One line on stderr: "nearfar train: ...". Returns the code. */
enum exit_code complain(const struct options *options, enum exit_code code, const struct err *err);

#endif
