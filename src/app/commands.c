/* SPDX-License-Identifier: MIT */
#include "app/options.h"

#include "base/check.h"

#define COMMAND(id) extern const struct subcommand command_##id;
#include "app/commands.def"
#undef COMMAND

static const struct subcommand *const commands[] = {
#define COMMAND(id) &command_##id,
#include "app/commands.def"
#undef COMMAND
};

const struct subcommand *command_at(size_t i)
{
    return i < ARRAY_LEN(commands) ? commands[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    return i < ARRAY_LEN(commands) ? &commands[i]->entry : NULL;
}

const struct axis command_axis = {.title = "subcommand", .at = entry_at};
