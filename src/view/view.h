/* SPDX-License-Identifier: MIT
 *
 * The views and what they may see. A view draws a scene on a canvas and turns actions into changes of the
 * shared choice, into commands for the trainer and into requests for the analysis worker; it computes nothing
 * that takes time. One file and one line in views.def. Screen thread only.
 */
#ifndef NF_VIEW_VIEW_H
#define NF_VIEW_VIEW_H

#include "base/registry.h"
#include "base/strbuf.h"
#include "data/dataset.h"
#include "data/marks.h"
#include "share/mailbox.h"
#include "share/request.h"
#include "ui/canvas.h"
#include "ui/keys.h"
#include "ui/plot.h"
#include "ui/theme.h"
#include "view/selection.h"

struct screen;
struct sensitivity;
struct match_table;

/* What Tab walks through and z enlarges. Where only one fits beside the map, the slot shows it; PANEL_MAP
 * leaves the item there and gives the frame to the map. */
enum panel { PANEL_ITEM, PANEL_NUMBERS, PANEL_SETTINGS, PANEL_METHOD, PANEL_MAP, PANEL_COUNT };
enum { EARLIER_RUNS = 4, NO_ITEM = -1 };

/* An earlier run of this session, kept for its curves. */
struct earlier_run {
    struct series *steps, *measured;
    char differs[2048]; /* "temperature 0.2; draws 0": all that it had and the run after it had not */
};

/* What views of their own remember: ints, so that S can turn them (struct view_option). */
enum near_to { NEAR_TO_AUTO, NEAR_TO_ITEM, NEAR_TO_SELECTED, NEAR_TO_TEXT, NEAR_TO_KINDS };
struct near_choice {
    int list, row; /* highlighted */
    int to;        /* enum near_to */
    int k, metric, space;
};

/* What the audit counts as the same; the last: pairs of a list. */
enum { AUDIT_SAME_IDENTITY, AUDIT_SAME_LABEL, AUDIT_SAME_PICTURE, AUDIT_SAME_LISTED, AUDIT_SAMES };
struct audit_choice {
    int group, cross;                      /* columns, NO_COLUMN: the data's group column; none */
    int relation, convention, split, tags; /* see view_audit.c */
    int follow, more;                      /* audit every new step; enum audit_panel shown beside the table */
    int row, missed;                       /* highlighted: a cell, its false matches or its misses */
    int open, pair;                        /* its pairs are walked; highlighted */
};

enum time_list { TIME_EVENTS, TIME_BRANCHES, TIME_SETTINGS, TIME_GROUPS, TIME_FACTORS, TIME_LISTS };
struct time_choice {
    int list, row;    /* enum time_list; highlighted event, branch, chart or factor */
    uint64_t come_to; /* the step for which the event was highlighted */
};

struct pairs_choice {
    int list, row;  /* enum pair_list; highlighted */
    int sort, only; /* of the rows shown */
    int item;       /* that was looked at when the view was last entered */
    int of;         /* data set row whose own list is shown; NO_ITEM: the item looked at */
    int from;       /* the list it was opened from, where Esc goes back to */
};

/* The threshold of all views: a similarity, or the one that does what it is locked to. */
enum threshold_lock { LOCK_FMR, LOCK_FNMR, LOCK_EER, LOCK_VALUE };
struct threshold_choice {
    int lock, relation; /* enum threshold_lock, enum relation: what counts as the same */
    int log_counts;     /* histograms by the logarithm of the counts */
    int shown;          /* lines on the map to what would be called the same */
    int chart;          /* highlighted: z enlarges it */
    double target;      /* a rate, or the similarity */
};

