/* SPDX-License-Identifier: MIT
 *
 * nearfar audit as a pipeline meets it: exit codes, reports, gates, what is refused and why.
 */
#include "support/cmocka.h"
#include "support/program.h"
#include "support/t8.h"

#include "base/check.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "data/npy.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 400, D = 8 };

/* Identities of two; those of group dim crowd together, so that their false match rate is high. */
static void put_people(const struct program *program)
{
    static float rows[N * D];
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, 0, 0);
    struct strbuf items = {0};
    double centre[D];
    strbuf_puts(&items, "id,identity,light,split\n");
    for (int i = 0; i < N; i++) {
        bool dim = i / 2 % 2;
        for (int j = 0; j < D; j++) {
            centre[j] = i % 2 ? centre[j] : rng_normal(&rng) + (dim && j == 0 ? 1.5 : 0);
            rows[i * D + j] = (float)(centre[j] + 0.4 * rng_normal(&rng));
        }
        strbuf_printf(&items, "p%d,%d,%s,%s\n", i, i / 2, dim ? "dim" : "bright", i < N / 2 ? "dev" : "eval");
    }
    program_put_table(program, "people.npy", rows, N, D);
    program_put(program, "people.csv", strbuf_text(&items));
    strbuf_release(&items);
}

static int setup(void **state)
{
    static struct program program;
    float rows[T8_N * 2];
    program_init(&program);
    t8_rows(rows, 0);
    program_put_table(&program, "t8.npy", rows, T8_N, 2);
    program_put(&program, "t8.csv",
                "id,identity,group\n0,p,A\n1,p,A\n2,q,A\n3,q,A\n4,r,B\n5,r,B\n6,s,B\n7,s,B\n");
    put_people(&program);
    *state = &program;
    return 0;
}

static int teardown(void **state)
{
    program_release(*state);
    return 0;
}

static void t8_is_told_with_its_counts(void **state)
{
    struct program *program = *state;
    program_ends(program, 0, "audit t8.npy --items t8.csv --group group --threshold 0.8");
    assert_non_null(strstr(program->out,
                           "FMR in B: 75 %: 3 of 4 pairs of 4 items, 2 identities: too few for an "
                           "interval."));
    assert_non_null(strstr(program->out, "FMR of B / A: 3.00 times."));
    assert_non_null(strstr(program->out, "Too few identities to say"));
    program_ends(program, 3,
                 "audit t8.npy --items t8.csv --group group --threshold 0.8 --fail-if 'fmr_ratio>1.25'");
    program_ends(program, 1,
                 "audit t8.npy --items t8.csv --group group --threshold 0.8 --fail-if 'fmr_ratio>1.25' "
                 "--evidence value");
    program_ends(
        program, 0,
        "audit t8.npy --items t8.csv --group group --threshold 0.8 --require 'fmr[B]<=0.75' --evidence "
        "value");
    program_ends(
        program, 1,
        "audit t8.npy --items t8.csv --group group --threshold 0.8 --fail-if 'fmr>1' --inconclusive fail");
}

static json_t *value_of(json_t *report, const char *metric, const char *cell)
{
    size_t i;
    json_t *value;
    json_array_foreach(json_object_get(report, "values"), i,
                       value) if (strcmp(json_string_value(json_object_get(value, "metric")), metric) == 0 &&
                                  strcmp(json_string_value(json_object_get(value, "cell")), cell) ==
                                      0) return value;
    fail_msg("no %s of %s", metric, cell);
    return NULL;
}

