/* SPDX-License-Identifier: MIT
 *
 * nearfar bench: how quick the program is on this machine.
 */
#include "app/bench.h"
#include "app/bench_methods.h"
#include "app/setup.h"

#include "base/check.h"

#include <string.h>

#define BENCH(id) extern const struct bench bench_##id;
#include "app/benches.def"
#undef BENCH

static const struct bench *const benches[] = {
#define BENCH(id) &bench_##id,
#include "app/benches.def"
#undef BENCH
};

static const struct entry *entry_at(size_t i)
{
    return i < ARRAY_LEN(benches) ? &benches[i]->entry : NULL;
}

static const struct axis bench_axis = {.title = "bench", .at = entry_at};

static const struct option bench_options[] = {
    {"seconds", 0, OPTION_NUMBER, "S", 0.1, 3600, "measure for about so long each (5)"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "one JSON object a line"},
    {0},
};

static bool asked_for(const struct options *options, const struct bench *bench)
{
    for (size_t i = 0; i < options->n_operands; i++)
        if (strcmp(options->operand[i], bench->entry.name) == 0)
            return true;
    return options->n_operands == 0;
}

static bool all_known(const struct options *options, struct err *err)
{
    char names[200];
    axis_names(&bench_axis, names, sizeof names);
    for (size_t i = 0; i < options->n_operands; i++)
        if (!axis_find(&bench_axis, options->operand[i]))
            return err_set(err, "there is no bench '%s': %s", options->operand[i], names);
    return true;
}

static enum exit_code run_bench(const struct options *options)
{
    struct err err;
    enum exit_code worst = EXIT_FINE;
    if (options->n_operands > 0 && strcmp(options->operand[0], "methods") == 0)
        return bench_methods(options);
    if (!all_known(options, &err) || !options_only_with(options, bench_methods_options, "methods", &err) ||
        !options_only_with(options, training_options, "methods", &err))
        return complain(options, EXIT_USAGE, &err);
    for (size_t i = 0; i < ARRAY_LEN(benches); i++) {
        if (!asked_for(options, benches[i]))
            continue;
        enum exit_code code = benches[i]->run(option_threads(options), option_number(options, "seconds", 5),
                                              option_given(options, "json"), &err);
        if (code != EXIT_FINE)
            worst = complain(options, code, &err);
    }
    return worst;
}

const struct subcommand command_bench = {
    .entry = {"bench", "Measure the program's own speed on this machine.", NULL},
    .usage = "[WHAT ...] [--seconds S] [--json] | methods DATA [--steps N] [--seeds N] [-o TABLE]",
    .option = {bench_options, bench_methods_options, training_options, common_options},
    .max_operands = OPERANDS_MAX,
    .notes =
        "WHAT: train, the whole training step on a reference net; pairs, all pairs of 10,000 items "
        "counted; audit, the\n"
        "same with all that an audit keeps of single pairs, and a threshold moved; neighbours, the 20 "
        "nearest of 60,000;\n"
        "project, 10 components of 100,000; frame, a map of 1,000,000 points. Without one: all of them.\n"
        "methods DATA: what each method of learning makes of the same pictures, as a table.",
    .run = run_bench,
};
