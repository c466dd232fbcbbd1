/* SPDX-License-Identifier: MIT */
#include "app/document.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void document_init(struct document *document, const char *title)
{
    *document = (struct document){.title = xstrdup(title)};
}

void document_release(struct document *document)
{
    for (size_t i = 0; i < document->n; i++)
        free(document->block[i].text);
    free(document->block);
    free(document->title);
    *document = (struct document){0};
}

void document_add(struct document *document, enum block_kind kind, struct strbuf *text)
{
    if (document->n == document->room) {
        document->room = document->room ? 2 * document->room : 32;
        document->block = xrealloc(document->block, document->room, sizeof *document->block);
    }
    document->block[document->n++] = (struct block){kind, xstrdup(strbuf_text(text))};
    strbuf_release(text);
}

void document_addf(struct document *document, enum block_kind kind, const char *format, ...)
{
    char line[1024];
    struct strbuf text = {0};
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    strbuf_puts(&text, line);
    document_add(document, kind, &text);
}

/* A cell "\001base64\001alt\001words": the byte is in no text that was cleaned. */
enum { PICTURE = '\001' };

void document_picture(struct strbuf *row, const struct strbuf *png, const char *alt, const char *words)
{
    strbuf_printf(row, "%c", PICTURE);
    strbuf_base64(row, png->text, png->length);
    strbuf_printf(row, "%c%s%c%s", PICTURE, alt, PICTURE, words);
}

/* The parts of such a cell; false where it is words alone. */
struct picture {
    const char *base64, *alt, *words;
    size_t n_base64, n_alt, n_words;
};

static bool picture_of(const char *cell, size_t length, struct picture *picture)
{
    if (length == 0 || *cell != PICTURE)
        return false;
    const char *base64 = cell + 1, *alt = memchr(base64, PICTURE, length - 1),
               *words = alt ? memchr(alt + 1, PICTURE, (size_t)(cell + length - alt - 1)) : NULL;
    if (!words)
        return false;
    *picture = (struct picture){base64,
                                alt + 1,
                                words + 1,
                                (size_t)(alt - base64),
                                (size_t)(words - alt - 1),
                                (size_t)(cell + length - words - 1)};
    return true;
}

static bool is_row(enum block_kind kind)
{
    return kind == BLOCK_ROW || kind == BLOCK_FAINT_ROW;
}

/* Calls put for each cell of a row. */
static void each_cell(struct strbuf *out, const char *row,
                      void (*put)(struct strbuf *out, const char *cell, size_t length, size_t column))
{
    for (size_t column = 0;; column++) {
        size_t length = strcspn(row, "\t");
        put(out, row, length, column);
        if (row[length] == '\0')
            return;
        row += length + 1;
    }
}

/* Numbers stand under each other and are not broken; words begin at the left. */
static bool is_number(const char *cell, size_t length)
{
    static const char *const others[] = {"undefined", "–", "none"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (length == strlen(others[i]) && memcmp(cell, others[i], length) == 0)
            return true;
    return length > 0 && (cell[0] == '-' || (cell[0] >= '0' && cell[0] <= '9'));
}

/* The row behind a block, or "". */
static const char *row_below(const struct document *document, size_t i)
{
    bool there = i + 1 < document->n && is_row(document->block[i + 1].kind);
    return there ? document->block[i + 1].text : "";
}

/* Calls put for each heading: it stands where its column does, over numbers at the right. `row` is the first
 * below, or "". */
static void each_heading(struct strbuf *out, const char *head, const char *row,
                         void (*put)(struct strbuf *out, const char *heading, size_t length, bool of_numbers))
{
    for (size_t column = 0;; column++) {
        size_t length = strcspn(head, "\t"), below = strcspn(row, "\t");
        put(out, head, length, column > 0 && is_number(row, below));
        if (head[length] == '\0')
            return;
        head += length + 1;
        row += below + (row[below] != '\0');
    }
}

/* ---- Markdown ---- */

/* What a group or a file is called is text: no cell ends in it, and no tag, link or picture begins. */
static void markdown_escape(struct strbuf *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr("|<[", text[i]))
            strbuf_puts(out, "\\");
        strbuf_add(out, text + i, 1);
    }
}

