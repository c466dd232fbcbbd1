/* SPDX-License-Identifier: MIT */
#include "app/command_log.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_MAX = 200000 }; /* entries: a long day's work; what comes later is not kept */

static const char *const mouse_names[] = {"press", "drag", "release", "wheel-up", "wheel-down"};

void command_log_release(struct command_log *log)
{
    free(log->key);
    *log = (struct command_log){0};
}

/* ---- what comes in ---- */

/* NULL: the log is full. */
static struct logged *add(struct command_log *log, const struct snapshot *newest)
{
    if (log->n == LOG_MAX)
        return NULL;
    if (log->n == log->room) {
        log->room = log->room ? 2 * log->room : 64;
        log->key = xrealloc(log->key, log->room, sizeof *log->key);
    }
    struct logged *entry = &log->key[log->n++];
    *entry = (struct logged){.step = newest ? newest->step : 0, .run = newest ? newest->run : 0, .pace = -1};
    return entry;
}

static struct log_moment moment_of(const struct snapshot *snapshot)
{
    return snapshot ? (struct log_moment){true, snapshot->step, snapshot->run} : (struct log_moment){0};
}

void command_log_key(struct command_log *log, struct key key, int width, int height,
                     const struct snapshot *newest, const struct snapshot *past)
{
    if (key.code == KEYC_RESIZE || key.code == KEYC_PASTE || key.code == KEY_NONE)
        return;
    struct logged *entry = add(log, newest);
    if (!entry)
        return;
    log->typed++;
    entry->key = key;
    entry->width = width;
    entry->height = height;
    entry->look = moment_of(past);
}

void command_log_pace(struct command_log *log, const struct snapshot *newest)
{
    add(log, newest);
}

/* When to run and to stop is in the steps; what is looked at changes nothing. */
static bool counts(const struct command *command)
{
    switch (command->kind) {
    case COMMAND_STEP:
    case COMMAND_PAUSE:
    case COMMAND_INSPECT:
    case COMMAND_KEEP:
    case COMMAND_LIVE:
    case COMMAND_STOP: return false;
    case COMMAND_RUN: return command->number >= 0;
    default: return true;
    }
}

void command_log_posted(struct command_log *log, const struct command *command, uint32_t seq)
{
    if (log->n == 0 || seq == 0 || !counts(command))
        return;
    struct logged *last = &log->key[log->n - 1];
    log->waiting += last->seq == 0;
    last->seq = seq;
    if (command->kind == COMMAND_RUN || command->kind == COMMAND_PACE)
        last->pace = command->number;
    if (command->kind == COMMAND_BRANCH)
        last->from = moment_of(command->from);
}

void command_log_stand(struct command_log *log, const struct snapshot *newest)
{
    bool fell = newest->status == TRAIN_FAILED && newest->failed_at > 0;
    bool stands = newest->status == TRAIN_PAUSED || newest->status == TRAIN_DONE;
    uint64_t step = fell ? newest->failed_at : newest->step;
    bool known = log->stood_step == step && log->stood_run == newest->run;
    if (newest->more || known || !(fell || stands))
        return;
    struct logged *entry = add(log, newest);
    log->stood_step = step;
    log->stood_run = newest->run;
    if (!entry)
        return;
    entry->step = step;
    entry->falls = fell;
    entry->start = newest->step;
}

static void settle(struct logged *entry, const struct snapshot *newest)
{
    const struct carried *carried = snapshot_carried(newest, entry->seq);
    entry->seq = 0;
    if (!carried)
        return;
    entry->step = carried->step;
    entry->run = carried->run;
    entry->begins = carried->next_run > carried->run ? carried->next_run : 0;
    entry->start = entry->from.there ? entry->from.step : 0;
    if (!entry->begins) /* a branch that was refused begins with nothing */
        entry->from.there = false;
}

void command_log_settle(struct command_log *log, const struct snapshot *newest)
{
    for (size_t i = log->n; log->waiting > 0 && i-- > 0;) {
        struct logged *entry = &log->key[i];
        if (entry->seq == 0 || newest->command_seq < entry->seq)
            continue;
        settle(entry, newest);
        log->waiting--;
    }
}

/* ---- as lines ---- */

static void print_step(const struct log_pen *pen, struct strbuf *out)
{
    strbuf_printf(out, "@%llu", (unsigned long long)pen->step);
}

