/* SPDX-License-Identifier: MIT
 *
 * Items to learn from: pictures of one size, and named columns of what is known about each. Immutable once
 * loaded; owned by app's session, lent as const to every thread, freed after they have ended. A dataset may
 * have no pixels (a table of embeddings) or no columns.
 */
#ifndef NF_DATA_DATASET_H
#define NF_DATA_DATASET_H

#include "base/err.h"
#include "base/parallel.h"
#include "base/registry.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum column_kind { COLUMN_CATEGORY, COLUMN_NUMBER, COLUMN_TEXT };

enum { NO_VALUE = UINT32_MAX }; /* a blank cell of a category */
enum { NO_COLUMN = -1 };

struct column {
    char *name;
    enum column_kind kind;
    uint32_t *code; /* CATEGORY: (n), index into value or NO_VALUE */
    char **value;   /* CATEGORY: (n_values), by first appearance unless the format knows a better order */
    size_t n_values, room_values;
    uint32_t *colour; /* CATEGORY: (n_values) 0xRRGGBB of its own, or NULL */
    char *letter;     /* CATEGORY: (n_values) mark of its own, or NULL: given by the theme */
    float *number;    /* NUMBER: (n), NAN where blank */
    char **text;      /* TEXT: (n), "" where blank */
};

struct dataset {
    char *name;                  /* "tiles", "fashion-mnist", a file name: for the screen */
    char *args;                  /* what reproduces it: "tiles:n=5000,seed=1" or a path */
    size_t n;                    /* items */
    int height, width, channels; /* 0 without pixels */
    uint8_t *pixels;             /* (n, height, width, channels), channels 1 or 3, or NULL */
    struct column *column;
    size_t n_columns;
    int label, group, identity, caption, split; /* column indices, or NO_COLUMN */
    bool label_guessed; /* no column is named so: on the screen what is coloured stands in for it */
    char note[160];     /* what was changed on the way in: "3 of 60 pictures fitted to 32x32", or "" */
    char sha256[65];    /* of pixels and columns, hex */
};

/* What a format is asked to read. */
struct source {
    const char *spec;                  /* as typed: "tiles:n=500", "fashion-mnist", "images/" */
    char *path;                        /* spec without its ":knob=value" tail */
    bool is_folder, is_file, is_other; /* other: a pipe, a device, a socket */
    unsigned char head[512];           /* first bytes of a file, unpacked where gzip */
    size_t n_head;
    long long bytes; /* of a file, as it lies on the disk */
    char **name;     /* a folder's entries, sorted by byte, without those that start with a dot */
    size_t n_names;  /* more than SOURCE_MAX_NAMES are refused */
};

enum { SOURCE_MAX_NAMES = 1 << 20 };

/* Format knobs given on the command line, by name: ":name=value,..." and --set. */
struct data_option {
    char name[24];
    double value;
};

enum { MAX_DATA_OPTIONS = 24 };

struct data_options {
    struct data_option item[MAX_DATA_OPTIONS];
    size_t n;
};

/* The value given for the knob of that name (the last one given counts), else its default; clamped. */
double data_option(const struct data_options *options, const struct knob *knobs, const char *name);

/* One way of storing items: one file and one line in formats.def. */
struct format {
    struct entry entry; /* knobs: of data it makes itself (tiles) */
    /* How sure it is that the source is its own: 0 no, 1 could be, 2 certainly, 3 it is the format's own
     * name; the surest gets it. Reads nothing but `source`. */
    int (*sniff)(const struct source *source);
    /* Fills an empty dataset (zero, special columns NO_COLUMN); on false the caller releases whatever is in
     * it. `name` and `args` may stay NULL: dataset_open then takes them from the spec. */
    bool (*load)(const struct source *source, const struct data_options *options, struct dataset *data,
                 struct err *err);
    /* The same from the bytes of one file, for formats that live in one; NULL for the others. */
    bool (*parse)(const void *bytes, size_t length, struct dataset *data, struct err *err);
};

extern const struct axis format_axis;
const struct format *format_at(size_t i); /* NULL past the end */

