/* SPDX-License-Identifier: MIT */
#include "ui/dots.h"
#include "ui/plot.h"

#include <math.h>

static float largest(const float *value, size_t n)
{
    float most = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i]) && value[i] > most)
            most = value[i];
    return most;
}

void plot_bars(struct canvas *canvas, struct rect rect, const float *value, size_t n, struct style style,
               const struct theme *theme)
{
    float most = largest(value, n);
    for (int i = 0; (size_t)i < n && i < rect.width && most > 0; i++) {
        if (!(value[i] > 0) || !isfinite(value[i]))
            continue;
        /* what is there shows, however little */
        int eighths = (int)fmaxf(rintf(value[i] / most * 8 * (float)rect.height), 1);
        for (int row = 0; row < rect.height; row++)
            canvas_put(canvas, rect, rect.x + i, rect.y + rect.height - 1 - row,
                       eighths > row * 8 ? eighth_glyph(theme, eighths - row * 8) : ' ', style);
    }
}

void plot_level(struct canvas *canvas, struct rect rect, int x, int y, int width, double share,
                struct style style, const struct theme *theme)
{
    double filled = share > 0 ? rint((share < 1 ? share : 1) * width) : 0;
    struct style rest = theme_style(theme, ROLE_QUIET);
    for (int i = 0; i < width; i++)
        canvas_put(canvas, rect, x + i, y, theme_glyph(theme, i < filled ? GLYPH_BAR_FULL : GLYPH_BAR_EMPTY),
                   i < filled ? style : rest);
}
