/* SPDX-License-Identifier: MIT
 *
 * Bytes from a terminal to keys and answers. What it does not know it swallows whole: no piece of an unknown
 * sequence is ever taken for a command. Pure; fuzzed (tests/fuzz/fuzz_input.c).
 */
#ifndef NF_UI_INPUT_H
#define NF_UI_INPUT_H

#include "ui/canvas.h"
#include "ui/keys.h"

#include <stdbool.h>
#include <stddef.h>

enum input_kind {
    INPUT_KEY,
    INPUT_ACK,    /* "all is well": a frame has been digested */
    INPUT_CURSOR, /* where the cursor is: column */
    INPUT_DEVICE, /* what the terminal says it is: the end of its answers */
    INPUT_GROUND  /* its background: ground */
};

struct input_event {
    enum input_kind kind;
    struct key key;
    int column;    /* from 1 */
    colour ground; /* 0xRRGGBB */
};

struct input {
    unsigned char bytes[1024];
    size_t n;
    enum { SKIP_NOTHING, SKIP_CSI, SKIP_STRING } skipping; /* the rest of a sequence that is too long */
    bool pasting; /* between the marks of a bracketed paste: control bytes are blanks */
};

/* Room for more bytes: read them to input->bytes + input->n, then add to n. Never 0 after input_next has
 * returned false. */
size_t input_room(const struct input *input);

/* The next key or answer; false if the bytes there are do not make one. `late`: no more came for 25 ms, so a
 * lone Esc is the key and a broken sequence is dropped. */
bool input_next(struct input *input, bool late, struct input_event *event);

/* Bytes wait for the rest of their sequence. */
bool input_waits(const struct input *input);

#endif
