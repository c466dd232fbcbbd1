/* SPDX-License-Identifier: MIT
 *
 * What the map's two axes are: classes, components, pixels, the way from one selection to another; turned in
 * three dimensions; fitted anew, kept, or fitted on what is selected. Screen thread.
 */
#ifndef NF_VIEW_AXES_H
#define NF_VIEW_AXES_H

#include "view/view.h"

void axes_next(struct scene *scene, const struct post *post);                   /* a */
void axes_line(struct scene *scene, const char *line, const struct post *post); /* :axes 1 3, :axes @a @b */
void axes_basis_line(struct scene *scene, const char *line, const struct post *post); /* :basis frozen */
void axes_turn_line(struct scene *scene, const char *line, const struct post *post);  /* :turn 30 20 */
/* Arrows while the map is turned (OVERLAY_TURN). */
void axes_turn_key(struct scene *scene, struct key key, const struct post *post);

/* "axes: shape", "axes: components 1, 2", "axis: @few to @many". */
void axes_text(struct scene *scene, char *text, size_t size);
/* As :axes, :basis and :turn take it, a line each. */
void axes_lines(struct scene *scene, struct strbuf *out);
/* The same for maps that show the same moment on the same axes. */
unsigned axes_mark(const struct result *map);
/* The map as it is wanted now; sets are lent until the next key. */
void axes_ask(struct scene *scene, struct request *request);

#endif
