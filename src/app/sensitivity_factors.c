/* SPDX-License-Identifier: MIT
 *
 * What is varied, one thing at a time. A line in `factors` adds a factor.
 */
#include "app/sensitivity.h"
#include "base/check.h"
#include "space/audit_gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct factor {
    const char *kind, *setting, *value;
    bool in_quick; /* --quick has it too */
    void (*vary)(struct sensitivity_plan *plan, const struct factor *factor);
};

/* ---- adding to the plan ---- */

/* Of a run that begins as the base does. NULL: there is no room for more. */
static struct planned_run *add_run(struct sensitivity_plan *plan, const struct factor *factor,
                                   const char *name, const char *what)
{
    if (plan->n_runs == SENSITIVITY_RUNS || plan->n_rows == SENSITIVITY_ROWS)
        return NULL;
    struct planned_run *run = &plan->run[plan->n_runs];
    struct planned_row *row = &plan->row[plan->n_rows++];
    *run = (struct planned_run){.config = plan->run[0].config};
    snprintf(run->name, sizeof run->name, "%s", name);
    *row = (struct planned_row){.run = plan->n_runs++, .target = plan->target, .at = plan->at};
    snprintf(row->kind, sizeof row->kind, "%s", factor->kind);
    snprintf(row->what, sizeof row->what, "%s", what);
    return run;
}

static void drop_run(struct sensitivity_plan *plan)
{
    plan->n_runs--;
    plan->n_rows--;
}

static void leave_out(struct sensitivity_plan *plan, const char *what, const char *why)
{
    size_t used = strlen(plan->left_out);
    snprintf(plan->left_out + used, sizeof plan->left_out - used, "%s%s: %s", used ? "; " : "", what, why);
}

/* The setting as the base has it, as text; "" where it has none of that name. */
static void value_in_base(const struct sensitivity_plan *plan, const char *name, char *text, size_t size)
{
    char lines[CONFIG_TEXT_SIZE], *rest = lines, *line;
    size_t length = strlen(name);
    config_print(&plan->run[0].config, lines, sizeof lines);
    *text = '\0';
    while ((line = strsep(&rest, "\n")))
        if (strncmp(line, name, length) == 0 && line[length] == '=')
            snprintf(text, size, "%s", line + length + 1);
}

/* ---- ways to vary ---- */

/* Other seeds: all that is drawn is drawn anew but who trains and who is watched. */
static void vary_seed(struct sensitivity_plan *plan, const struct factor *factor)
{
    for (uint64_t s = 1; s <= plan->seeds; s++) {
        char name[40], what[96];
        uint64_t seed = plan->run[0].config.seed + s;
        snprintf(name, sizeof name, "seed-%" PRIu64, seed);
        snprintf(what, sizeof what, "seed %" PRIu64, seed);
        struct planned_run *run = add_run(plan, factor, name, what);
        if (run)
            run->config.seed = seed;
    }
}

static void vary_setting_to(struct sensitivity_plan *plan, const struct factor *factor, const char *value)
{
    char name[40], what[96], before[64];
    struct err err;
    value_in_base(plan, factor->setting, before, sizeof before);
    if (strcmp(before, value) == 0)
        return;
    snprintf(name, sizeof name, "%s-%s", factor->setting, value);
    snprintf(what, sizeof what, "%s %s (%.40s)", factor->setting, value, before);
    struct planned_run *run = add_run(plan, factor, name, what);
    if (run && !config_set(&run->config, factor->setting, value, &err)) {
        drop_run(plan);
        leave_out(plan, name, err.text);
    }
}

static void vary_setting(struct sensitivity_plan *plan, const struct factor *factor)
{
    vary_setting_to(plan, factor, factor->value);
}

/* Identities that train drawn anew with replacement. */
static void vary_resample(struct sensitivity_plan *plan, const struct factor *factor)
{
    struct planned_run *run = add_run(plan, factor, "resample", "training identities drawn anew");
    if (run)
        run->config.resample = plan->run[0].config.seed;
}

/* A number the base has, so many times as large. */
static void vary_times(struct sensitivity_plan *plan, const struct factor *factor)
{
    char before[64], value[40];
    double number, times;
    value_in_base(plan, factor->setting, before, sizeof before);
    if (!text_to_double(before, &number) || !text_to_double(factor->value, &times)) {
        leave_out(plan, factor->setting, "this method has none");
        return;
    }
    snprintf(value, sizeof value, "%.6g", number * times);
    vary_setting_to(plan, factor, value);
}

/* Each augmentation of the base's list left out. */
static void vary_each_augmentation(struct sensitivity_plan *plan, const struct factor *factor)
{
    const struct recipe *recipe = &plan->run[0].config.recipe;
    for (size_t i = 0; i < recipe->n; i++) {
        char name[40], what[96], edit[48];
        struct err err;
        const char *step = recipe->step[i].kind->entry.name;
        if (recipe->step[i].probability <= 0)
            continue;
        snprintf(name, sizeof name, "%.30s-off", step);
        snprintf(what, sizeof what, "without %s", step);
        snprintf(edit, sizeof edit, "-%.40s", step);
        struct planned_run *run = add_run(plan, factor, name, what);
        if (run)
            CHECK(recipe_parse(&run->config.recipe, edit, &err));
    }
}

