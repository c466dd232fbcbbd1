/* SPDX-License-Identifier: MIT
 *
 * The reports of one audit: audit.json (all values as records), audit.csv (the same, long), audit.md and
 * audit.html (for people). They hold no time and no path of this machine but those that were typed, so the
 * same inputs give the same bytes. Main thread.
 */
#ifndef NF_APP_AUDIT_REPORT_H
#define NF_APP_AUDIT_REPORT_H

#include "app/audit_input.h"
#include "app/document.h"
#include "app/options.h"
#include "base/parallel.h"
#include "space/audit_gate.h"

#include <jansson.h>

enum { AUDIT_MAX_GATES = 16, AUDIT_MAX_ARGUMENTS = 64 };

/* Everything a report is made of; lent. */
struct audit_report {
    const struct audit_table *table;
    const struct audit_settings *settings;
    const struct audit *audit;
    struct audit *untagged;          /* owned: at the same threshold without marks; NULL: there are none */
    struct audit_tag_effect *effect; /* owned: (n_tags) what each changes by itself */
    const char *argument[AUDIT_MAX_ARGUMENTS]; /* what reproduces it, behind "nearfar audit" */
    size_t n_arguments;
    struct audit_gate gate[AUDIT_MAX_GATES];
    enum gate_outcome outcome[AUDIT_MAX_GATES];
    const struct audit_value *judged[AUDIT_MAX_GATES]; /* NULL: there is no such value */
    struct audit *elsewhere[AUDIT_MAX_GATES]; /* owned: at the gate's threshold; NULL: the audit is */
    struct audit_more more[AUDIT_MAX_GATES];  /* what would settle it */
    double p[AUDIT_MAX_GATES];                /* of a failure among all gates (Holm); NaN: none */
    const struct audit_pictures *pictures;    /* of the worst pairs; NULL: none are shown, nor named */
    size_t n_gates, n_thresholds;             /* looked at, by gates too */
    bool by_value;
};

/* How many parts of progress gates and marks take behind the audit itself. */
unsigned report_parts(const struct audit_report *report);
/* Gates as they were typed; then judged, which may take more passes: false with err as audit_make. */
bool report_read_gates(struct audit_report *report, const struct options *options,
                       const struct audit_table *table, struct err *err);
bool report_judge_gates(struct audit_report *report, const struct audit_input *input, struct pool *pool,
                        struct progress *progress, struct err *err);
void report_release_gates(struct audit_report *report);
/* What may be said of a gate beside its outcome; nothing where there is nothing. */
void words_gate(struct strbuf *out, const struct audit_report *report, size_t gate);

/* What marks change, where there are any: a look without them, at the threshold of the audit. */
struct audit_settings report_settings_untagged(const struct audit_report *report);
bool report_look_untagged(struct audit_report *report, struct pool *pool, struct progress *progress,
                          struct err *err);
void report_release_untagged(struct audit_report *report);
void words_marks(struct strbuf *out, const struct audit_report *report); /* in a line, or nothing */
void report_add_marks(const struct audit_report *report, struct document *document);
json_t *report_marks_json(const struct audit_report *report); /* owned */

void report_add_worst(const struct audit_report *report, struct document *document);

json_t *report_json(const struct audit_report *report); /* owned */
void report_csv(const struct audit_report *report, struct strbuf *out);

/* Sections of it. */
void report_add_meaning(const struct audit_report *report, struct document *document);
void report_add_performance(const struct audit_report *report, struct document *document);
void report_add_apart(const struct audit_report *report, struct document *document);
void report_add_neighbourhoods(const struct audit_report *report, struct document *document);

/* audit.json, .csv, .md and .html in the folder, which is made if needed. */
bool report_write(const struct audit_report *report, const char *folder, struct err *err);

/* Figures as SVG, with a title and a description inside. */
void figure_rates(const struct audit_report *report, enum audit_metric metric, struct strbuf *out);
void figure_performance(const struct audit_report *report, struct strbuf *out);
void figure_det(const struct audit_report *report, struct strbuf *out);

/* "dim:bright", "all": as cells stand in records. */
enum { CELL_CODE = 300 };
void cell_code(char to[CELL_CODE], const struct audit_value *value, const struct audit_names *names);

/* "within", "dev", ... as they stand in records. */
const char *convention_name(enum fmr_convention convention);

#endif
