/* SPDX-License-Identifier: MIT
 *
 * What the screen remembers between frames and shows to nobody: what it has asked for, what can be undone,
 * what was typed. Owned by the scene (scene_init, scene_release); screen thread.
 */
#ifndef NF_VIEW_STATE_H
#define NF_VIEW_STATE_H

#include "view/area.h"
#include "view/completion.h"
#include "view/legend.h"
#include "view/points.h"
#include "view/typing.h"
#include "view/view.h"

enum { HISTORY_LINES = 32, UNDO_STEPS = 64, NAMED_MAX = 24, NAME_SIZE = 24 };

/* A selection that was given a name. */
struct named {
    char name[NAME_SIZE];
    struct selection set;
};

/* One thing that was changed by hand. */
struct change {
    enum {
        CHANGE_SETTING,
        CHANGE_ITEM,
        CHANGE_COLUMN,
        CHANGE_QUANTITY,
        CHANGE_SELECTION,
        CHANGE_OPTION,
        CHANGE_MARK,
        CHANGE_THRESHOLD
    } kind;
    int before, after; /* item, column, quantity, option of a view; of a threshold after: 1 moved; of a
                          setting after: 1 it is of the branch to come */
    uint64_t run;      /* of which it is a branch */
    size_t offset;     /* of the option in struct choice */
    char name[24];     /* of a setting, and its texts */
    char from[96], to[96];
    struct selection flip; /* what entered or left the selection */
    struct mark mark[2];   /* of a pair, before and after */
};

/* A setting the user has turned and the trainer has not confirmed yet. */
struct pending {
    char name[24], text[96];
    double low, value, since; /* since: scene->seconds */
};

/* The items that a typed text stands in, or a regular expression matches: found some at a time, so that keys
 * are answered meanwhile (view/matcher.h). */
struct matched {
    char line[200]; /* "" none */
    uint64_t run;
    size_t done; /* of set.n */
    struct selection set;
};

struct screen {
    struct legend legend;
    struct legend_source {
        bool made;
        int column, quantity, item; /* item: of the values, as are step and run */
        uint64_t step, run;
    } legend_of;
    unsigned legends_made; /* so far: what was made of an earlier one is stale */
    struct points points;
    /* asked for */
    unsigned asks;                             /* for what, bit k: enum request_kind, since the last look */
    bool large;                                /* the screen drawn last has room for three columns */
    bool cuts;                                 /* ... and has the threshold beside the map or below it */
    const struct result *shown[REQUEST_KINDS]; /* what lists show: view/held.h. References held */
    enum request_kind walked;                  /* whose list is walked; REQUEST_KINDS: none */
    bool stays;                                /* that list stays as it is */
    int64_t inspected;                         /* data set row last sent with COMMAND_INSPECT, -1 */
    enum { INTRO_FRESH, INTRO_HELD, INTRO_SHOWN, INTRO_RUNNING } intro;
    double intro_began; /* scene->intro_seconds when the yardsticks were there */
    /* undo */
    struct change change[UNDO_STEPS];
    int n_changes, at_change; /* those below at_change can be undone, the others redone */
    struct pending pending;
    /* typing */
    char history[HISTORY_LINES][200];
    int n_history, history_at; /* n_history: the new line */
    char draft[200];           /* the new line while older ones are looked at */
    struct proposal proposal;  /* of the line that is typed */
    struct completion completion;
    int option;           /* highlighted row of the view's settings */
    int picker_before[2]; /* column and quantity before the picker opened */
    int help_rows;        /* of the last help drawn */
    bool filtering;       /* what is typed narrows help or the picker */
    struct area area;
    struct named map_set[2]; /* what the map's axes are made of, where they are made of selections */
    struct rect map_rect;    /* where the map was last drawn */
    int method_row;          /* highlighted in the picker of methods */
    int mark_row;            /* highlighted in the picker of marks */
    struct pair_ref marks;   /* what that picker is about: training goes on behind it */
    struct audited *audited; /* what the audit view remembers (view/audit.h), or NULL */
    /* selections by name, and what waits for numbers that are being computed */
    struct named named[NAMED_MAX];
    int n_named;
    unsigned asked_numbers; /* quantities that a typed line needs: bit q */
    char waiting[240];      /* the line that goes on when they are there, "" none */
    struct matched matched;
    bool tells_threshold; /* what it does is said once the pairs are counted */
};

struct screen *screen_state(struct scene *scene);
/* Where the intro's script stands: 0 until its yardsticks are measured. */
double intro_time(struct scene *scene);
/* What is selected, over as many items as the probe has now. For reading; lent until the next key. */
struct selection *scene_selection(struct scene *scene);
/* Has the worker answered for this quantity (and this item)? */
bool scene_values_known(const struct scene *scene, int quantity);
/* What it answered, (n_probe); NULL: not yet, or there is no such number here. Lent. */
const float *scene_values(const struct scene *scene, int quantity);
/* Of what the map is coloured by; made anew when that has changed. */
const struct legend *scene_legend(struct scene *scene);
/* Which of its entries an item of the probe has; UINT32_MAX: none. */
uint32_t scene_code(struct scene *scene, int item);
/* The same of all, code (scene_items): looked up once, where there are many. */
void scene_codes(struct scene *scene, uint32_t *code);

#endif
