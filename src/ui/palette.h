/* SPDX-License-Identifier: MIT
 *
 * 24-bit colours on terminals that have fewer. Pure.
 */
#ifndef NF_UI_PALETTE_H
#define NF_UI_PALETTE_H

#include "ui/canvas.h"

/* Nearest of the colour cube and the grey ramp, 16..255; the first 16 are the user's own and not used. */
int palette_256(colour value);
/* Nearest of the 16 colours as xterm has them: the user's may differ, their names do not. */
int palette_16(colour value);
/* The entry 22..255 that is exactly this colour, or -1 (16..21 are redefined by some themes). */
int palette_exact(colour value);

#endif
