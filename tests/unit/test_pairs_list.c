/* SPDX-License-Identifier: MIT
 *
 * A list of pairs in the audit view: joined by ids, scored at the moment looked at, counted pair by pair.
 */
#include "answer/pairs_list.h"
#include "answer/requests.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include "base/rng.h"
#include "data/marks.h"
#include "math/score.h"
#include "space/audit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ITEMS = 40, DIM = 4, PAIRS = 300, GROUPS = 2 };

static uint32_t lights[ITEMS], labels[ITEMS];
static char id_text[ITEMS][8], *ids[ITEMS];
static char name_item[] = "item", name_light[] = "light", name_label[] = "label";
static char bright[] = "bright", dim[] = "dim", a_text[] = "a", b_text[] = "b", c_text[] = "c";
static char *light_values[] = {bright, dim}, *label_values[] = {a_text, b_text, c_text};
static struct column columns[] = {
    {.name = name_item, .kind = COLUMN_TEXT, .text = ids},
    {.name = name_light, .kind = COLUMN_CATEGORY, .code = lights, .value = light_values, .n_values = GROUPS},
    {.name = name_label, .kind = COLUMN_CATEGORY, .code = labels, .value = label_values, .n_values = 3}};
static const struct dataset data = {.n = ITEMS,
                                    .column = columns,
                                    .n_columns = 3,
                                    .label = 2,
                                    .group = 1,
                                    .identity = NO_COLUMN,
                                    .caption = NO_COLUMN,
                                    .split = NO_COLUMN};

struct bench {
    struct folder folder;
    char path[128];
    struct snapshot *s;
    struct pairs_list *list;
};

/* Items of the moment are the data's rows from the last to the first, so that the two are told apart. */
static struct snapshot *moment(void)
{
    struct snapshot *s = snapshot_new(&(struct snapshot_sizes){.n_probe = ITEMS, .dim_h = DIM});
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    for (uint32_t i = 0; i < ITEMS; i++)
        ((uint32_t *)(uintptr_t)s->item)[i] = ITEMS - 1 - i;
    for (size_t k = 0; k < (size_t)ITEMS * DIM; k++)
        ((float *)(uintptr_t)s->h)[k] = (float)rng_normal(&rng);
    return s;
}

static int setup(void **state)
{
    static struct bench b;
    for (uint32_t i = 0; i < ITEMS; i++) {
        snprintf(id_text[i], sizeof id_text[i], "p%u", i + 100);
        ids[i] = id_text[i];
        lights[i] = i % 3 == 0;
        labels[i] = i % 4 == 3 ? NO_VALUE : i % 4;
    }
    folder_init(&b.folder);
    snprintf(b.path, sizeof b.path, "%s", folder_at(&b.folder, "pairs.csv"));
    b.s = moment();
    *state = &b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    pairs_list_unref(b->list);
    snapshot_unref(b->s);
    folder_release(&b->folder);
    return 0;
}

/* A pair of the file, by data rows; same -1: it does not say. */
struct told {
    uint32_t a, b;
    int same;
};

static void draw_pairs(const struct bench *b, struct told told[PAIRS])
{
    FILE *file = fopen(b->path, "w");
    assert_non_null(file);
    fputs("id_a,id_b,same\n", file);
    for (uint32_t i = 0; i < PAIRS; i++) {
        struct rng rng = rng_at(5, RNG_SAMPLE, i, 0, 0);
        told[i].a = (uint32_t)(rng_uniform(&rng) * ITEMS);
        told[i].b = (uint32_t)(rng_uniform(&rng) * ITEMS); /* now and then the same item */
        told[i].same = (int)(rng_uniform(&rng) * 3) - 1;
        fprintf(file, "%s,%s,%s\n", ids[told[i].a], ids[told[i].b],
                told[i].same < 0 ? ""
                : told[i].same   ? "1"
                                 : "0");
    }
    fclose(file);
}

static void a_file_that_does_not_fit_is_refused(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *text, *said;
    } wrong[] = {{"id_a,id_b,same\np100,p101,1\np100,nobody,0\n", "line 3: no item has the id 'nobody'"},
                 {"id_a,id_b,score,same\np100,p101,0.5,1\np100,p102,7,0\n", "line 3: a score of 7"},
                 {"id_a,id_b,same\np100,p100,1\n", "no pair of two different items"},
                 {"1 0.5\n-1 0.2\n", "two columns name no items"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err err = {{0}};
        folder_put_text(&b->folder, "pairs.csv", wrong[i].text);
        assert_null(pairs_list_read(b->path, &data, &err));
        assert_non_null(strstr(err.text, wrong[i].said));
        assert_non_null(strstr(err.text, b->path));
    }
    unlink(b->path);
    struct err err;
    assert_null(pairs_list_read(b->path, &data, &err));
}

static void rows_without_ids_go_by_their_numbers(void **state)
{
    struct bench *b = *state;
    struct dataset bare = {.n = ITEMS};
    struct err err;
    folder_put_text(&b->folder, "pairs.csv", "id_a,id_b,score\n0,39,0.25\n");
    b->list = pairs_list_read(b->path, &bare, &err);
    assert_non_null(b->list);
    assert_true(b->list->scored && b->list->n == 1);
    assert_int_equal(b->list->pair[0].a, 0);
    assert_int_equal(b->list->pair[0].b, 39);
    assert_int_equal(b->list->pair[0].same, -1);
    assert_true(b->list->pair[0].score == 0.25F);
    pairs_list_unref(b->list);
    b->list = NULL;
}

