/* SPDX-License-Identifier: MIT
 *
 * What a typed question asks for as a row of one of the spaces: "query 3", a vector that came with the table,
 * lies in h; any other text lies in z, where the moment has a text encoder. The analysis worker.
 */
#ifndef NF_ANSWER_ASKED_TEXT_H
#define NF_ANSWER_ASKED_TEXT_H

#include "answer/requests.h"
#include "nn/vocabulary.h"

/* The row (d), owned; NULL where the text has none in this space at this moment. `words` of a query are all
 * known. */
float *asked_text_row(const char *text, enum space_kind space, size_t d, const struct snapshot *snapshot,
                      const struct request_scene *scene, struct words_known *words);
/* The space it lies in. */
enum space_kind asked_text_space(const char *text, const struct request_scene *scene);

#endif
