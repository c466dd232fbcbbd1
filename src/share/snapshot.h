/* SPDX-License-Identifier: MIT
 *
 * What the trainer lets the others see of one moment: immutable once published, one allocation, counted
 * references. The trainer writes it until mailbox_publish; after that anybody may read it and nobody may
 * write. Series are shared and append-only, so a snapshot that nobody took loses only its embeddings.
 */
#ifndef NF_SHARE_SNAPSHOT_H
#define NF_SHARE_SNAPSHOT_H

#include "base/readout.h"
#include "share/series.h"
#include "share/settings.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum train_status {
    TRAIN_PREPARING, /* loading, baselines; message says what */
    TRAIN_RUNNING,
    TRAIN_PAUSED,
    TRAIN_DONE,      /* reached --until */
    TRAIN_ELSEWHERE, /* nothing trains here: embeddings that were made elsewhere */
    TRAIN_FAILED,    /* message says which quantity and step; h is of the last good state */
};

/* Where training can restart from; made by train/, opaque here, its bytes shared between snapshots. */
struct saved_state;
struct saved_state *saved_state_new(uint64_t step, size_t bytes); /* zeroed; one reference */
struct saved_state *saved_state_ref(struct saved_state *state);
void saved_state_unref(struct saved_state *state);
uint64_t saved_state_step(const struct saved_state *state);
void *saved_state_bytes(struct saved_state *state, size_t *length);

/* The hardest negative of an item in each of the last batches, as they were embedded then (train/recent.h).
 */
enum { RECENT_BATCHES = 20 };
struct hardest_lately {
    uint32_t n;                    /* batches, up to the snapshot's own; 0: not known */
    uint32_t item[RECENT_BATCHES]; /* (n) the earliest first; UINT32_MAX: there was none */
    uint32_t stood;                /* in how many of them the last one's stood */
};

/* The item looked at, drawn twice as the net sees it at this step. */
struct inspected {
    uint32_t item;        /* dataset row; UINT32_MAX: none */
    float similarity;     /* of its two views in z */
    uint32_t rank, of;    /* of its other view among the `of` other views of the last batch and its own */
    const float *view[2]; /* (height, width, channels) in [0, 1]; in the snapshot's memory */
    const float *z[2];    /* (dim_z) of each view, raw */
    struct hardest_lately lately;
};

/* A command that was carried out: at which step of which run, and which run was there behind it. */
struct carried {
    uint32_t seq; /* 0: none */
    uint64_t step, run, next_run;
};
enum { CARRIED_KEPT = 64 };

struct snapshot {
    atomic_size_t references;
    uint64_t step;                        /* steps done */
    uint32_t command_seq;                 /* last command carried out */
    struct carried carried[CARRIED_KEPT]; /* the last of them, each at seq % CARRIED_KEPT */
    uint64_t failed_at;                   /* the step that failed, once TRAIN_FAILED; 0: none */
    enum train_status status;
    char message[240];  /* of a failure, a refused command, a preparation; "" else */
    bool message_bad;   /* something could not be written */
    char collapse[120]; /* what of this training looks like collapse: "few dimensions are used: ..."; "" none
                         */
    bool more;          /* of a timeline made elsewhere or earlier: others lie ready behind it */
    uint32_t message_seq;                  /* raised with each new message */
    uint64_t seed, run;                    /* run counts restarts in this session, from 0 */
    double steps_per_s, pairs_per_s, pace; /* pace 0: full speed */
    uint64_t catch_up; /* of a branch: the step up to which it keeps no pace; 0: it does */
    struct settings settings;
    struct measures measures;                 /* the latest taken; its own step inside */
    struct series *steps, *measured, *events; /* rows: step_row, measures, event; references held */
    /* the probe: held-out items, fixed by seed */
    size_t n_probe, dim_h, dim_z;
    const uint32_t *item; /* (n_probe) dataset rows */
    const float *h, *z;   /* (n_probe, dim_h), (n_probe, dim_z) not normalised; z may be NULL */
    /* training items for class axes and the bank */
    size_t n_bank;
    const uint32_t *bank_item;
    const float *bank_h; /* (n_bank, dim_h) or NULL */
    /* the last batch */
    size_t n_batch;
    const uint32_t *batch_item;           /* (n_batch) */
    const float *batch_z[2];              /* (n_batch, dim_z) of each view, raw */
    const float *pair_loss, *pair_weight; /* (n_batch) or NULL */
    /* what the method shows of itself; values in this memory */
    int n_readouts;
    struct readout readout[READOUTS_MAX];
    struct inspected inspected;
    struct saved_state *state; /* or NULL; a reference held */
    struct saved_state *text;  /* what makes z of a text (train/texts.h); NULL: nothing; a reference held */
    const float *own_h;        /* h where it is not in this allocation: freed with it; or NULL */
    size_t bytes;              /* of all that: for the history's budget */
};

/* A kept step as a run folder has it (run/past.h). */
struct past_moment {
    uint64_t step;
    bool marked;    /* it is not thinned out */
    const float *h; /* of the probe: (n_probe, dim_h) */
};

/* The last batch as a run folder has it (run/batch.h): views raw, loss and weight NaN where there is none. */
struct kept_batch {
    size_t n, dim_z; /* n 0: there is none */
    const uint32_t *item;
    const float *z[2], *loss, *weight; /* loss, weight NULL: none has any */
};

/* What a snapshot will hold, to be allocated at once; the arrays then point into it, zeroed and writable for
 * its maker only. */
struct snapshot_sizes {
    size_t n_probe, dim_h, dim_z, n_bank, n_batch, view_values; /* 0 leaves the array NULL */
    bool pairs;                                                 /* pair_loss and pair_weight */
    size_t readout_values[READOUTS_MAX];                        /* of each readout, in order; 0: none */
    const float *h; /* (n_probe, dim_h) is there already, and taken over: free(); or NULL */
};
struct snapshot *snapshot_new(const struct snapshot_sizes *sizes);
/* Fills in the batch of one with room for it: n_batch, dim_z, and pairs where its losses are known. */
bool kept_batch_has_losses(const struct kept_batch *batch);
void snapshot_take_batch(struct snapshot *snapshot, const struct kept_batch *batch);
struct snapshot *snapshot_ref(const struct snapshot *snapshot);
void snapshot_unref(const struct snapshot *snapshot); /* NULL is fine */
/* The same probe, row by row: another seed draws another one, of the same size. */
bool snapshot_same_items(const struct snapshot *a, const struct snapshot *b);
/* When a command was carried out; lent. NULL: not yet, or too long ago. */
const struct carried *snapshot_carried(const struct snapshot *snapshot, uint32_t seq);
/* The seed of which pairs and views are drawn (the setting draws; 0: the seed of the run). */
double snapshot_draws(const struct snapshot *snapshot);
/* The event with which its run left another one; lent. NULL: it began at step 0. */
const struct event *snapshot_branched(const struct snapshot *snapshot);
/* The step from which on the runs of the two are not the same: where the first of them left the other, or
 * both left a third. UINT64_MAX: none did, as far as these two tell. */
uint64_t snapshot_parted(const struct snapshot *a, const struct snapshot *b);

#endif
