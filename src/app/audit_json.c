/* SPDX-License-Identifier: MIT */
#include "app/audit_report.h"

#include "app/json.h"
#include "app/version.h"
#include "base/check.h"

#include <string.h>

const char *convention_name(enum fmr_convention convention)
{
    static const char *const names[] = {"within", "involving", "query"};
    return names[convention];
}

static const char *threshold_from(const struct audit_report *report)
{
    if (report->settings->target == AUDIT_AT_THRESHOLD)
        return "user";
    return report->audit->exploratory ? "exploratory" : "dev";
}

void cell_code(char to[CELL_CODE], const struct audit_value *value, const struct audit_names *names)
{
    if (value->g == ALL_GROUPS)
        snprintf(to, CELL_CODE, "all");
    else
        snprintf(to, CELL_CODE, "%s:%s", names->group[value->g], names->group[value->h]);
}

/* How the interval of a value was made; "" where it has none. */
static const char *ci_method(const struct audit *audit, const struct audit_value *value)
{
    if (isnan(value->ci.low))
        return "";
    if (value->status == AUDIT_ZERO)
        return "no error: 1 - 0.05^(1/n) at least";
    if (value->metric == METRIC_FMR_RATIO || value->metric == METRIC_FNMR_RATIO)
        return "logarithm of the ratio, Sidak";
    return audit->per_pair ? "Clopper-Pearson" : "Wilson, n / deff";
}

/* How it was counted. */
static void put_protocol(json_t *object, const struct audit_report *report, const struct audit_value *value)
{
    const struct audit_table *table = report->table;
    const struct {
        const char *key, *text;
    } texts[] = {
        {"convention", convention_name(report->settings->convention)},
        {"relation", table->names.relation},
        {"ci_unit", report->audit->per_pair  ? "pair: too narrow"
                    : report->audit->by_unit ? table->names.unit
                                             : "item"},
        {"ci_method", ci_method(report->audit, value)},
        {"split", table->dev ? "eval" : "all"},
        {"ideal", metric_ideal(value->metric)},
        {"tau_from", threshold_from(report)},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        json_object_set_new(object, texts[i].key, json_string(texts[i].text));
    json_object_set_new(object, "tau", json_number(audit_tau(report->audit, value->bin)));
}

/* What chance alone would give, where that is known. */
static void put_chances(json_t *object, const struct audit_value *value)
{
    const struct {
        const char *key;
        double value;
    } chances[] = {{"by_chance95", value->by_chance},
                   {"by_chance_low", value->by_chance_low},
                   {"p", value->p},
                   {"least_p", value->least_p},
                   {"p_bh", value->q}};
    for (size_t i = 0; i < ARRAY_LEN(chances); i++)
        if (!isnan(chances[i].value))
            json_object_set_new(object, chances[i].key, json_number(chances[i].value));
}

static json_t *record(const struct audit_report *report, const struct audit_value *value)
{
    char cell[CELL_CODE];
    const struct audit_names *names = &report->table->names;
    cell_code(cell, value, names);
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:s}", "metric", metric_name(value->metric),
                  "cell", cell, "value", json_number(value->value), "x", json_number(value->x), "n_pairs",
                  json_number(value->n), "n_items", (json_int_t)value->n_items, "n_ids",
                  (json_int_t)value->n_units, "deff", json_number(value->deff), "ci95",
                  json_interval(value->ci), "status", audit_status_name(value->status));
    put_protocol(object, report, value);
    put_chances(object, value);
    if (!isnan(value->more_units)) {
        json_object_set_new(object, "more_ids", json_number(value->more_units));
        json_object_set_new(object, "more_ids_in",
                            json_string(value->needs == ALL_GROUPS ? "each" : names->group[value->needs]));
    }
    return object;
}

static json_t *files(const struct audit_table *table)
{
    json_t *list = json_array();
    for (size_t i = 0; i < table->n_files; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:I}", "path", table->file[i].path, "sha256",
                                        table->file[i].sha256, "rows", (json_int_t)table->file[i].rows));
    return list;
}

static json_t *gates(const struct audit_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->n_gates; i++) {
        const struct audit_more *more = &report->more[i];
        json_t *gate =
            json_pack("{s:s, s:s, s:s, s:s}", "gate", report->gate[i].text, "kind",
                      gate_kind_name(report->gate[i].kind), "outcome", gate_outcome_name(report->outcome[i]),
                      "evidence", report->by_value ? "value" : "interval");
        if (report->judged[i])
            json_object_set_new(gate, "judged", record(report, report->judged[i]));
        if (!isnan(report->p[i]))
            json_object_set_new(gate, "p_holm", json_number(report->p[i]));
        if (!isnan(more->units)) {
            const char *in = more->group == ALL_GROUPS ? "each" : report->table->names.group[more->group];
            json_object_set_new(gate, "more_ids", json_number(more->units));
            json_object_set_new(gate, "more_ids_in", json_string(in));
        }
        json_array_append_new(list, gate);
    }
    return list;
}