/* Finds out what `spec` is and loads it: a name ("tiles", "fashion-mnist"), a file or a folder, with an
 * optional ":knob=value,knob=value" tail. Every text in it is cleaned (text_clean), every size checked before
 * it is allocated, the sha256 and the special columns set. Owned by the caller. */
bool dataset_open(struct dataset *data, const char *spec, const struct data_options *options,
                  struct err *err);
void dataset_release(struct dataset *data);

/* The same without a file system: what the fuzzers call. `name` is that of a format with `parse`. */
bool dataset_parse(struct dataset *data, const char *name, const void *bytes, size_t length, struct err *err);

/* Without items: what building one begins with. */
extern const struct dataset dataset_empty;
/* Name and args where they are still NULL, the special columns, the sha256: what building one ends with. */
void dataset_finish(struct dataset *data, const char *path, const char *spec);

/* Building one (for formats). Allocates (n, height, width, channels) once those are set; false where they are
 * more than memory gives. */
bool dataset_add_pixels(struct dataset *data, struct err *err);
/* A column of n blank cells, owned by the dataset, good until the next one is added; names are cleaned and
 * made unique. */
struct column *dataset_add_column(struct dataset *data, const char *name, enum column_kind kind);
void dataset_drop_column(struct dataset *data, size_t column); /* before special columns are set */
/* The code of a value, added if new; NO_VALUE for "". Quickest where equal values stand together. */
uint32_t column_code(struct column *column, const char *value);
void column_set_text(struct column *column, size_t item, const char *text); /* TEXT; cleaned */
/* Gives every column of text the kind that fits: a category where its name says so (label, group, identity,
 * split and their synonyms) or where it holds at most ten different whole numbers; numbers where every cell
 * that is not blank is one; a category where it has at most max_values different values and
 * some of them more than once; text else, and where it names rows (item, file). False only when cancelled
 * (progress may be NULL): some are text still. */
bool dataset_sort_kinds(struct dataset *data, size_t max_values, struct progress *progress);

/* Sets the special columns that are still NO_COLUMN by the names people give them. */
void dataset_name_specials(struct dataset *data);

int dataset_find_column(const struct dataset *data, const char *name);   /* NO_COLUMN if none */
bool dataset_is_category(const struct dataset *data, int column);        /* any number may be asked */
int dataset_number_column(const struct dataset *data, const char *name); /* the same, of numbers only */
/* The item's caption, lent; "" where it has none. */
const char *dataset_caption(const struct dataset *data, size_t item);
/* The cell as text, whole, "" where blank: lent by the data, or in `number`. For what is read again, and for
 * what tells values apart. */
enum { NUMBER_TEXT = 32 };
const char *dataset_whole_cell(const struct dataset *data, int column, size_t item, char number[NUMBER_TEXT]);
/* The same, as much of it as there is room for: what people look at. `size` >= 2. */
void dataset_cell(const struct dataset *data, int column, size_t item, char *text, size_t size);
static inline const uint8_t *dataset_pixels(const struct dataset *data, size_t item)
{
    return data->pixels + item * (size_t)data->height * (size_t)data->width * (size_t)data->channels;
}

/* Who trains and who is held out: by the `split` column, else by identity, else by item; fixed by seed. */
struct split {
    uint32_t *train, *eval; /* ascending item indices, no item in both, no identity in both */
    size_t n_train, n_eval;
    char rule[128]; /* "60 % of 1 000 identities train": for the screen */
};

/* A value of the split column that says "train" trains, a blank one too, any other is held out; an identity
 * with items on both sides goes to training as a whole, and the rule says so. Otherwise train_share of the
 * identities (or items). At least one item on each side; false when that cannot be. */
bool split_make(struct split *split, const struct dataset *data, double train_share, uint64_t seed,
                struct err *err);
/* Training identities (or items) drawn with replacement, as many as there are: a bootstrap of who trains.
 * What is drawn twice stands there twice. */
void split_resample(struct split *split, const struct dataset *data, uint64_t seed);
void split_release(struct split *split);

#endif