/* The highest false match of B is marked as the same: two of three are left, and one genuine pair more. */
static void marks_are_applied_and_told(void **state)
{
    struct program *program = *state;
    program_put(program, "t8.marks.csv", "mark,item,other,of\nsame,5,6,8\nwrong label,0,,8\n");
    program_ends(program, 0, "audit t8.npy --items t8.csv --group group --threshold 0.8 -o marked");
    assert_non_null(strstr(program->out, "FMR in B: 66.7 %: 2 of 3 pairs"));
    assert_non_null(
        strstr(program->out, "Marks: 2 of 2 are of these items. FMR worst / best 3 without them"));
    char *text = program_get(program, "marked/audit.json");
    json_t *report = json_loads(text, 0, NULL), *tags = json_object_get(report, "tags"),
           *each = json_object_get(tags, "each"), *same = json_array_get(each, 0);
    assert_int_equal(json_array_size(json_object_get(report, "inputs")), 3);
    assert_int_equal(json_array_size(each), 2);
    assert_int_equal(json_number_value(json_object_get(same, "impostor_pairs")), 1);
    assert_int_equal(json_number_value(json_object_get(same, "false_matches")), 1);
    assert_int_equal(json_number_value(json_object_get(same, "genuine_pairs")), 0);
    assert_true(fabs(json_number_value(json_object_get(same, "fmr")) - 5.0 / 23) < 1e-12);
    json_t *out = json_array_get(each, 1); /* item 0: of 6 impostor pairs and 1 genuine, all right at 0.8 */
    assert_int_equal(json_number_value(json_object_get(out, "impostor_pairs")), 6);
    assert_int_equal(json_number_value(json_object_get(out, "genuine_pairs")), 1);
    json_decref(report);
    free(text);
    text = program_get(program, "marked/audit.md");
    assert_non_null(strstr(text, "| FMR of B | 75 % | 66.7 % | 3 of 4 | 2 of 3 |"));
    assert_non_null(strstr(text, "| same | 5 | 6 | 0 | 0 | 1 | 1 | 2.67 | undefined |"));
    free(text);
    program_ends(program, 0, "audit --check marked");
    program_ends(program, 0, "audit t8.npy --items t8.csv --group group --threshold 0.8 --marks none");
    assert_non_null(strstr(program->out, "FMR in B: 75 %"));
    program_put(program, "t8.marks.csv", "mark,item,other,of\nsame,5,6,8\n");
    program_ends(program, 1, "audit --check marked");
    assert_non_null(strstr(program->out, "t8.marks.csv: its bytes are not those"));
    program_put(program, "t8.marks.csv", "mark,item,other,of\nsame,5,8,8\n");
    program_ends(program, 2, "audit t8.npy --items t8.csv --group group --threshold 0.8");
    assert_non_null(strstr(program->err, "t8.marks.csv: line 2"));
    program_ends(program, 2, "audit t8.npy --items t8.csv --group group --threshold 0.8 --marks no.csv");
    char path[256];
    remove(program_path(program, "t8.marks.csv", path, sizeof path));
}

static void reports_hold_the_same_numbers(void **state)
{
    struct program *program = *state;
    program_ends(program, 0, "audit t8.npy --items t8.csv --group group --threshold 0.8 -o t8-report");
    char *text = program_get(program, "t8-report/audit.json");
    json_t *report = json_loads(text, 0, NULL), *fmr = value_of(report, "fmr", "B:B");
    assert_true(json_number_value(json_object_get(fmr, "value")) == 0.75);
    assert_int_equal(json_number_value(json_object_get(fmr, "n_pairs")), 4);
    assert_true(json_is_null(json_object_get(fmr, "ci95")));
    assert_string_equal(json_string_value(json_object_get(fmr, "status")), "too_few_units");
    assert_string_equal(json_string_value(json_object_get(fmr, "convention")), "within");
    assert_true(json_is_null(json_object_get(value_of(report, "fnmr", "A:B"), "value"))); /* undefined */
    json_decref(report);
    free(text);
    static const char *const files[][2] = {
        {"t8-report/audit.csv", "fmr,B:B,0.75,,,3,4,4,2,1,too_few_units"},
        {"t8-report/audit.md", "| B | 4 | 2 | 75 % | – |"},
        {"t8-report/audit.html", "<th scope=\"col\" class=\"n\">False match rate</th>"}};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        text = program_get(program, files[i][0]);
        if (!strstr(text, files[i][1]))
            fail_msg("%s:\n%s", files[i][0], text);
        assert_null(strstr(text, "<script"));
        assert_null(strstr(text, "nan"));
        free(text);
    }
}

