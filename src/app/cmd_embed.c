/* SPDX-License-Identifier: MIT
 *
 * nearfar embed: a trained encoder applied to pictures it may never have seen.
 */
#include "app/encoder.h"
#include "app/progress.h"
#include "app/save.h"
#include "app/setup.h"
#include "app/signals.h"
#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/npy.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024, SPACE_CHOICE_Z = 1 };

static const struct option embed_options[] = {
    {"output", 'o', OPTION_TEXT, "EMB.npy", 0, 0,
     "the table to write: float32, one row a picture, not normalised"},
    {"space", 0, OPTION_CHOICE, "h|z", 0, 0, "h, what the trunk gives (default), or z, what the loss sees"},
    {"texts", 0, OPTION_TEXT, "LINES.txt", 0, 0,
     "embed the lines of a text file instead, in z: of runs that learned from captions; DATA is what they "
     "saw"},
    {"items", 0, OPTION_TEXT, "ITEMS.csv", 0, 0,
     "also write what is known of each picture, in the same order"},
    {"set", 0, OPTION_TEXT, "NAME=VALUE", 0, 0, "a setting of the data; may be repeated"},
    {0},
};

struct embedding {
    const struct options *options;
    struct dataset data;
    struct record record;
    struct encoder encoder;
    float *h, *z; /* (n, dim) */
};

static bool open_all(struct embedding *e, struct err *err)
{
    const char *run = e->options->operand[0], *spec = e->options->operand[1];
    return setup_only_data(e->options, err) && load_record(run, &e->record, err) &&
           setup_data(&e->data, spec, e->options, err) &&
           encoder_open(&e->encoder, run, &e->record, &e->data, option_threads(e->options), err);
}

static bool embed_all(struct embedding *e, struct err *err)
{
    size_t dim_h = learner_dim_h(e->encoder.learner), dim_z = learner_dim_z(e->encoder.learner);
    bool wants_z = option_choice(e->options, "space", 0) == SPACE_CHOICE_Z;
    struct progress_line line = progress_line_begin();
    e->h = mem_try(e->data.n * dim_h, sizeof *e->h, "embeddings", err);
    e->z = e->h && wants_z ? mem_try(e->data.n * dim_z, sizeof *e->z, "embeddings", err) : NULL;
    if (!e->h || (wants_z && !e->z))
        return false;
    for (size_t at = 0; at < e->data.n && !signals_caught(); at += CHUNK) {
        size_t n = e->data.n - at < CHUNK ? e->data.n - at : CHUNK;
        learner_embed(e->encoder.learner, e->encoder.all.train + at, n, e->h + at * dim_h,
                      wants_z ? e->z + at * dim_z : NULL);
        char text[64];
        snprintf(text, sizeof text, "embedded %zu of %zu", at + n, e->data.n);
        if (progress_line_due(&line))
            progress_line_show(&line, text);
    }
    progress_line_end(&line);
    if (signals_caught())
        return err_set(err, "stopped; nothing was written");
    return npy_write(option_text(e->options, "output", ""), wants_z ? e->z : e->h, e->data.n,
                     wants_z ? dim_z : dim_h, err);
}

/* The lines of a file, cut in place; empty ones too, so that rows are lines. Owned. */
static const char **cut_lines(char *text, size_t *n)
{
    const char **line = NULL;
    *n = 0;
    for (char *rest = text, *at; (at = strsep(&rest, "\n"));)
        if (rest || *at) {
            line = xrealloc(line, *n + 1, sizeof *line);
            line[(*n)++] = at;
        }
    return line;
}

static bool embed_texts(struct embedding *e, struct err *err)
{
    enum { MOST_BYTES = 16 << 20 };
    size_t length, n, dim_z = learner_dim_z(e->encoder.learner);
    const char *path = option_text(e->options, "texts", "");
    if (!learner_reads_text(e->encoder.learner))
        return err_set(err, "%s: this run has no text encoder; clip and siglip have one",
                       e->options->operand[0]);
    char *text = file_read(path, MOST_BYTES, &length, err);
    if (!text)
        return false;
    const char **line = cut_lines(text, &n);
    e->z = mem_try(n ? n : 1, dim_z * sizeof *e->z, "embeddings", err);
    if (e->z)
        learner_embed_texts(e->encoder.learner, line, n, e->z);
    bool fine = e->z && npy_write(option_text(e->options, "output", ""), e->z, n, dim_z, err);
    free((void *)line);
    free(text);
    return fine;
}

static bool write_items(const struct embedding *e, struct err *err)
{
    const char *path = option_text(e->options, "items", NULL);
    return !path || items_write(path, &e->data, e->encoder.all.train, e->data.n, err);
}

static void embedding_release(struct embedding *e)
{
    free(e->h);
    free(e->z);
    encoder_close(&e->encoder);
    dataset_release(&e->data);
    record_release(&e->record);
}

static enum exit_code run_embed(const struct options *options)
{
    struct embedding *e = xcalloc(1, sizeof *e);
    struct err err;
    enum exit_code code = EXIT_FINE;
    e->options = options;
    signals_catch(NULL);
    if (!option_given(options, "output")) {
        err_set(&err, "where to write is missing: -o EMB.npy");
        code = complain(options, EXIT_USAGE, &err);
    } else if (!open_all(e, &err)) {
        code = complain(options, EXIT_USAGE, &err);
    } else if (option_given(options, "texts") ? !embed_texts(e, &err)
                                              : !embed_all(e, &err) || !write_items(e, &err)) {
        code = complain(options, EXIT_NO, &err);
    }
    embedding_release(e);
    free(e);
    return code;
}

const struct subcommand command_embed = {
    .entry = {"embed", "Apply a trained encoder to pictures.", NULL},
    .usage = "RUN DATA -o EMB.npy [--space h|z] [--items ITEMS.csv]",
    .option = {embed_options, common_options},
    .min_operands = 2,
    .max_operands = 2,
    .run = run_embed,
};
