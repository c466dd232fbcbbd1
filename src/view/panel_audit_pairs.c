/* SPDX-License-Identifier: MIT
 *
 * The pairs behind a number of the audit: the worst of a cell, and the one that is walked to with its
 * pictures.
 */
#include "view/audit.h"
#include "view/facts.h"
#include "view/layout.h"
#include "view/rows.h"

#include <stdio.h>

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

static void draw_pictures(struct scene *scene, const struct pen *pen, const struct scored_pair *pair)
{
    const uint32_t *row = audit_result_of(scene)->row;
    for (int side = 0; side < 2; side++) {
        uint32_t at = row[side ? pair->b : pair->a];
        struct pen place = pen_at(pen, layout_column(pen->rect, 2, side, 2));
        struct pen picture = pen_rows(&place, 0, place.rect.height - 1);
        item_picture(scene, &picture, at);
        pen_printf(&place, 0, place.rect.height - 1, ROLE_QUIET, "item %u", at);
    }
}

void panel_audit_pairs(struct scene *scene, const struct pen *pen, const struct audit *audit)
{
    const struct scored_pair *pair;
    int height = pen->rect.height, pictures = height >= 24 ? 10 : height >= 14 ? 6 : 0;
    size_t n = audit_listed(scene, audit, &pair), at = (size_t)scene->choice.audit.pair;
    if (!scene->data->pixels || at >= n)
        pictures = 0;
    struct pen list = pen_rows(pen, 0, height - pictures), below = pen_rows(pen, height - pictures, pictures);
    draw_list(scene, &list, audit);
    if (pictures)
        draw_pictures(scene, &below, &pair[at]);
}
