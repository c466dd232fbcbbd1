/* SPDX-License-Identifier: MIT
 *
 * A session as a readable file: JSON, written whole. The data and what it was trained with, where the run is
 * kept, what is selected and named, and the screen as the lines that would bring it about. `nearfar FILE`
 * restores it: the run goes on where it was kept if it is still there, else it begins anew with the same
 * settings and seed. Main thread.
 *
 * Of what was explored, "explore" is its path (else "") and "tables" the options that go with it: paths are
 * written whole, and one that is no UTF-8 by its bytes: {"bytes": "2f746d70"}.
 *
 *   {"nearfar session": 1, "data": "tiles:n=1000,seed=1", "run": "/home/...", "seed": 1, "step": 120,
 *    "settings": {"tau": "0.1"}, "explore": "", "tables": {}, "screen": ["colour hue", "item 412"],
 * "selected": [3, 17], "shown": [...], "named": {"few": [3]}}
 */
#ifndef NF_APP_SESSION_FILE_H
#define NF_APP_SESSION_FILE_H

#include "app/options.h"
#include "run/run.h"
#include "share/settings.h"
#include "view/view.h"

enum { SESSION_TABLES = 8, SESSION_LINES = 96, SESSION_SETS = 32, SESSION_SETTINGS = SETTINGS_MAX };

struct session_set {
    char name[24]; /* "" for what is selected */
    uint32_t *row; /* (n) of the data set; owned */
    size_t n;
};

struct session_file {
    char data[RUN_PATH_SIZE], run[RUN_PATH_SIZE], explore[RUN_PATH_SIZE]; /* run: "" if it is kept nowhere */
    char table[SESSION_TABLES][2][RUN_PATH_SIZE];                         /* an option and its value */
    int n_tables;
    uint64_t seed, step;
    char setting[SESSION_SETTINGS][128]; /* "tau=0.1" */
    int n_settings;
    char line[SESSION_LINES][RUN_PATH_SIZE + 16]; /* "pairs PATH" is the longest */
    int n_lines;
    struct session_set set[SESSION_SETS];
    int n_sets;
    struct session_set shown; /* those alone are drawn, where n > 0 */
    char seed_text[24];       /* what options lend */
};

/* Has the file the look of one? Reads its first bytes. */
bool session_file_is_there(const char *path);
/* NULL and err with the file and the place. Owned: session_file_free. */
struct session_file *session_file_read(const char *path, struct err *err);
struct session_file *session_file_parse(const char *text, size_t length, struct err *err);
void session_file_free(struct session_file *file); /* NULL is fine */

/* Options as if what the file says had been typed; texts are lent from the file. */
bool session_file_options(const struct session_file *file, struct options *options, struct err *err);
/* Brings the screen about, once there is a snapshot with items. */
void session_file_restore(const struct session_file *file, struct scene *scene, const struct post *post);

/* Where what is shown comes from. */
struct session_origin {
    const char *run;               /* where a training is kept, or NULL */
    const struct options *explore; /* what was explored and with which options; NULL: a training */
};
bool session_file_write(const char *path, struct scene *scene, const struct session_origin *origin,
                        struct err *err);

#endif
