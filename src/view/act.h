/* SPDX-License-Identifier: MIT
 *
 * What keys, clicks and typed commands do. One dispatcher for all views; everything that changes the trainer
 * is a command, everything that takes time a request. Screen thread.
 */
#ifndef NF_VIEW_ACT_H
#define NF_VIEW_ACT_H

#include "view/view.h"

/* printf to the message line. */
void say(const struct post *post, bool bad, const char *format, ...) __attribute__((format(printf, 3, 4)));
void post_command(const struct post *post, enum command_kind kind, double number);

/* Posts it; who works it knows what was asked last. What is not asked again at the next look is cancelled. */
void scene_ask(struct scene *scene, const struct request *request, const struct post *post);

/* REQUEST_VALUES of these numbers (bit q: enum quantity q), as the map asks for them. */
struct request values_request(struct scene *scene, unsigned quantities);
/* Earlier kept steps of this run, spread evenly, as what the request compares with: at most `most`. */
void request_spread(const struct scene *scene, struct request *request, size_t most);
/* Does it train, and has it gone on by less than a twentieth since this was found? */
bool still_fresh(const struct scene *scene, const struct result *found);

/* "nothing trains here": what the action needs and there is not; NULL: it works. */
const char *action_lacks(const struct scene *scene, enum action action);
bool keys_work(const struct scene *scene, const char *keys); /* one of them: "R", "< >", "arrows" */

/* What an action does, wherever it came from. */
void act(struct scene *scene, enum action action, struct key key, const struct post *post);

/* s * o, and what a click on the legend does: what is selected and shown. False if the action is none. */
bool act_select(struct scene *scene, enum action action, const struct post *post);
void select_value(struct scene *scene, uint32_t code,
                  const struct post *post); /* of the legend; again: drop */
/* e: a line that writes what is selected or highlighted, to be changed and taken. :export FILE WHAT */
void export_open(struct scene *scene, const struct post *post);
void export_line(struct scene *scene, const char *line, const struct post *post);
/* Of a `:` line that exports what it would write: "to 412 by cosine in h, step 540", as much as there is room
 * for; "" of any other. */
void export_words(struct scene *scene, const char *line, int room, char *text, size_t size);
/* w and :w FILE */
void write_session(struct scene *scene, const char *path, const struct post *post);
void select_none(struct scene *scene, const struct post *post);

/* The settings panel's own keys; false if the action is none of them. */
bool act_settings(struct scene *scene, enum action action, const struct post *post);

void overlay_open(struct scene *scene, enum overlay overlay, const char *line);
/* A `:` line of three parts, of which what is typed replaces the second (view/typing.h). */
void line_propose(struct scene *scene, const char *head, const char *proposal, const char *tail);
/* A key while an overlay is open. */
void overlay_key(struct scene *scene, struct key key, const struct post *post);

/* What the picker lists: the columns, then the quantities; NULL for one that is no colour or past the end. */
const char *picker_name(const struct scene *scene, int at);
int picker_at(const struct scene *scene); /* what the map is coloured by, -1: nothing */

/* A typed line: an action by name, or set, pace, colour, axes, draw, item, step, recall ... */
void command_run(struct scene *scene, const char *line, const struct post *post);
/* Does the line write a file or to the clipboard? What is read from a file may not say so. */
bool command_leaves_something(const char *line);
/* What a typed command asks of the items ("" if it is not about them): "shape == star" of ":select shape ==
 * star". */
const char *line_asks(const char *line);
/* The i-th word with a value and what it is for, NULL past the end; static. */
const char *command_word(size_t i, const char **help);
/* What view/matcher.h takes a line for, among the items on the map. */
void search_start(struct scene *scene, const char *pattern, const struct post *post);
void search_next(struct scene *scene, int direction, const struct post *post);
/* To the item of that row of the data; where it is not on the map it is said why and what to do. */
void item_by_row(struct scene *scene, int64_t row, const struct post *post);
/* "12 of 1000" for a line that is being typed, "" while it is not known; false: what is wrong with it. */
bool search_count(struct scene *scene, const char *line, char *text, size_t size);

/* :select and :only: those that a line means, all, none, invert. */
void select_line(struct scene *scene, const char *line, const struct post *post);
void only_line(struct scene *scene, const char *line, const struct post *post);
/* :name and :forget: what is selected, under a name that @name recalls. */
void name_selection(struct scene *scene, const char *name, const struct post *post);
void forget_selection(struct scene *scene, const char *name, const struct post *post);

/* "word rest" is run when the numbers it asks for are there. */
void line_waits(struct scene *scene, const char *word, const char *rest, const struct post *post);
void line_goes_on(struct scene *scene, const struct post *post);

/* :cursor near-row 4: what is highlighted in a view, as a session keeps it. */
void cursor_line(struct scene *scene, const char *line, const struct post *post);

/* Typed lines that bring the screen about as it is now, one a line: view, colours, axes, item, settings of
 * the views, what is highlighted in them, the last search. What is selected is not among them. */
void scene_lines(struct scene *scene, struct strbuf *out);

/* The scene in words, for a screen reader or a log. */
void scene_words(struct scene *scene, struct strbuf *out);

/* Ends the intro: training runs, the label is coloured, the map is of h. */
void intro_end(struct scene *scene, const struct post *post);

#endif