static const struct format *format_of(const struct dataset *data)
{
    size_t length = strcspn(data->args, ":");
    for (size_t i = 0; format_at(i); i++)
        if (strlen(format_at(i)->entry.name) == length &&
            strncmp(format_at(i)->entry.name, data->args, length) == 0)
            return format_at(i);
    return NULL;
}

/* Other pictures of the same kind to learn from; those that are watched stay the base's. */
static void vary_data(struct sensitivity_plan *plan, const struct factor *factor)
{
    const struct dataset *data = &plan->base.data;
    const struct format *format = format_of(data);
    char name[40], what[96];
    if (!format || !knob_find(format->entry.knobs, factor->setting)) {
        leave_out(plan, factor->setting, "these pictures have no such knob");
        return;
    }
    snprintf(name, sizeof name, "%s-%s", factor->setting, factor->value);
    snprintf(what, sizeof what, "%s %s", factor->setting, factor->value);
    struct planned_run *run = add_run(plan, factor, name, what);
    if (run)
        snprintf(run->data, sizeof run->data, "%.480s%s%s=%s", data->args,
                 strchr(data->args, ':') ? "," : ":", factor->setting, factor->value);
}

/* No training: the base's own space, cut another way. */
static void vary_threshold(struct sensitivity_plan *plan, const struct factor *factor)
{
    double times;
    if (plan->n_rows == SENSITIVITY_ROWS)
        return;
    struct planned_row *row = &plan->row[plan->n_rows];
    *row = (struct planned_row){.run = 0, .target = plan->target, .at = plan->at};
    snprintf(row->kind, sizeof row->kind, "%s", factor->kind);
    snprintf(row->what, sizeof row->what, "%s: FMR = FNMR", factor->setting);
    bool of_rate = plan->target == AUDIT_AT_FMR || plan->target == AUDIT_AT_FNMR;
    if (!factor->value) {
        if (!audit_target_parse(factor->setting, &row->target, &row->at) || row->target == plan->target)
            return;
    } else if (of_rate && text_to_double(factor->value, &times)) {
        row->at = fmin(1, plan->at * times);
        snprintf(row->what, sizeof row->what, "%s %g (%g)", plan->target == AUDIT_AT_FMR ? "fmr" : "fnmr",
                 row->at, plan->at);
    } else {
        return;
    }
    plan->n_rows++;
}

/* Another seed, cut at the base's threshold: what a similarity that is fixed does when the scale drifts. */
static void vary_fixed_threshold(struct sensitivity_plan *plan, const struct factor *factor)
{
    if (plan->n_runs < 2 || plan->n_rows == SENSITIVITY_ROWS)
        return;
    struct planned_row *row = &plan->row[plan->n_rows++];
    *row = (struct planned_row){.run = 1, .target = AUDIT_AT_THRESHOLD, .at = NAN};
    snprintf(row->kind, sizeof row->kind, "%s", factor->kind);
    snprintf(row->what, sizeof row->what, "the base's threshold, seed %" PRIu64, plan->run[1].config.seed);
}

/* ---- the list ---- */

static const struct factor factors[] = {
    {"seed", "seed", NULL, true, vary_seed},
    {"data", "resample", NULL, true, vary_resample},
    {"data", "group-share", "0.5", true, vary_data},
    {"data", "correlation", "0.5", true, vary_data},
    {"data", "train-share", "0.3", false, vary_setting},
    {"augmentation", "augment", NULL, true, vary_each_augmentation},
    {"objective", "method", "vicreg", true, vary_setting},
    {"objective", "method", "byol", false, vary_setting},
    {"objective", "method", "triplet", false, vary_setting},
    {"objective", "tau", "0.5", true, vary_times},
    {"objective", "tau", "2", true, vary_times},
    {"threshold", "eer", NULL, true, vary_threshold},
    {"threshold", "rate", "10", true, vary_threshold},
    {"threshold", "rate", "0.1", true, vary_threshold},
    {"threshold", "fixed", NULL, true, vary_fixed_threshold},
};

bool sensitivity_plan_make(struct sensitivity_plan *plan, struct err *err)
{
    bool quick = option_given(plan->options, "quick");
    struct planned_run *base = &plan->run[0];
    *base = (struct planned_run){.config = plan->base.config};
    snprintf(base->name, sizeof base->name, "base");
    base->config.split_seed = config_split_seed(&base->config);
    base->config.total_steps = plan->steps;
    plan->n_runs = 1;
    for (size_t i = 0; i < ARRAY_LEN(factors); i++)
        if (!quick || factors[i].in_quick)
            factors[i].vary(plan, &factors[i]);
    return plan->n_runs > 1 || err_set(err, "nothing can be varied");
}
