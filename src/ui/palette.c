/* SPDX-License-Identifier: MIT */
#include "ui/palette.h"

#include "base/check.h"

#include <limits.h>

static int channel(colour value, int shift)
{
    return (int)(value >> shift & 0xff);
}

/* Squared distance, weighted by how much the eye makes of each primary. */
static int distance(colour a, colour b)
{
    int r = channel(a, 16) - channel(b, 16), g = channel(a, 8) - channel(b, 8),
        blue = channel(a, 0) - channel(b, 0);
    return 3 * r * r + 6 * g * g + blue * blue;
}

static const int cube_levels[6] = {0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff};

static int nearest_level(int value)
{
    return value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
}

static colour grey(int level)
{
    return (colour)(8 + 10 * level) * 0x010101u;
}

int palette_256(colour value)
{
    int r = nearest_level(channel(value, 16)), g = nearest_level(channel(value, 8)),
        b = nearest_level(channel(value, 0));
    colour cube = (colour)(cube_levels[r] << 16 | cube_levels[g] << 8 | cube_levels[b]);
    int mean = (channel(value, 16) + channel(value, 8) + channel(value, 0)) / 3;
    int level = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
    return distance(value, grey(level)) < distance(value, cube) ? 232 + level : 16 + 36 * r + 6 * g + b;
}

int palette_exact(colour value)
{
    int index = palette_256(value);
    int r = (index - 16) / 36, g = (index - 16) / 6 % 6, b = (index - 16) % 6;
    colour found = index >= 232 ? grey(index - 232)
                                : (colour)(cube_levels[r] << 16 | cube_levels[g] << 8 | cube_levels[b]);
    return index >= 22 && found == value ? index : -1;
}

int palette_16(colour value)
{
    static const colour ansi[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                    0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                    0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    int best = 0, least = INT_MAX;
    for (int i = 0; i < (int)ARRAY_LEN(ansi); i++)
        if (distance(value, ansi[i]) < least) {
            least = distance(value, ansi[i]);
            best = i;
        }
    return best;
}
