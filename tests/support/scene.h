/* SPDX-License-Identifier: MIT
 *
 * A scene that is always the same: eight shapes in six hues, a run at step 120 with its series, a map, the
 * nearest of item 412; made from formulas, so that drawings of it can be golden. And a struct post that keeps
 * what it was given.
 */
#ifndef NF_TESTS_SCENE_H
#define NF_TESTS_SCENE_H

#include "view/view.h"

enum { FAKE_ITEMS = 1000, FAKE_POSTED = 64 };
enum { MEASURED_EVERY = 10 }; /* steps between two rows of the measured series */

struct posted {
    struct command command[FAKE_POSTED];
    struct request request[FAKE_POSTED];
    struct asked asked[REQUEST_KINDS];
    size_t n_commands, n_requests, n_quits, n_travels, n_pins, n_branches, switched;
    uint64_t step; /* travelled to */
    char said[240], copied[400];
    enum action terminal;
    struct export_order exported;
    uint32_t exported_item[FAKE_ITEMS];
    bool bad;
};

struct fake {
    struct dataset data;
    struct theme theme;
    struct snapshot *now;
    struct result *map, *near;
    struct snapshot *before; /* fake_embed */
    const struct snapshot *kept[2];
    struct result *answer[REQUEST_KINDS]; /* fake_answer */
    struct scene scene;
    struct posted posted;
    struct post post;
};

/* `n` items (1 to FAKE_ITEMS); `labelled`: with attributes, else pictures alone; channels 1 or 3. */
void fake_init(struct fake *fake, size_t n, bool labelled, int channels);
void fake_release(struct fake *fake);

/* A key by name ("Space", "c"), or each character of a text, through screen_key on a canvas of 80 x 24. */
void fake_key(struct fake *fake, const char *name);
void fake_type(struct fake *fake, const char *text);
void fake_line(struct fake *fake, const char *text); /* and Enter */
/* A press of the mouse at a cell of a screen of 80 x 24, and whether such a screen shows a text. */
void fake_click(struct fake *fake, int x, int y);
void fake_mouse(struct fake *fake, struct mouse mouse);
bool fake_shows(struct fake *fake, const char *part);
/* The last command posted, or one of kind COMMAND_STOP with seq 0 if none was. */
struct command fake_command(const struct fake *fake);
struct measure *fake_measure(struct fake *fake, enum term term, int column);

#endif
