/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#include "base/check.h"

#define LAYER(id) extern const struct layer_kind layer_##id;
#include "nn/layers.def"
#undef LAYER

static const struct layer_kind *const kinds[] = {
#define LAYER(id) &layer_##id,
#include "nn/layers.def"
#undef LAYER
};

const struct layer_kind *layer_at(size_t i)
{
    return i < ARRAY_LEN(kinds) ? kinds[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    const struct layer_kind *kind = layer_at(i);
    return kind ? &kind->entry : NULL;
}

const struct axis layer_axis = {.title = "layer", .at = entry_at};
