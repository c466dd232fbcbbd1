/* SPDX-License-Identifier: MIT
 *
 * Golden canvases: text files under tests/golden that say what a drawing looked like when a person last
 * approved it. GOLDEN_WRITE=1 writes them anew; look at the diff.
 */
#ifndef NF_TESTS_GOLDEN_H
#define NF_TESTS_GOLDEN_H

#include "ui/canvas.h"

/* Compares canvas_dump(canvas, styles) with tests/golden/<name>.txt; prints the lines that differ, was (-)
 * and is (+), and fails the test. Tests run in the project's folder. */
void golden_canvas(const char *name, const struct canvas *canvas, bool styles);

/* The same for any text. */
void golden_text(const char *name, const char *text);

#endif
