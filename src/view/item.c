/* SPDX-License-Identifier: MIT
 *
 * The item looked at: its picture, the two views the net is shown of it (where nothing trains, its attributes
 * stand in their place), and what lies nearest.
 */
#include "base/check.h"
#include "view/edges.h"
#include "view/facts.h"
#include "view/pairs.h"
#include "view/panels.h"
#include "view/rows.h"
#include "view/state.h"
#include "view/threshold.h"
#include "view/work.h"

#include <stdio.h>
#include <string.h>

/* Where there is room, how the item's views stand in the last batch. */
enum { PAIR_ROOM = 32, PAIR_ROWS = 10 };

static const char *const picture_names[] = {"picture", "view 1", "view 2"};
/* Where nothing trains there are no views. */
static int n_pictures(const struct scene *scene)
{
    return scene->elsewhere ? 1 : 3;
}

static void item_title(const struct scene *scene, const struct pen *pen, int64_t row)
{
    char caption[120], rest[160] = "";
    scene_caption(scene, row, caption, sizeof caption);
    enum role role = panel_has_focus(scene, PANEL_ITEM) ? ROLE_ACCENT : ROLE_STRONG;
    int x = pen_printf(pen, 0, 0, role, "item %lld", (long long)row);
    bool narrow = pen->rect.width < 40;
    x = pen_text(pen, x + (narrow ? 1 : 2), 0, ROLE_TEXT, narrow ? short_caption(caption) : caption);
    size_t used = 0;
    for (size_t c = 0; c < scene->data->n_columns && scene->data->caption >= 0; c++) {
        char cell[48];
        if (scene->data->column[c].kind != COLUMN_CATEGORY || (int)c == scene->data->split)
            continue;
        dataset_cell(scene->data, (int)c, (size_t)row, cell, sizeof cell);
        if (*cell && (int)c != scene->data->identity && !strstr(caption, cell) && used + 52 < sizeof rest)
            used += (size_t)snprintf(rest + used, sizeof rest - used, " %s", cell);
    }
    const struct mark *mark = marks_of(&scene->marks, row);
    if (mark) {
        char text[40];
        snprintf(text, sizeof text, " ! %s", mark_name(mark->kind));
        pen_right(pen, 0, ROLE_WARN, text);
    } else if (x + 1 + text_width(rest) <= pen->rect.width) {
        pen_text(pen, x + 1, 0, ROLE_QUIET, rest);
    }
}

static const struct inspected *inspected_of(const struct scene *scene, int64_t row)
{
    const struct inspected *seen = scene->now ? &scene->now->inspected : NULL;
    return seen && row >= 0 && seen->item == (uint32_t)row && seen->view[0] ? seen : NULL;
}

static void pictures(const struct scene *scene, const struct pen *pen, int64_t row, int y, int height)
{
    const struct dataset *data = scene->data;
    const struct inspected *seen = inspected_of(scene, row);
    struct raster raster = {data->height, data->width, data->channels, NULL, NULL};
    int indent = pen->rect.width >= 40 ? 2 : 0;
    struct rect all = {pen->rect.x + indent, pen->rect.y + y, pen->rect.width - indent, height};
    for (int i = 0; i < n_pictures(scene); i++) {
        raster.bytes = i == 0 ? dataset_pixels(data, (size_t)row) : NULL;
        raster.values = i > 0 && seen ? seen->view[i - 1] : NULL;
        if (raster.bytes || raster.values)
            plot_picture(pen->canvas, rect_clip(layout_column(all, 3, i, 1), pen->rect), &raster, pen->theme);
    }
}

static void picture_labels(const struct scene *scene, const struct pen *pen, int y)
{
    int indent = pen->rect.width >= 40 ? 2 : 0;
    struct rect all = {0, 0, pen->rect.width - indent, 1};
    for (int i = 0; i < n_pictures(scene); i++)
        pen_text(pen, indent + layout_column(all, 3, i, 1).x, y, ROLE_QUIET, picture_names[i]);
}

/* ---- what is known of it, where there are no views ---- */

/* Columns in the order they are shown: the coloured one, the label, the others; -1: no more. */
static int column_shown(const struct scene *scene, int i)
{
    const struct dataset *data = scene->data;
    const int first[] = {scene->choice.column, scene_label(scene)};
    int n = 0;
    for (int k = 0; k < (int)ARRAY_LEN(first); k++)
        if (first[k] >= 0 && (k == 0 || first[k] != first[0]) && n++ == i)
            return first[k];
    for (int c = 0; c < (int)data->n_columns; c++)
        if (c != first[0] && c != first[1] && c != data->caption && c != data->split && n++ == i)
            return c;
    return -1;
}

