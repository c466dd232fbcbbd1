/* SPDX-License-Identifier: MIT */
#include "ui/input.h"

#include "base/check.h"
#include "ui/text.h"

#include <stdio.h>
#include <string.h>

enum { ESC = 27, BEL = 7, SEQUENCE_MAX = 512 };

/* Bytes used by what stands at the front: 0 if the rest is still to come. */
struct taken {
    size_t length;
    bool event; /* false: swallowed */
};

static const struct taken wait_for_more = {0, false};

size_t input_room(const struct input *input)
{
    return sizeof input->bytes - input->n;
}

bool input_waits(const struct input *input)
{
    return input->n > 0 || input->skipping != SKIP_NOTHING;
}

static struct taken swallow(size_t length)
{
    return (struct taken){length, false};
}

static struct taken key_event(struct input_event *event, uint32_t code, size_t length)
{
    *event = (struct input_event){.kind = INPUT_KEY, .key = {.code = code}};
    return (struct taken){length, code != KEY_NONE};
}

static struct taken too_long(struct input *input, int what)
{
    input->skipping = what;
    return swallow(input->n);
}

/* ---- CSI: ESC [ parameters final ---- */

struct csi {
    char marker; /* '<', '?', ... or 0 */
    char final;
    int n, number[4]; /* parameters; missing ones are 0 */
};

static uint32_t tilde_key(int number)
{
    static const struct {
        int number;
        uint32_t code;
    } keys[] = {{1, KEYC_HOME},      {3, KEYC_DELETE}, {4, KEYC_END}, {5, KEYC_PAGE_UP},
                {6, KEYC_PAGE_DOWN}, {7, KEYC_HOME},   {8, KEYC_END}, {11, KEYC_F1}};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (keys[i].number == number)
            return keys[i].code;
    return KEY_NONE;
}

static uint32_t letter_key(char final)
{
    static const struct {
        char final;
        uint32_t code;
    } keys[] = {{'A', KEYC_UP},  {'B', KEYC_DOWN},     {'C', KEYC_RIGHT}, {'D', KEYC_LEFT}, {'H', KEYC_HOME},
                {'F', KEYC_END}, {'Z', KEYC_BACK_TAB}, {'P', KEYC_F1},    {'M', KEYC_ENTER}};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (keys[i].final == final)
            return keys[i].code;
    return KEY_NONE;
}

/* Buttons other than the left, and motion without one, are nobody's. */
static bool mouse_event(struct input_event *event, int button, int column, int row, bool release)
{
    enum { MOTION = 32, WHEEL = 64, WHICH = 3 };
    struct mouse mouse = {column - 1, row - 1, MOUSE_PRESS};
    if (button & WHEEL && (button & WHICH) < 2)
        mouse.what = button & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
    else if (button & WHEEL || (button & WHICH) != 0)
        return false;
    else
        mouse.what = release ? MOUSE_RELEASE : button & MOTION ? MOUSE_DRAG : MOUSE_PRESS;
    *event = (struct input_event){.kind = INPUT_KEY, .key = {KEYC_MOUSE, mouse}};
    return column > 0 && row > 0;
}

static bool paste_mark(struct input *input, int number, struct input_event *event)
{
    input->pasting = number == 200;
    return key_event(event, KEYC_PASTE, 1).event;
}

static bool answer(const struct csi *csi, struct input_event *event)
{
    bool plain = csi->marker == 0;
    *event = (struct input_event){.column = csi->number[1]};
    if (plain && csi->final == 'n' && csi->number[0] == 0)
        event->kind = INPUT_ACK;
    else if (plain && csi->final == 'R' && csi->n == 2)
        event->kind = INPUT_CURSOR;
    else if (csi->marker == '?' && csi->final == 'c')
        event->kind = INPUT_DEVICE;
    else
        return false;
    return true;
}

