/* SPDX-License-Identifier: MIT
 *
 * sensitivity.json: the table of space/sensitivity.h as a file, and back. What is read is checked: it may be
 * anybody's.
 */
#include "app/json.h"
#include "app/sensitivity.h"
#include "app/version.h"
#include "base/check.h"
#include "base/file.h"
#include "run/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 1, MOST_BYTES = 16 << 20 };

/* ---- writing ---- */

static json_t *change_json(const struct change *change)
{
    return json_pack("{s:o, s:o, s:o}", "base", json_number(change->a), "here", json_number(change->b),
                     "ci95", json_interval(change->ci));
}

/* Of different and of the same: pairs, and those of them that match in one space only. */
static json_t *counts_json(const double count[N_PAIR_KINDS])
{
    return json_pack("[o, o]", json_number(count[PAIR_IMPOSTOR]), json_number(count[PAIR_GENUINE]));
}

static json_t *group_json(const struct group_change *group, const char *name)
{
    return json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o}", "group", name, "n_items",
                     (json_int_t)group->n_items, "n_ids", (json_int_t)group->n_units, "pairs",
                     counts_json(group->pairs), "flipped", counts_json(group->flipped), "fmr",
                     change_json(&group->rate[PAIR_IMPOSTOR]), "fnmr",
                     change_json(&group->rate[PAIR_GENUINE]));
}

static json_t *row_json(const struct sensitivity *s, const struct sensitivity_row *row)
{
    const struct comparison *c = &row->moved;
    json_t *object = json_pack("{s:s, s:s, s:s}", "kind", row->kind, "run", row->name, "what", row->what);
    if (row->failed[0]) {
        json_object_set_new(object, "failed", json_string(row->failed));
        return object;
    }
    const struct {
        const char *key;
        double value;
    } plain[] = {{"overlap", c->overlap},
                 {"jaccard", c->jaccard},
                 {"rbo", c->rbo},
                 {"cka_debiased", c->cka},
                 {"churn", c->churn},
                 {"match_churn", c->match_churn},
                 {"threshold_base", c->threshold[0]},
                 {"threshold_here", c->threshold[1]}};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        json_object_set_new(object, plain[i].key, json_number(plain[i].value));
    json_object_set_new(object, "fmr_ratio", change_json(&c->ratio[PAIR_IMPOSTOR]));
    json_object_set_new(object, "fnmr_ratio", change_json(&c->ratio[PAIR_GENUINE]));
    json_object_set_new(object, "fmr_evidence", json_boolean(row->evidence[PAIR_IMPOSTOR]));
    json_object_set_new(object, "fnmr_evidence", json_boolean(row->evidence[PAIR_GENUINE]));
    json_t *groups = json_array();
    json_array_append_new(groups, group_json(&c->all, "all"));
    for (size_t g = 0; g < s->n_groups; g++)
        json_array_append_new(groups, group_json(&c->group[g], s->group[g]));
    json_object_set_new(object, "groups", groups);
    return object;
}

json_t *sensitivity_json(const struct sensitivity *s)
{
    struct seed_floor floor = sensitivity_floor(s);
    json_t *names = json_array(), *rows = json_array();
    for (size_t g = 0; g < s->n_groups; g++)
        json_array_append_new(names, json_string(s->group[g]));
    for (size_t i = 0; i < s->n; i++)
        json_array_append_new(rows, row_json(s, &s->row[i]));
    return json_pack("{s:i, s:s, s:s, s:I, s:I, s:o, s:b, s:b, s:{s:I, s:o, s:o, s:o, s:o}, s:o}", "version",
                     VERSION, "program", "nearfar " NEARFAR_VERSION, "title", s->title, "items",
                     (json_int_t)s->n_items, "k", (json_int_t)s->k, "groups", names, "fmr_evidence",
                     s->evidence[PAIR_IMPOSTOR], "fnmr_evidence", s->evidence[PAIR_GENUINE], "floor", "seeds",
                     (json_int_t)floor.n, "match_churn_mean", json_number(floor.mean), "match_churn_most",
                     json_number(floor.most), "fmr_ratio", json_interval(floor.ratio[PAIR_IMPOSTOR]),
                     "fnmr_ratio", json_interval(floor.ratio[PAIR_GENUINE]), "rows", rows);
}

/* ---- reading ---- */

static double read_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void read_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    text_clean(text, size, value ? value : "");
}

static size_t read_count(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 && value < 1000000000 ? (size_t)value : 0;
}

static struct change read_change(const json_t *object)
{
    const json_t *ci = json_object_get(object, "ci95"), *low = json_array_get(ci, 0),
                 *high = json_array_get(ci, 1);
    bool both = json_is_number(low) && json_is_number(high);
    return (struct change){read_number(object, "base"), read_number(object, "here"),
                           both ? (struct interval){json_number_value(low), json_number_value(high)}
                                : (struct interval){NAN, NAN}};
}

