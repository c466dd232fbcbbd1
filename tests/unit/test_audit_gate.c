/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "space/audit_gate.h"
#include "space/audit_words.h"

#include <math.h>
#include <string.h>

static const char *const groups[] = {"A", "B", "a:b"};

static struct audit_value rate(enum audit_metric metric, int g, double value, double low, double high)
{
    return (struct audit_value){.metric = metric,
                                .g = g,
                                .h = g,
                                .status = isnan(value) ? AUDIT_UNDEFINED : AUDIT_OK,
                                .value = value,
                                .x = 594,
                                .n = 540280,
                                .n_items = 1040,
                                .n_units = 208,
                                .deff = 1,
                                .ci = {low, high},
                                .by_chance = NAN,
                                .more_units = NAN,
                                .needs = ALL_GROUPS};
}

static struct audit_gate gate(const char *text, enum gate_kind require)
{
    struct audit_gate gate;
    struct err err;
    if (!gate_parse(&gate, text, require, groups, 3, &err))
        fail_msg("%s", err.text);
    return gate;
}

static enum gate_outcome judge(const char *text, bool require, struct audit_value value, bool by_value)
{
    struct audit audit = {.value = &value, .n_values = 1};
    struct audit_gate g = gate(text, require);
    return gate_judge(&g, &audit, (struct gate_rules){by_value}, NULL);
}

static void gates_are_read(void **state)
{
    (void)state;
    struct audit_gate g = gate(" fmr_ratio > 1.25", false);
    assert_int_equal(g.metric, METRIC_FMR_RATIO);
    assert_int_equal(g.sign, GATE_ABOVE);
    assert_true(g.bound == 1.25 && g.g == ALL_GROUPS);
    g = gate("fmr[B]<=1e-3", true);
    assert_true(g.g == 1 && g.h == 1 && g.sign == GATE_AT_MOST && g.kind == GATE_REQUIRE);
    g = gate("fnmr[A:B]>=0.5", true);
    assert_true(g.g == 0 && g.h == 1 && g.sign == GATE_AT_LEAST);
    g = gate("fmr[ a:b ] < 2", false);
    assert_true(g.g == 2 && g.h == 2 && g.sign == GATE_BELOW);
    g = gate("fmr[a:b:A]<2", false);
    assert_true(g.g == 2 && g.h == 0 && !g.elsewhere);
    g = gate("fmr_ratio @ fmr=1e-4 > 2", GATE_WARN_IF);
    assert_true(g.elsewhere && g.target == AUDIT_AT_FMR && g.at == 1e-4 && g.bound == 2);
    g = gate("fmr_ratio@eer>2", false);
    assert_true(g.elsewhere && g.target == AUDIT_AT_EER && g.bound == 2);
    g = gate("fnmr[B]@threshold=-0.5>=0.5", false);
    assert_true(g.g == 1 && g.target == AUDIT_AT_THRESHOLD && g.at == -0.5 && g.sign == GATE_AT_LEAST);
}

static void what_is_no_gate_says_why(void **state)
{
    (void)state;
    static const char *const texts[] = {"",          "fmr",        "fmr>",    "fmr>x",      "fmr=1",
                                        "nothing>1", "fmr[C]>1",   "fmr[A>1", "fmr[A:C]>1", "fmr>1 2",
                                        ">1",        "fmr[]>1",    "fmr@>1",  "fmr@fmr>1",  "fmr@fmr=2>1",
                                        "fmr@x=1>1", "fmr@fmr=0.1"};
    struct audit_gate g;
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_false(gate_parse(&g, texts[i], false, groups, 3, &err));
        assert_non_null(strstr(err.text, "gate '"));
    }
    char longer[200];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_false(gate_parse(&g, longer, false, groups, 3, &err));
}

