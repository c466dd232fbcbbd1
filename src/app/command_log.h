/* SPDX-License-Identifier: MIT
 *
 * Every key of a session, with the step at which what it did took effect: lines that script.h reads, so that
 * --play trains to those steps and does the same there. A key that turns a setting or starts again takes
 * effect when the trainer says so, a little later than it was typed; it is written once that is known. Main
 * thread.
 */
#ifndef NF_APP_COMMAND_LOG_H
#define NF_APP_COMMAND_LOG_H

#include "base/strbuf.h"
#include "share/mailbox.h"
#include "share/snapshot.h"
#include "ui/keys.h"

/* The first line: a file that begins so is a log, and its last line is whole or was cut off. */
#define COMMAND_LOG_HEAD "# nearfar --play FILE does this again: the step, then what was typed at it\n"

struct logged {
    struct key key;
    int width, height; /* of the screen it was typed on: a click means a place */
    uint64_t step, run;
    uint32_t seq;     /* of the last command it gave the trainer; 0: none */
    char setting[24]; /* that this command sets, "" if it starts again */
};

struct command_log {
    struct logged *key;
    size_t n, room;
    size_t told;    /* keys that command_log_news has printed */
    size_t waiting; /* keys whose command the trainer has not confirmed */
};

void command_log_release(struct command_log *log);
/* Before the key is carried out; shown: the snapshot on the screen, or NULL. */
void command_log_key(struct command_log *log, struct key key, int width, int height,
                     const struct snapshot *shown);
/* The key noted last has given the trainer this command. */
void command_log_posted(struct command_log *log, const struct command *command, uint32_t seq);
/* Moves keys whose commands have been carried out to the steps at which they were; last_step: of the run
 * before this one. */
void command_log_settle(struct command_log *log, const struct snapshot *newest, uint64_t last_step);
/* The same while the session goes on: what has been settled since the last call, in order, so that the pieces
 * one behind the other do what the whole does; `newest` NULL: without the step it has come to. False:
 * nothing.
 */
bool command_log_news(struct command_log *log, const struct snapshot *newest, struct strbuf *out);
/* As lines, with the step the session has come to at the end. */
void command_log_print(const struct command_log *log, const struct snapshot *newest, struct strbuf *out);

#endif
