/* SPDX-License-Identifier: MIT
 *
 * A report as blocks, written as Markdown or as one HTML file without scripts. The owner releases; main
 * thread.
 */
#ifndef NF_APP_DOCUMENT_H
#define NF_APP_DOCUMENT_H

#include "base/strbuf.h"

enum block_kind {
    BLOCK_HEADING,
    BLOCK_TEXT,
    BLOCK_ITEM, /* of a list */
    BLOCK_CODE,
    BLOCK_HEAD_ROW, /* of a table: cells separated by tabs; rows follow it */
    BLOCK_ROW,
    BLOCK_FAINT_ROW, /* too uncertain to read much into */
    BLOCK_FIGURE     /* SVG, in HTML only; the text after it says what it shows */
};

struct block {
    enum block_kind kind;
    char *text;
};

struct document {
    char *title;
    struct block *block;
    size_t n, room;
};

void document_init(struct document *document, const char *title);
void document_release(struct document *document);
/* Takes what is in `text` and leaves it empty. */
void document_add(struct document *document, enum block_kind kind, struct strbuf *text);
void document_addf(struct document *document, enum block_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends to a cell of a row: in HTML the picture, which stands in the file, above the words; in Markdown the
 * words alone. */
void document_picture(struct strbuf *row, const struct strbuf *png, const char *alt, const char *words);

void document_markdown(const struct document *document, struct strbuf *out);
void document_html(const struct document *document, struct strbuf *out);

/* Appends with < > & " as entities. */
void html_escape(struct strbuf *out, const char *text, size_t length);

#endif
