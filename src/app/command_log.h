/* SPDX-License-Identifier: MIT
 *
 * Every key of a session, with the step the trainer was at when what it did took effect: lines that script.h
 * reads, so that --play trains to those steps and does the same there. A key that gives the trainer a command
 * takes effect when the trainer says so, a little later than it was typed; it is written once that is known.
 * With it goes what else a replay cannot know: where training stood still, at which pace it was measured,
 * which past moment was on the screen, and which state a branch began with. Main thread.
 */
#ifndef NF_APP_COMMAND_LOG_H
#define NF_APP_COMMAND_LOG_H

#include "base/strbuf.h"
#include "share/mailbox.h"
#include "share/snapshot.h"
#include "ui/keys.h"

/* The first line: a file that begins so is a log, and its last line is whole or was cut off. The second says
 * which orders to expect: logs without it were written before there was one, and are read as they were. */
#define COMMAND_LOG_HEAD "# nearfar --play FILE does this again: the step, then what was typed at it\n"
enum { COMMAND_LOG_VERSION = 2 };

/* A kept moment, by the run it belongs to. */
struct log_moment {
    bool there;
    uint64_t step, run;
};

struct logged {
    struct key key;    /* KEY_NONE: training stood here, or another pace began */
    int width, height; /* of the screen it was typed on: a click means a place */
    uint64_t step, run;
    struct log_moment look; /* what was on the screen, if that was past */
    struct log_moment from; /* what the branch it began goes on from */
    uint32_t seq;           /* of the last command it gave the trainer; 0: none, or it is carried out */
    double pace;            /* that it asked for; < 0: none */
    uint64_t begins;        /* the run it began, 0: none */
    bool falls;             /* training failed here and went back */
    uint64_t start;         /* to which step, or at which the new run began */
};

/* How far printing has come: what a replay of the lines so far would have. */
struct log_pen {
    bool stood; /* at this step, which is yet to be printed */
    uint64_t step, run;
    struct log_moment look;
    bool unsure; /* keys were typed at a run that was over: the screen may stand elsewhere */
    int width, height;
};

struct command_log {
    struct logged *key;
    size_t n, room, typed; /* typed: those of n that are keys */
    size_t told;           /* entries that command_log_news has printed */
    struct log_pen pen;    /* where it stands */
    size_t waiting;        /* entries whose command the trainer has not confirmed */
    uint64_t stood_step, stood_run;
};

void command_log_release(struct command_log *log);
/* Before the key is carried out. newest: the trainer's last word, or NULL; past: what is on the screen where
 * that is an earlier moment, else NULL. */
void command_log_key(struct command_log *log, struct key key, int width, int height,
                     const struct snapshot *newest, const struct snapshot *past);
/* The entry noted last has given the trainer this command. */
void command_log_posted(struct command_log *log, const struct command *command, uint32_t seq);
/* From here on training is measured as at this pace; the command that says so is posted behind it. */
void command_log_pace(struct command_log *log, const struct snapshot *newest);
/* Training stands still, or has failed: the moment is one that the history has. */
void command_log_stand(struct command_log *log, const struct snapshot *newest);
/* Moves entries whose commands have been carried out to the steps at which they were. */
void command_log_settle(struct command_log *log, const struct snapshot *newest);
/* The same while the session goes on: what has been settled since the last call, in order, so that the pieces
 * one behind the other do what the whole does; `newest` NULL: without the step it has come to. False: nothing
 * was typed, or nothing is new.
 */
bool command_log_news(struct command_log *log, const struct snapshot *newest, struct strbuf *out);
/* As lines, with the step the session has come to at the end. */
void command_log_print(const struct command_log *log, const struct snapshot *newest, struct strbuf *out);

#endif