/* What all views share: selection, attribute, axes, time. Owned by the session; changed by view_act only. */
struct choice {
    int view;         /* index into views.def */
    enum panel panel; /* of the right slot */
    int large;        /* 1, z: this panel fills the screen */
    int item;         /* index into the probe, NO_ITEM */
    int column;       /* colour by: dataset column */
    int quantity;     /* colour by this number instead (share/quantity.h); axes stay with the column */
    enum axes_kind axes;
    int component[2];
    int xy[2];          /* columns that are a map made elsewhere, NO_COLUMN: none */
    int basis, turn[2]; /* enum basis_kind; degrees: see view/axes.h */
    enum { TRAILS_CHANGED, TRAILS_ALL, TRAILS_OFF } trails; /* of what is selected */
    enum { NAMES_AUTO, NAMES_ON, NAMES_OFF } names; /* of values on the map; auto: where it has no letters */
    enum scatter_mode draw;
    bool draw_auto; /* letters, dots or density by how many items there are */
    float zoom;     /* 1: everything */
    int setting;    /* highlighted row of the settings */
    int help_row;   /* first row shown by help */
    char help_filter[40];
    char search[80]; /* last search, for n and N */
    bool isolated;   /* o: only scene.shown is drawn */
    struct near_choice near;
    struct audit_choice audit;
    struct threshold_choice threshold;
    struct pairs_choice pairs;
    struct time_choice time;
};

/* Two items of the data set as one: what m marks and e exports where a view highlights a pair. */
struct pair_ref {
    int64_t a, b; /* data set rows, -1: none; a == b: the two views of one item */
};

enum { BRANCHES_MAX = 12 };
struct branch {
    const char *name, *what;       /* "run 2", "from step 40: temperature 0.2 -> 0.05"; lent */
    const struct snapshot *newest; /* lent */
    /* its last kept moment up to the step shown of which the run on the screen has kept one too (of the same
     * step and measured, if there is any), and that one; lent, or NULL: it is the run on the screen */
    const struct snapshot *level, *mine;
    uint64_t meets; /* the first step beyond the one shown that it has kept and measured, 0: none */
    const struct snapshot *const *kept; /* its kept moments, and of what it branched from, by step; lent */
    size_t n_kept;
    bool here;
};

/* What b would begin from a step of the past. */
struct branch_plan {
    const struct snapshot *from;   /* lent: the last kept moment up to now that training can go on from; NULL:
                                      there is none, and the settings are empty */
    struct settings was, settings; /* that it was trained with, and that the branch will be */
};

/* The picker, `:` line and the like: what keys go to before anything else. */
enum overlay {
    OVERLAY_NONE,
    OVERLAY_COMMAND,
    OVERLAY_SEARCH,
    OVERLAY_COLUMN,
    OVERLAY_METHOD,
    OVERLAY_HELP,
    OVERLAY_WORDS,
    OVERLAY_OPTIONS, /* settings of the view */
    OVERLAY_AREA,    /* a box or a lasso on the map */
    OVERLAY_MARK,
    OVERLAY_TURN, /* arrows turn the map */
    OVERLAY_QUIT
};

/* A list of pairs that the audit may look at. */
struct scene_pairs {
    char name[64];  /* of its file */
    char path[200]; /* as it was typed (:pairs); "": it came with the data */
    size_t n;
    bool scored;     /* it has scores of its own; else they are cosines in h */
    unsigned digest; /* differs when the list does; 0: there is none */
};

