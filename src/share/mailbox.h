/* SPDX-License-Identifier: MIT
 *
 * The two directions between trainer and screen, and nothing else is shared but data loaded before the thread
 * starts. Trainer to screen: a mailbox that holds the newest snapshot; an older one that nobody took is
 * dropped. Screen to trainer: a bounded queue of small commands by value. Nobody waits for the other side,
 * except that a trainer with nothing to do sleeps until a command comes.
 */
#ifndef NF_SHARE_MAILBOX_H
#define NF_SHARE_MAILBOX_H

#include "share/snapshot.h"

struct mailbox;

struct mailbox *mailbox_new(void);
void mailbox_free(struct mailbox *mailbox);
int mailbox_wake_fd(
    const struct mailbox *mailbox); /* eventfd: readable after a publish; the screen polls it */
void mailbox_publish(struct mailbox *mailbox, struct snapshot *snapshot); /* takes the reference */
bool mailbox_is_full(const struct mailbox *mailbox);    /* the last one published is not taken yet */
struct snapshot *mailbox_take(struct mailbox *mailbox); /* owned; NULL if there is no newer one */
void mailbox_hush(struct mailbox *mailbox);             /* the fd is not readable until the next wake */
void mailbox_wake(struct mailbox *mailbox); /* makes the fd readable: also for finished results, and signals
                                               (safe in a handler) */

enum command_kind {
    COMMAND_RUN, /* go on; number: steps per second, 0 full speed, < 0 as before */
    COMMAND_PAUSE,
    COMMAND_STEP,    /* number: how many, then pause */
    COMMAND_SET,     /* name, text */
    COMMAND_RESTART, /* from step 0, same seed, settings as they stand; runs on unless `paused` */
    COMMAND_INSPECT, /* number: dataset row, -1 none */
    COMMAND_SAVE,    /* write the run folder now */
    COMMAND_RECALL,  /* go back to the last good state after a failure, paused */
    COMMAND_BRANCH,  /* a new run from the state of `from`, with its curves up to there and `change`; number >
                        0: and with the settings as they stand; runs on unless `paused`; text: what the one
                        that  is gone on with is called, or "" */
    COMMAND_PACE,    /* number: measured as at this pace from now on, without running; a log that is played */
    COMMAND_KEEP,    /* the moment as it stands is one that training can go on from */
    COMMAND_LIVE,    /* a person looks on from now: the trainer is steady no longer, and keeps its pace */
    COMMAND_STOP,    /* save and end the thread */
};

struct command {
    enum command_kind kind;
    uint32_t seq; /* set by commands_put */
    double number;
    char name[24], text[96];
    bool paused;
    uint64_t to; /* of a BRANCH: it catches up to there; 0: to where the run that is left ends */
    /* of a BRANCH, and owned by the command: */
    const struct snapshot *from; /* a reference; else NULL */
    struct setting_change *change;
    int n_changes;
};

void command_release(const struct command *command); /* what it owns */

struct commands;

struct commands *commands_new(void);
void commands_free(struct commands *commands);
/* The command's number (from 1), or 0 when the queue is full: say "busy" and let the user try again. Any
 * thread. */
uint32_t commands_put(struct commands *commands, const struct command *command);
bool commands_take(struct commands *commands, struct command *command); /* false: none. The trainer only */
void commands_wait(struct commands *commands, double seconds); /* until one is there or the time is over */

#endif
