/* SPDX-License-Identifier: MIT
 *
 * What a terminal can show, as far as the options, the environment and terminfo say; what it answers to
 * questions may correct it later (ui/term_curses).
 */
#ifndef NF_UI_GUESS_H
#define NF_UI_GUESS_H

#include "ui/term.h"
#include "ui/terminfo.h"

/* TERM=linux: 16 colours, a font without braille. */
bool guess_console(const char *name);

/* `name`: TERM. Options beat NO_COLOR, COLORTERM and COLORFGBG; those beat terminfo. */
struct theme guess_theme(const struct term_options *options, const char *name, const struct terminfo *info,
                         bool utf8);

#endif
