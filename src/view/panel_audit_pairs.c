/* SPDX-License-Identifier: MIT
 *
 * The pairs behind a number of the audit: the worst of a cell, and the one that is walked to with its
 * pictures.
 */
#include "view/audit.h"
#include "view/facts.h"
#include "view/layout.h"
#include "view/rows.h"

#include "base/strbuf.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* By bins, as all counts are. */
static bool is_error(const struct audit *audit, const struct scored_pair *pair, bool genuine)
{
    return (scores_bin(pair->score, (uint32_t)audit->n_bins) >= audit->bin) != genuine;
}

static void draw_pair(struct scene *scene, const struct pen *pen, int y, const struct audit *audit,
                      const struct scored_pair *pair)
{
    const uint32_t *row = audit_result_of(scene)->row;
    char a[96], b[96], value[32];
    enum mark_kind mark = marks_find(&scene->marks, row[pair->a], row[pair->b]);
    bool error = is_error(audit, pair, scene->choice.audit.missed);
    scene_caption(scene, row[pair->a], a, sizeof a);
    scene_caption(scene, row[pair->b], b, sizeof b);
    format_number(pen->theme, (double)pair->score, 3, value);
    struct pen left =
        pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, pen->rect.width - 7, pen->rect.height});
    int x = pen_printf(&left, 0, y, error ? ROLE_TEXT : ROLE_QUIET, "%s · %s", short_caption(a),
                       short_caption(b));
    if (mark != MARK_NONE)
        pen_printf(&left, x + 1, y, ROLE_ACCENT, "%s", mark_name(mark));
    pen_right(pen, y, error ? ROLE_BAD : ROLE_QUIET, value);
}

static void draw_list(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    const struct scored_pair *pair;
    const struct audit_choice *c = &scene->choice.audit;
    char name[2 * AUDIT_NAME + 8];
    int n = (int)audit_listed(scene, audit, &pair), room = pen->rect.height - 1;
    audit_cell_name(audit_result_of(scene), audit_chosen(scene, audit), name);
    pen_printf(pen, 0, 0, c->open ? ROLE_ACCENT : ROLE_STRONG, "%s in %s",
               c->missed ? "least alike of the same" : "most alike of different", name);
    if (n == 0)
        pen_text(pen, 0, 1, ROLE_QUIET, "there are no such pairs");
    for (int i = rows_from(n, room, c->pair), y = 1; i < n && y <= room; i++, y++) {
        draw_pair(scene, pen, y, audit, &pair[i]);
        if (c->open && i == c->pair)
            row_highlight(pen, y);
    }
}

enum { FACT = 200, FACT_WIDTH = 32 };

/* What a column says of an item; a long text is cut at a word, which shows. */
static void cell_of(const struct scene *scene, int column, uint32_t row, char text[FACT])
{
    dataset_cell(scene->data, column, row, text, FACT - 4);
    char *cut = NULL;
    for (char *space = strchr(text, ' '); space && space - text <= FACT_WIDTH; space = strchr(space + 1, ' '))
        cut = space;
    if (cut && text_width(text) > FACT_WIDTH + 8)
        snprintf(cut, 5, " …");
}

/* Attributes that differ, then how near the two are, which neighbour of the other each is, and how near they
 * were. */
static void draw_facts(struct scene *scene, const struct pen *pen, const struct scored_pair *pair)
{
    const struct audit_result *r = audit_result_of(scene);
    const struct result *found = scene->found[REQUEST_LINK];
    const struct link_result *link = found ? &found->link : NULL;
    uint32_t a = r->row[pair->a], b = r->row[pair->b];
    struct strbuf text = {0};
    int n = 0;
    if (link && link->asked.a == a && link->asked.b == b && !isnan(link->similarity)) {
        char before[32];
        strbuf_printf(&text, "neighbour %u and %u of %u.", link->rank_a, link->rank_b, link->of);
        if (link->before_step != UINT64_MAX && !isnan(link->before))
            strbuf_printf(&text, " %s at step %llu.",
                          format_number(pen->theme, (double)link->before, 3, before),
                          (unsigned long long)link->before_step);
        strbuf_puts(&text, " ");
    }
    for (size_t c = 0; c < scene->data->n_columns; c++) {
        char va[FACT], vb[FACT];
        if ((int)c == scene->data->caption || (int)c == scene->data->split)
            continue;
        cell_of(scene, (int)c, a, va);
        cell_of(scene, (int)c, b, vb);
        if (strcmp(va, vb) != 0)
            strbuf_printf(&text, "%s%s %s, %s", n++ ? "; " : "", scene->data->column[c].name, va, vb);
    }
    pen_wrap(pen, 0, ROLE_QUIET, strbuf_text(&text));
    strbuf_release(&text);
}

/* Returns the row after. */
static int draw_pictures(struct scene *scene, const struct pen *pen, const struct scored_pair *pair)
{
    const uint32_t *row = audit_result_of(scene)->row;
    int after = 0;
    for (int side = 0; side < 2; side++) {
        uint32_t at = row[side ? pair->b : pair->a];
        struct rect r = pen->rect;
        int width = 2 * (r.height - 1) + 2; /* of a square picture: the two stand side by side */
        struct pen place = pen_at(
            pen, layout_column((struct rect){r.x, r.y, r.width < 2 * width ? r.width : 2 * width, r.height},
                               2, side, 2));
        struct pen picture = pen_rows(&place, 0, place.rect.height - 1);
        int rows = item_picture(scene, &picture, at);
        pen_printf(&place, 0, rows, ROLE_QUIET, "item %u", at);
        after = rows + 1 > after ? rows + 1 : after;
    }
    return after;
}

/* Pictures and facts of the pair: below the list; beside it where that is wide, or where there is no room
 * below. */
static struct rect place_of_pair(struct rect r, bool open)
{
    enum { LIST = 66, PAIR = 34 };
    if (r.width >= LIST + 2 + PAIR && r.height >= 14)
        return (struct rect){r.x + LIST + 2, r.y, r.width - LIST - 2, r.height};
    int height = r.height >= 24 ? 14 : r.height >= 14 ? 8 : 0;
    if (height == 0 && open && r.width >= 74 && r.height >= 6)
        return (struct rect){r.x + r.width - 34, r.y, 34, r.height};
    return (struct rect){r.x, r.y + r.height - height, r.width, height};
}

void panel_audit_pairs(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    const struct scored_pair *pair;
    size_t n = audit_listed(scene, audit, &pair), at = (size_t)scene->choice.audit.pair;
    struct rect place = place_of_pair(pen->rect, scene->choice.audit.open), list = pen->rect;
    if (at >= n)
        place.height = 0;
    if (place.x > pen->rect.x)
        list.width -= place.height > 0 ? place.width + 2 : 0;
    else
        list.height -= place.height;
    struct pen left = pen_at(pen, list), own = pen_at(pen, place);
    draw_list(scene, &left, audit);
    if (place.height == 0)
        return;
    int facts = scene->data->pixels ? (place.height >= 12 ? 4 : 2) : place.height;
    struct pen upper = pen_rows(&own, 0, place.height - facts);
    int y = scene->data->pixels && upper.rect.height > 1 ? draw_pictures(scene, &upper, &pair[at]) : 0;
    y += y > 0 && place.height - y > facts;
    struct pen lower = pen_rows(&own, y, place.height - y);
    draw_facts(scene, &lower, &pair[at]);
}
