/* SPDX-License-Identifier: MIT */
#include "loss/loss.h"

#include "base/check.h"

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

const struct axis loss_axis = {"loss", entry_at};

/* Is `word` one of the blank-separated words of `list`? */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; *at; at += strspn(at, " ")) {
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