static void markdown_cell(struct strbuf *out, const char *cell, size_t length, size_t column)
{
    struct picture picture;
    bool shown = picture_of(cell, length, &picture);
    strbuf_puts(out, column ? " " : "| ");
    markdown_escape(out, shown ? picture.words : cell, shown ? picture.n_words : length);
    strbuf_puts(out, " |");
}

static void markdown_rule(struct strbuf *out, const char *heading, size_t length, bool of_numbers)
{
    (void)heading, (void)length;
    strbuf_puts(out, of_numbers ? "---:|" : "---|");
}

/* `below` as of html_block. */
static void markdown_block(struct strbuf *out, const struct block *block, const char *below)
{
    static const char *const before[] = {[BLOCK_HEADING] = "## ", [BLOCK_TEXT] = "", [BLOCK_ITEM] = "- "};
    if (block->kind == BLOCK_HEAD_ROW || is_row(block->kind)) {
        each_cell(out, block->text, markdown_cell);
    } else if (block->kind == BLOCK_CODE) {
        strbuf_printf(out, "```\n%s\n```", block->text);
    } else {
        strbuf_puts(out, before[block->kind]);
        markdown_escape(out, block->text, strlen(block->text));
    }
    strbuf_puts(out, "\n");
    if (block->kind == BLOCK_HEAD_ROW) {
        strbuf_puts(out, "|");
        each_heading(out, block->text, below, markdown_rule);
        strbuf_puts(out, "\n");
    }
}

void document_markdown(const struct document *document, struct strbuf *out)
{
    strbuf_puts(out, "# ");
    markdown_escape(out, document->title, strlen(document->title));
    strbuf_puts(out, "\n");
    for (size_t i = 0; i < document->n; i++) {
        const struct block *block = &document->block[i];
        bool listed = i > 0 && block->kind == BLOCK_ITEM && block[-1].kind == BLOCK_ITEM;
        if (block->kind == BLOCK_FIGURE)
            continue;
        strbuf_puts(out, listed || is_row(block->kind) ? "" : "\n");
        markdown_block(out, block, row_below(document, i));
    }
}

/* ---- HTML ---- */

void html_escape(struct strbuf *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '<': strbuf_puts(out, "&lt;"); break;
        case '>': strbuf_puts(out, "&gt;"); break;
        case '&': strbuf_puts(out, "&amp;"); break;
        case '"': strbuf_puts(out, "&quot;"); break;
        default: strbuf_add(out, text + i, 1);
        }
    }
}

static void html_cell(struct strbuf *out, const char *cell, size_t length, size_t column)
{
    strbuf_puts(out, column == 0               ? "<th scope=\"row\">"
                     : is_number(cell, length) ? "<td class=\"n\">"
                                               : "<td>");
    struct picture picture;
    if (picture_of(cell, length, &picture)) {
        strbuf_puts(out, "<img src=\"data:image/png;base64,");
        strbuf_add(out, picture.base64, picture.n_base64);
        strbuf_puts(out, "\" alt=\"");
        html_escape(out, picture.alt, picture.n_alt);
        strbuf_puts(out, "\">");
        cell = picture.words;
        length = picture.n_words;
    }
    html_escape(out, cell, length);
    strbuf_puts(out, column ? "</td>" : "</th>");
}

static void html_heading(struct strbuf *out, const char *heading, size_t length, bool of_numbers)
{
    strbuf_printf(out, "<th scope=\"col\"%s>", of_numbers ? " class=\"n\"" : "");
    html_escape(out, heading, length);
    strbuf_puts(out, "</th>");
}

