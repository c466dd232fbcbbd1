/* SPDX-License-Identifier: MIT
 *
 * The parts a screen is put together from. Each draws itself into the pen's rect, at any size, and in any
 * state of the scene. Screen thread.
 */
#ifndef NF_VIEW_PANELS_H
#define NF_VIEW_PANELS_H

#include "view/layout.h"
#include "view/legend.h"
#include "view/pen.h"
#include "view/view.h"

struct layout scene_layout(const struct scene *scene, const struct canvas *canvas);

void panel_tabs(struct scene *scene, const struct pen *pen);
void panel_headline(struct scene *scene, const struct pen *pen);
void panel_sentence(struct scene *scene, const struct pen *pen);
void panel_hint(struct scene *scene, const struct pen *pen);
void panel_keys(struct scene *scene, const struct pen *pen);
void panel_timeline(struct scene *scene, const struct pen *pen);
/* The one line of a screen too small for more. */
void panel_line(struct scene *scene, const struct pen *pen);
/* Which view a column of the tab bar belongs to, -1. */
int tab_at(const struct scene *scene, int width, int x);

void panel_map(struct scene *scene, const struct pen *pen);
/* Over the points of the map: names of the values where their items lie; pictures in place of letters. */
struct points;
void map_names(struct scene *scene, const struct pen *pen, const struct points *points);
void map_pictures(struct scene *scene, const struct pen *pen, const struct points *points);
void panel_map_title(struct scene *scene, const struct pen *pen);
void panel_honesty(struct scene *scene, const struct pen *pen);
void panel_legend(struct scene *scene, const struct pen *pen);
/* The legend entry at a column of its row, -1. */
int legend_at(struct scene *scene, int width, int x);

void panel_item(struct scene *scene, const struct pen *pen);
void panel_numbers(struct scene *scene, const struct pen *pen);
/* With a word on each: what z shows. */
void panel_numbers_whole(struct scene *scene, const struct pen *pen);
void panel_settings(struct scene *scene, const struct pen *pen);
extern const struct key_help settings_keys[]; /* what keys do while the settings are turned, in any view */
/* What the method shows of itself: numbers, rows, matrices, histograms; the row after. */
int panel_method(struct scene *scene, const struct pen *pen);
bool panel_has_focus(const struct scene *scene, enum panel panel);

/* Curves over the whole run: how well an attribute is read, and the loss. `titled`: a row above says what. */
void chart_readable(struct scene *scene, const struct pen *pen, int column, bool titled);
void chart_loss(struct scene *scene, const struct pen *pen, bool titled);
/* How similar positives and negatives are in z, where that is known. */
void chart_pairs(struct scene *scene, const struct pen *pen);
/* Side by side: the attribute of the headline, a second one from a width of `three` columns on, the loss
 * where there is one. */
void charts_draw(struct scene *scene, const struct pen *pen, bool titled, int three);
/* Side by side: how far views are apart, how spread the space is, how many dimensions it uses; how many of
 * them are measured. */
void charts_draw_space(struct scene *scene, const struct pen *pen);
int charts_of_space(const struct scene *scene);

/* Histograms of same and different pairs, the threshold between them, what it gets wrong. */
void panel_threshold(struct scene *scene, const struct pen *pen);
/* A press or drag on the histograms moves the threshold; false: it is elsewhere. */
bool panel_threshold_drag(struct scene *scene, const struct pen *pen, struct mouse mouse);

#endif
