/* SPDX-License-Identifier: MIT */
#include "loss/loss.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

#define LOSS(name) extern const struct loss loss_##name;
#include "loss/losses.def"
#undef LOSS

static const struct loss *const losses[] = {
#define LOSS(name) &loss_##name,
#include "loss/losses.def"
#undef LOSS
};

const struct loss *loss_at(size_t i)
{
    return i < ARRAY_LEN(losses) ? losses[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    const struct loss *loss = loss_at(i);
    return loss ? &loss->entry : NULL;
}

const struct axis loss_axis = {.title = "loss", .at = entry_at};

/* Is `word` one of the blank-separated words of `list` (NULL: none)? */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list ? list : ""; *at; at += strspn(at, " ")) {
        size_t span = strcspn(at, " ");
        if (length > 0 && span == length && memcmp(at, word, length) == 0)
            return true;
        at += span;
    }
    return false;
}

const struct loss *loss_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(losses); i++)
        if (strcmp(losses[i]->entry.name, name) == 0 || has_word(losses[i]->used_by, name))
            return losses[i];
    return NULL;
}

const struct knob *loss_knob(const struct loss *loss, const char *name)
{
    bool other = loss->also[0] && strcmp(loss->also[0], name) == 0;
    return knob_find(loss->entry.knobs, other ? loss->also[1] : name);
}

static bool has_all(const struct loss *loss, const struct loss_io *io, struct err *err)
{
    const char *name = loss->entry.name;
    if (!io->a || ((loss->needs & LOSS_NEEDS_B) && !io->b))
        return err_set(err, "%s: needs two tables, one for each view", name);
    if (io->n == 0 || io->d == 0)
        return err_set(err, "%s: the tables are empty (%zu rows of %zu)", name, io->n, io->d);
    if ((loss->needs & LOSS_NEEDS_LABELS) && !io->labels)
        return err_set(err, "%s: needs labels: the class of each row", name);
    if ((loss->needs & LOSS_NEEDS_SAME) && !io->same)
        return err_set(err, "%s: needs same: for each pair of rows 1 (alike) or 0 (not)", name);
    return true;
}

bool loss_run(const struct loss *loss, struct loss_io *io, const double *knob, struct pool *pool,
              struct arena *scratch, struct err *err)
{
    if (!has_all(loss, io, err))
        return false;
    if (!io->b)
        io->db = NULL;
    io->loss = io->grad_t = io->grad_b = 0;
    io->rows_used = io->rows_active = io->n;
    io->rows_zero = 0;
    io->pretext_hits = io->positive_mean = io->negative_mean = (double)NAN;
    for (int i = 0; i < LOSS_PARTS; i++)
        io->part[i] = (double)NAN;
    loss->run(io, knob, pool, scratch);
    return true;
}

void loss_merge(const struct loss_io *second, double share, struct loss_io *both)
{
    both->loss = share * (both->loss + second->loss);
    both->grad_t = share * (both->grad_t + second->grad_t);
    both->grad_b = share * (both->grad_b + second->grad_b);
    for (int i = 0; i < LOSS_PARTS; i++)
        both->part[i] = share * (both->part[i] + second->part[i]);
    both->rows_used += second->rows_used;
    both->rows_active += second->rows_active;
    both->rows_zero += second->rows_zero;
    both->pretext_hits += second->pretext_hits;
    both->positive_mean = (both->positive_mean + second->positive_mean) / 2;
    both->negative_mean = (both->negative_mean + second->negative_mean) / 2;
    for (size_t i = 0; both->pair_loss && i < both->n; i++)
        both->pair_loss[i] = (real)share * (both->pair_loss[i] + second->pair_loss[i]);
    for (size_t i = 0; both->pair_weight && i < both->n; i++)
        both->pair_weight[i] = (both->pair_weight[i] + second->pair_weight[i]) / 2;
}
