/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#include "base/check.h"
#include "ui/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct action_entry actions[ACTION_COUNT] = {
    [ACTION_NONE] = {"", "", "", ""},
#define ACTION(id, name, keys, group, help) [ACTION_##id] = {name, keys, group, help},
#include "ui/keys.def"
#undef ACTION
};

static const struct {
    const char *name;
    uint32_t code;
} names[] = {
    {"Up", KEYC_UP},
    {"Down", KEYC_DOWN},
    {"Left", KEYC_LEFT},
    {"Right", KEYC_RIGHT},
    {"PgUp", KEYC_PAGE_UP},
    {"PgDn", KEYC_PAGE_DOWN},
    {"Home", KEYC_HOME},
    {"End", KEYC_END},
    {"Enter", KEYC_ENTER},
    {"Esc", KEYC_ESCAPE},
    {"Backspace", KEYC_BACKSPACE},
    {"Delete", KEYC_DELETE},
    {"Tab", KEYC_TAB},
    {"Shift-Tab", KEYC_BACK_TAB},
    {"F1", KEYC_F1},
    {"Space", ' '},
    {"Mouse", KEYC_MOUSE},
    {"Resize", KEYC_RESIZE},
    {"Paste", KEYC_PASTE},
};

const struct action_entry *action_entry(enum action action)
{
    CHECK((unsigned)action < ACTION_COUNT);
    return &actions[action];
}

uint32_t key_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].code;
    if (strncmp(name, "Ctrl-", 5) == 0 && isupper((unsigned char)name[5]) && name[6] == '\0')
        return (uint32_t)(name[5] - 'A' + 1);
    bool broken = *name != '?';
    uint32_t code = text_next(&name);
    broken = broken && code == '?';
    return *name == '\0' && !broken ? code : KEY_NONE;
}

void key_name(struct key key, char *text, size_t size)
{
    char bytes[5] = "";
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i].code == key.code) {
            snprintf(text, size, "%s", names[i].name);
            return;
        }
    if (key.code > 0 && key.code <= 26)
        snprintf(text, size, "Ctrl-%c", (char)('A' + key.code - 1));
    else if (key.code >= ' ' && key.code < KEYC_UP && glyph_to_utf8(key.code, bytes))
        snprintf(text, size, "%s", bytes);
    else
        snprintf(text, size, "this key");
}

/* True if one of the blank-separated names is this key's. */
static bool keys_have(const char *keys, uint32_t code)
{
    char name[16];
    while (*keys) {
        size_t length = strcspn(keys, " ");
        CHECK(length < sizeof name);
        memcpy(name, keys, length);
        name[length] = '\0';
        if (key_by_name(name) == code)
            return true;
        keys += length + strspn(keys + length, " ");
    }
    return false;
}

enum action action_of_key(struct key key)
{
    for (int i = 1; i < ACTION_COUNT; i++)
        if (key.code != KEY_NONE && keys_have(actions[i].keys, key.code))
            return (enum action)i;
    return ACTION_NONE;
}

enum action action_find(const char *name)
{
    for (int i = 1; i < ACTION_COUNT; i++)
        if (strcmp(actions[i].name, name) == 0)
            return (enum action)i;
    return ACTION_NONE;
}
