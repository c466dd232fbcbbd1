/* SPDX-License-Identifier: MIT */
#include "support/golden.h"

#include "base/check.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

static void print_line(char sign, const char *text, size_t length)
{
    print_message("%c%.*s\n", sign, (int)length, text);
}

/* Line against line: drawings keep their places, so no alignment is looked for. */
static void print_difference(const char *was, const char *is)
{
    for (int line = 1; *was || *is; line++) {
        size_t a = strcspn(was, "\n"), b = strcspn(is, "\n");
        if (a != b || memcmp(was, is, a) != 0) {
            print_message("line %d\n", line);
            print_line('-', was, a);
            print_line('+', is, b);
        }
        was += a + (was[a] == '\n');
        is += b + (is[b] == '\n');
    }
}

void golden_text(const char *name, const char *text)
{
    struct err err;
    char path[256];
    snprintf(path, sizeof path, "tests/golden/%s.txt", name);
    if (getenv("GOLDEN_WRITE")) {
        if (!file_write(path, text, strlen(text), &err))
            fail_msg("%s", err.text);
        return;
    }
    size_t length;
    char *was = file_read(path, 1 << 22, &length, &err);
    if (!was)
        fail_msg("%s (GOLDEN_WRITE=1 writes it)", err.text);
    bool same = strcmp(was, text) == 0;
    if (!same)
        print_difference(was, text);
    free(was);
    if (!same)
        fail_msg("%s differs; if it should, run make golden and look at the diff", path);
}

void golden_canvas(const char *name, const struct canvas *canvas, bool styles)
{
    struct strbuf dump = {0};
    canvas_dump(canvas, styles, &dump);
    golden_text(name, strbuf_text(&dump));
    strbuf_release(&dump);
}
