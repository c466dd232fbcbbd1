/* SPDX-License-Identifier: MIT
 *
 * A growing string, and the few text helpers every parser needs. The owner releases; one thread.
 */
#ifndef NF_BASE_STRBUF_H
#define NF_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf {
    char *text; /* NUL-terminated once anything was added; NULL before */
    size_t length, room;
};

void strbuf_release(struct strbuf *buf);
void strbuf_add(struct strbuf *buf, const char *text, size_t length);
void strbuf_puts(struct strbuf *buf, const char *text);
void strbuf_printf(struct strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* RFC 4648, 4, with padding. */
void strbuf_base64(struct strbuf *buf, const void *bytes, size_t n);

/* The text, "" if nothing was added. Lent. */
const char *strbuf_text(const struct strbuf *buf);

/* The whole of `text` as a finite number; false for "", "1x", "nan", "inf". Locale-free ('.' only). */
/* strtod, to the bit, in a fraction of its time for numbers of up to 15 digits or so, as tables are full of.
 */
double text_strtod(const char *text, char **end);
bool text_to_double(const char *text, double *value);
bool text_to_long(const char *text, long *value);

/* Copies with control bytes (C0, DEL, C1) and broken UTF-8 replaced by '?': what a file says may not steer a
 * terminal. Cuts at a character boundary; always NUL-terminated. */
void text_clean(char *to, size_t size, const char *from);
/* In place: what a cut by bytes ("%.20s", a full buffer) left of a character goes. For text that leaves as
 * bytes; on a canvas such a rest shows as an ellipsis (ui/text). */
void text_whole(char *text);

#endif
