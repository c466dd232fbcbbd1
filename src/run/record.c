/* SPDX-License-Identifier: MIT */
#include "run/record.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t record_max_bytes = (size_t)8 << 20;

/* ---- the plain texts: one table for writing, reading and releasing ---- */

struct text_field {
    const char *object, *key; /* object NULL: at the top */
    size_t offset;
    bool needed;
};

#define FIELD(object, key, member, needed)                                                                   \
    {                                                                                                        \
        object, key, offsetof(struct record, member), needed                                                 \
    }
static const struct text_field text_fields[] = {
    FIELD(NULL, "program", program, false),
    FIELD("dataset", "name", dataset.name, true),
    FIELD("dataset", "args", dataset.args, true),
    FIELD("split", "rule", split_rule, false),
    FIELD(NULL, "encoder", encoder, true),
    FIELD(NULL, "head", head, false),
    FIELD(NULL, "method", method, true),
    FIELD(NULL, "optimizer", optimizer, false),
    FIELD(NULL, "augment", augment, true),
    FIELD("schedule", "kind", schedule.kind, true),
    FIELD("machine", "cpu", machine.cpu, false),
    FIELD("machine", "blas", machine.blas, false),
    FIELD("machine", "blas_core", machine.blas_core, false),
    FIELD("machine", "arch", machine.arch, false),
};
#undef FIELD

static char **text_place(struct record *record, const struct text_field *field)
{
    return (char **)(void *)((char *)record + field->offset);
}

static const char *text_of(const struct record *record, const struct text_field *field)
{
    const char *text;
    memcpy(&text, (const char *)record + field->offset, sizeof text);
    return text;
}

void record_release(struct record *record)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++)
        free(*text_place(record, &text_fields[i]));
    free(record->event);
    free(record->yardstick);
    *record = (struct record){0};
}

void record_add_knob(struct record *record, const char *name, double value)
{
    CHECK(record->n_knobs < RECORD_KNOBS_MAX);
    struct record_knob *knob = &record->knob[record->n_knobs++];
    knob->value = value;
    snprintf(knob->name, sizeof knob->name, "%s", name);
}

/* More than are read again: the oldest goes. */
void record_add_event(struct record *record, uint64_t step, const char *text)
{
    if (record->n_events == RECORD_LIST_MAX)
        memmove(record->event, record->event + 1, --record->n_events * sizeof *record->event);
    record->event = xrealloc(record->event, record->n_events + 1, sizeof *record->event);
    struct record_event *event = &record->event[record->n_events++];
    event->step = step;
    text_clean(event->text, sizeof event->text, text);
}

void record_add_yardstick(struct record *record, const struct record_yardstick *yardstick)
{
    record->yardstick = xrealloc(record->yardstick, record->n_yardsticks + 1, sizeof *record->yardstick);
    record->yardstick[record->n_yardsticks++] = *yardstick;
}

/* ---- writing ---- */

/* As few digits as bring every setting back to the bit: 0.2, not 0.20000000000000001. */
static size_t digits_needed(const struct record *record)
{
    enum { AT_LEAST = 6, EXACT = 17 };
    int digits = AT_LEAST;
    for (size_t i = 0; i < record->n_knobs; i++)
        for (; digits < EXACT; digits++) {
            char text[40];
            snprintf(text, sizeof text, "%.*g", digits, record->knob[i].value);
            if (strtod(text, NULL) == record->knob[i].value)
                break;
        }
    return (size_t)digits;
}

/* The member `key` of the object `object` of `root`, made if it is not there. */
static json_t *object_in(json_t *root, const char *object)
{
    json_t *inner = object ? json_object_get(root, object) : root;
    if (!inner) {
        inner = json_object();
        json_object_set_new(root, object, inner);
    }
    return inner;
}

