/* SPDX-License-Identifier: MIT */
#include "view/space_list.h"

#include "base/check.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/nearest.h"
#include "view/rows.h"
#include "view/work.h"

#include <math.h>
#include <stdio.h>

const char *const space_names[] = {"h", "z", "pixels", "untrained net"};

const struct spaces_result *spaces_answer(struct scene *scene)
{
    const struct result *r = list_answer(scene, REQUEST_SPACES);
    return r && nearest_answered(scene, &r->spaces) ? &r->spaces : NULL;
}

bool space_can(const struct scene *scene, int space)
{
    if (scene->of_run || space == SPACE_H)
        return true;
    return space == SPACE_PIXELS      ? scene->data->pixels != NULL
           : space == SPACE_UNTRAINED ? scene_has_course(scene)
                                      : false;
}

/* "6 of 8 same shape" of a space's nearest, in so many words where they have room in all lists, of which the
 * least is `all`; shorter where there is no room; "" without a label. */
static void same_label(struct scene *scene, const struct near_list *l, int room, int all, char *text,
                       size_t size)
{
    int label = scene_label(scene);
    text[0] = '\0';
    if (label < 0 || scene->data->column[label].kind != COLUMN_CATEGORY || l->k == 0)
        return;
    const uint32_t *code = scene->data->column[label].code;
    uint32_t own = nearest_value(scene, label);
    size_t same = 0;
    if (own == UINT32_MAX)
        return;
    for (size_t i = 0; i < l->k; i++)
        same += code[scene_row(scene, (int)l->index[i])] == own;
    static const char *const wordings[] = {"%zu of %zu same %s", "%zu/%zu %s", "%zu/%zu%.0s"};
    for (size_t i = 0; i < ARRAY_LEN(wordings); i++) {
        snprintf(text, size, wordings[i], same, l->k, scene->data->column[label].name);
        if (text_width(text) <= (i == 0 ? all : room))
            break;
    }
}

/* Row i of a space's list: marked + if it is new, − if it was among them and is no more. */
static void space_row(struct scene *scene, const struct pen *pen, int y, const struct near_list *l, size_t i,
                      int decimals)
{
    char value[32];
    bool lost = i >= l->k, fresh = !lost && l->kept && !l->kept[i];
    uint32_t item = lost ? l->lost[i - l->k] : l->index[i];
    snprintf(value, sizeof value, "%*s", 2 + decimals, ""); /* as wide as the others' */
    if (!lost)
        format_number(pen->theme, (double)l->value[i], decimals, value);
    pen_text(pen, 0, y, lost ? ROLE_BAD : ROLE_GOOD, lost ? "−" : fresh ? "+" : " ");
    struct pen row =
        pen_at(pen, (struct rect){pen->rect.x + 1, pen->rect.y, pen->rect.width - 1, pen->rect.height});
    item_row_draw(
        scene, &row, y,
        &(struct item_row){(int)item, scene_row(scene, (int)item), value, lost ? ROLE_QUIET : ROLE_TEXT});
}

static const char *why_empty(struct scene *scene, int space, char working[WORK_TEXT])
{
    if (!spaces_answer(scene))
        return work_text(scene, REQUEST_SPACES, working);
    bool text = nearest_of(scene) == NEAR_TEXT;
    if (text && space != (scene->n_queries ? SPACE_H : SPACE_Z))
        return scene->n_queries ? "a query lies in h alone" : "a text lies in z alone";
    if (scene->elsewhere && space == SPACE_Z)
        return "h is all there is";
    return space == SPACE_PIXELS      ? "there are no pixels"
           : space == SPACE_UNTRAINED ? (scene->of_run ? "step 0 is not there" : "there is no step before")
           : space == SPACE_Z         ? (scene->past ? "its z was not kept" : "this method has no z")
                                      : "it has no direction here";
}

/* What came first is the untrained net only of a run. */
static const char *space_name(const struct scene *scene, const struct pen *pen, int space)
{
    if (space == SPACE_UNTRAINED && !scene->of_run)
        return "h, first step";
    return space == SPACE_UNTRAINED && pen->rect.width < 24 ? "untrained" : space_names[space];
}

void space_list_draw(struct scene *scene, const struct pen *pen, int space)
{
    const struct spaces_result *s = spaces_answer(scene);
    const struct near_choice *c = &scene->choice.near;
    char same[64] = "", working[WORK_TEXT];
    const char *name = space_name(scene, pen, space);
    int beside = pen->rect.width - 1, longest = text_width(space_name(scene, pen, SPACE_UNTRAINED));
    if (s)
        same_label(scene, &s->list[space], beside - text_width(name), beside - longest, same, sizeof same);
    list_heading(pen, c->list == space, name, same);
    if (!s || s->list[space].k == 0) {
        pen_text(pen, 1, 1, ROLE_QUIET, why_empty(scene, space, working));
        return;
    }
    const struct near_list *l = &s->list[space];
    int n = (int)(l->k + l->n_lost), room = pen->rect.height - 1, here = c->list == space ? c->row : 0;
    int decimals = decimals_apart((double)l->value[0], (double)l->value[l->k - 1]);
    for (int i = rows_from(n, room, here), y = 1; i < n && y <= room; i++, y++) {
        space_row(scene, pen, y, l, (size_t)i, decimals);
        if (c->list == space && i == c->row)
            row_highlight(pen, y);
    }
}

static void made_of_row(const struct scene *scene, const struct pen *pen, int y, const struct composition *c,
                        size_t k)
{
    char right[64], lift[32];
    const struct column *column = &scene->data->column[c->column];
    double share = (double)c->count / (double)k;
    format_number(pen->theme, c->base > 0 ? share / (double)c->base : NAN, 1, lift);
    snprintf(right, sizeof right, pen->rect.width >= 36 ? "%u of %zu  ×%s" : "%u/%zu ×%s", c->count, k, lift);
    enum role role = c->own ? ROLE_TEXT : ROLE_QUIET;
    struct pen left = pen_at(pen, (struct rect){pen->rect.x, pen->rect.y,
                                                pen->rect.width - text_width(right) - 1, pen->rect.height});
    int x = pen_printf(&left, 0, y, ROLE_QUIET, "%s ", column->name);
    pen_printf(&left, x, y, role, "%s%s", column->value[c->value], c->own ? "" : " (other)");
    pen_text(pen, pen->rect.width - text_width(right), y, role, right);
}

/* The item's own values first, then what else is frequent. */
void made_of_draw(struct scene *scene, const struct pen *pen)
{
    const struct spaces_result *s = spaces_answer(scene);
    char heading[64], working[WORK_TEXT];
    snprintf(heading, sizeof heading, "nearest in %s by value", space_names[scene->choice.near.space]);
    pen_text(pen, 0, 0, ROLE_STRONG, heading);
    if (pen->rect.width >= 36)
        pen_right(pen, 0, ROLE_QUIET, "× base rate");
    if (!s || s->n_composition == 0) {
        pen_text(pen, 0, 1, ROLE_QUIET,
                 s ? "no attribute to count" : work_text(scene, REQUEST_SPACES, working));
        return;
    }
    int y = 1;
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < s->n_composition && y < pen->rect.height; i++)
            if (s->composition[i].own == own)
                made_of_row(scene, pen, y++, &s->composition[i], s->list[s->asked.space].k);
}
