/* SPDX-License-Identifier: MIT
 *
 * Predicates against the same question asked of the cells by hand: random ones of every kind of column, and
 * what is said of wrong ones.
 */
#include "data/pattern.h"
#include "data/predicate.h"

#include "base/check.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 90, ITEMS = 60, SHAPES = 3, DEPTH = 5 };

static const char *const shapes[SHAPES] = {"star", "disc", "half moon"};
static const char *const sizes[] = {"1", "2", "10"};

struct world {
    struct dataset data;
    struct items items;
    uint32_t row[ITEMS];
    float similar[ITEMS];
    uint64_t odd[1];
    struct item_number number;
    struct item_set set;
};

static void fill(struct world *w)
{
    struct dataset *d = &w->data;
    *d = (struct dataset){.n = ROWS, .label = NO_COLUMN};
    struct column *shape = dataset_add_column(d, "shape", COLUMN_CATEGORY);
    for (size_t i = 0; i < ROWS; i++)
        shape->code[i] = i % 7 == 6 ? NO_VALUE : column_code(shape, shapes[i % SHAPES]);
    struct column *size = dataset_add_column(d, "size", COLUMN_CATEGORY);
    for (size_t i = 0; i < ROWS; i++)
        size->code[i] = column_code(size, sizes[i / 2 % 3]);
    struct column *angle = dataset_add_column(d, "the angle", COLUMN_NUMBER);
    for (size_t i = 0; i < ROWS; i++)
        angle->number[i] = i % 11 == 3 ? NAN : (float)(i * 13 % 40) / 10;
    struct column *caption = dataset_add_column(d, "caption", COLUMN_TEXT);
    for (size_t i = 0; i < ROWS; i++) {
        char text[32];
        snprintf(text, sizeof text, i % 5 ? "Item %zu \xc3\xa4" : "", i % 4);
        column_set_text(caption, i, text);
    }
}

static int setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);
    fill(w);
    for (uint32_t i = 0; i < ITEMS; i++) {
        w->row[i] = (i * 7 + 2) % ROWS;
        w->similar[i] = i % 9 == 0 ? NAN : (float)i / ITEMS;
        w->odd[0] |= (uint64_t)(i & 1) << i;
    }
    w->number = (struct item_number){"similar", w->similar};
    w->set = (struct item_set){"odd", w->odd};
    w->items = (struct items){&w->data, ITEMS, w->row, &w->number, 1, &w->set, 1};
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    dataset_release(&w->data);
    free(w);
    return 0;
}

/* ---- the same question twice: as text, and as what it should say of an item ---- */

struct question {
    int kind, what, op, value;
    struct question *left, *right;
};

static const char *const orders[] = {"==", "!=", "<", "<=", ">", ">="};

static struct question *make(struct rng *rng, int depth)
{
    struct question *q = xcalloc(1, sizeof *q);
    q->kind = depth > 0 ? (int)rng_below(rng, 4) : 3;
    q->what = (int)rng_below(rng, 6);
    q->op = (int)rng_below(rng, q->what == 0 || q->what == 4 ? 2 : 6);
    q->value = (int)rng_below(rng, 4);
    if (q->kind < 3)
        q->left = make(rng, depth - 1);
    if (q->kind < 2)
        q->right = make(rng, depth - 1);
    return q;
}

static void drop(struct question *q)
{
    if (!q)
        return;
    drop(q->left);
    drop(q->right);
    free(q);
}

static void print_leaf(const struct question *q, struct strbuf *out)
{
    static const char *const words[] = {"star", "disc", "\"half moon\"", "\"\""};
    switch (q->what) {
    case 0: strbuf_printf(out, "shape %s %s", orders[q->op], words[q->value]); break;
    case 1: strbuf_printf(out, "\"the angle\"%s%g", orders[q->op], q->value * 0.9); break;
    case 2: strbuf_printf(out, "similar %s 0.%d", orders[q->op], q->value * 3); break;
    case 3: strbuf_printf(out, "item %s %d", orders[q->op], q->value * 20); break;
    case 4: strbuf_printf(out, "caption %s \"Item %d \xc3\xa4\"", orders[q->op], q->value); break;
    default: strbuf_puts(out, "@odd"); break;
    }
}

static void print(const struct question *q, struct strbuf *out)
{
    static const char *const joins[] = {" and ", " or "};
    if (q->kind == 3) {
        print_leaf(q, out);
        return;
    }
    strbuf_puts(out, q->kind == 2 ? "not (" : "(");
    print(q->left, out);
    if (q->kind < 2) {
        strbuf_puts(out, joins[q->kind]);
        print(q->right, out);
    }
    strbuf_puts(out, ")");
}