static int count_attributes(const struct scene *scene)
{
    int n = 0;
    while (column_shown(scene, n) >= 0)
        n++;
    return n;
}

/* As many as there are rows; the last says how many are left out. */
static void attributes(const struct scene *scene, const struct pen *pen, int64_t row)
{
    char cell[120];
    int n = count_attributes(scene), room = pen->rect.height;
    for (int i = 0; i < n && i < room; i++) {
        int column = column_shown(scene, i);
        if (i == room - 1 && n > room) {
            pen_printf(pen, 0, i, ROLE_QUIET, "and %d more", n - i);
            return;
        }
        dataset_cell(scene->data, column, (size_t)row, cell, sizeof cell);
        int x = pen_printf(pen, 0, i, ROLE_QUIET, "%s ", scene->data->column[column].name);
        pen_text(pen, x, i, ROLE_TEXT, *cell ? cell : "unknown");
    }
}

/* In the place of the two views, which are `height` rows high and have their names below them. */
static void attributes_beside(const struct scene *scene, const struct pen *pen, int64_t row, int y,
                              int height)
{
    int x = (pen->rect.width + 5) / 3;
    struct pen place =
        pen_at(pen, (struct rect){pen->rect.x + x, pen->rect.y + y, pen->rect.width - x, height});
    if (scene->elsewhere)
        attributes(scene, &place, row);
}

static bool in_batch(const struct snapshot *now, int64_t row)
{
    bool found = false;
    for (size_t i = 0; i < now->n_batch && !found; i++)
        found = now->batch_item[i] == (uint32_t)row;
    return found;
}

/* What training does with the two views: nothing where the item is held out, as those of the map are. */
static void views_fate(const struct scene *scene, const struct inspected *seen, int64_t row, bool wide,
                       char *text, size_t size)
{
    unsigned others = (seen->of - 1) / 2; /* the other pictures of the batch, two views of each */
    bool pushes = scene->now->settings.contrast.negatives == NEGATIVES_BATCH;
    if (!in_batch(scene->now, row))
        snprintf(text, size, wide ? "held out: nothing is trained on it" : "held out, not trained on");
    else if (pushes)
        snprintf(text, size,
                 wide ? "pulled together; the %u others of the batch apart" : "pulled together, %u apart",
                 others);
    else
        snprintf(text, size, "pulled together");
}

/* Similarity and rank of the two views, in words; the row after. */
static int views_in_words(const struct scene *scene, const struct pen *pen, int64_t row, int y)
{
    const struct inspected *seen = inspected_of(scene, row);
    char value[32], fate[80], text[200];
    bool wide = pen->rect.width >= 40;
    if (scene->elsewhere) /* nothing trains here: there are none */
        return y;
    if (!seen) {
        pen_text(pen, 0, y, ROLE_QUIET, "its two views: a moment");
        return y + 2;
    }
    format_number(pen->theme, (double)seen->similarity, 2, value);
    const char *word = views_word(seen->similarity);
    views_fate(scene, seen, row, wide, fate, sizeof fate);
    if (seen->of < 2)
        snprintf(text, sizeof text, "views %s: %s in z (1 same, 0 unrelated)", word, value);
    else if (wide)
        snprintf(text, sizeof text, "views %s %s in z, rank %u of %u; %s", word, value, seen->rank, seen->of,
                 fate);
    else
        snprintf(text, sizeof text, "views %s %s in z; %s", word, value, fate);
    struct pen two = pen_rows(pen, y, 2);
    pen_wrap(&two, 0, ROLE_TEXT, text);
    return y + 2;
}

/* An untrained net finds everything alike. */
static int decimals_for(const struct near_result *near, size_t k)
{
    return k ? decimals_apart((double)near->similarity[0], (double)near->similarity[k - 1]) : 2;
}

static void near_row(struct scene *scene, const struct pen *pen, int y, size_t i, int decimals)
{
    const struct near_result *near = &scene->found[REQUEST_NEAR]->near;
    char value[32];
    bool wide = pen->rect.width >= 40;
    int width = pen->rect.width;
    struct pen left =
        pen_at(pen, (struct rect){pen->rect.x, pen->rect.y, wide ? width - 5 : width, pen->rect.height});
    struct item_row row = {(int)near->index[i], scene_row(scene, (int)near->index[i]), value, ROLE_TEXT};
    format_number(pen->theme, (double)near->similarity[i], decimals, value);
    item_row_draw(scene, &left, y, &row);
    if (wide && near->on_map)
        pen_glyph(pen, width - 2, y, near->on_map[i] ? ROLE_TEXT : ROLE_QUIET,
                  near->on_map[i] ? GLYPH_NEAR : GLYPH_FAR);
}

