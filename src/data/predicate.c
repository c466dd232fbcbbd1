/* SPDX-License-Identifier: MIT */
#include "data/predicate.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "data/pattern.h"
#include "data/predicate_word.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NODES = 64, MAX_DEPTH = 24, NONE = -1, ROW = -1 };

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_SET, NODE_VALUES, NODE_NUMBER, NODE_TEXT };

struct node {
    enum node_kind kind;
    int left, right; /* AND, OR; NOT: left */
    int column;      /* of the data set; NONE: a number of its own */
    int which;       /* the set, or the number; ROW: the row itself */
    enum op op;
    bool blank;     /* compared with "" */
    double number;  /* NUMBER */
    bool *truth;    /* VALUES: (n_values + 1), the last for blank */
    char *text;     /* TEXT, without a pattern */
    regex_t *regex; /* TEXT, or NULL */
};

struct predicate {
    const struct dataset *data; /* lent */
    struct node node[MAX_NODES];
    int n, root;
};

struct parser {
    const char *text;
    const struct items *items;
    struct predicate *predicate;
    struct predicate_word word; /* the next one */
    int depth;
    struct err *err;
};

/* ---- saying what is wrong ---- */

/* Which character of the text a byte is, from 1. */
static size_t character(const char *text, size_t at)
{
    size_t n = 1;
    for (size_t i = 0; i < at && text[i]; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

__attribute__((format(printf, 3, 4))) static int fail(struct parser *p, const struct predicate_word *word,
                                                      const char *format, ...)
{
    char what[360];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    (void)err_set(p->err, "at %zu: %s", character(p->text, word->at), what);
    return NONE;
}

/* "a, b, c" as far as it fits. */
static void list(char *text, size_t size, const char *name)
{
    size_t used = strlen(text);
    if (used + strlen(name) + 8 < size)
        snprintf(text + used, size - used, "%s%s", used ? ", " : "", name);
    else if (used >= 3 && used + 6 < size && strcmp(text + used - 3, "...") != 0)
        snprintf(text + used, size - used, ", ...");
}

static int unknown_name(struct parser *p, const struct predicate_word *word)
{
    char names[200] = "";
    const struct items *items = p->items;
    for (size_t c = 0; c < items->data->n_columns; c++)
        list(names, sizeof names, items->data->column[c].name);
    for (size_t i = 0; i < items->n_numbers; i++)
        list(names, sizeof names, items->number[i].name);
    list(names, sizeof names, "item");
    return fail(p, word, "there is no %.40s; there are %s", word->text, names);
}

static int unknown_value(struct parser *p, const struct predicate_word *word, const struct column *column)
{
    char values[200] = "";
    for (size_t v = 0; v < column->n_values && v < 40; v++)
        list(values, sizeof values, column->value[v]);
    return fail(p, word, "%.40s has no value %.40s; it has %s", column->name, word->text, values);
}

/* ---- reading ---- */

static void advance(struct parser *p)
{
    predicate_word(p->text, p->word.at + p->word.length, &p->word);
}

static int add(struct parser *p, struct node node)
{
    if (p->predicate->n == MAX_NODES)
        return fail(p, &p->word, "this asks for too much at once: at most %d parts", MAX_NODES);
    p->predicate->node[p->predicate->n] = node;
    return p->predicate->n++;
}

static bool compares(enum op op, double a, double b)
{
    switch (op) {
    case OP_EQUAL: return a == b;
    case OP_NOT_EQUAL: return a != b;
    case OP_LESS: return a < b;
    case OP_AT_MOST: return a <= b;
    case OP_MORE: return a > b;
    case OP_AT_LEAST: return a >= b;
    default: return false;
    }
}

static bool is_order(enum op op)
{
    return op >= OP_LESS && op <= OP_AT_LEAST;
}

static int pattern_of(struct parser *p, const struct predicate_word *word, regex_t *regex)
{
    struct err err;
    return pattern_compile(regex, word->text, &err) ? 0 : fail(p, word, "%s", err.text);
}

/* Which values match, as a truth a value: the pattern is asked once a value, not once an item. */
static int values_matching(struct parser *p, struct node *node, const struct column *c,
                           const struct predicate_word *word)
{
    regex_t regex;
    if (pattern_of(p, word, &regex) == NONE)
        return NONE;
    for (size_t v = 0; v <= c->n_values; v++)
        node->truth[v] =
            pattern_matches(&regex, v < c->n_values ? c->value[v] : "") == (node->op == OP_MATCHES);
    regfree(&regex);
    return 0;
}

static int values_in_order(struct parser *p, struct node *node, const struct column *c,
                           const struct predicate_word *word)
{
    double to, value;
    bool some = false;
    if (!text_to_double(word->text, &to))
        return fail(p, word, "%.40s: a number must follow %s", word->text, op_text(node->op));
    for (size_t v = 0; v < c->n_values; v++) {
        bool number = text_to_double(c->value[v], &value);
        some = some || number;
        node->truth[v] = number && compares(node->op, value, to);
    }
    return some ? 0 : fail(p, word, "%.40s holds words: ask with == != or ~", c->name);
}

static int values_equal(struct parser *p, struct node *node, const struct column *c,
                        const struct predicate_word *word)
{
    size_t value = 0;
    while (value < c->n_values && strcmp(c->value[value], word->text) != 0)
        value++;
    if (value == c->n_values && word->text[0])
        return unknown_value(p, word, c);
    for (size_t v = 0; v <= c->n_values; v++)
        node->truth[v] = (v == value) == (node->op == OP_EQUAL);
    return 0;
}

static int ask_category(struct parser *p, struct node node, const struct predicate_word *word)
{
    const struct column *c = &p->items->data->column[node.column];
    node.kind = NODE_VALUES;
    node.truth = xcalloc(c->n_values + 1, sizeof *node.truth);
    int fine = node.op >= OP_MATCHES ? values_matching(p, &node, c, word)
               : is_order(node.op)   ? values_in_order(p, &node, c, word)
                                     : values_equal(p, &node, c, word);
    int at = fine == NONE ? NONE : add(p, node);
    if (at == NONE)
        free(node.truth);
    return at;
}

static int ask_number(struct parser *p, struct node node, const struct predicate_word *word, const char *name)
{
    node.kind = NODE_NUMBER;
    node.blank = word->text[0] == '\0' && !is_order(node.op);
    if (node.op >= OP_MATCHES)
        return fail(p, word, "%.40s is a number: ask with == != < <= > >=", name);
    if (!node.blank && !text_to_double(word->text, &node.number))
        return fail(p, word, "%.40s: %.40s is compared with a number", word->text, name);
    return add(p, node);
}

static int ask_text(struct parser *p, struct node node, const struct predicate_word *word)
{
    node.kind = NODE_TEXT;
    if (is_order(node.op))
        return fail(p, word, "%.40s is text: ask with == != or ~", p->items->data->column[node.column].name);
    if (node.op < OP_MATCHES) {
        node.text = xstrdup(word->text);
    } else {
        node.regex = xcalloc(1, sizeof *node.regex);
        if (pattern_of(p, word, node.regex) == NONE) {
            free(node.regex);
            return NONE;
        }
    }
    int at = add(p, node);
    if (at == NONE) {
        free(node.text);
        if (node.regex)
            regfree(node.regex);
        free(node.regex);
    }
    return at;
}

static int find_number(const struct items *items, const char *name)
{
    for (size_t i = 0; i < items->n_numbers; i++)
        if (strcmp(items->number[i].name, name) == 0)
            return (int)i;
    return NONE;
}

/* name op value, the name being the next word. */
static int comparison(struct parser *p)
{
    struct predicate_word name = p->word, value;
    struct node node = {.column = dataset_find_column(p->items->data, name.text)};
    if (node.column == NO_COLUMN)
        node.which = find_number(p->items, name.text);
    bool row = strcmp(name.text, "item") == 0; /* NONE as number, and then the row itself */
    if (node.column == NO_COLUMN && node.which == NONE && !row)
        return unknown_name(p, &name);
    advance(p);
    if (p->word.kind != WORD_OP)
        return fail(p, &p->word, "after %.40s comes == != < <= > >= ~ or !~", name.text);
    node.op = p->word.op;
    advance(p);
    value = p->word;
    if (value.kind != WORD_NAME)
        return fail(p, &value, "a value is missing after %s", op_text(node.op));
    advance(p);
    if (node.column == NO_COLUMN || p->items->data->column[node.column].kind == COLUMN_NUMBER)
        return ask_number(p, node, &value, name.text);
    return p->items->data->column[node.column].kind == COLUMN_CATEGORY ? ask_category(p, node, &value)
                                                                       : ask_text(p, node, &value);
}

static int set_of(struct parser *p)
{
    struct node node = {.kind = NODE_SET, .which = NONE};
    char names[200] = "";
    for (size_t i = 0; i < p->items->n_sets; i++) {
        list(names, sizeof names, p->items->set[i].name);
        if (strcmp(p->items->set[i].name, p->word.text) == 0)
            node.which = (int)i;
    }
    if (node.which == NONE)
        return fail(p, &p->word, "there is no selection of the name %.40s%s%s", p->word.text,
                    *names ? "; there are " : "", names);
    advance(p);
    return add(p, node);
}

static int ask(struct parser *p);

static int in_parentheses(struct parser *p)
{
    struct predicate_word open = p->word;
    advance(p);
    int inside = ask(p);
    if (inside == NONE)
        return NONE;
    if (p->word.kind != WORD_CLOSE)
        return fail(p, &open, "this parenthesis is not closed");
    advance(p);
    return inside;
}

static int one(struct parser *p)
{
    struct node node = {.kind = NODE_NOT};
    if (++p->depth > MAX_DEPTH)
        return fail(p, &p->word, "too deep: at most %d parentheses and nots", MAX_DEPTH);
    int at = NONE;
    switch (p->word.kind) {
    case WORD_NOT:
        advance(p);
        node.left = one(p);
        at = node.left == NONE ? NONE : add(p, node);
        break;
    case WORD_OPEN: at = in_parentheses(p); break;
    case WORD_SET: at = set_of(p); break;
    case WORD_NAME: at = comparison(p); break;
    case WORD_END: fail(p, &p->word, "here something is missing: a name, not, ( or @"); break;
    case WORD_BROKEN:
        fail(p, &p->word, p->word.quoted ? "these quotes do not end" : "this sign has no meaning here");
        break;
    default: fail(p, &p->word, "a name, not, ( or @ comes here"); break;
    }
    p->depth--;
    return at;
}

/* Parts joined by the same word, from left to right. */
static int joined(struct parser *p, enum word_kind word, enum node_kind kind, int (*part)(struct parser *))
{
    int left = part(p);
    while (left != NONE && p->word.kind == word) {
        advance(p);
        int right = part(p);
        left = right == NONE ? NONE : add(p, (struct node){.kind = kind, .left = left, .right = right});
    }
    return left;
}

static int all(struct parser *p)
{
    return joined(p, WORD_AND, NODE_AND, one);
}

static int ask(struct parser *p)
{
    return joined(p, WORD_OR, NODE_OR, all);
}

struct predicate *predicate_parse(const char *text, const struct items *items, struct err *err)
{
    struct predicate *predicate = xcalloc(1, sizeof *predicate);
    struct parser p = {.text = text, .items = items, .predicate = predicate, .err = err};
    predicate->data = items->data;
    predicate_word(text, 0, &p.word);
    predicate->root = ask(&p);
    if (predicate->root != NONE && p.word.kind == WORD_END)
        return predicate;
    if (predicate->root != NONE)
        fail(&p, &p.word, "and, or, or nothing comes here");
    predicate_free(predicate);
    return NULL;
}

void predicate_free(struct predicate *predicate)
{
    for (int i = 0; predicate && i < predicate->n; i++) {
        struct node *node = &predicate->node[i];
        free(node->truth);
        free(node->text);
        if (node->regex)
            regfree(node->regex);
        free(node->regex);
    }
    free(predicate);
}

/* ---- asking ---- */

static size_t row_of(const struct items *items, size_t item)
{
    return items->row ? items->row[item] : item;
}

/* Numbers are kept as floats, so what is typed is rounded to one: 0.3 is the 0.3 of the file. Rows are whole.
 */
static bool number_holds(const struct node *node, const struct items *items, size_t item)
{
    size_t row = row_of(items, item);
    if (node->column == NO_COLUMN && node->which == ROW)
        return node->blank ? node->op == OP_NOT_EQUAL : compares(node->op, (double)row, node->number);
    const float *own = node->column == NO_COLUMN ? items->number[node->which].value : NULL;
    if (node->column == NO_COLUMN && !own)
        return false;
    double value = (double)(own ? own[item] : items->data->column[node->column].number[row]);
    if (node->blank)
        return isnan(value) == (node->op == OP_EQUAL);
    return compares(node->op, value, (double)(float)node->number);
}

static bool text_holds(const struct node *node, const char *text)
{
    if (node->regex)
        return pattern_matches(node->regex, text) == (node->op == OP_MATCHES);
    return (strcmp(text, node->text) == 0) == (node->op == OP_EQUAL);
}

static bool holds(const struct predicate *p, int at, const struct items *items, size_t item)
{
    const struct node *node = &p->node[at];
    switch (node->kind) {
    case NODE_AND: return holds(p, node->left, items, item) && holds(p, node->right, items, item);
    case NODE_OR: return holds(p, node->left, items, item) || holds(p, node->right, items, item);
    case NODE_NOT: return !holds(p, node->left, items, item);
    case NODE_SET: return items->set[node->which].word[item / 64] >> (item % 64) & 1;
    case NODE_NUMBER: return number_holds(node, items, item);
    case NODE_TEXT: return text_holds(node, p->data->column[node->column].text[row_of(items, item)]);
    case NODE_VALUES: break;
    }
    const struct column *c = &p->data->column[node->column];
    uint32_t code = c->code[row_of(items, item)];
    return node->truth[code < c->n_values ? code : c->n_values];
}

bool predicate_holds(const struct predicate *predicate, const struct items *items, size_t item)
{
    return holds(predicate, predicate->root, items, item);
}

bool predicate_uses(const struct predicate *predicate, size_t number)
{
    for (int i = 0; i < predicate->n; i++) {
        const struct node *node = &predicate->node[i];
        if (node->kind == NODE_NUMBER && node->column == NO_COLUMN && node->which == (int)number)
            return true;
    }
    return false;
}