static void print_moment(const struct log_pen *pen, const char *order, const struct log_moment *moment,
                         struct strbuf *out)
{
    print_step(pen, out);
    strbuf_printf(out, " %s %llu of run %llu\n", order, (unsigned long long)moment->step,
                  (unsigned long long)moment->run + 1);
}

static bool same_moment(const struct log_moment *a, const struct log_moment *b)
{
    return a->there == b->there && (!a->there || (a->step == b->step && a->run == b->run));
}

/* Where the screen stood, if the key before it left it elsewhere. */
static void print_look(struct log_pen *pen, const struct log_moment *look, struct strbuf *out)
{
    if (!pen->unsure && same_moment(&pen->look, look))
        return;
    pen->look = *look;
    pen->unsure = false;
    if (look->there) {
        print_moment(pen, "look", look, out);
        return;
    }
    print_step(pen, out);
    strbuf_puts(out, " look live\n");
}

static void print_name(const struct log_pen *pen, const struct key *key, struct strbuf *out)
{
    char name[24];
    print_step(pen, out);
    if (key->code == KEYC_MOUSE) {
        strbuf_printf(out, " mouse %s %d %d\n", mouse_names[key->mouse.what], key->mouse.x, key->mouse.y);
        return;
    }
    key_name(*key, name, sizeof name);
    strbuf_printf(out, " key %s\n", name);
}

/* With the size of the screen where that is another than the key before it had. */
static void print_key(struct log_pen *pen, const struct logged *entry, struct strbuf *out)
{
    if (entry->width != pen->width || entry->height != pen->height)
        strbuf_printf(out, "resize %dx%d\n", entry->width, entry->height);
    pen->width = entry->width;
    pen->height = entry->height;
    if (entry->run < pen->run)
        pen->unsure = true;
    else
        print_look(pen, &entry->look, out);
    if (entry->from.there)
        print_moment(pen, "from", &entry->from, out);
    print_name(pen, &entry->key, out);
}

/* On to a step, with the one at which training stood on the way. Steps never fall within a run, and what was
 * typed before the screen had a new run is done at its beginning. */
static bool go_to(struct log_pen *pen, uint64_t run, uint64_t step, struct strbuf *out)
{
    if (run < pen->run || (run == pen->run && step <= pen->step))
        return false;
    if (pen->stood) {
        print_step(pen, out);
        strbuf_puts(out, "\n");
    }
    pen->stood = false;
    pen->run = run;
    pen->step = step;
    return true;
}

static void print_entry(struct log_pen *pen, const struct logged *entry, struct strbuf *out)
{
    bool on = go_to(pen, entry->run, entry->step, out),
         nothing_else = entry->key.code == KEY_NONE && entry->pace < 0;
    pen->stood = nothing_else && (on || pen->stood);
    if (entry->key.code != KEY_NONE)
        print_key(pen, entry, out);
    if (entry->pace >= 0) {
        print_step(pen, out);
        strbuf_printf(out, " pace %.9g\n", entry->pace);
    }
    if (entry->falls)
        strbuf_printf(out, "@%llu\n", (unsigned long long)pen->step);
    if (entry->begins > pen->run || entry->falls) {
        pen->run = entry->falls ? pen->run : entry->begins;
        pen->step = entry->start;
        pen->stood = false;
        pen->look.there = false;
    }
}

static void print_end(struct log_pen pen, const struct snapshot *newest, struct strbuf *out)
{
    go_to(&pen, newest->run, newest->step, out);
    print_step(&pen, out);
    strbuf_puts(out, "\n");
}

static void print_head(struct strbuf *out)
{
    strbuf_printf(out, COMMAND_LOG_HEAD "log %d\n", COMMAND_LOG_VERSION);
}

void command_log_print(const struct command_log *log, const struct snapshot *newest, struct strbuf *out)
{
    struct log_pen pen = {0};
    print_head(out);
    for (size_t i = 0; i < log->n; i++)
        print_entry(&pen, &log->key[i], out);
    if (newest)
        print_end(pen, newest, out);
}

bool command_log_news(struct command_log *log, const struct snapshot *newest, struct strbuf *out)
{
    if (log->typed == 0)
        return false;
    if (log->told == 0 && log->key[0].seq == 0)
        print_head(out);
    for (; log->told < log->n && log->key[log->told].seq == 0; log->told++)
        print_entry(&log->pen, &log->key[log->told], out);
    if (newest && log->told > 0 && log->told == log->n)
        print_end(log->pen, newest, out);
    return out->length > 0;
}
