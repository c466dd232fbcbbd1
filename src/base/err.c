/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A hostile file name must not be able to write escape codes to the terminal through our message. */
static void strip_controls(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p; p++)
        if (*p < 0x20 || *p == 0x7f)
            *p = '?';
}

void err_put(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    strip_controls(err->text);
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
