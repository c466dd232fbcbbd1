/* SPDX-License-Identifier: MIT
 *
 * View 6: large charts, every number with its yardsticks, all settings.
 */
#include "view/facts.h"
#include "view/panels.h"

enum {
    THREE_CHARTS = 110, /* columns */
    PAIRS_CHART = 6,
    /* rows */ SPACE_CHARTS = 26, /* rows from which on a second row of charts is drawn */
    NUMBERS = 45,
    SETTINGS = 56,                       /* columns beside each other below */
    METHOD_TOO = NUMBERS + SETTINGS + 46 /* columns from which on the method has its own place */
};

static struct rect cut_left(struct rect *rect, int width)
{
    struct rect left = {rect->x, rect->y, width < rect->width ? width : rect->width, rect->height};
    rect->x += left.width + 1;
    rect->width -= left.width + 1;
    return left;
}

/* What is right of the numbers, with a line before it. */
static struct pen beside(const struct pen *pen, struct rect rect)
{
    for (int y = 0; y < rect.height && rect.width > 0; y++)
        canvas_put(pen->canvas, pen->rect, rect.x - 1, rect.y + y, theme_glyph(pen->theme, GLYPH_VERTICAL),
                   theme_style(pen->theme, ROLE_QUIET));
    return pen_at(pen, rect);
}

/* What it shows of itself, and where there is room below, what all have: the pairs. */
static void method_and_pairs(struct scene *scene, const struct pen *pen)
{
    int rows = panel_method(scene, pen) + 1;
    struct pen p = pen_rows(pen, rows, pen->rect.height - rows);
    if (p.rect.height >= PAIRS_CHART)
        chart_pairs(scene, &p);
}

static void lower(struct scene *scene, const struct pen *pen)
{
    struct rect rest = pen->rect;
    int width = rest.width;
    struct pen p = pen_at(pen, cut_left(&rest, width >= THREE_CHARTS ? NUMBERS : width * 9 / 16));
    p.rect.x++;
    p.rect.width--;
    panel_numbers(scene, &p);
    rest.width--;
    if (rest.width <= 12)
        return;
    bool both = width >= METHOD_TOO;
    if (both || scene->choice.panel != PANEL_METHOD) {
        p = beside(pen, both ? cut_left(&rest, SETTINGS) : rest);
        panel_settings(scene, &p);
    }
    if (both || scene->choice.panel == PANEL_METHOD) {
        p = beside(pen, rest);
        method_and_pairs(scene, &p);
    }
}

/* The curves of the headline; where there is room, below them those of the space. */
static void charts(struct scene *scene, const struct pen *pen)
{
    int height = pen->rect.height;
    if (height < SPACE_CHARTS || !charts_of_space(scene)) {
        charts_draw(scene, pen, true, THREE_CHARTS);
        return;
    }
    struct pen p = pen_rows(pen, 0, (height - 1) / 2);
    charts_draw(scene, &p, true, THREE_CHARTS);
    p = pen_rows(pen, (height - 1) / 2 + 1, height - (height - 1) / 2 - 1);
    charts_draw_space(scene, &p);
}

static void large(struct scene *scene, const struct pen *pen)
{
    if (scene->choice.panel == PANEL_NUMBERS)
        panel_numbers_whole(scene, pen);
    else if (scene->choice.panel == PANEL_SETTINGS)
        panel_settings(scene, pen);
    else if (scene->choice.panel == PANEL_METHOD)
        method_and_pairs(scene, pen);
    else
        charts(scene, pen);
}

static void training_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, {rect.x + 1, rect.y, rect.width - 2, rect.height}};
    if (scene->choice.large) {
        large(scene, &pen);
        return;
    }
    if (!scene_has_course(scene)) { /* no curves, no settings */
        panel_numbers_whole(scene, &pen);
        return;
    }
    int below = rect.height >= 16 ? (rect.height + 1) / 2 : 0;
    below = below > 22 ? 22 : below;
    struct pen p =
        pen_at(&pen, (struct rect){pen.rect.x, rect.y, pen.rect.width, rect.height - below - (below > 0)});
    charts(scene, &p);
    p = pen_at(&pen, (struct rect){rect.x, rect.y + rect.height - below, rect.width, below});
    if (below)
        lower(scene, &p);
}

static const struct key_help training_keys[] = {
    {"Space", "pause", NULL},
    {", .", "step", NULL},
    {"1-7", "views", NULL},
    {"Tab", "panel", "numbers, settings, the method's own panel; z: the whole screen of one"},
    {"z", "large", NULL},
    {"S", "settings",
     "arrows change one between two steps. Safeguards are switches among them: take one away and watch what "
     "collapses"},
    {"M", "method", "another method of learning, with what it brings along"},
    {"R", "restart", "again from the start with the settings as they stand; this curve stays in grey"},
    {NULL, NULL, NULL},
};
static const int training_terms[] = {
    TERM_loss,      TERM_no_learning, TERM_knn,        TERM_r2,   TERM_rank1,     TERM_knn_moved,
    TERM_zero_shot, TERM_alignment,   TERM_uniformity, TERM_rank, TERM_rank_z,    TERM_std,
    TERM_positive,  TERM_negative,    TERM_pretext,    TERM_lr,   TERM_grad_norm, -1};

extern const struct view view_training;
const struct view view_training = {
    .entry = {"training", "curves, numbers and settings of the training", NULL},
    .draw = training_draw,
    .keys = training_keys,
    .terms = training_terms,
    .tip_still = "try: 4 where to cut, 5 whom the errors hit, ? what each number means",
};