static bool compare(int op, double a, double b)
{
    bool said[] = {a == b, a != b, a<b, a <= b, a> b, a >= b};
    return said[op];
}

static bool leaf_says(const struct question *q, const struct world *w, size_t item)
{
    size_t row = w->row[item];
    char text[32];
    uint32_t code = w->data.column[0].code[row];
    const char *shape = code == NO_VALUE ? "" : w->data.column[0].value[code];
    switch (q->what) {
    case 0: return (strcmp(shape, q->value < 3 ? shapes[q->value] : "") == 0) == (q->op == 0);
    case 1: return compare(q->op, (double)w->data.column[2].number[row], (double)(float)(q->value * 0.9));
    case 2: return compare(q->op, (double)w->similar[item], (double)(float)(q->value * 0.3));
    case 3: return compare(q->op, (double)row, q->value * 20);
    case 4:
        snprintf(text, sizeof text, "Item %d \xc3\xa4", q->value);
        return (strcmp(w->data.column[3].text[row], text) == 0) == (q->op == 0);
    default: return item & 1;
    }
}

static bool says(const struct question *q, const struct world *w, size_t item)
{
    switch (q->kind) {
    case 0: return says(q->left, w, item) && says(q->right, w, item);
    case 1: return says(q->left, w, item) || says(q->right, w, item);
    case 2: return !says(q->left, w, item);
    default: return leaf_says(q, w, item);
    }
}

static void random_questions_are_answered_as_by_hand(void **state)
{
    struct world *w = *state;
    struct rng rng = rng_at(5, RNG_SAMPLE, 0, 0, 0);
    size_t yes = 0;
    for (int k = 0; k < 3000; k++) {
        struct question *q = make(&rng, (int)rng_below(&rng, DEPTH));
        struct strbuf text = {0};
        struct err err;
        print(q, &text);
        struct predicate *p = predicate_parse(strbuf_text(&text), &w->items, &err);
        if (!p)
            fail_msg("%s: %s", strbuf_text(&text), err.text);
        for (size_t i = 0; i < ITEMS; i++) {
            if (predicate_holds(p, &w->items, i) != says(q, w, i))
                fail_msg("%s: item %zu", strbuf_text(&text), i);
            yes += says(q, w, i);
        }
        predicate_free(p);
        strbuf_release(&text);
        drop(q);
    }
    assert_true(yes > 3000 * ITEMS / 10 && yes < 3000 * ITEMS / 10 * 9);
}

static size_t how_many(const struct world *w, const char *text)
{
    struct err err;
    size_t n = 0;
    struct predicate *p = predicate_parse(text, &w->items, &err);
    if (!p)
        fail_msg("%s: %s", text, err.text);
    for (size_t i = 0; i < w->items.n; i++)
        n += predicate_holds(p, &w->items, i);
    predicate_free(p);
    return n;
}

static void ands_bind_before_ors_and_signs_need_no_blanks(void **state)
{
    struct world *w = *state;
    assert_int_equal(how_many(w, "@odd or @odd and not @odd"), ITEMS / 2);
    assert_int_equal(how_many(w, "(@odd or @odd) and not @odd"), 0);
    assert_int_equal(how_many(w, "NOT @odd AND NOT NOT @odd"), 0);
    assert_int_equal(how_many(w, "shape=star"), how_many(w, "shape == \"star\""));
    assert_int_equal(how_many(w, "shape ~ ^ST"), how_many(w, "shape == star"));
    assert_int_equal(how_many(w, "shape !~ moon and shape != \"\""),
                     how_many(w, "shape==star or(shape==disc)"));
    assert_int_equal(how_many(w, "caption ~ \"item [12]\""),
                     how_many(w, "caption == \"Item 1 \xc3\xa4\" or caption == \"Item 2 \xc3\xa4\""));
    /* numbers that are values are ordered as numbers: 10 is more than 2 */
    assert_int_equal(how_many(w, "size > 2"), how_many(w, "size == 10"));
    /* neither less nor more where blank */
    assert_int_equal(how_many(w, "\"the angle\" < 2 or \"the angle\" >= 2"),
                     how_many(w, "\"the angle\" != \"\""));
    assert_int_equal(how_many(w, "\"the angle\" == 0.1"),
                     how_many(w, "\"the angle\" > 0.05 and \"the angle\" < 0.15"));
}

static void what_is_not_known_yet_holds_of_nothing(void **state)
{
    struct world *w = *state;
    w->number.value = NULL;
    assert_int_equal(how_many(w, "similar > -2"), 0);
    assert_int_equal(how_many(w, "similar < 2"), 0);
    struct err err;
    struct predicate *p = predicate_parse("similar > 0 and @odd", &w->items, &err);
    assert_true(predicate_uses(p, 0));
    predicate_free(p);
    p = predicate_parse("shape == star and @odd", &w->items, &err);
    assert_false(predicate_uses(p, 0));
    predicate_free(p);
}