struct scene {
    /* what there is */
    const struct dataset *data;
    const struct snapshot *now;         /* NULL before the first */
    size_t n_queries;                   /* vectors to rank by: /query 0 */
    bool elsewhere;                     /* nothing trains here: the embeddings were made elsewhere */
    bool of_run;                        /* of a run: its step 0 is the untrained net. Else tables */
    bool past;                          /* now is an earlier step of the run, not its newest (post.travel) */
    const struct snapshot *newest;      /* of the run: what the trainer works with; NULL: now */
    const struct snapshot *const *kept; /* steps of this run that are still there, ascending; lent */
    size_t n_kept;
    struct branch branch[BRANCHES_MAX]; /* runs of this session, the last is the one shown */
    size_t n_branches;
    const struct branch_plan *plan; /* in the past of a training; NULL: now is live. Lent */
    const struct snapshot *meant;   /* the moment that a typed :export is of; NULL: now */
    const struct snapshot *pinned;  /* A: what now is compared with, of any run; NULL: nothing is pinned */
    /* newest finished of each kind, or NULL; may be of an earlier step than now */
    const struct result *found[REQUEST_KINDS];
    const struct result *map;        /* = found[REQUEST_MAP] */
    const struct result *map_before; /* what the map moves from, or NULL */
    double map_share;                /* 0..1 of the way from map_before to map */
    struct earlier_run earlier[EARLIER_RUNS];
    size_t n_earlier;
    const char *split_rule, *protocol;     /* beside the headline and in help */
    const struct sensitivity *sensitivity; /* what moves the audit, where such a folder is shown; or NULL */
    struct scene_pairs pairs;
    struct work_state work[REQUEST_KINDS]; /* how far each is; see view/work.h */
    double opened; /* share of what is being opened that is read; -1: not told, or it is there */
    /* what was chosen, over the items of the probe; read through scene_selection (state.h), changed through
     * selection_change (change.h), which can be undone */
    struct selection selected, shown;
    struct marks marks;   /* changed through mark_put (change.h); the session reads and writes them */
    const char *marks_at; /* their file; NULL: they are not kept. Lent */
    /* how it looks */
    const struct theme *theme;
    struct choice choice;
    enum overlay overlay;
    char line[200]; /* what is being typed in an overlay */
    size_t line_cursor;
    char message[240]; /* one line to the user; "" none */
    bool message_bad;
    double intro_seconds;  /* since the first snapshot while the intro runs, -1: over or --no-intro. The loop
                              moves it on; the screen ends it (a key) and keeps training paused until its
                              fifth second */
    double seconds;        /* clock of this frame, for animation and for what is pending */
    struct screen *screen; /* the screen's own memory: history, undo, what was asked for; see scene_init */
};

/* A scene over this data (lent, like the theme): the label coloured, class axes where it has 3 to 32 values,
 * the first item selected, intro over. The session fills in what there is before each draw. */
void scene_init(struct scene *scene, const struct dataset *data, const struct theme *theme);
void scene_release(struct scene *scene); /* the screen's memory; snapshots and results are the session's */

/* A file to be written: attributes (.csv), embeddings (.npy) or pictures (.png) of some items, by its ending.
 * What it points to is lent for the call. Its requests are worked on the moment that is exported, whatever
 * their snapshot. */
struct export_order {
    char path[200];
    bool over;            /* a file that is there is replaced */
    bool marks;           /* the marks; then nothing below counts */
    const uint32_t *item; /* (n) of the probe, in the order of the rows */
    size_t n;
    bool near;              /* instead of these: the n nearest to what `nearest` asks about, */
    struct request nearest; /* REQUEST_SPACES: in its space, by its metric. Of all else the space of .npy */
    struct request values;  /* REQUEST_VALUES of one quantity that goes with them; quantities 0: none */
    bool of_step;           /* steps there are: each row says which */
};

/* What a view may ask for. Given by app; every function copies what it gets. */
struct post {
    void *ctx;
    void (*command)(void *ctx, const struct command *command);
    void (*request)(void *ctx, const struct request *request);
    /* all that is asked for now, bit k: enum request_kind; what is worked for others ends; NULL: nothing is
     */
    void (*asks)(void *ctx, unsigned kinds);
    void (*work)(void *ctx, enum request_kind kind,
                 bool again); /* stop it, or begin what was stopped; NULL */
    /* reads a list of pairs for the audit in the background, and says what came of it; NULL: cannot */
    void (*pairs)(void *ctx, const char *path);
    void (*say)(void *ctx, bool bad, const char *text); /* the message line */
    void (*quit)(void *ctx);
    void (*copy)(void *ctx, const char *text); /* to the clipboard; NULL: cannot */
    /* ACTION_STEP_BACK, _STEP, _EVENT_BACK, _EVENT_NEXT: to another kept step of the run; NULL: none is kept
     */
    void (*travel)(void *ctx, enum action action);
    /* to the kept step at or before that one */
    void (*travel_to)(void *ctx, uint64_t step);
    /* writes the run and the session to a file, NULL: beside the run */
    void (*keep)(void *ctx, const char *path);
    /* writes a file in the background; says so when it is done, and what went wrong if it is not */
    void (*export)(void *ctx, const struct export_order *order);
    void (*pin)(void *ctx);       /* pins what is shown as A, or unpins */
    void (*play)(void *ctx);      /* in the past: through the kept steps, or stop */
    void (*mark_step)(void *ctx); /* the step shown stays in the history, or no more */
    /* the branch to come has this setting: true, and the scene's plan says so. False: it cannot, and why is
     * said */
    bool (*plan)(void *ctx, const struct setting_change *change);
    /* from the step shown, as planned; a name: this branch is called so from now on */
    void (*branch)(void *ctx, const char *name);
    void (*switch_branch)(void *ctx, size_t i); /* the i-th of the scene's: to its end, where it waits */
    /* the i-th again from that step, with other draws and nothing else: what chance does to it */
    void (*chance)(void *ctx, size_t i, uint64_t step);
    /* ACTION_SUSPEND, _REDRAW and _MOUSE: what only the owner of the terminal can do; NULL: cannot */
    void (*terminal)(void *ctx, enum action action);
};