/* The label's share of the nearest, and what chance would give: "6 of 8 same shape (1 by chance)". */
static void composition(const struct scene *scene, const struct pen *pen, int y, size_t k)
{
    int label = scene_label(scene);
    int64_t own = scene_row(scene, scene->choice.item);
    if (label < 0 || own < 0 || scene->data->column[label].kind != COLUMN_CATEGORY || k == 0)
        return;
    const uint32_t *code = scene->data->column[label].code;
    size_t same = 0, all = 0, n = scene->now->n_probe;
    if (code[own] == NO_VALUE) {
        pen_printf(pen, 0, y, ROLE_QUIET, "its %s is not known", scene->data->column[label].name);
        return;
    }
    for (size_t i = 0; i < k; i++) {
        int64_t row = scene_row(scene, (int)scene->found[REQUEST_NEAR]->near.index[i]);
        same += row >= 0 && code[row] == code[own];
    }
    for (size_t i = 0; i < n; i++)
        all += (int)i != scene->choice.item && code[scene->now->item[i]] == code[own];
    double chance = n > 1 ? (double)k * (double)all / (double)(n - 1) : 0;
    char text[160];
    int used =
        snprintf(text, sizeof text, "%zu of %zu same %.100s", same, k, scene->data->column[label].name);
    const char *wording = used + 16 <= pen->rect.width ? " (%.*f by chance)" : ", chance %.*f";
    snprintf(text + used, sizeof text - (size_t)used, wording, chance > 0 && chance < 1 ? 1 : 0, chance);
    pen_text(pen, 0, y, ROLE_TEXT, text);
}

/* "called the same: 31, of them 24 same shape; 12 drawn". */
static void called_the_same(const struct scene *scene, const struct pen *pen, int y,
                            const struct edges *edges)
{
    char name[64];
    relation_name(scene, name);
    if (scene->choice.threshold.relation == RELATION_VIEW)
        pen_printf(pen, 0, y, ROLE_ACCENT, "called the same: %zu, %zu drawn", edges->called, edges->n);
    else if (pen->rect.width >= 40)
        pen_printf(pen, 0, y, ROLE_ACCENT, "called the same: %zu, %zu are %s", edges->called, edges->same,
                   name);
    else
        pen_printf(pen, 0, y, ROLE_ACCENT, "called same: %zu, %zu are", edges->called, edges->same);
}

/* From row y to the end of the pen at most; the row after. */
static int nearest(struct scene *scene, const struct pen *pen, int y)
{
    bool wide = pen->rect.width >= 40;
    pen_text(pen, 0, y, ROLE_QUIET, wide ? "nearest in h, cosine" : "nearest in h");
    const char *head = wide ? "similarity  map" : "similarity";
    pen_text(pen, pen->rect.width - text_width(head), y, ROLE_QUIET, head);
    const struct near_result *near = scene->found[REQUEST_NEAR] ? &scene->found[REQUEST_NEAR]->near : NULL;
    if (scene_items(scene) < 2) {
        pen_text(pen, 0, y + 1, ROLE_QUIET, "it is the only one");
        return y + 2;
    }
    if (!near || near->item != scene->choice.item) {
        char working[WORK_TEXT];
        pen_text(pen, 0, y + 1, ROLE_QUIET, work_text(scene, REQUEST_NEAR, working));
        return y + 2;
    }
    struct edges edges;
    bool cut = edges_find(scene, &edges);
    int room = pen->rect.height - y - 1, below = room >= 6 ? 2 + cut : 0;
    size_t k = near->k < (size_t)(room - below) ? near->k : (size_t)(room - below);
    for (size_t i = 0; i < k; i++)
        near_row(scene, pen, y + 1 + (int)i, i, decimals_for(near, k));
    if (!below)
        return y + 1 + (int)k;
    composition(scene, pen, y + 1 + (int)k, k);
    if (cut)
        called_the_same(scene, pen, y + (wide ? 3 : 2) + (int)k, &edges);
    if (wide && near->on_map)
        pen_printf(pen, 0, y + 2 + (int)k, ROLE_QUIET, "%s near on the map too   %s only in h",
                   theme_glyph_text(pen->theme, GLYPH_NEAR), theme_glyph_text(pen->theme, GLYPH_FAR));
    return y + 1 + (int)k + below;
}

/* Has it room for how its views stand in the batch, between the views and its nearest? */
static bool has_pair(const struct scene *scene, const struct pen *pen)
{
    return pen->rect.height >= PAIR_ROOM && !scene->elsewhere;
}

/* A picture's height in cells for the room that all else leaves, ten of its nearest among it: 4 where it is
 * tight, 16 at most. */