static bool csi_event(struct input *input, const struct csi *csi, struct input_event *event)
{
    if (csi->marker == '<' && (csi->final == 'M' || csi->final == 'm'))
        return csi->n == 3 &&
               mouse_event(event, csi->number[0], csi->number[1], csi->number[2], csi->final == 'm');
    if (answer(csi, event))
        return true;
    if (csi->marker)
        return false;
    if (csi->final == '~' && (csi->number[0] == 200 || csi->number[0] == 201))
        return paste_mark(input, csi->number[0], event);
    uint32_t code = csi->final == '~' ? tilde_key(csi->number[0]) : letter_key(csi->final);
    return key_event(event, code, 1).event;
}

/* Digits, ';' and a marker; false if a parameter is no number we use. */
static void csi_parameters(struct csi *csi, const unsigned char *bytes, size_t n)
{
    size_t i = 0;
    if (n > 0 && bytes[0] >= '<' && bytes[0] <= '?')
        csi->marker = (char)bytes[i++];
    csi->n = i < n;
    for (; i < n; i++) {
        int *number = &csi->number[csi->n - 1];
        if (bytes[i] == ';' && csi->n < (int)ARRAY_LEN(csi->number))
            csi->n++;
        else if (bytes[i] >= '0' && bytes[i] <= '9' && *number < 100000)
            *number = *number * 10 + (bytes[i] - '0');
        else
            csi->final = 0; /* ':' and the like, or far too much: nobody's */
    }
}

static struct taken take_csi(struct input *input, struct input_event *event)
{
    const unsigned char *b = input->bytes;
    if (input->n > 2 && b[2] == '[') /* the Linux console's function keys: ESC [ [ A */
        return input->n < 4 ? wait_for_more : key_event(event, b[3] == 'A' ? KEYC_F1 : KEY_NONE, 4);
    if (input->n > 2 && b[2] == 'M') { /* a mouse without ?1006: three bytes follow */
        struct taken taken = {6, false};
        if (input->n >= 6)
            taken.event =
                mouse_event(event, (b[3] - 32) & ~(b[3] == 35 ? 3 : 0), b[4] - 32, b[5] - 32, b[3] == 35);
        return input->n < 6 ? wait_for_more : taken;
    }
    size_t i = 2;
    while (i < input->n && b[i] >= 0x20 && b[i] < 0x40)
        i++;
    if (i == input->n)
        return i < SEQUENCE_MAX ? wait_for_more : too_long(input, SKIP_CSI);
    if (b[i] < 0x40 || b[i] > 0x7e) /* broken off: what comes now is something else */
        return swallow(i);
    struct csi csi = {.final = (char)b[i]};
    csi_parameters(&csi, b + 2, i - 2);
    return (struct taken){i + 1, csi.final && csi_event(input, &csi, event)};
}

/* ---- strings: ESC ] ... BEL or ESC \ ---- */

/* "rgb:RRRR/GGGG/BBBB", one to four digits each; the first two count. */
static bool ground_of(const char *text, colour *ground)
{
    char part[3][5];
    if (sscanf(text, "11;rgb:%4[0-9a-fA-F]/%4[0-9a-fA-F]/%4[0-9a-fA-F]", part[0], part[1], part[2]) != 3)
        return false;
    *ground = 0;
    for (int i = 0; i < 3; i++) {
        char two[3] = {part[i][0], part[i][1] ? part[i][1] : part[i][0], 0};
        unsigned value = 0;
        sscanf(two, "%x", &value);
        *ground = *ground << 8 | value;
    }
    return true;
}

