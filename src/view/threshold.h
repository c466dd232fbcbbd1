/* SPDX-License-Identifier: MIT
 *
 * The threshold all views share: a value, or whatever value does what it is locked to (a false match rate, a
 * false non-match rate, equal rates) on the pairs counted last. Screen thread.
 */
#ifndef NF_VIEW_THRESHOLD_H
#define NF_VIEW_THRESHOLD_H

#include "space/threshold.h"
#include "view/view.h"

enum { THRESHOLD_TEXT = 40, THRESHOLD_STEP = SCORES_BINS / 256 /* bins a key moves it */ };

/* "0.72", "fmr 0.1%", "fmr 1/1000", "fnmr 5%", "eer"; false: none of these. */
bool threshold_parse(const char *text, struct threshold_choice *to);
void threshold_print(const struct threshold_choice *threshold, char text[THRESHOLD_TEXT]);
/* It becomes the threshold; that can be undone. `moved`: by keys or the mouse, a little of a longer way. */
void threshold_put(struct scene *scene, const struct threshold_choice *threshold, bool moved);
/* By so many engine bins, from wherever it is; then it is a value. */
void threshold_move(struct scene *scene, int bins);

/* The pairs counted last under the relation that is chosen (in the audit view: those it audits); false: they
 * are not there (yet). Lent. */
bool threshold_table(const struct scene *scene, struct match_table *table);
struct match_table counts_table(const struct match_counts *counts); /* lent */
/* Its bin now: of a value always known, of a rate only where pairs are counted (then false). */
bool threshold_bin_now(const struct scene *scene, uint32_t *bin);
/* The lowest bin worth drawing: all but a few in a thousand pairs of each kind lie above. */
uint32_t threshold_lowest(const struct match_table *table);
/* Where it would be on other counts under the same lock. */
uint32_t threshold_bin_of(const struct threshold_choice *threshold, const struct match_table *table);

extern const char *const relation_names[]; /* (RELATIONS) */
/* "same shape", "the same picture (its two views, in z)". */
/* Is it what counts as the same now? `label`: the column an answer took as the label. */
bool relation_is(const struct scene *scene, enum relation relation, int label);
void relation_name(const struct scene *scene, char text[64]);
/* In words: "0.723", "above 1" where nothing matches; "1.25 %", "undefined" where there are no such pairs. */
const char *threshold_value_words(double threshold, char text[32]);
const char *threshold_rate_words(double rate, int decimals, char text[32]);
/* What it does now, on the message line. */
void threshold_say(const struct scene *scene, const struct post *post);
/* Asks for what the panel shows. */
void threshold_wants(struct scene *scene, const struct post *post);

#endif