static void read_counts(const json_t *array, double count[N_PAIR_KINDS])
{
    for (size_t kind = 0; kind < N_PAIR_KINDS; kind++) {
        const json_t *value = json_array_get(array, kind);
        count[kind] = json_is_number(value) ? json_number_value(value) : 0;
    }
}

static void read_group(struct group_change *group, const json_t *object)
{
    read_counts(json_object_get(object, "pairs"), group->pairs);
    read_counts(json_object_get(object, "flipped"), group->flipped);
    group->n_items = read_count(object, "n_items");
    group->n_units = read_count(object, "n_ids");
    group->rate[PAIR_IMPOSTOR] = read_change(json_object_get(object, "fmr"));
    group->rate[PAIR_GENUINE] = read_change(json_object_get(object, "fnmr"));
}

static bool read_row(struct sensitivity *s, const json_t *object)
{
    struct sensitivity_row *row = &s->row[s->n];
    struct comparison *c = &row->moved;
    const json_t *groups = json_object_get(object, "groups");
    *row = (struct sensitivity_row){.failed = ""};
    read_text(object, "kind", row->kind, sizeof row->kind);
    read_text(object, "run", row->name, sizeof row->name);
    read_text(object, "what", row->what, sizeof row->what);
    read_text(object, "failed", row->failed, sizeof row->failed);
    s->n++;
    if (row->failed[0])
        return true;
    *c = (struct comparison){
        .n = s->n_items,
        .k = s->k,
        .n_groups = s->n_groups,
        .jaccard = read_number(object, "jaccard"),
        .rbo = read_number(object, "rbo"),
        .overlap = read_number(object, "overlap"),
        .cka = read_number(object, "cka_debiased"),
        .churn = read_number(object, "churn"),
        .match_churn = read_number(object, "match_churn"),
        .threshold = {read_number(object, "threshold_base"), read_number(object, "threshold_here")}};
    c->group = xcalloc(s->n_groups + 1, sizeof *c->group);
    if (json_array_size(groups) != s->n_groups + 1)
        return false;
    read_group(&c->all, json_array_get(groups, 0));
    for (size_t g = 0; g < s->n_groups; g++)
        read_group(&c->group[g], json_array_get(groups, g + 1));
    c->ratio[PAIR_IMPOSTOR] = read_change(json_object_get(object, "fmr_ratio"));
    c->ratio[PAIR_GENUINE] = read_change(json_object_get(object, "fnmr_ratio"));
    row->evidence[PAIR_IMPOSTOR] = json_is_true(json_object_get(object, "fmr_evidence"));
    row->evidence[PAIR_GENUINE] = json_is_true(json_object_get(object, "fnmr_evidence"));
    return true;
}

static bool read_all(struct sensitivity *s, const json_t *object)
{
    const json_t *names = json_object_get(object, "groups"), *rows = json_object_get(object, "rows");
    if (!json_is_array(names) || !json_is_array(rows) || json_array_size(names) > AUDIT_MAX_GROUPS ||
        json_array_size(rows) > SENSITIVITY_ROWS)
        return false;
    read_text(object, "title", s->title, sizeof s->title);
    s->n_items = read_count(object, "items");
    s->k = read_count(object, "k");
    s->n_groups = json_array_size(names);
    s->group = xcalloc(s->n_groups + 1, sizeof *s->group);
    s->evidence[PAIR_IMPOSTOR] = json_is_true(json_object_get(object, "fmr_evidence"));
    s->evidence[PAIR_GENUINE] = json_is_true(json_object_get(object, "fnmr_evidence"));
    for (size_t g = 0; g < s->n_groups; g++) {
        const char *name = json_string_value(json_array_get(names, g));
        text_clean(s->group[g], sizeof *s->group, name ? name : "");
    }
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (!read_row(s, json_array_get(rows, i)))
            return false;
    return true;
}

bool sensitivity_parse(struct sensitivity *s, const char *text, size_t length, struct err *err)
{
    json_error_t wrong;
    *s = (struct sensitivity){.n = 0};
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong);
    bool fine =
        object ? (json_integer_value(json_object_get(object, "version")) == VERSION && read_all(s, object)) ||
                     err_set(err, "not what nearfar audit --sensitivity writes")
               : err_set(err, "line %d: %s", wrong.line, wrong.text);
    json_decref(object);
    if (!fine)
        sensitivity_release(s);
    return fine;
}

bool sensitivity_read(struct sensitivity *s, const char *folder, struct err *err)
{
    char path[RUN_PATH_SIZE];
    size_t length;
    run_path(path, folder, SENSITIVITY_JSON);
    char *text = file_read(path, MOST_BYTES, &length, err);
    bool fine = text && (sensitivity_parse(s, text, length, err) || err_within(err, "%s", path));
    free(text);
    return fine;
}

bool sensitivity_is_there(const char *folder)
{
    char path[RUN_PATH_SIZE];
    run_path(path, folder, SENSITIVITY_JSON);
    return access(path, R_OK) == 0;
}