/* A table wider than the page can be scrolled; on paper it is not cut, nor is a row or a figure broken. Dark
 * where the reader's screen is, never on paper. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1a1a1a;--ground:#fff;--line:#ccc;--rule:#767676;--note:#4a4a4a;"
    "--faint:#5f5f5f;--code:#f3f3f3}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e4e4;--ground:#16161a;--line:#3a3a40;"
    "--rule:#8a8a8a;--note:#b8b8b8;--faint:#a0a0a0;--code:#222228}}\n"
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);max-width:62rem;"
    "margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem;overflow-wrap:anywhere}\n"
    "h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid var(--rule)}\n"
    "div.table{overflow-x:auto}table{border-collapse:collapse;margin:.6rem 0 1rem;font-size:.95rem}\n"
    "th,td{padding:.25rem .45rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}\n"
    "td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "thead th.n{text-align:right}\n"
    "thead th{border-bottom:2px solid var(--ink);vertical-align:bottom}\n"
    "tbody th{font-weight:normal;min-width:7em}tr.faint{color:var(--faint);font-style:italic}\n"
    "li{overflow-wrap:anywhere}figure{margin:1rem 0}figcaption{color:var(--note)}\n"
    "pre{background:var(--code);padding:.5rem;overflow-x:auto;white-space:pre-wrap}\n"
    "svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}\n"
    "svg .grid{stroke:var(--line);fill:none}\n"
    "td img{display:block;width:6rem;height:auto;margin:.2rem 0;image-rendering:pixelated}\n"
    "@page{margin:18mm}\n"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:10pt}div.table{overflow:visible}\n"
    "table{font-size:8pt}th,td{padding:.15rem .4rem}tbody th{min-width:9em}\n"
    "thead{display:table-header-group}tr,figure,pre,li{break-inside:avoid}\n"
    "h2,p:has(+div.table){break-after:avoid}h2{margin-top:1.2rem}svg{max-height:9cm}"
    "td img{width:4.5rem}}\n";

/* `below`: the text of the row that follows, or "". */
static void html_block(struct strbuf *out, const struct block *block, const char *below)
{
    static const char *const open[] = {
        [BLOCK_HEADING] = "<h2>", [BLOCK_TEXT] = "<p>", [BLOCK_ITEM] = "<li>", [BLOCK_CODE] = "<pre>"};
    static const char *const close[] = {
        [BLOCK_HEADING] = "</h2>", [BLOCK_TEXT] = "</p>", [BLOCK_ITEM] = "</li>", [BLOCK_CODE] = "</pre>"};
    if (block->kind == BLOCK_FIGURE) {
        strbuf_printf(out, "<figure>%s</figure>\n", block->text);
    } else if (block->kind == BLOCK_HEAD_ROW) {
        strbuf_puts(out, "<thead><tr>");
        each_heading(out, block->text, below, html_heading);
        strbuf_puts(out, "</tr></thead><tbody>\n");
    } else if (is_row(block->kind)) {
        strbuf_puts(out, block->kind == BLOCK_ROW ? "<tr>" : "<tr class=\"faint\">");
        each_cell(out, block->text, html_cell);
        strbuf_puts(out, "</tr>\n");
    } else {
        strbuf_puts(out, open[block->kind]);
        html_escape(out, block->text, strlen(block->text));
        strbuf_printf(out, "%s\n", close[block->kind]);
    }
}

void document_html(const struct document *document, struct strbuf *out)
{
    strbuf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
                     "name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
    html_escape(out, document->title, strlen(document->title));
    strbuf_printf(out, "</title>\n<style>\n%s</style></head><body>\n<h1>", style);
    html_escape(out, document->title, strlen(document->title));
    strbuf_puts(out, "</h1>\n");
    for (size_t i = 0; i < document->n; i++) {
        const struct block *block = &document->block[i];
        bool last = i + 1 == document->n;
        if (block->kind == BLOCK_ITEM && (i == 0 || block[-1].kind != BLOCK_ITEM))
            strbuf_puts(out, "<ul>\n");
        if (block->kind == BLOCK_HEAD_ROW)
            strbuf_puts(out, "<div class=\"table\"><table>\n");
        html_block(out, block, row_below(document, i));
        if (block->kind == BLOCK_ITEM && (last || block[1].kind != BLOCK_ITEM))
            strbuf_puts(out, "</ul>\n");
        if ((block->kind == BLOCK_HEAD_ROW || is_row(block->kind)) && (last || !is_row(block[1].kind)))
            strbuf_puts(out, "</tbody></table></div>\n");
    }
    strbuf_puts(out, "</body></html>\n");
}
