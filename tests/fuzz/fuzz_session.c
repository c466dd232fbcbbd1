/* SPDX-License-Identifier: MIT
 *
 * session_file_parse over any text: what is accepted is within its bounds.
 */
#include "app/session_file.h"
#include "base/check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {.text = ""};
    struct session_file *file = session_file_parse((const char *)data, size, &err);
    CHECK(file || err.text[0]);
    if (file) {
        CHECK(file->n_sets >= 1 && file->n_sets <= SESSION_SETS && file->n_lines <= SESSION_LINES);
        for (int i = 0; i < file->n_settings; i++)
            CHECK(strchr(file->setting[i], '='));
        for (int i = 0; i < file->n_sets; i++)
            CHECK(memchr(file->set[i].name, '\0', sizeof file->set[i].name));
    }
    session_file_free(file);
    return 0;
}
