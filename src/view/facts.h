/* SPDX-License-Identifier: MIT
 *
 * Small questions to a scene that several panels ask, with answers for every state of it: before the first
 * snapshot, without a label, without pixels. Screen thread; texts are written to the caller's memory.
 */
#ifndef NF_VIEW_FACTS_H
#define NF_VIEW_FACTS_H

#include "view/sentence.h"
#include "view/view.h"

int scene_items(const struct scene *scene); /* on the map */
bool scene_has_steps(
    const struct scene *scene); /* what is shown is of a step: of a training, or one of several */
int64_t scene_row(const struct scene *scene, int item);               /* data set row of a probe item, -1 */
const char *scene_column_name(const struct scene *scene, int column); /* "" if there is none */

/* Of the newest measures; NULL if it was not taken. Lent. */
const struct measure *scene_measure(const struct scene *scene, enum term term, int column);
/* The main measure of an attribute: knn, r2 or rank-1. */
const struct measure *scene_main_measure(const struct scene *scene, int column);
enum verdict measure_verdict(const struct measure *measure);
/* The attribute the headline is about: the coloured one if it is measured, else the label; NO_COLUMN. */
int scene_headline_column(const struct scene *scene);
/* Another measured attribute for the second chart; NO_COLUMN. */
int scene_second_column(const struct scene *scene);

/* The column that "same label" is about, NO_COLUMN: the label of the data; of a table in which no column is
 * named so, the coloured category. */
int scene_label(const struct scene *scene);

/* "a small red flower": the caption, else its first values; the data set row if there is nothing. */
void scene_caption(const struct scene *scene, int64_t row, char *text, size_t size);
void scene_sentence_facts(const struct scene *scene, struct sentence_facts *facts);
/* What now is compared with: A if it is pinned (and shows the same items), else the kept step at or before
 * half of now's; NULL if there is none. Lent. */
const struct snapshot *scene_before(const struct scene *scene);
bool scene_map_is_pixels(const struct scene *scene);

/* Is there more than one moment, now or as training goes on? Of a single table there is not. */
bool scene_has_course(const struct scene *scene);

/* The newest step there is of the run: beyond now's in the past. And where a step stands on a line of `width`
 * cells that ends there. */
uint64_t scene_last_step(const struct scene *scene);
int step_place(uint64_t step, uint64_t last, int width);

/* In the past: where b would begin a branch, and with what: "b: branch from step 220, the kept state before
 * 224: temperature 0.2 → 0.5". False: there is nothing to say. */
bool plan_words(const struct scene *scene, char *text, size_t size);

/* Are its pairs told by their distance, negated, and not by their cosine? No two views of one picture are
 * that unlike. */
bool step_of_distances(const struct step_row *row);

/* The last event of the run at or before now, NULL if none. Lent by the series. */
const struct event *scene_last_event(const struct scene *scene, bool settings_too);

#endif
