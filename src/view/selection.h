/* SPDX-License-Identifier: MIT
 *
 * A set of items of the probe: what is selected, what is shown alone, what a predicate is true of. All views
 * share the scene's. One bit an item, so that a million cost 125 kB. Owned by whoever initialised it; one
 * thread.
 */
#ifndef NF_VIEW_SELECTION_H
#define NF_VIEW_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct selection {
    uint64_t *word;  /* (ceil(n / 64)), bits beyond n are 0 */
    size_t n, count; /* items there are; members */
};

void selection_init(struct selection *set, size_t n); /* empty */
void selection_copy(struct selection *set, const struct selection *from);
void selection_release(struct selection *set);
void selection_resize(struct selection *set, size_t n); /* keeps the members that still exist */

static inline bool selection_has(const struct selection *set, size_t i)
{
    return i < set->n && set->word[i / 64] >> (i % 64) & 1;
}
void selection_put(struct selection *set, size_t i, bool in); /* nothing where i >= n */
void selection_clear(struct selection *set);
void selection_invert(struct selection *set);
/* Members of exactly one of the two; done twice, nothing has changed. Equal n. */
void selection_flip(struct selection *set, const struct selection *with);
void selection_unite(struct selection *set, const struct selection *with); /* equal n */

unsigned selection_hash(const struct selection *set); /* differs when the members do, all but surely */

/* The first member at or after `from`; n if there is none: for (i = next(set, 0); i < n; i = next(set, i+1))
 */
size_t selection_next(const struct selection *set, size_t from);

#endif
