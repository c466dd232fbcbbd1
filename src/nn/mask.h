/* SPDX-License-Identifier: MIT
 *
 * Which cells of each picture a net may see: a coarse grid laid over maps of any size, point (y, x) of a map
 * (H, W) lies in cell (y h / H, x w / W). Used for prediction in latent space (JEPA), where a net on
 * convolutions stands in for a transformer that is shown a part of the patches: what is hidden is 0 in every
 * map and takes no part in a norm's statistics (as in sparse convolutions; Tian et al. 2023,
 * arXiv:2301.03580). Any thread; nothing owned.
 */
#ifndef NF_NN_MASK_H
#define NF_NN_MASK_H

#include "nn/layer.h"

struct mask {
    int height, width;   /* cells; at most as many as any map they are laid over has points */
    const uint8_t *seen; /* (n, height, width): 1 seen, 0 hidden. Each picture has at least one seen */
};

static inline size_t mask_cells(const struct mask *mask)
{
    return (size_t)mask->height * (size_t)mask->width;
}

/* The mask of picture i alone, in `one`; NULL for NULL. */
static inline const struct mask *mask_of(const struct mask *mask, size_t i, struct mask *one)
{
    if (!mask)
        return NULL;
    *one = (struct mask){mask->height, mask->width, mask->seen + i * mask_cells(mask)};
    return one;
}

/* Sets the hidden points of n maps to `value` (channels); NULL: to 0. */
void mask_hide(const struct mask *mask, size_t n, struct shape shape, const real *value, real *map);
/* The seen points of picture i's map, one behind the other, into `to`; returns how many. `to` NULL: counts.
 */
size_t mask_gather(const struct mask *mask, size_t i, struct shape shape, const real *map, real *to);

#endif