/* A list apart: a point has a weight, not a cell. */
static json_t *performance(const struct audit *audit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < audit->n_epc; i++) {
        const struct epc_point *point = &audit->epc[i];
        json_array_append_new(list,
                              json_pack("{s:f, s:o, s:o, s:o, s:o, s:o}", "weight", point->weight, "tau",
                                        json_number(audit_tau(audit, point->bin)), "fmr",
                                        json_number(point->fmr), "fnmr", json_number(point->fnmr), "cost",
                                        json_number(point->cost), "least", json_number(point->least)));
    }
    return list;
}

json_t *report_json(const struct audit_report *report)
{
    json_t *values = json_array(), *arguments = json_array();
    for (size_t i = 0; i < report->audit->n_values; i++)
        json_array_append_new(values, record(report, &report->audit->value[i]));
    for (size_t i = 0; i < report->n_arguments; i++)
        json_array_append_new(arguments, json_string(report->argument[i]));
    const struct audit *audit = report->audit;
    return json_pack("{s:i, s:s, s:o, s:o, s:{s:I, s:I, s:I, s:I, s:I}, s:o, s:o, s:o, s:o}", "version", 1,
                     "program", "nearfar " NEARFAR_VERSION, "arguments", arguments, "inputs",
                     files(report->table), "looked_at", "thresholds", (json_int_t)report->n_thresholds,
                     "cells", (json_int_t)audit->n_cells, "items", (json_int_t)audit->n_items, "ids",
                     (json_int_t)audit->n_units, "bins", (json_int_t)audit->n_bins, "gates", gates(report),
                     "tags", report_marks_json(report), "epc", performance(audit), "values", values);
}

/* ---- the same as a long table ---- */

static void csv_number(struct strbuf *out, double value)
{
    if (isfinite(value))
        strbuf_printf(out, ",%.17g", value);
    else
        strbuf_puts(out, ",");
}

/* The cost at each weight; all of a point is in audit.json. */
static void csv_performance(const struct audit_report *report, struct strbuf *out)
{
    for (size_t i = 0; i < report->audit->n_epc; i++) {
        const struct epc_point *point = &report->audit->epc[i];
        strbuf_printf(out, "epc,weight=%.2f", point->weight);
        csv_number(out, point->cost);
        strbuf_puts(out, ",,,,,,,,plain,");
        csv_number(out, audit_tau(report->audit, point->bin));
        strbuf_puts(out, ",,");
        csv_put_shown(out, report->table->names.relation);
        strbuf_puts(out, ",eval,,,\n");
    }
}

void report_csv(const struct audit_report *report, struct strbuf *out)
{
    strbuf_puts(
        out, "metric,cell,value,low95,high95,x,n_pairs,n_items,n_ids,deff,status,by_chance95,tau,convention,"
             "relation,split,p,least_p,p_bh\n");
    for (size_t i = 0; i < report->audit->n_values; i++) {
        const struct audit_value *value = &report->audit->value[i];
        char cell[CELL_CODE];
        cell_code(cell, value, &report->table->names);
        strbuf_printf(out, "%s,", metric_name(value->metric));
        csv_put_shown(out, cell);
        const double numbers[] = {value->value, value->ci.low, value->ci.high, value->x, value->n};
        for (size_t j = 0; j < ARRAY_LEN(numbers); j++)
            csv_number(out, numbers[j]);
        strbuf_printf(out, ",%zu,%zu", value->n_items, value->n_units);
        csv_number(out, value->deff);
        strbuf_printf(out, ",%s", audit_status_name(value->status));
        csv_number(out, value->by_chance);
        csv_number(out, audit_tau(report->audit, value->bin));
        strbuf_printf(out, ",%s,", convention_name(report->settings->convention));
        csv_put_shown(out, report->table->names.relation);
        strbuf_printf(out, ",%s", report->table->dev ? "eval" : "all");
        csv_number(out, value->p);
        csv_number(out, value->least_p);
        csv_number(out, value->q);
        strbuf_puts(out, "\n");
    }
    csv_performance(report, out);
}