/* A whole number is written as one: 256, not 256.0. */
static json_t *number(double value)
{
    if (!isfinite(value))
        return json_null();
    return value == floor(value) && fabs(value) < 9e15 ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *knobs_json(const struct record *record)
{
    json_t *knobs = json_object();
    for (size_t i = 0; i < record->n_knobs; i++)
        json_object_set_new(knobs, record->knob[i].name, number(record->knob[i].value));
    return knobs;
}

static json_t *events_json(const struct record *record)
{
    json_t *events = json_array();
    for (size_t i = 0; i < record->n_events; i++)
        json_array_append_new(events, json_pack("{s:I, s:s}", "step", (json_int_t)record->event[i].step,
                                                "text", record->event[i].text));
    return events;
}

static json_t *yardsticks_json(const struct record *record)
{
    json_t *all = json_object();
    for (size_t i = 0; i < record->n_yardsticks; i++) {
        const struct record_yardstick *y = &record->yardstick[i];
        json_object_set_new(all, y->name,
                            json_pack("{s:o, s:o, s:o}", "pixels", number(y->pixels), "untrained",
                                      number(y->untrained), "chance", number(y->chance)));
    }
    return all;
}

static json_t *record_json(const struct record *record)
{
    json_t *root = json_object();
    json_object_set_new(root, "version", json_integer(RECORD_VERSION));
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const char *text = text_of(record, &text_fields[i]);
        char clean[2 * 4096]; /* what is no UTF-8 cannot be written as JSON */
        text_clean(clean, sizeof clean, text ? text : "");
        json_object_set_new(object_in(root, text_fields[i].object), text_fields[i].key, json_string(clean));
    }
    json_t *dataset = object_in(root, "dataset"), *schedule = object_in(root, "schedule");
    json_object_set_new(dataset, "n", json_integer((json_int_t)record->dataset.n));
    json_object_set_new(dataset, "sha256", json_string(record->dataset.sha256));
    json_object_set_new(schedule, "warmup", number(record->schedule.warmup));
    json_object_set_new(schedule, "total", json_integer((json_int_t)record->schedule.total));
    json_object_set_new(root, "knobs", knobs_json(record));
    json_object_set_new(root, "seed", json_integer((json_int_t)record->seed));
    json_object_set_new(root, "steps", json_integer((json_int_t)record->steps));
    json_object_set_new(root, "probe",
                        json_pack("{s:i, s:i, s:i}", "bank", record->probe.bank, "query", record->probe.query,
                                  "every", record->probe.every));
    json_object_set_new(root, "events", events_json(record));
    json_object_set_new(root, "yardsticks", yardsticks_json(record));
    return root;
}

bool record_write(const char *path, const struct record *record, struct err *err)
{
    json_t *root = record_json(record);
    char *text =
        json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(digits_needed(record)));
    json_decref(root);
    CHECK(text);
    struct strbuf out = {0};
    strbuf_printf(&out, "%s\n", text);
    free(text);
    bool fine = file_write(path, strbuf_text(&out), out.length, err);
    strbuf_release(&out);
    return fine;
}

/* ---- reading ---- */

static bool read_texts(json_t *root, struct record *record, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const struct text_field *field = &text_fields[i];
        json_t *object = field->object ? json_object_get(root, field->object) : root;
        const char *text = json_string_value(json_object_get(object, field->key));
        if (!text && field->needed)
            return err_set(err, "%s%s%s is missing", field->object ? field->object : "",
                           field->object ? "." : "", field->key);
        *text_place(record, field) = xstrdup(text ? text : "");
    }
    return true;
}

static bool read_count(json_t *object, const char *key, uint64_t *value, struct err *err)
{
    json_t *number_of = json_object_get(object, key);
    json_int_t n = json_integer_value(number_of);
    if (!json_is_integer(number_of) || n < 0 || n > ((json_int_t)1 << 53))
        return err_set(err, "%s is missing or no count", key);
    *value = (uint64_t)n;
    return true;
}

static bool read_small(json_t *object, const char *key, int *value, struct err *err)
{
    uint64_t wide = 0;
    if (!read_count(object, key, &wide, err))
        return false;
    if (wide > 100000000)
        return err_set(err, "%s is too large", key);
    *value = (int)wide;
    return true;
}