static void what_is_undefined_is_no_number(void **state)
{
    struct program *program = *state;
    program_put(program, "alone.csv", "identity,group\np,lone\np,A\nq,A\nq,A\nr,A\nr,A\ns,A\ns,A\n");
    program_ends(program, 0, "audit t8.npy --items alone.csv --group group --threshold 0.8 -o alone");
    char *markdown = program_get(program, "alone/audit.md");
    assert_null(strstr(markdown, "nan"));
    assert_non_null(strstr(markdown, "| lone | lone | 0.0 % | undefined | – |"));
    free(markdown);
    program_put(program, "none.csv",
                "identity,group,split\np,A,dev\np,B,dev\nq,A,dev\nq,B,dev\nr,A,eval\ns,B,eval\nt,A,eval\nu,B,"
                "eval\n");
    program_ends(program, 0, "audit t8.npy --items none.csv --group group --split split -o none");
    markdown = program_get(program, "none/audit.md");
    char *html = program_get(program, "none/audit.html");
    assert_null(strstr(markdown, "nan"));
    assert_null(strstr(html, "nan"));
    assert_non_null(strstr(markdown, "no cost to tell"));
    free(markdown);
    free(html);
}

/* Names are text wherever they are written, and what was typed can be typed again. */
static void names_are_no_markup(void **state)
{
    struct program *program = *state;
    program_put(program, "odd.csv",
                "identity,group\np,<img src=x>\np,<img src=x>\nq,![a](b|c)\nq,![a](b|c)\n"
                "r,it's\nr,it's\ns,it's\ns,it's\n");
    program_ends(
        program, 3,
        "audit t8.npy --items odd.csv --group group --threshold 0.8 --fail-if \"fmr[it's]>0.99\" -o odd");
    char *markdown = program_get(program, "odd/audit.md"), *html = program_get(program, "odd/audit.html");
    assert_null(strstr(html, "<img"));
    assert_non_null(strstr(html, "&lt;img src=x&gt;"));
    assert_non_null(strstr(markdown, "| \\<img src=x> |"));
    assert_non_null(strstr(markdown, "| !\\[a](b\\|c) |"));
    char *at = strstr(markdown, "nearfar audit t8.npy");
    assert_non_null(at);
    at[strcspn(at, "\n")] = '\0';
    assert_non_null(strstr(at, "--fail-if 'fmr[it'\\''s]>0.99'"));
    free(markdown);
    free(html);
}

static void evidence_exits_with_one_and_can_be_checked(void **state)
{
    struct program *program = *state;
    program_ends(program, 1,
                 "audit people.npy --items people.csv --group light --target fmr=1e-2 --fail-if "
                 "'fmr_ratio>1.25' -o report");
    program_ends(program, 0, "audit --check report");
    assert_non_null(strstr(program->out, "the same, value for value"));
    program_ends(program, 0,
                 "audit people.npy --items people.csv --group light --target fmr=1e-2 -o one --threads 1");
    program_ends(program, 0,
                 "audit people.npy --items people.csv --group light --target fmr=1e-2 -o two --threads 2");
    char *one = program_get(program, "one/audit.html"), *two = program_get(program, "two/audit.html");
    assert_string_equal(one, two);
    free(one);
    free(two);
    program_put_table(program, "people.npy", (float[]){1, 2, 3}, 3, 1); /* no longer what was audited */
    program_ends(program, 2, "audit --check report");
    put_people(program);
}

