/* SPDX-License-Identifier: MIT */
#include "data/predicate_word.h"

#include "base/check.h"

#include <string.h>
#include <strings.h>

/* Longer ones first: "<=" is not "<". "=" is "==" as many type it. */
static const struct {
    const char *text;
    enum op op;
} ops[] = {{"==", OP_EQUAL},    {"!=", OP_NOT_EQUAL},   {"<=", OP_AT_MOST},
           {">=", OP_AT_LEAST}, {"!~", OP_MATCHES_NOT}, {"~", OP_MATCHES},
           {"<", OP_LESS},      {">", OP_MORE},         {"=", OP_EQUAL}};

static const struct {
    const char *text;
    enum word_kind kind;
} joins[] = {{"and", WORD_AND}, {"or", WORD_OR}, {"not", WORD_NOT}};

const char *op_text(enum op op)
{
    for (size_t i = 0; i < ARRAY_LEN(ops); i++)
        if (ops[i].op == op)
            return ops[i].text;
    return "";
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool ends_name(char c)
{
    return c == '\0' || is_blank(c) || strchr("()\"=!<>~@", c) != NULL;
}

static void set_text(struct predicate_word *word, const char *from, size_t n)
{
    if (n >= sizeof word->text) {
        word->kind = WORD_BROKEN;
        n = sizeof word->text - 1;
    }
    memcpy(word->text, from, n);
    word->text[n] = '\0';
}

static void read_quoted(const char *p, struct predicate_word *word)
{
    const char *end = strchr(p + 1, '"');
    word->quoted = true;
    if (!end) {
        word->length = strlen(p);
        set_text(word, p + 1, word->length - 1);
        word->kind = WORD_BROKEN;
        return;
    }
    word->kind = WORD_NAME;
    word->length = (size_t)(end - p) + 1;
    set_text(word, p + 1, word->length - 2);
}

static void read_name(const char *p, struct predicate_word *word)
{
    size_t n = 0;
    while (!ends_name(p[n]))
        n++;
    word->kind = n ? WORD_NAME : WORD_BROKEN;
    word->length = n ? n : 1;
    set_text(word, p, n);
    for (size_t i = 0; i < ARRAY_LEN(joins); i++)
        if (strcasecmp(word->text, joins[i].text) == 0)
            word->kind = joins[i].kind;
}

static bool read_sign(const char *p, struct predicate_word *word)
{
    if (*p == '(' || *p == ')') {
        word->kind = *p == '(' ? WORD_OPEN : WORD_CLOSE;
        word->length = 1;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(ops); i++)
        if (strncmp(p, ops[i].text, strlen(ops[i].text)) == 0) {
            word->kind = WORD_OP;
            word->op = ops[i].op;
            word->length = strlen(ops[i].text);
            return true;
        }
    return false;
}

void predicate_word(const char *text, size_t at, struct predicate_word *word)
{
    while (is_blank(text[at]))
        at++;
    *word = (struct predicate_word){.kind = WORD_END, .at = at};
    const char *p = text + at;
    if (*p == '\0' || read_sign(p, word))
        return;
    if (*p == '"') {
        read_quoted(p, word);
    } else if (*p == '@') {
        read_name(p + 1, word);
        word->kind = word->kind == WORD_BROKEN ? WORD_BROKEN : WORD_SET;
        word->length = word->text[0] ? word->length + 1 : 1;
    } else {
        read_name(p, word);
    }
}