/* Pictures are named by their paths, which are long and alike at the start. */
static void long_ids_are_found_whole(void **state)
{
    struct bench *b = *state;
    char id[2][200], *own[] = {id[0], id[1]}, text[500];
    for (int i = 0; i < 2; i++)
        snprintf(id[i], sizeof id[i], "%0150d/%d.png", 0, i);
    struct column column = {.name = name_item, .kind = COLUMN_TEXT, .text = own};
    struct dataset paths = {.n = 2, .column = &column, .n_columns = 1};
    snprintf(text, sizeof text, "id_a,id_b,same\n%s,%s,1\n", id[0], id[1]);
    folder_put_text(&b->folder, "pairs.csv", text);
    struct err err = {{0}};
    b->list = pairs_list_read(b->path, &paths, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(b->list->n, 1);
    assert_true(b->list->pair[0].a == 0 && b->list->pair[0].b == 1);
    pairs_list_unref(b->list);
    b->list = NULL;
}

/* Rates by group against a loop over the file: score by the definition, same as it says, else by the label.
 */
static void an_audit_of_it_counts_these_pairs_alone(void **state)
{
    struct bench *b = *state;
    struct told told[PAIRS];
    struct err err;
    draw_pairs(b, told);
    b->list = pairs_list_read(b->path, &data, &err);
    assert_non_null(b->list);
    uint32_t bin = threshold_bin(0.1, SCORES_BINS);
    struct request request = {.kind = REQUEST_AUDIT, .snapshot = b->s};
    request.audit = (struct audit_question){.group = {1, NO_COLUMN},
                                            .relation = RELATION_LISTED,
                                            .label = 2,
                                            .bin = (int)bin,
                                            .listed = b->list->digest};
    struct request_scene scene = {.data = &data, .pairs = b->list};
    struct result *result = request_audit(&request, &scene, NULL);
    assert_non_null(result);
    double count[GROUPS][2][2] = {{{0}}}; /* group, kind, [error] */
    for (size_t i = 0; i < PAIRS; i++) {
        float unit[2][DIM];
        uint32_t x = told[i].a, y = told[i].b;
        bool unknown = told[i].same < 0 && (labels[x] == NO_VALUE || labels[y] == NO_VALUE);
        if (x == y || unknown || lights[x] != lights[y])
            continue;
        score_normalise(b->s->h + (ITEMS - 1 - x) * DIM, 1, DIM, unit[0], NULL);
        score_normalise(b->s->h + (ITEMS - 1 - y) * DIM, 1, DIM, unit[1], NULL);
        bool same = told[i].same < 0 ? labels[x] == labels[y] : told[i].same;
        bool match = scores_bin(score_pair(unit[0], unit[1], DIM), SCORES_BINS) >= bin;
        count[lights[x]][same][0]++;
        count[lights[x]][same][1] += match != same;
    }
    for (int g = 0; g < GROUPS; g++) {
        const struct audit_value *fmr = audit_find(result->audit.audit, METRIC_FMR, g, g),
                                 *fnmr = audit_find(result->audit.audit, METRIC_FNMR, g, g);
        assert_true(count[g][0][1] > 0 && count[g][1][1] > 0);
        assert_float_equal(fmr->value, count[g][0][1] / count[g][0][0], 1e-12);
        assert_float_equal(fnmr->value, count[g][1][1] / count[g][1][0], 1e-12);
    }
    result_unref(result);
    scene.pairs = NULL;
    assert_null(request_audit(&request, &scene, NULL));
}

/* What was tagged as wrong is in no pair of the second count. */
static void tagged_items_leave_the_list(void **state)
{
    struct bench *b = *state;
    struct request request = {.kind = REQUEST_AUDIT, .snapshot = b->s};
    request.audit = (struct audit_question){.group = {1, NO_COLUMN},
                                            .relation = RELATION_LISTED,
                                            .label = 2,
                                            .bin = (int)threshold_bin(0.1, SCORES_BINS),
                                            .tags = 1,
                                            .listed = b->list->digest};
    uint32_t tagged = b->list->pair[0].a;
    struct mark mark = {.kind = MARK_WRONG_LABEL, .a = tagged, .b = -1};
    request.marks = (struct request_marks){&mark, 1};
    struct request_scene scene = {.data = &data, .pairs = b->list};
    struct result *result = request_audit(&request, &scene, NULL);
    assert_int_equal(result->audit.n_tags, 1);
    const struct audit_value *with = audit_find(result->audit.audit, METRIC_FMR, ALL_GROUPS, ALL_GROUPS),
                             *without = audit_find(result->audit.tagged, METRIC_FMR, ALL_GROUPS, ALL_GROUPS);
    assert_true(without->n_items < with->n_items);
    result_unref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_does_not_fit_is_refused),
        cmocka_unit_test(rows_without_ids_go_by_their_numbers),
        cmocka_unit_test(long_ids_are_found_whole),
        cmocka_unit_test(an_audit_of_it_counts_these_pairs_alone),
        cmocka_unit_test(tagged_items_leave_the_list),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
