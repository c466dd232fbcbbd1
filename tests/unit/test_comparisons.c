/* SPDX-License-Identifier: MIT
 *
 * Lists of comparisons: every form that is read, what is refused and with which line, and audits of them
 * against audits of all pairs.
 */
#include "app/audit_input.h"

#include "base/rng.h"
#include "math/score.h"
#include "space/audit_gate.h"
#include "support/cmocka.h"
#include "support/t8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_list(struct comparisons *list, const char *text)
{
    struct err err;
    if (!comparisons_parse(list, text, strlen(text), &err))
        fail_msg("%s", err.text);
}

static void every_form_is_read(void **state)
{
    (void)state;
    struct comparisons list;
    read_list(&list, "score,ID_A,id_b,same\n0.5,x,\"y, z\",1\nNaN,x,w,\n-2,y,w,0\n");
    assert_true(list.form == COMPARISONS_NAMED && list.scored && list.n == 3);
    assert_string_equal(list.at[0].b, "y, z");
    assert_true(list.at[0].score == 0.5 && list.at[0].same == 1);
    assert_true(isnan(list.at[1].score) && list.at[1].same == -1 && list.at[2].same == 0);
    assert_int_equal(list.at[2].line, 4);
    comparisons_release(&list);

    read_list(&list, "id_a\tid_b\tsame\nx\ty\t1\n");
    assert_true(list.form == COMPARISONS_NAMED && !list.scored && isnan(list.at[0].score));
    comparisons_release(&list);

    read_list(&list, "# made elsewhere\n-1 -3.5\r\n\n 1\t 2e1 ");
    assert_true(list.form == COMPARISONS_TWO && list.n == 2 && !list.at[0].a);
    assert_true(list.at[0].same == 0 && list.at[1].same == 1 && list.at[1].score == 20);
    assert_int_equal(list.at[1].line, 4);
    comparisons_release(&list);

    read_list(&list, "anna bert p7 0.25\nbert bert p8 nan\n");
    assert_true(list.form == COMPARISONS_FOUR && list.at[0].same == 0 && list.at[1].same == 1);
    assert_string_equal(list.at[0].a, "anna");
    assert_string_equal(list.at[1].b, "p8");
    comparisons_release(&list);

    read_list(&list, "anna m1 bert p7 0.25\n");
    assert_true(list.form == COMPARISONS_FIVE && list.at[0].same == 0);
    assert_string_equal(list.at[0].a, "m1");
    assert_string_equal(list.at[0].b, "p7");
    comparisons_release(&list);
}

static void what_is_refused_names_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {"", "no pair"},
        {"id_a,id_b,score\n", "no pair"},
        {"id_a,score\nx,1\n", "line 1: a list of pairs has the columns id_a,id_b and score or same"},
        {"id_a,id_b\nx,y\n", "line 1: a list of pairs has the columns id_a,id_b and score or same"},
        {"id_a,id_b,score\nx,y,0.1\nx,,0.1\n", "line 3: the id is blank"},
        {"id_a,id_b,score\nx,y,abc\n", "line 2: 'abc' is not a score"},
        {"id_a,id_b,score\nx,y,inf\n", "line 2: 'inf' is not a score"},
        {"id_a,id_b,same\nx,y,maybe\n", "line 2: 'maybe' is neither 1, the same, nor 0 or -1"},
        {"id_a,id_b,score\nx,y\n", "line 2"},
        {"1 0.5\n1 0.5 3\n", "line 2: a score file has 2, 4 or 5 columns; here are 3"},
        {"1 0.5\na b c 3\n", "line 2: 4 columns, those before have 2"},
        {"2 0.5\n", "line 1: '2' is neither"},
        {"a b c d e f g 0.5\n", "line 1: a score file has 2, 4 or 5 columns; here are more than 5"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct comparisons list;
        struct err err = {{0}};
        assert_false(comparisons_parse(&list, wrong[i].text, strlen(wrong[i].text), &err));
        if (!strstr(err.text, wrong[i].why))
            fail_msg("'%s' does not say '%s'", err.text, wrong[i].why);
    }
}

/* ---- audits ---- */

enum { N = 90, D = 4, MOST_TEXT = 1 << 18 };
static const struct audit_settings settings = {AUDIT_AT_FMR, 0.05, FMR_WITHIN, 3, 1, 0, 0};

struct people {
    float rows[N * D];
    char items[N * 40];
};

