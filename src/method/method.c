/* SPDX-License-Identifier: MIT */
#include "method/method.h"

#include "base/check.h"

#define METHOD(name) extern const struct method method_##name;
#include "method/methods.def"
#undef METHOD

static const struct method *const methods[] = {
#define METHOD(name) &method_##name,
#include "method/methods.def"
#undef METHOD
};

const struct method *method_at(size_t i)
{
    return i < ARRAY_LEN(methods) ? methods[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    const struct method *method = method_at(i);
    return method ? &method->entry : NULL;
}

const struct axis method_axis = {"method", entry_at};