static void errors_say_where_and_what(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *text, *where, *what;
    } wrong[] = {
        {"", "at 1:", "missing"},
        {"shap == star", "at 1:", "there are shape, size, the angle, caption, similar, item"},
        {"shape == rad", "at 10:", "it has star, disc, half moon"},
        {"shape == ", "at 10:", "a value is missing after =="},
        {"shape star", "at 7:", "after shape comes"},
        {"shape == star shape == disc", "at 15:", "and, or, or nothing"},
        {"(shape == star", "at 1:", "not closed"},
        {"shape == star)", "at 14:", "and, or"},
        {"shape < 3", "at 9:", "words"},
        {"similar > much", "at 11:", "compared with a number"},
        {"similar ~ 3", "at 11:", "is a number"},
        {"caption < b", "at 11:", "is text"},
        {"caption ~ \"(\"", "at 11:", "no regular expression"},
        {"shape ~ (a{9}){9}", "at 9:", ""},
        {"@even", "at 1:", "there are odd"},
        {"shape == \"star", "at 10:", "missing"},
        {"caption == \xc3\xa4 !", "at 14:", "nothing comes here"},
        {"not", "at 4:", "missing"},
        {"and", "at 1:", "a name"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct err err = {0};
        assert_null(predicate_parse(wrong[i].text, &w->items, &err));
        if (!strstr(err.text, wrong[i].where) || !strstr(err.text, wrong[i].what))
            fail_msg("%s: %s", wrong[i].text, err.text);
    }
    char deep[200];
    struct err err;
    memset(deep, '(', 150);
    deep[150] = '\0';
    assert_null(predicate_parse(deep, &w->items, &err));
    assert_non_null(strstr(err.text, "too deep"));
}

static void take(void *ctx, const char *choice, size_t typed)
{
    strbuf_printf(ctx, "%s/%zu ", choice, typed);
}

static void choices_are_what_can_come_next(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *text, *choices;
    } cases[] = {
        {"", "shape/0 size/0 \"the angle\"/0 caption/0 similar/0 @odd/0 item/0 not/0 "},
        {"s", "shape/1 size/1 similar/1 "},
        {"shape ", "==/0 !=/0 </0 <=/0 >/0 >=/0 ~/0 !~/0 "},
        {"shape !", "!=/1 !~/1 "},
        {"shape == ", "star/0 disc/0 \"half moon\"/0 "},
        {"shape == d", "disc/1 "},
        {"shape == \"", "\"star\"/1 \"disc\"/1 \"half moon\"/1 "},
        {"shape == \"half moon\"", "and/0 or/0 "},
        {"shape == disc a", "and/1 "},
        {"shape == disc and not (si", "size/2 similar/2 "},
        {"@o", "@odd/2 "},
        {"similar > ", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct strbuf out = {0};
        predicate_choices(cases[i].text, &w->items, take, &out);
        assert_string_equal(strbuf_text(&out), cases[i].choices);
        strbuf_release(&out);
    }
}

static void a_regular_expression_is_not_taken_for_one(void **state)
{
    (void)state;
    static const char *const yes[] = {"a == b", "similar>0.8", "not @x", "hue != red", "a ~ b", "x <= "};
    static const char *const no[] = {"red", "hue=red.*light=dim", "(unclosed", "^a [bc]+$", "\"a text\"", ""};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        assert_true(predicate_meant(yes[i]));
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        assert_false(predicate_meant(no[i]));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* What the C library would take gigabytes for. */
static void patterns_that_multiply_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"x+++++++++++++++++++++++++++++++", "(((((((x+)+)+)+)+)+)+)+",
                                      "((x{200}){200})", "(a)\\1", "(x{2,100000})"},
                             *const good[] = {"(a+b)+c+", "star.*?", "[a-z]+ moon{2}", "\\+\\+"};
    struct err err;
    regex_t regex;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(pattern_compile(&regex, bad[i], &err));
        assert_non_null(strstr(err.text, "not as a regular expression"));
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(pattern_compile(&regex, good[i], &err));
        regfree(&regex);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(random_questions_are_answered_as_by_hand),
        TEST(ands_bind_before_ors_and_signs_need_no_blanks),
        TEST(what_is_not_known_yet_holds_of_nothing),
        TEST(errors_say_where_and_what),
        TEST(choices_are_what_can_come_next),
        cmocka_unit_test(patterns_that_multiply_are_refused),
        cmocka_unit_test(a_regular_expression_is_not_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