/* A setting of a view: an int of the shared choice. */
struct view_option {
    const char *label, *help; /* a NULL label ends the list */
    size_t offset;            /* of the int in struct choice */
    int low, high, step; /* range and one key press; values with names wrap around. Step 0: it is a column
                            of categories, or -1, which names[0] tells */
    const char *const *names; /* [value - low]; NULL: a number */
};

/* What a key does in one view: under it as "←→ list" where there is room, and first in its help. Neither
 * where nothing here does what it needs (keys_work). */
struct key_help {
    const char *key, *hint, *help; /* a NULL key ends the list; without a hint it is in help alone, without a
                                      help it is as the one table says */
};

struct view {
    struct entry entry; /* name as in the tab bar */
    void (*draw)(struct scene *scene, struct canvas *canvas, struct rect rect);
    bool (*act)(struct scene *scene, enum action action, struct key key,
                const struct post *post); /* true: done */
    /* what it should have computed while it is shown (scene_ask); NULL: nothing of its own */
    void (*wants)(struct scene *scene, const struct post *post);
    /* the pair that is highlighted; false: none is, then m and e are about the item. NULL: never a pair */
    bool (*pair)(struct scene *scene, struct pair_ref *pair);
    /* A press, drag, release or wheel inside the rect it is drawn in; true: done. NULL: it has none */
    bool (*mouse)(struct scene *scene, struct mouse mouse, struct rect rect, const struct post *post);
    /* What it shows, in sentences that end with a new line: for :describe. NULL: nothing of its own */
    void (*words)(struct scene *scene, struct strbuf *out);
    /* the pairs that a rate as threshold is of while it is shown; NULL: those of the threshold view */
    bool (*counted)(const struct scene *scene, struct match_table *table);
    const struct view_option *options; /* what S shows; NULL: the settings of the training */
    /* what a value of them is called where that depends on the scene; NULL, or NULL returned: as in names */
    const char *(*option_name)(const struct scene *scene, const struct view_option *option, int value,
                               char text[32]);
    const struct key_help *keys; /* what keys do here; NULL: as the one table says */
    const int *terms;            /* the numbers it shows, enum term, -1 behind the last; NULL: none */
    /* the hint line where it depends on the scene; false, NULL: the tip */
    bool (*hint)(struct scene *scene, char *text, size_t size);
    const char *tip;       /* the hint line; NULL: the one of the training */
    const char *tip_still; /* the same where nothing trains; NULL: the tip */
};

extern const struct axis view_axis;
const struct view *view_at(size_t i);
size_t view_count(void);
size_t tab_count(void); /* views with a tab and a key of their own: all but help, the last */

/* The whole screen: tab bar, headline, the view, sentence, hint, keys, overlays. Any size from 1 x 1. */
void screen_draw(struct scene *scene, struct canvas *canvas);
/* A key: overlays first, then the key table, then the view. */
void screen_key(struct scene *scene, struct key key, struct canvas *canvas, const struct post *post);
/* What the scene should have computed now (a new snapshot, another item): posts requests. */
void screen_wants(struct scene *scene, const struct post *post);

#endif