static void gates_have_thresholds_of_their_own_and_warnings_decide_nothing(void **state)
{
    struct program *program = *state;
    program_ends(program, 0,
                 "audit people.npy --items people.csv --group light --target fmr=0.5 --fail-if 'fmr_ratio>5' "
                 "--warn-if 'fmr_ratio@fmr=1e-2>1.25' -o gates");
    assert_non_null(strstr(program->out, "gate fmr_ratio>5: pass\n"));
    assert_non_null(strstr(program->out, "gate fmr_ratio@fmr=1e-2>1.25: warning; p = "));
    char *text = program_get(program, "gates/audit.json");
    json_t *report = json_loads(text, 0, NULL);
    json_t *judged = json_object_get(json_array_get(json_object_get(report, "gates"), 1), "judged");
    double there = json_number_value(json_object_get(judged, "value"));
    assert_true(json_number_value(json_object_get(judged, "tau")) >
                json_number_value(json_object_get(value_of(report, "fmr", "all"), "tau")));
    json_decref(report);
    free(text);
    program_ends(program, 0, "audit --check gates");
    program_ends(program, 1,
                 "audit people.npy --items people.csv --group light --target fmr=1e-2 --fail-if "
                 "'fmr_ratio>1.25' -o there");
    text = program_get(program, "there/audit.json");
    report = json_loads(text, 0, NULL);
    judged = json_object_get(json_array_get(json_object_get(report, "gates"), 0), "judged");
    assert_true(json_number_value(json_object_get(judged, "value")) == there);
    json_decref(report);
    free(text);
}

static void what_was_audited_must_be_what_is_there(void **state)
{
    struct program *program = *state;
    program_ends(program, 0, "audit people.npy --items people.csv --group light -o report");
    char *items = program_get(program, "people.csv");
    memcpy(strstr(items, "dim"), "gim", 3);
    program_put(program, "people.csv", items);
    program_ends(program, 1, "audit --check report");
    assert_non_null(strstr(program->out, "people.csv: its bytes are not those that were audited"));
    free(items);
    put_people(program);
}

/* A report that somebody else wrote, or broke. */
static void a_report_without_what_it_should_hold(void **state)
{
    struct program *program = *state;
    program_ends(program, 0, "audit people.npy --items people.csv --group light -o report");
    program_put(program, "report/audit.json", "{\"arguments\": [\"--help\"], \"values\": []}");
    program_ends(program, 2, "audit --check report");
    assert_non_null(strstr(program->err, "report/audit.json: its arguments name no table"));
    program_put(program, "report/audit.json",
                "{\"arguments\": [\"people.npy\", \"--items\", \"people.csv\", \"--group\", \"light\"], "
                "\"values\": [{}, 1], \"inputs\": [{}, {}, {}, {}, {\"sha256\": \"1\"}]}");
    program_ends(program, 1, "audit --check report");
    assert_null(strstr(program->out, "(null)"));
    assert_non_null(strstr(program->out, "5 inputs, now 2"));
    assert_non_null(strstr(program->out, "2 values, now "));
}

static void a_threshold_can_be_chosen_on_other_items(void **state)
{
    struct program *program = *state;
    program_ends(
        program, 0,
        "audit people.npy --items people.csv --group light --target fmr=1e-2 --split split -o split");
    char *text = program_get(program, "split/audit.md");
    assert_non_null(strstr(text, "chosen on dev and reported on eval"));
    assert_non_null(strstr(text, "200 items of 100 identities"));
    free(text);
}

static void a_blank_group_is_a_group(void **state)
{
    struct program *program = *state;
    program_put(program, "blank.csv", "identity,group\np,A\np,A\nq,A\nq,A\nr,\nr,\ns,\ns,\n");
    program_ends(program, 0, "audit t8.npy --items blank.csv --group group --threshold 0.8");
    assert_non_null(strstr(program->out, "FMR in (missing): 75 %"));
}

