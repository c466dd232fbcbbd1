/* SPDX-License-Identifier: MIT */
#include "view/typing.h"

#include "base/strbuf.h"
#include "ui/text.h"

#include <string.h>

enum { CTRL_A = 1, CTRL_E = 5, CTRL_U = 21, CTRL_W = 23 };

static size_t before(const char *line, size_t at)
{
    while (at > 0 && ((unsigned char)line[--at] & 0xc0) == 0x80)
        ;
    return at;
}

static size_t after(const char *line, size_t at)
{
    if (line[at])
        at++;
    while (((unsigned char)line[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static void cut(char *line, size_t from, size_t to)
{
    memmove(line + from, line + to, strlen(line + to) + 1);
}

static size_t word_start(const char *line, size_t at)
{
    while (at > 0 && line[at - 1] == ' ')
        at--;
    while (at > 0 && line[at - 1] != ' ')
        at--;
    return at;
}

static void insert(char *line, size_t size, size_t *cursor, uint32_t glyph)
{
    char bytes[5];
    size_t n = glyph_to_utf8(glyph, bytes), length = strlen(line);
    if (length + n >= size)
        return;
    memmove(line + *cursor + n, line + *cursor, length - *cursor + 1);
    memcpy(line + *cursor, bytes, n);
    *cursor += n;
}

void typing_set(char *line, size_t size, size_t *cursor, const char *text)
{
    text_clean(line, size, text);
    *cursor = strlen(line);
}

static bool move(const char *line, size_t *cursor, uint32_t code)
{
    if (code == KEYC_LEFT)
        *cursor = before(line, *cursor);
    else if (code == KEYC_RIGHT)
        *cursor = after(line, *cursor);
    else if (code == KEYC_HOME || code == CTRL_A)
        *cursor = 0;
    else if (code == KEYC_END || code == CTRL_E)
        *cursor = strlen(line);
    else
        return false;
    return true;
}

static bool is_character(struct key key)
{
    return key.code >= ' ' && key.code != 127 && key.code < 0x110000;
}

void typing_over(char *line, size_t *cursor, struct proposal *proposal, struct key key)
{
    if (key.code == KEYC_MOUSE)
        return;
    if (is_character(key) && proposal->to > proposal->from && proposal->to <= strlen(line)) {
        cut(line, proposal->from, proposal->to);
        *cursor = proposal->from;
    } else if (key.code == CTRL_U && proposal->to > proposal->from) {
        *cursor = strlen(line); /* what was proposed goes whole */
    }
    proposal->from = proposal->to = 0;
}

bool typing_key(char *line, size_t size, size_t *cursor, struct key key)
{
    size_t length = strlen(line), from = *cursor < length ? *cursor : length;
    *cursor = from;
    if (move(line, cursor, key.code))
        return true;
    switch (key.code) {
    case KEYC_BACKSPACE: *cursor = before(line, from); break;
    case CTRL_U: *cursor = 0; break;
    case CTRL_W: *cursor = word_start(line, from); break;
    case KEYC_DELETE: from = after(line, from); break;
    default:
        if (!is_character(key))
            return false;
        insert(line, size, cursor, key.code);
        return true;
    }
    cut(line, *cursor, from);
    return true;
}