static double real_or_nan(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool read_knobs(json_t *knobs, struct record *record, struct err *err)
{
    const char *name;
    json_t *value;
    if (!json_is_object(knobs) || json_object_size(knobs) > RECORD_KNOBS_MAX)
        return err_set(err, "knobs is missing or has more than %d", RECORD_KNOBS_MAX);
    json_object_foreach(knobs, name, value)
    {
        if (!json_is_number(value) || strlen(name) >= sizeof record->knob[0].name)
            return err_set(err, "knobs: %.40s is no setting with a number", name);
        record_add_knob(record, name, json_number_value(value));
    }
    return true;
}

static bool read_events(json_t *events, struct record *record, struct err *err)
{
    size_t i;
    json_t *event;
    if (json_array_size(events) > RECORD_LIST_MAX)
        return err_set(err, "events: more than %d", RECORD_LIST_MAX);
    json_array_foreach(events, i, event)
    {
        uint64_t step = 0;
        const char *text = json_string_value(json_object_get(event, "text"));
        if (!read_count(event, "step", &step, err))
            return err_within(err, "events");
        record_add_event(record, step, text ? text : "");
    }
    return true;
}

static bool read_yardsticks(json_t *yardsticks, struct record *record, struct err *err)
{
    const char *name;
    json_t *value;
    if (json_object_size(yardsticks) > RECORD_LIST_MAX)
        return err_set(err, "yardsticks: more than %d", RECORD_LIST_MAX);
    json_object_foreach(yardsticks, name, value)
    {
        struct record_yardstick y = {.pixels = real_or_nan(value, "pixels"),
                                     .untrained = real_or_nan(value, "untrained"),
                                     .chance = real_or_nan(value, "chance")};
        text_clean(y.name, sizeof y.name, name);
        record_add_yardstick(record, &y);
    }
    return true;
}

static bool read_dataset(json_t *dataset, struct record *record, struct err *err)
{
    uint64_t n = 0;
    const char *sha256 = json_string_value(json_object_get(dataset, "sha256"));
    if (!read_count(dataset, "n", &n, err))
        return err_within(err, "dataset");
    record->dataset.n = (size_t)n;
    snprintf(record->dataset.sha256, sizeof record->dataset.sha256, "%s", sha256 ? sha256 : "");
    return true;
}

static bool read_root(json_t *root, struct record *record, struct err *err)
{
    json_t *schedule = json_object_get(root, "schedule"), *probe = json_object_get(root, "probe");
    uint64_t version = 0;
    if (!read_count(root, "version", &version, err))
        return false;
    if (version != RECORD_VERSION)
        return err_set(err, "version %llu; this program reads %d", (unsigned long long)version,
                       RECORD_VERSION);
    record->schedule.warmup = real_or_nan(schedule, "warmup");
    if (!(record->schedule.warmup >= 0))
        return err_set(err, "schedule.warmup is missing or negative");
    return read_texts(root, record, err) && read_dataset(json_object_get(root, "dataset"), record, err) &&
           read_count(root, "seed", &record->seed, err) && read_count(root, "steps", &record->steps, err) &&
           read_count(schedule, "total", &record->schedule.total, err) &&
           read_small(probe, "bank", &record->probe.bank, err) &&
           read_small(probe, "query", &record->probe.query, err) &&
           read_small(probe, "every", &record->probe.every, err) &&
           read_knobs(json_object_get(root, "knobs"), record, err) &&
           read_events(json_object_get(root, "events"), record, err) &&
           read_yardsticks(json_object_get(root, "yardsticks"), record, err);
}

bool record_parse(const char *text, size_t length, struct record *record, struct err *err)
{
    json_error_t why;
    *record = (struct record){0};
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (!root)
        return err_set(err, "line %d: %s", why.line, why.text);
    bool fine = read_root(root, record, err);
    json_decref(root);
    if (!fine)
        record_release(record);
    return fine;
}

bool record_read(const char *path, struct record *record, struct err *err)
{
    size_t length;
    *record = (struct record){0};
    char *text = file_read(path, record_max_bytes, &length, err);
    if (!text)
        return false;
    bool fine = record_parse(text, length, record, err) || err_within(err, "%s", path);
    free(text);
    return fine;
}
