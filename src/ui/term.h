/* SPDX-License-Identifier: MIT
 *
 * What the loop needs of a terminal; two implementations: term_curses (a real one) and term_memory (a grid in
 * memory, fed with keys by tests and --play). The screen thread only.
 */
#ifndef NF_UI_TERM_H
#define NF_UI_TERM_H

#include "base/err.h"
#include "ui/canvas.h"
#include "ui/keys.h"
#include "ui/theme.h"

struct terminal;

struct term_ops {
    void (*size)(struct terminal *term, int *width, int *height);
    /* The next key that is there, false if none; never waits. A lone Esc shows after 25 ms: the fd wakes. */
    bool (*key)(struct terminal *term, struct key *key);
    /* Shows the canvas: only what changed is sent. False if not all of it was, because the terminal has not
     * taken or answered the frames before, or there is too much for one frame: call again when the fd wakes
     * and the keys are read. */
    bool (*present)(struct terminal *term, const struct canvas *canvas);
    int (*fd)(struct terminal *term);       /* to poll for reading: keys, resizes, answers, time; -1: none */
    void (*suspend)(struct terminal *term); /* give the terminal back, stop (Ctrl-Z), take it again */
    void (*redraw)(struct terminal *term);  /* the next present sends everything */
    void (*free)(struct terminal *term);    /* gives the terminal back */
    void (*copy)(struct terminal *term, const char *text); /* to the clipboard (OSC 52); NULL: cannot */
    void (*mouse)(struct terminal *term, bool on);         /* off: the terminal selects text itself */
};

struct terminal {
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
struct terminal *term_curses_open(const struct term_options *options, struct err *err);

struct terminal *term_memory_open(int width, int height, struct theme theme);
void term_memory_type(struct terminal *term, struct key key);
void term_memory_resize(struct terminal *term, int width, int height);
const struct canvas *term_memory_canvas(struct terminal *term); /* as last presented; lent */
const char *term_memory_copied(struct terminal *term);          /* last copy, or NULL; lent */

#endif
