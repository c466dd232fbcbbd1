/* SPDX-License-Identifier: MIT
 *
 * The one key table of the program (keys.def): what a key does everywhere. Help, the hint line, docs/keys.md
 * and `:` completion read it; no view has letters of its own.
 */
#ifndef NF_UI_KEYS_H
#define NF_UI_KEYS_H

#include <stddef.h>
#include <stdint.h>

/* A key as it comes from the terminal: a Unicode character, or one of these. */
enum key_code {
    KEY_NONE = 0,
    KEYC_UP = 0x110000,
    KEYC_DOWN,
    KEYC_LEFT,
    KEYC_RIGHT,
    KEYC_PAGE_UP,
    KEYC_PAGE_DOWN,
    KEYC_HOME,
    KEYC_END,
    KEYC_ENTER,
    KEYC_ESCAPE,
    KEYC_BACKSPACE,
    KEYC_DELETE,
    KEYC_TAB,
    KEYC_BACK_TAB,
    KEYC_F1,
    KEYC_MOUSE,
    KEYC_RESIZE,
    KEYC_PASTE /* start or end of a bracketed paste */
};

struct mouse {
    int x, y; /* cell */
    enum { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } what;
};

struct key {
    uint32_t code;
    struct mouse mouse; /* of KEYC_MOUSE */
};

/* What a key means. */
enum action {
    ACTION_NONE,
#define ACTION(id, name, keys, group, help) ACTION_##id,
#include "ui/keys.def"
#undef ACTION
    ACTION_COUNT
};

struct action_entry {
    const char *name;  /* as typed after ':' : "pause" */
    const char *keys;  /* as shown and as bound, blank-separated: "Space", "+ =", "Left h" */
    const char *group; /* rows of one group stand together in help */
    const char *help;
};

const struct action_entry *action_entry(enum action action);
enum action action_of_key(struct key key);
enum action action_find(const char *name); /* ACTION_NONE if none */

/* "Space", "Ctrl-R", "PgUp", "x" for a key; to text. */
void key_name(struct key key, char *text, size_t size);
uint32_t key_by_name(const char *name); /* KEY_NONE if there is no such key: scripts and keys.def */

#endif