/* Five items an identity, a third of the identities dim. */
static void make_people(struct people *p)
{
    struct rng rng = rng_at(11, RNG_SAMPLE, 0, 0, 0);
    int at = snprintf(p->items, sizeof p->items, "id,identity,light\n");
    for (int i = 0; i < N; i++) {
        at += snprintf(p->items + at, sizeof p->items - (size_t)at, "p%d,c%d,%s\n", i, i / 5,
                       i / 5 % 3 ? "bright" : "dim");
        for (int j = 0; j < D; j++)
            p->rows[i * D + j] = (float)(rng_normal(&rng) + 2 * ((i / 5 >> j) & 1));
    }
}

/* The items of an audit, of rows or of a list. */
static void read_people(struct audit_table *table, const struct people *p, const char *list, bool with_rows)
{
    static const struct audit_source source = {.group = "light", .relation = "identity"};
    struct err err;
    *table = (struct audit_table){.embeddings = {.n = N, .d = with_rows ? D : 0}};
    if (with_rows) {
        table->embeddings.rows = calloc(N * D, sizeof(float));
        memcpy(table->embeddings.rows, p->rows, sizeof p->rows);
    }
    assert_true(csv_parse(p->items, strlen(p->items), &table->items, &err));
    if (list)
        read_list(&table->pairs.list, list);
    assert_true(audit_table_join(table, &source, NULL, &err));
    if (list && !audit_table_join_pairs(table, &err))
        fail_msg("%s", err.text);
}

static struct audit audit_of(const struct people *p, const char *list, bool with_rows)
{
    struct audit_table table;
    struct audit audit;
    struct err err;
    read_people(&table, p, list, with_rows);
    assert_true(audit_make(&audit, &table.input, &settings, NULL, NULL, &err));
    audit_table_release(&table);
    return audit;
}

static void same_values(const struct audit *a, const struct audit *b, double low, double high)
{
    assert_int_equal(a->n_values, b->n_values);
    for (size_t i = 0; i < a->n_values; i++) {
        const struct audit_value *x = &a->value[i], *y = &b->value[i];
        bool tau = strstr(metric_name(x->metric), "threshold") != NULL;
        double value = tau ? low + (x->value + 1) / 2 * (high - low) : x->value;
        assert_true(x->metric == y->metric && x->g == y->g && x->h == y->h && x->status == y->status);
        assert_true(x->x == y->x && x->n == y->n && x->n_items == y->n_items && x->n_units == y->n_units);
        assert_true(isnan(value) ? isnan(y->value) : fabs(value - y->value) <= 1e-6 * (high - low));
        assert_true(fabs(x->deff - y->deff) < 1e-9 * x->deff);
    }
}

/* All pairs of the people as one of the forms. */
static char *all_pairs(const struct people *p, const char *form, double low, double high)
{
    char *text = calloc(MOST_TEXT, 1);
    float unit[N * D];
    size_t at = 0;
    score_normalise(p->rows, N, D, unit, NULL);
    if (strcmp(form, "five") != 0)
        at += (size_t)snprintf(text, MOST_TEXT, "id_a,id_b,%s\n", form);
    for (int i = 0; i < N; i++)
        for (int j = i + 1; j < N; j++) {
            double s = (double)score_pair(unit + i * D, unit + j * D, D);
            s = low + (s + 1) / 2 * (high - low);
            char *to = text + at;
            size_t room = MOST_TEXT - at;
            if (strcmp(form, "score") == 0)
                at += (size_t)snprintf(to, room, "p%d,p%d,%.17g\n", i, j, s);
            else if (strcmp(form, "same") == 0)
                at += (size_t)snprintf(to, room, "p%d,p%d,%d\n", i, j, i / 5 == j / 5);
            else
                at += (size_t)snprintf(to, room, "c%d p%d c%d p%d %.17g\n", i / 5, i, j / 5, j, s);
        }
    return text;
}

static void a_list_of_all_pairs_is_all_pairs(void **state)
{
    (void)state;
    static struct people people;
    static const char *const forms[] = {"score", "same", "five"};
    make_people(&people);
    struct audit all = audit_of(&people, NULL, true);
    for (size_t i = 0; i < 3; i++) {
        char *text = all_pairs(&people, forms[i], -1, 1);
        struct audit listed = audit_of(&people, text, strcmp(forms[i], "same") == 0);
        same_values(&all, &listed, -1, 1);
        audit_release(&listed);
        free(text);
    }
    audit_release(&all);
}