/* The same errors, whether they come from rows, from scores by id or from a list of pairs. */
static void scores_made_elsewhere_are_audited(void **state)
{
    struct program *program = *state;
    program_put(program, "t8-scores",
                "0 1 0 0 0.985\n1 2 0 0 0.766\n1 3 1 2 0.914\n2 5 2 4 0.996\n2 4 3 6 0.927\n");
    program_put(program, "t8-two", "1 0.985\n-1 0.766\n1 0.914\n1 0.996\n-1 0.927\n");
    program_put(program, "t8-pairs.csv", "id_a,id_b,same\n1,0,1\n2,0,0\n3,2,1\n5,4,1\n4,6,0\n");
    program_ends(program, 0, "audit t8-scores --items t8.csv --group group --threshold 0.8");
    assert_non_null(strstr(program->out, "FMR in B: 100 %: 1 of 1 pairs"));
    program_ends(program, 0,
                 "audit t8.npy --items t8.csv --pairs t8-pairs.csv --group group --threshold 0.8 -o listed");
    assert_non_null(strstr(program->out, "FMR in B: 100 %: 1 of 1 pairs"));
    program_ends(program, 0, "audit --check listed");
    program_ends(program, 3, "audit t8-two --threshold 0.8 --fail-if 'fmr>0.01' -o two");
    assert_non_null(strstr(program->out, "FMR in all: 50 %: 1 of 2 pairs"));
    char *text = program_get(program, "two/audit.md");
    assert_non_null(strstr(text, "Intervals are per pair: too narrow."));
    free(text);
    program_put(program, "t8-points", "1 98\n0 76\n1 91\n1 99\n0 92\n"); /* thresholds are in their units */
    program_ends(program, 3, "audit t8-points --threshold 80 --fail-if 'fmr@threshold=95>0.5'");
    assert_non_null(strstr(program->out, "FMR in all: 50 %: 1 of 2 pairs"));
    program_ends(program, 2, "audit t8-two --threshold 80");
    assert_non_null(strstr(program->err, "threshold 80: must be between -1 and 2"));
    program_ends(program, 2, "audit t8-two --fail-if 'fmr@threshold=3>1'");
    assert_non_null(strstr(program->err, "gate 'fmr@threshold=3>1': threshold 3: must be"));
    program_ends(program, 2, "audit t8-two --group group");
    assert_non_null(strstr(program->err, "two columns name no items"));
    program_ends(program, 2, "audit t8-pairs.csv --items t8.csv --group group");
    assert_non_null(strstr(program->err, "has no scores"));
}