static int picture_height(const struct scene *scene, const struct pen *pen)
{
    int each = (pen->rect.width - 4) / 3 / 2;
    int room = pen->rect.height - 14 - (has_pair(scene, pen) ? PAIR_ROWS + 4 : 0);
    int height = room < 4 ? 4 : room;
    height = height > each ? each : height;
    return height > 16 ? 16 : height < 3 ? 3 : height;
}

static void tight_item(struct scene *scene, const struct pen *pen, int64_t row)
{
    int y = 1;
    if (scene->data->pixels && pen->rect.height >= 12) {
        picture_labels(scene, pen, y);
        pictures(scene, pen, row, y + 1, 4);
        attributes_beside(scene, pen, row, y, 5);
        y = views_in_words(scene, pen, row, y + 5);
    } else if (pen->rect.height >= 6) {
        y = views_in_words(scene, pen, row, y);
    }
    struct pen list = pen_rows(pen, 0, pen->rect.height - 1);
    if (pen->rect.height - y >= 3)
        nearest(scene, &list, y);
    static const char *const tab[] = {"Tab", "numbers, settings", NULL};
    struct pen last =
        pen_at(pen, (struct rect){pen->rect.x - 1, pen->rect.y, pen->rect.width + 1, pen->rect.height});
    pen_hints(&last, pen->rect.height - 1, tab, 2);
}

/* Pictures of the nearest, as many as there is room for, beside what is said of them. */
static void nearest_pictures(struct scene *scene, const struct pen *pen)
{
    enum { ACROSS = 4 };
    const struct near_result *near = scene->found[REQUEST_NEAR] ? &scene->found[REQUEST_NEAR]->near : NULL;
    int width = (pen->rect.width - ACROSS + 1) / ACROSS, height = width / 2 + 2;
    if (!near || near->item != scene->choice.item)
        return;
    for (size_t i = 0; i < near->k && ((int)i / ACROSS + 1) * height <= pen->rect.height + 1; i++) {
        int64_t row = scene_row(scene, (int)near->index[i]);
        struct pen place =
            pen_at(pen, (struct rect){pen->rect.x + (int)i % ACROSS * (width + 1),
                                      pen->rect.y + (int)i / ACROSS * height, width, height - 1});
        struct pen picture = pen_rows(&place, 0, height - 2);
        pen_printf(&place, 0, item_picture(scene, &picture, row), ROLE_QUIET, "%lld", (long long)row);
    }
}

enum { PICTURED = 8 /* rows for a row of them */ };

static void item_column(struct scene *scene, const struct pen *pen)
{
    int64_t row = scene_row(scene, scene->choice.item);
    if (row < 0) {
        pen_text(pen, 0, 0, ROLE_QUIET, scene_items(scene) ? "no item: arrows pick one" : "no item yet");
        return;
    }
    item_title(scene, pen, row);
    if (pen->rect.height < 18 || pen->rect.width < 34) {
        tight_item(scene, pen, row);
        return;
    }
    int y = 2;
    if (scene->data->pixels) {
        int height = picture_height(scene, pen);
        pictures(scene, pen, row, y, height);
        picture_labels(scene, pen, y + height);
        attributes_beside(scene, pen, row, y, height + 1);
        y += height + 1;
    } else if (scene->elsewhere && count_attributes(scene) > 1) { /* one is in the title */
        int n = count_attributes(scene), room = pen->rect.height / 3;
        struct pen place = pen_rows(pen, y, n < room ? n : room);
        attributes(scene, &place, row);
        y += place.rect.height;
    }
    y = views_in_words(scene, pen, row, y);
    if (has_pair(scene, pen)) {
        struct pen pair = pen_rows(pen, y, PAIR_ROWS);
        panel_pair_of_item(scene, &pair);
        y += PAIR_ROWS;
    }
    y = nearest(scene, pen, y + 1);
    struct pen below = pen_rows(pen, y + 1, pen->rect.height - y - 1);
    if (scene->data->pixels && below.rect.height >= PICTURED)
        nearest_pictures(scene, &below);
}

void panel_item(struct scene *scene, const struct pen *pen)
{
    enum { WIDEST = 96 }; /* a row wider than this is not read across */
    if (pen->rect.width >= WIDEST + 60 && scene->data->pixels) {
        struct rect r = pen->rect;
        struct pen beside =
            pen_at(pen, (struct rect){r.x + WIDEST + 4, r.y + 2, r.width - WIDEST - 4, r.height - 2});
        struct pen own = pen_at(pen, (struct rect){r.x, r.y, WIDEST, r.height});
        item_column(scene, &own);
        nearest_pictures(scene, &beside);
    } else {
        item_column(scene, pen);
    }
}
