/* SPDX-License-Identifier: MIT
 *
 * The gates of one audit: read from the options, judged, those at thresholds of their own by audits of their
 * own, and said.
 */
#include "app/audit_report.h"
#include "base/check.h"

#include <stdlib.h>

bool report_read_gates(struct audit_report *report, const struct options *options,
                       const struct audit_table *table, struct err *err)
{
    for (enum gate_kind kind = 0; kind < N_GATE_KINDS; kind++) {
        const char *text;
        for (size_t i = 0; (text = option_repeated(options, gate_kind_name(kind), i)) != NULL; i++) {
            if (report->n_gates == AUDIT_MAX_GATES)
                return err_set(err, "more than %d gates", AUDIT_MAX_GATES);
            struct audit_gate *gate = &report->gate[report->n_gates++];
            if (!gate_parse(gate, text, kind, table->names.group, table->n_groups, err))
                return false;
            if (!audit_threshold_fits(table, gate->target, gate->at, err))
                return err_within(err, "gate '%s'", gate->text);
        }
    }
    report->by_value = option_choice(options, "evidence", 0) == 1;
    return true;
}

/* At the gate's own threshold; without what no gate asks for. */
static struct audit_settings settings_of(const struct audit_gate *gate, const struct audit_settings *settings)
{
    struct audit_settings there = *settings;
    there.target = gate->target;
    there.at = gate->at;
    there.n_worst = 0;
    there.k = gate->metric >= METRIC_COMPOSITION ? settings->k : 0;
    return there;
}

unsigned report_parts(const struct audit_report *report)
{
    const struct audit_input *input = &report->table->input;
    struct audit_settings settings = report_settings_untagged(report);
    unsigned parts = input->n_tags > 0 ? audit_parts_at(input, &settings) : 0;
    for (size_t i = 0; i < report->n_gates; i++)
        if (report->gate[i].elsewhere) {
            settings = settings_of(&report->gate[i], report->settings);
            parts += audit_parts(input, &settings);
        }
    return parts;
}

static struct audit *audit_elsewhere(const struct audit_gate *gate, const struct audit_input *input,
                                     const struct audit_settings *settings, struct pool *pool,
                                     struct progress *progress, struct err *err)
{
    struct audit *audit = xcalloc(1, sizeof *audit);
    struct audit_settings there = settings_of(gate, settings);
    if (audit_make(audit, input, &there, pool, progress, err))
        return audit;
    free(audit);
    return NULL;
}

bool report_judge_gates(struct audit_report *report, const struct audit_input *input, struct pool *pool,
                        struct progress *progress, struct err *err)
{
    const struct gate_rules rules = {report->by_value};
    report->n_thresholds = report->audit->n_thresholds;
    for (size_t i = 0; i < report->n_gates; i++) {
        const struct audit_gate *gate = &report->gate[i];
        const struct audit *audit = report->audit;
        if (gate->elsewhere) {
            audit = report->elsewhere[i] =
                audit_elsewhere(gate, input, report->settings, pool, progress, err);
            if (!audit)
                return false;
            report->n_thresholds++;
        }
        report->outcome[i] = gate_judge(gate, audit, rules, &report->judged[i]);
        report->more[i] = (struct audit_more){NAN, ALL_GROUPS};
        if (report->outcome[i] == GATE_INCONCLUSIVE && report->judged[i] && !audit->per_pair)
            report->more[i] = audit_more_to_tell(audit, report->judged[i], gate->bound);
    }
    for (size_t i = 0; i < report->n_gates; i++)
        report->p[i] = NAN;
    if (!report->by_value)
        gates_adjust(report->gate, report->judged, report->outcome, report->n_gates, report->p);
    return true;
}

void report_release_gates(struct audit_report *report)
{
    for (size_t i = 0; i < report->n_gates; i++)
        if (report->elsewhere[i]) {
            audit_release(report->elsewhere[i]);
            free(report->elsewhere[i]);
            report->elsewhere[i] = NULL;
        }
}

/* Inconclusive as the interval of its value, which was made of errors, holds the bound. */
static bool holds_bound(const struct audit_report *report, size_t i)
{
    const struct audit_value *value = report->judged[i];
    double bound = report->gate[i].bound;
    return report->outcome[i] == GATE_INCONCLUSIVE && value && value->ci.low > 0 && value->ci.low <= bound &&
           value->ci.high >= bound;
}

void words_gate(struct strbuf *out, const struct audit_report *report, size_t i)
{
    const struct audit_names *names = &report->table->names;
    const struct audit_more *more = &report->more[i];
    if (report->outcome[i] == GATE_INCONCLUSIVE && !isnan(report->p[i])) {
        strbuf_printf(out, "evidence alone, but not among %zu gates (p = %.2g, Holm)", report->n_gates,
                      report->p[i]);
    } else if (!isnan(more->units)) {
        strbuf_puts(out, "about ");
        words_count(out, more->units);
        strbuf_printf(out, " more %s of %s would settle it, if the value stays", names->units,
                      more->group == ALL_GROUPS ? "each" : names->group[more->group]);
    } else if (holds_bound(report, i)) {
        strbuf_printf(out,
                      "too near the bound: if the value stays, more than %d times as many %s would be needed",
                      AUDIT_MOST_MORE, names->units);
    } else if (!isnan(report->p[i])) {
        strbuf_printf(out, "p = %.2g, Holm of %zu gates", report->p[i], report->n_gates);
    }
}
