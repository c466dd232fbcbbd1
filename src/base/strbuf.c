/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"

#include "base/check.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void strbuf_release(struct strbuf *buf)
{
    free(buf->text);
    *buf = (struct strbuf){0};
}

static void make_room(struct strbuf *buf, size_t more)
{
    size_t need = buf->length + more + 1;
    if (need <= buf->room)
        return;
    buf->room = need < 64 ? 64 : need + need / 2;
    buf->text = xrealloc(buf->text, buf->room, 1);
}

void strbuf_add(struct strbuf *buf, const char *text, size_t length)
{
    make_room(buf, length);
    memcpy(buf->text + buf->length, text, length);
    buf->length += length;
    buf->text[buf->length] = '\0';
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(n >= 0);
    make_room(buf, (size_t)n);
    vsnprintf(buf->text + buf->length, (size_t)n + 1, format, again);
    va_end(again);
    buf->length += (size_t)n;
}

void strbuf_base64(struct strbuf *buf, const void *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t word = 0;
        for (size_t j = 0; j < 3; j++)
            word = word << 8 | (i + j < n ? byte[i + j] : 0);
        char four[4];
        for (size_t j = 0; j < 4; j++)
            four[j] = i + j <= n ? digits[word >> (18 - 6 * j) & 63] : '=';
        strbuf_add(buf, four, 4);
    }
}

const char *strbuf_text(const struct strbuf *buf)
{
    return buf->text ? buf->text : "";
}

/* strtod follows LC_NUMERIC; the program never sets it (only LC_CTYPE), so '.' is the decimal point. */
/* "-12.5e-3" as digits * 10^exponent. */
struct decimal {
    uint64_t digits;
    int n_digits, exponent;
    bool negative;
    const char *end;
};

static void read_digits(struct decimal *d, bool behind_point)
{
    for (; *d->end >= '0' && *d->end <= '9' && d->n_digits < 18; d->end++) {
        d->digits = 10 * d->digits + (uint64_t)(*d->end - '0');
        d->n_digits++;
        d->exponent -= behind_point;
    }
}

/* False where it is none of the plain ones. */
static bool read_decimal(struct decimal *d, const char *text)
{
    *d = (struct decimal){.negative = *text == '-', .end = text + (*text == '-')};
    read_digits(d, false);
    if (*d->end == '.') {
        d->end++;
        read_digits(d, true);
    }
    if (*d->end == 'e' || *d->end == 'E') {
        bool below = d->end[1] == '-';
        int power = 0, n = 0;
        d->end += 1 + (below || d->end[1] == '+');
        for (; *d->end >= '0' && *d->end <= '9' && n < 4; d->end++, n++)
            power = 10 * power + (*d->end - '0');
        if (n == 0)
            return false;
        d->exponent += below ? -power : power;
    }
    return d->n_digits > 0 && (*d->end < '0' || *d->end > '9') && !isalpha((unsigned char)*d->end);
}

/* Digits and power are both exact in a double, so that one rounding makes the nearest (Clinger 1990). */
double text_strtod(const char *text, char **end)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const int most = (int)ARRAY_LEN(power) - 1;
    struct decimal d;
    if (!read_decimal(&d, text) || d.digits > (uint64_t)1 << 53 || d.exponent < -most || d.exponent > most)
        return strtod(text, end);
    *end = (char *)(uintptr_t)d.end;
    double size =
        d.exponent < 0 ? (double)d.digits / power[-d.exponent] : (double)d.digits * power[d.exponent];
    return d.negative ? -size : size;
}

bool text_to_double(const char *text, double *value)
{
    char *end;
    errno = 0;
    double x = text_strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(x) || strpbrk(text, "xX \t\n"))
        return false;
    *value = x;
    return true;
}

bool text_to_long(const char *text, long *value)
{
    char *end;
    errno = 0;
    long x = strtol(text, &end, 10);
    if (end == text || *end != '\0' || errno == ERANGE)
        return false;
    *value = x;
    return true;
}

/* Length of the valid, printable UTF-8 sequence at p, or 0. */
static size_t sequence_length(const unsigned char *p)
{
    if (*p < 0x80)
        return *p >= 0x20 && *p != 0x7f;
    size_t n = *p >= 0xc2 && *p < 0xe0 ? 2 : (*p & 0xf0) == 0xe0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool c1_control = n == 2 && *p == 0xc2 && p[1] < 0xa0;
    bool overlong = (n == 3 && *p == 0xe0 && p[1] < 0xa0) || (n == 4 && *p == 0xf0 && p[1] < 0x90);
    bool surrogate = n == 3 && *p == 0xed && p[1] >= 0xa0;
    bool too_large = n == 4 && *p == 0xf4 && p[1] >= 0x90;
    /* line, paragraph and direction marks (U+2028..202E, U+2066..2069) reorder what is on the screen */
    bool steers =
        n == 3 && *p == 0xe2 &&
        ((p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) || (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
    return c1_control || overlong || surrogate || too_large || steers ? 0 : n;
}

void text_clean(char *to, size_t size, const char *from)
{
    CHECK(size > 0);
    size_t used = 0;
    for (const unsigned char *p = (const unsigned char *)from; *p;) {
        size_t n = sequence_length(p);
        size_t out = n ? n : 1;
        if (used + out >= size)
            break;
        if (n)
            memcpy(to + used, p, n);
        else
            to[used] = '?';
        used += out;
        p += out;
    }
    to[used] = '\0';
}

void text_whole(char *text)
{
    char *to = text;
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t n = sequence_length(p), kept = n ? n : *p < 0x80;
        memmove(to, p, kept);
        to += kept;
        p += n ? n : 1;
    }
    *to = '\0';
}
