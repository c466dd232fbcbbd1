/* SPDX-License-Identifier: MIT
 *
 * A text in quotes as a search, where the run learns from captions: all items by how near they lie to it in
 * z. Or "query 3", a vector that came with a table: by how near they lie to it in h. It is asked anew of
 * every moment that is shown, live or past. Screen thread.
 */
#ifndef NF_VIEW_RANKING_H
#define NF_VIEW_RANKING_H

#include "view/view.h"

/* Is this line such a text, and can this moment answer? */
bool ranking_meant(const struct scene *scene, const char *line);
/* Is the answer to the last search, which is such a text, still to come? */
bool ranking_awaited(const struct scene *scene);
/* The last search without its quotes, zero behind its end. */
void ranking_question(const struct scene *scene, char text[TEXT_QUESTION_SIZE]);
void ranking_wants(struct scene *scene, const struct post *post);
/* To the best item (direction 0), or from the item at hand to the next or the one before; the message line
 * says where that is. False, and nothing done, while the answer is to come. */
bool ranking_go(struct scene *scene, int direction, const struct post *post);

#endif
