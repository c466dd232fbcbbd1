/* SPDX-License-Identifier: MIT
 *
 * Embeddings for a fake scene, and the program's own answers to what it asks: for drawings that show computed
 * numbers.
 */
#ifndef NF_TESTS_ANSWERS_H
#define NF_TESTS_ANSWERS_H

#include "support/scene.h"

/* An earlier step of the same items, kept by the scene; h and z of both, clouds by the first column, looser
 * then than now; a last batch with losses. */
void fake_embed(struct fake *fake);

/* Asks what the scene wants and answers all but the map and what is near in h, which are as fake_init made
 * them. */
void fake_answer(struct fake *fake);
void fake_answers_release(struct fake *fake);

#endif
