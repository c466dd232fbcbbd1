/* SPDX-License-Identifier: MIT
 *
 * What a terminal would show: libvterm behind the few questions tests ask.
 */
#ifndef NF_TESTS_SCREEN_H
#define NF_TESTS_SCREEN_H

#include "ui/canvas.h"
#include "ui/frame.h"

#include <stdbool.h>
#include <stddef.h>

struct screen;

struct screen *screen_new(int rows, int columns);
void screen_free(struct screen *screen);
void screen_resize(struct screen *screen, int rows, int columns);
void screen_feed(struct screen *screen, const char *bytes, size_t n);
/* What the terminal answers (cursor reports, device attributes); returns the bytes. */
size_t screen_answers(struct screen *screen, char *bytes, size_t size);

/* The cell as frame_write meant it: glyph ' ' for blank, CELL_COVERED right of a wide one. */
struct shown_cell screen_cell(const struct screen *screen, int x, int y);
bool screen_has(const struct screen *screen, const char *text); /* somewhere in one row */
void screen_text(const struct screen *screen, struct strbuf *out);
int screen_step(const struct screen *screen); /* the step the program shows; -1: none */
bool screen_is_blank(const struct screen *screen);

/* Modes a program may leave behind. */
struct screen_modes {
    bool alternate, mouse, cursor_hidden, paste;
};
struct screen_modes screen_modes(const struct screen *screen);

#endif
