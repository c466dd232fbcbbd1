/* SPDX-License-Identifier: MIT
 *
 * A session: a feed of snapshots, the analysis worker, history and the scene that the screen draws. It is
 * told of keys and time by whoever has the terminal (loop.h, script.h) and says what it wants drawn. Main
 * thread; everything it lends to other threads outlives them.
 */
#ifndef NF_APP_SESSION_H
#define NF_APP_SESSION_H

#include "answer/requests.h"
#include "app/command_log.h"
#include "app/feed.h"
#include "app/history.h"
#include "app/options.h"
#include "ui/term.h"
#include "view/view.h"

/* A run of this session; the last is the one on the screen. */
struct branch_entry {
    char name[32], what[120];
    uint64_t run;
    struct history *history;       /* NULL: the session's own */
    const struct snapshot *newest; /* reference held; NULL: the session's own */
    /* its last moment that the run on the screen was compared with, and that one: references held or NULL, so
     * that thinning takes no comparison back */
    const struct snapshot *level, *mine;
};

struct session {
    const struct options *options;
    struct feed *feed; /* NULL until it is opened */
    struct mailbox *mailbox;
    struct commands *commands;
    struct inbox *inbox;
    struct job_queue *jobs;
    struct progress opening; /* of the feed */
    struct requests *requests;
    struct pool *pool; /* of long requests where nothing trains, else NULL */
    bool works;        /* a request is being worked: how far is to be shown */
    bool searches;     /* items are being looked through, between keys */
    struct history *history;
    size_t history_budget;
    struct history *fork; /* what the next run goes on from, or NULL */
    char fork_name[32];   /* of the run it takes the place of; "" */
    uint32_t fork_seq;    /* of the command that begins it: a run that began before has its own history */
    struct branch_entry branch[BRANCHES_MAX];
    size_t n_branches;
    struct branch_plan plan; /* of a branch from the step shown, where that is past */
    struct setting_change planned[SETTINGS_MAX];
    int n_planned;
    bool walks; /* through the kept steps by itself */
    double walked_at;
    struct scene scene;
    struct dataset nothing; /* what the scene shows before the data is there */
    struct post post;
    const struct snapshot *newest; /* reference held */
    const struct snapshot *ended;  /* the trainer's last: reference held, or NULL */
    const struct snapshot *shown;  /* what scene.now points to: reference held */
    const struct snapshot *first;  /* of this run's first snapshot: reference held */
    const struct snapshot *pinned; /* A: reference held, or NULL */
    const struct snapshot *meant;  /* what was shown when a line was begun, until it is done: what it exports;
                                      reference held, or NULL */
    const struct result *found[REQUEST_KINDS], *map_before; /* references held */
    double map_since; /* when the map came; it is moved to from there on */
    uint32_t command_seq, message_seq;
    uint64_t run;
    struct terminal *term; /* lent; NULL before session_take_terminal */
    bool mouse;            /* points at items (else the terminal selects text) */
    bool exporting, reading_pairs;
    const struct pairs_list *pairs; /* reference held, or NULL */
    struct command_log log;
    int journal;                        /* descriptor of the log while it grows; -1: not begun */
    bool log_failed;                    /* it cannot be written: said once, tried again at the end */
    struct called called;               /* as the run folder has it; runs 0: it says nothing */
    double steps_at;                    /* when the kept steps were written last, or it began */
    int log_version;                    /* of the log that is played; 0: none, or one that says no version */
    struct log_moment log_from;         /* what it says the next branch begins with */
    double pace;                        /* the last that the log was told of; < 0: none */
    double log_at;                      /* when a step was appended last */
    uint64_t log_step;                  /* and which */
    const struct session_file *restore; /* what the screen begins with, or NULL; lent */
    uint32_t marks_kept;                /* revision of the scene's marks that is in their file */
    bool quit, dirty;
    bool steady;  /* no clock: nothing moves by time (scripts) */
    bool playing; /* a log is: it says when to train, so keys neither run nor pause */
};

struct session_file;

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
struct request_scene session_request_scene(const struct session *session);
const struct snapshot *session_meant(const struct session *session); /* what an export now is of; lent */

/* Of a log that is played: training is measured as at this pace; the screen stands at that moment, or live.
 */
void session_pace(struct session *session, double pace);
void session_look(struct session *session, const struct log_moment *moment);

/* session_branch.c. The first snapshot of another run has come: */
void session_new_run(struct session *session, const struct snapshot *first);
void session_branch(struct session *session);           /* from the step shown */
void session_switch(struct session *session, size_t i); /* to the end of that run, where it waits */
void session_chance(struct session *session, size_t i, uint64_t step); /* that run again, with other draws */
void session_name_branch(struct session *session, const char *name);
void session_list_branches(struct session *session); /* into the scene */
bool session_keep_name(struct session *session,
                       struct err *err); /* of the run on the screen, if it changed and the run is there */
void session_branches_release(struct session *session);
/* session_plan.c. Fills in the scene's plan: where it is past. */
void session_update_plan(struct session *session);
bool session_plan(struct session *session, const struct setting_change *change); /* post.plan */
/* session_marks.c. What was said of these items before; what cannot be read is said. */
void session_take_marks(struct session *session);
bool session_keep_marks(struct session *session,
                        struct err *err); /* if they changed, and their run is there */
/* session_log.c. What is typed, appended to the run folder as it happens, so that a kill loses none of it;
 * scripts have theirs. */
void session_append_log(struct session *session, double now);
/* At the end the whole of it, in place of that; where no run is there nothing stays. */
bool session_keep_log(struct session *session, struct err *err);
/* session_steps.c. h of the kept steps, if the run is there; and the same while the session goes on, in the
 * background, so that a run that was written and then killed has them. */
bool session_keep_steps(struct session *session, struct err *err);
void session_start_keeping(struct session *session);
void session_keep_steps_now_and_then(struct session *session, double now); /* once a minute */
enum { SLOT_OPENED = REQUEST_KINDS, SLOT_EXPORTED, SLOT_PAIRS }; /* of the inbox, behind the requests' */
/* session_export.c. What is written is the moment that is meant; what comes of it is said. */
void session_export(void *session, const struct export_order *order); /* post.export */
void session_update_export(struct session *session);                  /* what was written, if it was */
/* At the end: waits for the file that was promised and says on stderr what came of it. A signal leaves it.
 * False and err: it is not there. */
bool session_finish_export(struct session *session, struct err *err);
/* session_pairs.c. Reads a list of pairs in the background; what comes of it is said. */
void session_read_pairs(struct session *session, const char *path);
void session_take_pairs(struct session *session, struct pairs_list *pairs); /* the reference with it */
void session_update_pairs(struct session *session);                         /* what was read, if it was */
void session_pairs_release(struct session *session);

/* Ends the threads; the run is written first. False and err if that failed. `folder` holds what was written,
 * "" if nothing was. */
bool session_end(struct session *session, char folder[RUN_PATH_SIZE], struct err *err);

/* What a live training takes besides training_options. */
extern const struct option live_options[];
/* What every screen takes, and what a table of embeddings does. */
extern const struct option screen_options[], table_options[];
/* Runs a session on the terminal, or with --script without one, to its end. */
enum exit_code session_run(const struct options *options);

#endif