static void evidence_fails_assurance_passes(void **state)
{
    (void)state;
    struct audit_value wide = rate(METRIC_FMR, 1, 0.02, 0.008, 0.03),
                       sure = rate(METRIC_FMR, 1, 0.02, 0.011, 0.03),
                       low = rate(METRIC_FMR, 1, 0.002, 0.001, 0.01);
    assert_int_equal(judge("fmr[B]>0.01", false, wide, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("fmr[B]>0.01", false, sure, false), GATE_FAIL);
    assert_int_equal(judge("fmr[B]>0.01", false, low, false), GATE_PASS); /* at the bound is not above it */
    assert_int_equal(judge("fmr[B]>=0.01", false, low, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("fmr[B]<0.01", true, wide, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("fmr[B]<0.01", true, sure, false), GATE_FAIL);
    assert_int_equal(judge("fmr[B]<=0.01", true, low, false), GATE_PASS);
    assert_int_equal(judge("fmr[B]>0.01", false, wide, true), GATE_FAIL);
    assert_int_equal(judge("fmr[A]>0.01", false, sure, false),
                     GATE_INCONCLUSIVE); /* there is no such value */
}

static void what_is_undefined_never_passes(void **state)
{
    (void)state;
    struct audit_value none = rate(METRIC_FMR, 1, NAN, NAN, NAN), zero = rate(METRIC_FMR, 1, 0, 0, 0.001);
    assert_int_equal(judge("fmr[B]>0.01", false, none, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("fmr[B]>0.01", false, none, true), GATE_INCONCLUSIVE);
    zero.status = AUDIT_ZERO; /* its bound is a least one */
    assert_int_equal(judge("fmr[B]>0.01", false, zero, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("fmr[B]>0.01", false, zero, true), GATE_PASS);
    struct audit_value plain = rate(METRIC_GINI_FMR, ALL_GROUPS, 0.4, NAN, NAN);
    assert_int_equal(judge("gini_fmr>0.3", false, plain, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("gini_fmr>0.3", false, plain, true), GATE_FAIL);
}

/* Rates .01 .02 .04: a ratio of 4 is outside the band of four fifths either way. It fails by its value; with
 * an interval that holds 1 it proves nothing. */
static void four_fifths_is_a_gate_like_others(void **state)
{
    (void)state;
    struct audit_value ratio = rate(METRIC_FMR_RATIO, 1, 4, .8, 20);
    ratio.by_chance = 3;
    assert_int_equal(judge("fmr_ratio>1.25", false, ratio, true), GATE_FAIL);
    assert_int_equal(judge("fmr_ratio<=1.25", true, ratio, true), GATE_FAIL);
    assert_int_equal(judge("fmr_ratio>1.25", false, ratio, false), GATE_INCONCLUSIVE);
}

static void a_ratio_must_be_above_chance_too(void **state)
{
    (void)state;
    struct audit_value ratio = rate(METRIC_FMR_RATIO, 1, 1.6, 1.3, 2);
    ratio.h = 0;
    ratio.by_chance = 1.7;
    assert_int_equal(judge("fmr_ratio>1.25", false, ratio, false), GATE_INCONCLUSIVE);
    assert_int_equal(judge("fmr_ratio<=1.25", true, ratio, false), GATE_INCONCLUSIVE);
    ratio.by_chance = 1.5;
    assert_int_equal(judge("fmr_ratio>1.25", false, ratio, false), GATE_FAIL);
    assert_int_equal(judge("fmr_ratio<=1.25", true, ratio, false), GATE_FAIL);
    assert_int_equal(judge("fmr_ratio>2", false, ratio, false), GATE_PASS);
    enum gate_outcome all[] = {GATE_PASS, GATE_INCONCLUSIVE, GATE_FAIL};
    struct audit_gate each[3] = {{.kind = GATE_FAIL_IF}, {.kind = GATE_REQUIRE}, {.kind = GATE_FAIL_IF}};
    assert_int_equal(gates_together(each, all, 3), GATE_FAIL);
    assert_int_equal(gates_together(each, all, 2), GATE_INCONCLUSIVE);
    assert_int_equal(gates_together(each, all, 1), GATE_PASS);
    each[2].kind = GATE_WARN_IF;
    assert_int_equal(gates_together(each, all, 3), GATE_INCONCLUSIVE);
}

/* Three failures alone; Holm's bounds are 0.05 / 3, 0.05 / 2, 0.05. */
static void many_gates_are_many_chances(void **state)
{
    (void)state;
    struct audit_value sure = rate(METRIC_FMR, 1, 0.02, 0.018, 0.0222),
                       hardly = rate(METRIC_FMR, 1, 0.02, 0.0102, 0.039),
                       passes = rate(METRIC_FMR, 1, 0.001, 0.0005, 0.002);
    const struct audit_value *judged[] = {&hardly, &sure, &passes, &hardly};
    struct audit_gate gates[4];
    enum gate_outcome outcome[] = {GATE_FAIL, GATE_FAIL, GATE_PASS, GATE_FAIL};
    double p[4];
    for (size_t i = 0; i < 4; i++)
        gates[i] = gate("fmr[B]>0.01", false);
    gates_adjust(gates, judged, outcome, 4, p);
    assert_int_equal(outcome[0], GATE_INCONCLUSIVE);
    assert_int_equal(outcome[1], GATE_FAIL);
    assert_int_equal(outcome[2], GATE_PASS);
    assert_true(p[1] < 1e-6 && isnan(p[2]) && p[0] == p[3] && p[0] > 0.05);
    /* An interval that ends at the bound has p = 0.05; alone it stays what it is. */
    struct audit_value ends = rate(METRIC_FMR, 1, 0.02, 0.01, 0.04);
    judged[0] = &ends;
    outcome[0] = GATE_FAIL;
    gates_adjust(gates, judged, outcome, 1, p);
    assert_true(fabs(p[0] - 0.05) < 1e-9);
    assert_int_equal(outcome[0], GATE_FAIL);
}

/* An interval of twice the width of what is between value and bound takes four times the units. */
static void inconclusive_says_what_would_settle_it(void **state)
{
    (void)state;
    struct audit audit = {.n_groups = 2};
    struct audit_value value = rate(METRIC_FMR, 1, 0.02, 0.01, 0.04);
    struct audit_more more = audit_more_to_tell(&audit, &value, 0.02 / sqrt(2));
    assert_int_equal(more.group, 1);
    assert_true(fabs(more.units - 3 * 208) <= 1);
    assert_true(isnan(audit_more_to_tell(&audit, &value, 0.0199).units)); /* too many to say */
    assert_true(isnan(audit_more_to_tell(&audit, &value, 0.2).units));    /* told */
}

/* ---- words ---- */

static void check_words(const struct audit_value *value, const char *wanted)
{
    const struct audit_names names = {groups, "identity", "identity", "identities", false, NULL};
    struct strbuf text = {0};
    if (value->metric == METRIC_FMR_RATIO)
        words_ratio(&text, value, &names);
    else
        words_value(&text, value, &names);
    assert_string_equal(strbuf_text(&text), wanted);
    strbuf_release(&text);
}

static void counts_stand_beside_rates(void **state)
{
    (void)state;
    struct audit_value value = rate(METRIC_FMR, 1, 594.0 / 540280, 0.0008, 0.0016);
    check_words(&value,
                "FMR in B: 0.11 % (1 in 910): 594 of 540 280 pairs of 1 040 items, 208 identities; 95 %: "
                "0.08–0.16 %.");
    value = rate(METRIC_FMR, 1, 0.75, NAN, NAN);
    value.status = AUDIT_FEW_UNITS;
    value.x = 3;
    value.n = 4;
    value.n_items = 4;
    value.n_units = 2;
    check_words(&value, "FMR in B: 75 %: 3 of 4 pairs of 4 items, 2 identities: too few for an interval.");
    value.status = AUDIT_ZERO;
    value.n = 190;
    value.n_items = 20;
    value.ci = (struct interval){0, interval_zero_bound(190)};
    check_words(&value,
                "FMR in B: no error in 190 pairs from 20 items: the rate could still be 1.6 % (1 in 64) or "
                "more.");
    value = rate(METRIC_FNMR, 0, NAN, NAN, NAN);
    check_words(&value, "FNMR in A: undefined, there are no such pairs.");
}

static void no_evidence_is_not_equality(void **state)
{
    (void)state;
    struct audit_value ratio = rate(METRIC_FMR_RATIO, 1, 1.4, 0.8, 2.5);
    ratio.h = 0;
    ratio.by_chance = 1.9;
    ratio.more_units = 180;
    ratio.needs = 1;
    check_words(
        &ratio,
        "FMR of B / A: 1.40 times (0.80–2.50). Equal groups of these sizes would show up to 1.90 in 95 % of "
        "samples. Evidence of a difference: no, and this is no evidence of equality either. About 180 more "
        "identities of B would settle it, if the ratio stays.");
    ratio.ci.low = 1.3;
    ratio.by_chance = 1.2;
    check_words(
        &ratio,
        "FMR of B / A: 1.40 times (1.30–2.50). Equal groups of these sizes would show up to 1.20 in 95 % "
        "of samples. Evidence of a difference: yes. About 180 more identities of B would halve the "
        "interval.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gates_are_read),
        cmocka_unit_test(what_is_no_gate_says_why),
        cmocka_unit_test(evidence_fails_assurance_passes),
        cmocka_unit_test(what_is_undefined_never_passes),
        cmocka_unit_test(four_fifths_is_a_gate_like_others),
        cmocka_unit_test(a_ratio_must_be_above_chance_too),
        cmocka_unit_test(many_gates_are_many_chances),
        cmocka_unit_test(inconclusive_says_what_would_settle_it),
        cmocka_unit_test(counts_stand_beside_rates),
        cmocka_unit_test(no_evidence_is_not_equality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