static void what_is_refused_says_where_and_why(void **state)
{
    struct program *program = *state;
    program_put(program, "short.csv", "id,identity,group\n0,p,A\n");
    program_put(program, "twice.csv",
                "id,identity,group\n0,p,A\n1,p,A\n2,q,A\n3,q,A\n4,r,B\n3,r,B\n6,s,B\n7,s,B\n");
    program_put(program, "sides.csv",
                "identity,group,split\np,A,dev\np,A,eval\nq,A,dev\nq,A,dev\nr,B,eval\nr,B,eval\n"
                "s,B,eval\ns,B,eval\n");
    static const char *const cases[][2] = {
        {"audit t8.npy --group group",
         "t8.npy: what is known of its items is missing: add --items items.csv"},
        {"audit t8.npy --items t8.csv", "--group COLUMN"},
        {"audit t8.npy --items short.csv --group group", "short.csv: 1 rows, the table has 8"},
        {"audit t8.npy --items twice.csv --group group", "twice.csv: line 7: id '3' is already on line 5"},
        {"audit t8.npy --items t8.csv --group grp", "t8.csv: no column 'grp': there are id, identity, group"},
        {"audit t8.npy --items t8.csv --group group --relation label", "no column 'label'"},
        {"audit t8.npy --items t8.csv --group group --target fmr=2", "write fmr=1e-3"},
        {"audit t8.npy --items t8.csv --group group --target eer --threshold 0.5", "give one of the two"},
        {"audit t8.npy --items t8.csv --group group --fail-if 'fmr[C]>1'", "no group 'C'"},
        {"audit t8.npy --items sides.csv --group group --split split",
         "sides.csv: line 3: identity 'p' is on the other side of the split on line 2"},
        {"audit t8.npy --items t8.csv --group group --split group",
         "line 2: 'A' in column 'group' is neither dev nor"},
        {"audit --check .", "audit.json"},
        {"audit none.npy --items t8.csv --group group", "none.npy"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        program_ends(program, 2, cases[i][0]);
        if (!strstr(program->err, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], program->err);
    }
}

static double number_of(json_t *object, const char *key)
{
    json_t *number = json_object_get(object, key);
    if (!json_is_number(number))
        fail_msg("no number '%s'", key);
    return json_number_value(number);
}

/* What a report has besides rates: p of lists and the least they could be, who is found, what dev costs on
 * eval. */
static void reports_say_what_chance_shows(void **state)
{
    struct program *program = *state;
    program_ends(program, 0,
                 "audit people.npy --items people.csv --group light --target fmr=0.05 --split split --axis "
                 "light=dim:bright -o chance");
    char *text = program_get(program, "chance/audit.json");
    json_t *report = json_loads(text, 0, NULL);
    free(text);
    static const char *const with_p[][2] = {{"lift", "dim:dim"},          {"silhouette", "dim:dim"},
                                            {"silhouette", "all"},        {"probe_bacc", "all"},
                                            {"ndkl", "bright:bright"},    {"max_skew", "dim:dim"},
                                            {"association", "dim:bright"}};
    for (size_t i = 0; i < ARRAY_LEN(with_p); i++) {
        json_t *value = value_of(report, with_p[i][0], with_p[i][1]);
        assert_true(number_of(value, "p") >= number_of(value, "least_p") && number_of(value, "p") <= 1);
    }
    json_t *lift = value_of(report, "lift", "dim:dim");
    assert_true(number_of(lift, "p_bh") >= number_of(lift, "p"));
    assert_true(number_of(value_of(report, "fmr", "dim:dim"), "p") < 0.05); /* they crowd together */
    json_t *rank = value_of(report, "rank1", "all");
    assert_true(number_of(rank, "n_items") == N / 2.0 && json_array_size(json_object_get(rank, "ci95")) == 2);
    assert_true(number_of(value_of(report, "rank10", "all"), "value") >= number_of(rank, "value"));
    assert_true(number_of(value_of(report, "association", "dim:bright"), "value") > 1);
    json_t *epc = json_object_get(report, "epc");
    assert_int_equal(json_array_size(epc), 21);
    for (size_t i = 0; i < 21; i++)
        assert_true(number_of(json_array_get(epc, i), "cost") >= number_of(json_array_get(epc, i), "least"));
    json_decref(report);
    text = program_get(program, "chance/audit.md");
    assert_non_null(strstr(text, "## Who is found"));
    assert_non_null(strstr(text, "## What a threshold chosen on dev costs on eval"));
    assert_non_null(strstr(text, "## Along the axis light=dim:bright"));
    free(text);
    program_ends(program, 0, "audit --check chance");
    program_ends(program, 2, "audit people.npy --items people.csv --group light --axis light=dim");
    program_ends(program, 2, "audit people.npy --items people.csv --group light --axis light=dim:none");
    assert_non_null(strstr(program->err, "no item has 'none' in column 'light'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t8_is_told_with_its_counts),
        cmocka_unit_test(marks_are_applied_and_told),
        cmocka_unit_test(reports_hold_the_same_numbers),
        cmocka_unit_test(what_is_undefined_is_no_number),
        cmocka_unit_test(names_are_no_markup),
        cmocka_unit_test(evidence_exits_with_one_and_can_be_checked),
        cmocka_unit_test(gates_have_thresholds_of_their_own_and_warnings_decide_nothing),
        cmocka_unit_test(what_was_audited_must_be_what_is_there),
        cmocka_unit_test(a_report_without_what_it_should_hold),
        cmocka_unit_test(a_threshold_can_be_chosen_on_other_items),
        cmocka_unit_test(a_blank_group_is_a_group),
        cmocka_unit_test(scores_made_elsewhere_are_audited),
        cmocka_unit_test(reports_say_what_chance_shows),
        cmocka_unit_test(what_is_refused_says_where_and_why),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
