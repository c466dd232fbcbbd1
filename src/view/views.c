/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "view/view.h"

#define VIEW(id) extern const struct view view_##id;
#include "view/views.def"
#undef VIEW

static const struct view *const views[] = {
#define VIEW(id) &view_##id,
#include "view/views.def"
#undef VIEW
};

const struct view *view_at(size_t i)
{
    return i < ARRAY_LEN(views) ? views[i] : NULL;
}

size_t view_count(void)
{
    return ARRAY_LEN(views);
}

size_t tab_count(void)
{
    return view_count() - 1;
}

static const struct entry *entry_at(size_t i)
{
    return i < ARRAY_LEN(views) ? &views[i]->entry : NULL;
}

const struct axis view_axis = {.title = "view", .at = entry_at};
