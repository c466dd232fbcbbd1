/* SPDX-License-Identifier: MIT
 *
 * What the loop needs of a terminal; two implementations: term_curses (a real one; the only file that knows
 * curses or escape codes) and term_memory (a grid in memory, fed with keys by tests and --play). The screen
 * thread only.
 */
#ifndef NF_UI_TERM_H
#define NF_UI_TERM_H

#include "base/err.h"
#include "ui/canvas.h"
#include "ui/keys.h"
#include "ui/theme.h"

struct term;

struct term_ops {
    void (*size)(struct term *term, int *width, int *height);
    /* The next key that is there, false if none; never waits. A lone Esc shows after 25 ms: the fd wakes. */
    bool (*key)(struct term *term, struct key *key);
    /* Shows the canvas: only what changed is sent. False if not all of it was, because the terminal has not
     * taken or answered the frames before, or there is too much for one frame: call again when the fd wakes
     * and the keys are read. */
    bool (*present)(struct term *term, const struct canvas *canvas);
    int (*fd)(struct term *term);       /* to poll for reading: keys, resizes, answers, time; -1: none */
    void (*suspend)(struct term *term); /* give the terminal back, stop (Ctrl-Z), take it again */
    void (*redraw)(struct term *term);  /* the next present sends everything */
    void (*free)(struct term *term);    /* gives the terminal back */
    void (*copy)(struct term *term, const char *text); /* to the clipboard (OSC 52); NULL: cannot */
    void (*mouse)(struct term *term, bool on);         /* off: the terminal selects text itself */
};

struct term {
    const struct term_ops *ops;
    struct theme theme; /* what it found out: ground, depth, glyphs */
};

struct term_options {
    enum { COLOR_AUTO, COLOR_NEVER, COLOR_16, COLOR_256, COLOR_TRUE } color;
    enum { THEME_AUTO, THEME_DARK, THEME_LIGHT } ground;
    enum { GLYPHS_AUTO, GLYPHS_ONLY_ASCII, GLYPHS_ONLY_BLOCKS, GLYPHS_ALL } glyphs;
    bool mouse;
};

/* Installs the crash handlers that restore the terminal. NULL and err where there is no usable terminal. */
struct term *term_curses_open(const struct term_options *options, struct err *err);

struct term *term_memory_open(int width, int height, struct theme theme);
void term_memory_type(struct term *term, struct key key);
void term_memory_resize(struct term *term, int width, int height);
const struct canvas *term_memory_canvas(struct term *term); /* as last presented; lent */
const char *term_memory_copied(struct term *term);          /* last copy, or NULL; lent */

#endif