/* Scores of any size are stretched over the bins; thresholds are told as the list has them. */
static void scores_need_not_be_cosines(void **state)
{
    (void)state;
    static struct people people;
    make_people(&people);
    char *text = all_pairs(&people, "score", -1, 1), *wide = all_pairs(&people, "score", -300, 500);
    struct audit plain = audit_of(&people, text, false), stretched = audit_of(&people, wide, false);
    const struct audit_value *tau = audit_find(&stretched, METRIC_THRESHOLD, -1, -1);
    double low = audit_tau(&stretched, 0), high = low + 2 * (audit_tau(&stretched, SCORES_BINS / 2) - low);
    assert_true(low >= -300 && high <= 500 && tau->value > low && tau->value < high);
    const struct audit_value *x = audit_find(&plain, METRIC_FMR, -1, -1),
                             *y = audit_find(&stretched, METRIC_FMR, -1, -1);
    assert_true(fabs(x->value - y->value) < 0.003 && x->n == y->n); /* one threshold a bin apart */
    assert_true(fabs(audit_find(&plain, METRIC_DPRIME, -1, -1)->value -
                     audit_find(&stretched, METRIC_DPRIME, -1, -1)->value) < 1e-4);
    audit_release(&plain);
    audit_release(&stretched);
    free(text);
    free(wide);
}

static void what_cannot_be_counted_is_told(void **state)
{
    (void)state;
    static struct people people;
    struct audit_table table;
    make_people(&people);
    read_people(&table, &people, "id_a,id_b,score\np0,p1,0.9\np0,p7,0.1\np2,p2,1\np3,p4,nan\np5,p9,0.7\n",
                false);
    assert_int_equal(table.pairs.n, 3);
    assert_int_equal(table.pairs.n_self, 1);
    assert_int_equal(table.pairs.n_failed, 1);
    audit_table_release(&table);
    static const char unknown[] = "id_a,id_b,score\np0,p1,0.9\np0,nobody,0.1\n";
    struct err err;
    read_people(&table, &people, NULL, false);
    read_list(&table.pairs.list, unknown);
    assert_false(audit_table_join_pairs(&table, &err));
    assert_non_null(strstr(err.text, "line 3: no item has the id 'nobody'"));
    audit_table_release(&table);
}

/* T8 as a two-column file: its rates are those worked by hand, its intervals are those of single pairs. */
static void two_columns_give_overall_rates(void **state)
{
    (void)state;
    float rows[T8_N * 2], unit[T8_N * 2];
    char text[2000];
    size_t at = 0;
    t8_rows(rows, 0);
    score_normalise(rows, T8_N, 2, unit, NULL);
    for (size_t i = 0; i < T8_N; i++)
        for (size_t j = i + 1; j < T8_N; j++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%d %.9g\n",
                                   t8_identity[i] == t8_identity[j] ? 1 : -1,
                                   (double)score_pair(unit + i * 2, unit + j * 2, 2));
    struct audit_table table = {0};
    read_list(&table.pairs.list, text);
    audit_table_of_scores(&table);
    struct audit audit;
    struct err err;
    const struct audit_settings at_80 = {AUDIT_AT_THRESHOLD, 0.80, FMR_WITHIN, 0, 1, 0, 0};
    assert_true(audit_make(&audit, &table.input, &at_80, NULL, NULL, &err));
    const struct audit_value *fmr = audit_find(&audit, METRIC_FMR, -1, -1),
                             *fnmr = audit_find(&audit, METRIC_FNMR, -1, -1);
    assert_true(fmr->x == 6 && fmr->n == 24 && fnmr->x == 0 && fnmr->n == 4);
    assert_true(fmr->deff == 1 && fmr->n_units == 24);
    assert_true(fabs(fmr->ci.low - .0977) < 5e-5 && fabs(fmr->ci.high - .4671) < 5e-5); /* Clopper, Pearson */
    struct audit_gate gate;
    assert_true(gate_parse(&gate, "fmr>0.001", false, table.names.group, 1, &err));
    assert_int_equal(gate_judge(&gate, &audit, (struct gate_rules){false}, NULL), GATE_INCONCLUSIVE);
    struct strbuf words = {0};
    words_value(&words, fmr, &table.names);
    assert_non_null(strstr(strbuf_text(&words), "per pair: too narrow"));
    strbuf_release(&words);
    audit_release(&audit);
    audit_table_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(what_is_refused_names_its_line),
        cmocka_unit_test(a_list_of_all_pairs_is_all_pairs),
        cmocka_unit_test(scores_need_not_be_cosines),
        cmocka_unit_test(what_cannot_be_counted_is_told),
        cmocka_unit_test(two_columns_give_overall_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
