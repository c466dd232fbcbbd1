/* SPDX-License-Identifier: MIT
 *
 * UTF-8 and how many cells a character takes, without asking the locale: the same on every machine and in the
 * tests. Pure; any thread.
 */
#ifndef NF_UI_TEXT_H
#define NF_UI_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* The next character, and *text moved behind it; 0 at the end. A control byte or broken UTF-8 gives '?' and
 * moves one byte on; a character that was cut by bytes ("%.20s") gives one ellipsis. */
uint32_t text_next(const char **text);

/* 0: combining or invisible; 2: East Asian wide and emoji; 1: all else. */
int glyph_width(uint32_t glyph);

/* UTF-8 of a character into 5 bytes, NUL added; returns the length. */
size_t glyph_to_utf8(uint32_t glyph, char bytes[5]);

int text_width(const char *text); /* cells */

/* `text` as a cell of a table that is `width` cells wide, whatever it takes in bytes: cut with an ellipsis,
 * or filled up with spaces, behind it where width is negative and before it else (as "%-16s" and "%16s" count
 * bytes). Returns `to`; size >= 4 * |width| + 1. */
const char *text_column(const char *text, int width, char *to, size_t size);

/* Of "a; b; c" as many parts as `width` cells hold, and how many more there are: "a +2". Returns `to`, ""
 * where the first alone has no room. */
const char *text_list(const char *list, int width, char *to, size_t size);

#endif
