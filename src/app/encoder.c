/* SPDX-License-Identifier: MIT */
#include "app/encoder.h"

#include "app/save.h"
#include "base/check.h"

static void all_items(struct encoder *e, size_t n)
{
    e->all = (struct split){.train = xcalloc(n, sizeof *e->all.train), .n_train = n};
    for (size_t i = 0; i < n; i++)
        e->all.train[i] = (uint32_t)i;
    if ((size_t)e->config.batch > n)
        e->config.batch = (int)n;
}

static bool load(struct encoder *e, const char *run, const struct dataset *data, int threads, struct err *err)
{
    all_items(e, data->n);
    e->pool = pool_new(threads, 0);
    e->learner = learner_new(&e->config, data, &e->all, e->pool, err);
    return e->learner && (!run || load_checkpoint(run, e->learner, err) ||
                          err_within(err, "%s has pictures of %d x %d x %d", data->args, data->height,
                                     data->width, data->channels));
}

bool encoder_open(struct encoder *encoder, const char *run, const struct record *record,
                  const struct dataset *data, int threads, struct err *err)
{
    *encoder = (struct encoder){0};
    if (!data->pixels)
        return err_set(err, "%s: a table, not pictures: there is nothing to embed", data->args);
    if (record_config(record, data, &encoder->config, err) && load(encoder, run, data, threads, err))
        return true;
    encoder_close(encoder);
    return false;
}

void encoder_close(struct encoder *encoder)
{
    learner_free(encoder->learner);
    pool_free(encoder->pool);
    split_release(&encoder->all);
    *encoder = (struct encoder){0};
}
