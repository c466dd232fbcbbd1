/* SPDX-License-Identifier: MIT
 *
 * The words of the `:` line that take a value, for those who list and complete them. Static; screen thread.
 */
#ifndef NF_VIEW_COMMAND_H
#define NF_VIEW_COMMAND_H

#include "view/view.h"

/* A word with its handler; word_value completes what follows. */
struct word {
    const char *name;
    void (*run)(struct scene *scene, const char *rest, const struct post *post);
    /* the i-th thing the value could be, NULL past the end; NULL: one of a few that never change, or anything
     */
    const char *(*value)(const struct scene *scene, size_t i);
    bool asks; /* what follows can be a predicate */
    const char *help;
};
const struct word *word_at(size_t i); /* NULL past the end */
const struct word *word_find(const char *name);
/* The i-th thing that a word's value could be, NULL past the end. */
const char *word_value(const struct scene *scene, const struct word *word, size_t i);
/* Splits "name rest"; the rest is lent. */
const char *line_split(const char *line, char name[40]);

/* What does what somebody may have meant by a word that is none: "export?", or how the screen shows it. */
const char *command_guess(const char *name, char *text, size_t size);

#endif
