/* SPDX-License-Identifier: MIT
 *
 * Whatever a terminal sends: never stuck, always room for more, no key outside of the table of codes.
 */
#include "base/check.h"
#include "ui/input.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_all(struct input *input, bool late)
{
    struct input_event event;
    while (input_next(input, late, &event))
        if (event.kind == INPUT_KEY)
            CHECK(event.key.code != KEY_NONE && event.key.code <= KEYC_PASTE);
    CHECK(input_room(input) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {.n = 0};
    for (size_t at = 0; at < size;) {
        size_t piece = 1 + data[at] % 64, room = input_room(&input);
        piece = piece < size - at ? piece : size - at;
        piece = piece < room ? piece : room;
        memcpy(input.bytes + input.n, data + at, piece);
        input.n += piece;
        at += piece;
        take_all(&input, false);
    }
    take_all(&input, true);
    CHECK(!input_waits(&input));
    return 0;
}
