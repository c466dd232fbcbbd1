/* SPDX-License-Identifier: MIT
 *
 * Which cells of a grid are shown and which are to be predicted (I-JEPA: Assran et al. 2023,
 * arXiv:2301.08243, section 3): a few blocks are targets; of one large block, what no target covers is the
 * context.
 *
 * Where the published sampler goes wrong on small grids this one does not: a block may lie anywhere, the last
 * row and column included; area and aspect are two draws; a context of too few cells gets random target cells
 * back, and nothing is cut to the length of the batch's shortest, so that no side of the picture is
 * preferred.
 */
#ifndef NF_METHOD_BLOCKS_H
#define NF_METHOD_BLOCKS_H

#include "base/rng.h"

enum { BLOCKS_KEEP = 4 }; /* cells that the context has at least, or half of all */

struct blocks_rule {
    int height, width; /* of the grid */
    int count;         /* target blocks */
    double area;       /* a target's share of the grid is 3/4 of this to this; aspect 3/4 to 3/2 */
};

/* seen, target: (height, width), 0 or 1. No cell is both; each has at least one, if the grid has two cells.
 */
void blocks_draw(const struct blocks_rule *rule, struct rng *rng, uint8_t *seen, uint8_t *target);

#endif
