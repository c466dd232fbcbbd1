/* SPDX-License-Identifier: MIT */
#include "train/moves.h"

#include "math/score.h"
#include "space/neighbours.h"

#include <stdlib.h>

static struct moves read_now(const struct probe *probe, uint64_t step)
{
    struct moves now = {.any = true, .step = step};
    struct bank bank;
    struct neighbours found;
    now.n = probe->n_query < MOVES_ITEMS ? probe->n_query : MOVES_ITEMS;
    now.n_pairs = probe->n_query < PROBE_PAIRS ? probe->n_query : PROBE_PAIRS;
    bank_init(&bank, probe->h, now.n, probe->dim_h, probe->pool);
    neighbours_find(&found, &bank, probe->h, now.n, MOVES_K, true, probe->pool, NULL);
    bank_release(&bank);
    now.near = found.index;
    free(found.score);
    for (size_t i = 0; i < now.n_pairs; i++)
        now.alike[i] = (float)score_cosine(probe->pair_z[0] + i * probe->dim_z,
                                           probe->pair_z[1] + i * probe->dim_z, probe->dim_z);
    return now;
}

/* Past the end of a list is no neighbour. */
static bool share_one(const uint32_t *a, const uint32_t *b)
{
    for (int i = 0; i < MOVES_K; i++)
        for (int j = 0; j < MOVES_K; j++)
            if (a[i] == b[j] && a[i] != UINT32_MAX)
                return true;
    return false;
}

static void compare(const struct moves *before, const struct moves *now, const struct probe *probe,
                    struct moved *moved)
{
    float fell = 0;
    *moved = (struct moved){.since = before->step, .n = now->n};
    for (size_t i = 0; i < now->n; i++)
        moved->flipped += !share_one(before->near + i * MOVES_K, now->near + i * MOVES_K);
    for (size_t i = 0; i < now->n_pairs; i++) {
        if (!(before->alike[i] - now->alike[i] > fell))
            continue;
        fell = before->alike[i] - now->alike[i];
        moved->item = probe->query[i];
        moved->before = before->alike[i];
        moved->now = now->alike[i];
    }
}

bool moves_read(struct moves *moves, const struct probe *probe, uint64_t step, struct moved *moved)
{
    struct moves now = read_now(probe, step);
    bool comparable = moves->any && moves->step < step && moves->n == now.n && now.n > MOVES_K;
    if (comparable)
        compare(moves, &now, probe, moved);
    moves_release(moves);
    *moves = now;
    return comparable;
}

void moves_release(struct moves *moves)
{
    free(moves->near);
    *moves = (struct moves){0};
}
