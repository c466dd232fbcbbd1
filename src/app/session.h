/* SPDX-License-Identifier: MIT
 *
 * A live session: data, trainer, analysis worker, history and the scene that the screen draws. It is told of
 * keys and time by whoever has the terminal (loop.h, script.h) and says what it wants drawn. Main thread;
 * everything it lends to other threads outlives them.
 */
#ifndef NF_APP_SESSION_H
#define NF_APP_SESSION_H

#include "app/history.h"
#include "app/options.h"
#include "app/requests.h"
#include "app/setup.h"
#include "run/run.h"
#include "train/trainer.h"
#include "ui/term.h"
#include "view/view.h"

/* What is opened before there is anything to learn: by a job, so that the screen is there meanwhile. */
struct opened {
    bool fine;
    struct err err;
    struct setup setup;
    struct record before;       /* of the run that is continued */
    struct saved_state *resume; /* or NULL */
    uint64_t first_step;
    char folder[RUN_PATH_SIZE]; /* where the run will be written */
    bool continued;
};

struct session {
    const struct options *options;
    struct opened *opened; /* NULL until it is */
    struct mailbox *mailbox;
    struct commands *commands;
    struct inbox *inbox;
    struct job_queue *jobs;
    struct requests *requests;
    struct trainer *trainer;
    struct history *history;
    struct scene scene;
    struct dataset nothing; /* what the scene shows before the data is there */
    struct post post;
    const struct snapshot *newest;                          /* reference held */
    const struct snapshot *shown;                           /* what scene.now points to: reference held */
    const struct snapshot *first;                           /* of this run's first snapshot: reference held */
    const struct result *found[REQUEST_KINDS], *map_before; /* references held */
    double map_since; /* when the map came; it is moved to from there on */
    uint32_t command_seq, message_seq;
    uint64_t run;
    char protocol[120];
    struct terminal *term; /* lent; NULL before session_take_terminal */
    bool mouse;            /* points at items (else the terminal selects text) */
    bool quit, dirty;
    bool steady; /* no clock: nothing moves by time (scripts) */
};

/* Starts opening the data. `theme` is lent. */
void session_begin(struct session *session, const struct options *options, const struct theme *theme,
                   bool steady);
/* Takes what the other threads have finished. False and err when the data could not be opened. */
bool session_update(struct session *session, double now, struct err *err);
/* From here on views may ask for what only a terminal can do. Lent until the session ends. */
void session_take_terminal(struct session *session, struct terminal *term);
void session_key(struct session *session, struct key key, struct canvas *canvas);
void session_draw(struct session *session, double now, struct canvas *canvas);
/* Does something on the screen move by time? */
bool session_moves(const struct session *session);
/* Nothing is being worked and nothing is to come until somebody acts. */
bool session_settled(const struct session *session);
uint32_t session_command(struct session *session, const struct command *command);
void session_say(struct session *session, bool bad, const char *text);
/* Between the files of the session: this snapshot is the one on the screen from now on; fills post. */
void session_show(struct session *session, const struct snapshot *snapshot);
void session_posts(struct session *session);

/* Ends the threads; the run is written first. False and err if that failed. `saved`: there was something to
 * write; then `folder` holds it. */
bool session_end(struct session *session, bool *saved, char folder[RUN_PATH_SIZE], struct err *err);

/* What a live training takes besides training_options. */
extern const struct option live_options[];

/* Opens what the command line says: data, or with --continue the run that ended last. For session_begin. */
void open_live(struct opened *opened, const struct options *options);
void opened_free(struct opened *opened);
/* The trainer's save callback; ctx is the struct opened. */
bool save_live(void *ctx, struct learner *learner, const struct snapshot *snapshot, struct err *err);

#endif