static struct taken take_string(struct input *input, struct input_event *event)
{
    const unsigned char *b = input->bytes;
    size_t i = 2;
    while (i < input->n && b[i] != BEL && b[i] != ESC)
        i++;
    if (i == input->n || (b[i] == ESC && i + 1 == input->n))
        return i < SEQUENCE_MAX ? wait_for_more : too_long(input, SKIP_STRING);
    size_t end = b[i] == BEL ? i + 1 : b[i + 1] == '\\' ? i + 2 : i;
    char text[64] = "";
    memcpy(text, b + 2, i - 2 < sizeof text - 1 ? i - 2 : sizeof text - 1);
    *event = (struct input_event){.kind = INPUT_GROUND};
    return (struct taken){end, b[1] == ']' && ground_of(text, &event->ground)};
}

/* ---- single bytes and characters ---- */

static uint32_t control_key(unsigned char byte)
{
    switch (byte) {
    case 8:
    case 127: return KEYC_BACKSPACE;
    case 9: return KEYC_TAB;
    case 10:
    case 13: return KEYC_ENTER;
    default: return byte <= 26 ? byte : KEY_NONE;
    }
}

/* Bytes of the character that starts with this one; 1 for what starts none. */
static size_t character_length(unsigned char first)
{
    return first < 0xc2 || first > 0xf4 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static struct taken take_character(const struct input *input, struct input_event *event)
{
    unsigned char first = input->bytes[0];
    if (first < 32 || first == 127) {
        bool space = input->pasting && (first == 9 || first == 10 || first == 13);
        return key_event(event, space ? ' ' : input->pasting ? KEY_NONE : control_key(first), 1);
    }
    size_t length = character_length(first);
    if (input->n < length)
        return wait_for_more;
    char text[5] = {0};
    memcpy(text, input->bytes, length);
    const char *end = text;
    uint32_t code = text_next(&end);
    if ((code == '?' && first != '?') || end != text + length) /* broken off */
        return swallow(1);
    return key_event(event, code, length);
}

static struct taken take_escape(struct input *input, struct input_event *event)
{
    if (input->n < 2)
        return wait_for_more;
    unsigned char second = input->bytes[1];
    if (second == '[')
        return take_csi(input, event);
    if (second == 'O')
        return input->n < 3 ? wait_for_more : key_event(event, letter_key((char)input->bytes[2]), 3);
    if (strchr("]P_^X", second) && second)
        return take_string(input, event);
    if (second == ESC)
        return key_event(event, KEYC_ESCAPE, 1);
    size_t length = 1 + character_length(second); /* Alt and a key: bound to nothing */
    return input->n < length ? wait_for_more : swallow(length);
}

/* Nothing more came: Esc was the key, anything longer is a wreck. */
static struct taken give_up(const struct input *input, struct input_event *event)
{
    if (input->n == 1 && input->bytes[0] == ESC)
        return key_event(event, KEYC_ESCAPE, 1);
    return swallow(input->n);
}

/* Up to the end of a sequence that was too long: a string's BEL or ESC \, a CSI's final byte. */
static void skip(struct input *input)
{
    bool string = input->skipping == SKIP_STRING;
    size_t i = 0;
    while (i < input->n && (string ? input->bytes[i] != BEL && input->bytes[i] != ESC
                                   : input->bytes[i] >= 0x20 && input->bytes[i] < 0x40))
        i++;
    if (i < input->n) {
        input->skipping = SKIP_NOTHING;
        i += input->bytes[i] != ESC; /* its backslash goes with it, as Alt-\ */
    }
    input->n -= i;
    memmove(input->bytes, input->bytes + i, input->n);
}

bool input_next(struct input *input, bool late, struct input_event *event)
{
    if (late)
        input->skipping = SKIP_NOTHING;
    while (input->n > 0) {
        if (input->skipping) {
            skip(input);
            continue;
        }
        struct taken taken =
            input->bytes[0] == ESC ? take_escape(input, event) : take_character(input, event);
        if (taken.length == 0 && late)
            taken = give_up(input, event);
        if (taken.length == 0)
            return false;
        input->n -= taken.length;
        memmove(input->bytes, input->bytes + taken.length, input->n);
        if (taken.event)
            return true;
    }
    return false;
}
