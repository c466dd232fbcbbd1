/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A hostile file name must not be able to write escape codes to the terminal through our message. */
void err_put(struct err *err, const char *format, ...)
{
    char raw[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    text_clean(err->text, sizeof err->text, raw);
}

void err_put_within(struct err *err, const char *format, ...)
{
    char inner[sizeof err->text];
    memcpy(inner, err->text, sizeof inner);
    char outer[200];
    va_list args;
    va_start(args, format);
    vsnprintf(outer, sizeof outer, format, args);
    va_end(args);
    err_put(err, "%s: %s", outer, inner);
}
