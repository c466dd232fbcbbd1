/* SPDX-License-Identifier: MIT */
#include "app/command_log.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_MAX = 200000 }; /* keys: a long day's work; what comes later is not kept */

static const char *const mouse_names[] = {"press", "drag", "release", "wheel-up", "wheel-down"};

void command_log_release(struct command_log *log)
{
    free(log->key);
    *log = (struct command_log){0};
}

void command_log_key(struct command_log *log, struct key key, int width, int height,
                     const struct snapshot *shown)
{
    if (log->n == LOG_MAX || key.code == KEYC_RESIZE || key.code == KEYC_PASTE || key.code == KEY_NONE)
        return;
    if (log->n == log->room) {
        log->room = log->room ? 2 * log->room : 64;
        log->key = xrealloc(log->key, log->room, sizeof *log->key);
    }
    log->key[log->n++] = (struct logged){.key = key,
                                         .width = width,
                                         .height = height,
                                         .step = shown ? shown->step : 0,
                                         .run = shown ? shown->run : 0};
}

void command_log_posted(struct command_log *log, const struct command *command, uint32_t seq)
{
    bool counts = command->kind == COMMAND_SET || command->kind == COMMAND_RESTART;
    if (log->n == 0 || !counts || seq == 0)
        return;
    struct logged *last = &log->key[log->n - 1];
    log->waiting += last->seq == 0;
    last->seq = seq;
    snprintf(last->setting, sizeof last->setting, "%s", command->kind == COMMAND_SET ? command->name : "");
}

/* What was typed behind the key that starts again, before the new run was on the screen, is of that run. */
static void move_to_start(struct command_log *log, size_t start)
{
    for (size_t i = start + 1; i < log->n; i++)
        if (log->key[i].run == log->key[start].run)
            log->key[i].step = 0;
}

void command_log_settle(struct command_log *log, const struct snapshot *newest, uint64_t last_step)
{
    for (size_t i = log->n; log->waiting > 0 && i-- > 0;) {
        struct logged *key = &log->key[i];
        if (key->seq == 0 || newest->command_seq < key->seq)
            continue;
        const struct setting *set = settings_find(&newest->settings, key->setting);
        if (set && set->changed_at >= 0) {
            key->step = (uint64_t)set->changed_at;
            key->run = newest->run;
        } else if (!*key->setting && newest->run > key->run) {
            key->step = last_step;
            move_to_start(log, i);
        }
        key->seq = 0;
        log->waiting--;
    }
}

static void print_key(const struct logged *key, struct strbuf *out)
{
    char name[24];
    if (key->key.code == KEYC_MOUSE) {
        strbuf_printf(out, "@%llu mouse %s %d %d\n", (unsigned long long)key->step,
                      mouse_names[key->key.mouse.what], key->key.mouse.x, key->key.mouse.y);
        return;
    }
    key_name(key->key, name, sizeof name);
    strbuf_printf(out, "@%llu key %s\n", (unsigned long long)key->step, name);
}

/* With the size of the screen where that is another than the key before it had. */
static void print_at(const struct command_log *log, size_t i, struct strbuf *out)
{
    const struct logged *key = &log->key[i], *before = i > 0 ? key - 1 : NULL;
    if (!before || key->width != before->width || key->height != before->height)
        strbuf_printf(out, "resize %dx%d\n", key->width, key->height);
    print_key(key, out);
}

static void print_end(const struct snapshot *newest, struct strbuf *out)
{
    strbuf_printf(out, "@%llu\n", (unsigned long long)newest->step);
}

void command_log_print(const struct command_log *log, const struct snapshot *newest, struct strbuf *out)
{
    for (size_t i = 0; i < log->n; i++)
        print_at(log, i, out);
    if (newest)
        print_end(newest, out);
}

bool command_log_news(struct command_log *log, const struct snapshot *newest, struct strbuf *out)
{
    for (; log->told < log->n && log->key[log->told].seq == 0; log->told++) {
        strbuf_puts(out, log->told == 0 ? COMMAND_LOG_HEAD : "");
        print_at(log, log->told, out);
    }
    if (newest && log->told > 0 && log->told == log->n)
        print_end(newest, out);
    return out->length > 0;
}
