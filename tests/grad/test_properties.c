/* SPDX-License-Identifier: MIT
 *
 * What one loss says of another, and what must not change it: relations that hold exactly, checked in double.
 */
#include "support/cmocka.h"
#include "support/losses.h"

#include <math.h>
#include <string.h>

enum { N = FIXTURE_N, D = FIXTURE_D, REALS = FIXTURE_REALS };

static void run(const char *name, const char *set, struct fixture *f)
{
    struct err err = {""};
    double knob[16];
    const struct loss *loss = loss_find(name);
    assert_non_null(loss);
    loss_knobs(loss, set, knob);
    if (!loss_call(loss, &f->io, knob, NULL, &err))
        fail_msg("%s", err.text);
}

static struct fixture on_fixture(const char *name, const char *set)
{
    struct fixture f;
    fixture_init(&f);
    run(name, set, &f);
    return f;
}

static void assert_close(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-11 * fmax(1, fabs(wanted))))
        fail_msg("%.15g is not %.15g", got, wanted);
}

static void assert_same_rows(const real *got, const real *wanted)
{
    for (int i = 0; i < REALS; i++)
        assert_close((double)got[i], (double)wanted[i]);
}

/* The same value and the same gradients. */
static void assert_same(const struct fixture *f, const struct fixture *g)
{
    assert_close(f->io.loss, g->io.loss);
    assert_same_rows(f->da, g->da);
    assert_same_rows(f->db, g->db);
}

static void losses_that_are_the_same_in_a_special_case(void **state)
{
    (void)state;
    static const char *const pair[][4] = {
        {"hcl", "tau=0.5 tau_plus=0.1 beta=0", "debiased", "tau=0.5 tau_plus=0.1"},
        {"debiased", "tau=0.3 tau_plus=0", "ntxent", "tau=0.3"},
        {"align-uniform", "alpha=2 lambda=0", "alignment", "alpha=2"},
        {"barlow", "lambda=1 scale=0.5", "barlow", "scale=0.5 lambda=1"},
    };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        struct fixture f = on_fixture(pair[i][0], pair[i][1]), g = on_fixture(pair[i][2], pair[i][3]);
        assert_same(&f, &g);
    }
    struct fixture byol = on_fixture("byol", ""), align = on_fixture("alignment", "alpha=2");
    assert_close(byol.io.loss, align.io.loss);
    assert_same_rows(byol.da, align.da);
}

static void supcon_with_a_class_each_is_ntxent(void **state)
{
    (void)state;
    struct fixture ntxent = on_fixture("ntxent", "tau=0.1"), out, in;
    static const char *const labels[] = {"own", "unknown"};
    for (int k = 0; k < 2; k++) {
        fixture_init(&out);
        fixture_init(&in);
        for (int i = 0; i < N; i++)
            out.labels[i] = in.labels[i] = strcmp(labels[k], "own") == 0 ? i : -1;
        run("supcon", "tau=0.1", &out);
        run("supcon-in", "tau=0.1", &in);
        assert_same(&out, &ntxent);
        assert_same(&in, &ntxent); /* one positive: the mean of one, inside the log or out of it */
    }
}

static void supcon_leaves_out_anchors_without_positives(void **state)
{
    (void)state;
    static const char *const names[] = {"supcon", "supcon-in"};
    for (int k = 0; k < 2; k++) {
        struct fixture f;
        fixture_init(&f);
        f.io.b = NULL; /* the rows of a alone */
        run(names[k], "", &f);
        assert_int_equal(f.io.rows_used, N);
        assert_int_equal(f.io.rows_zero, 0);
        f.labels[0] = 7; /* 0 and 1 lose each other */
        f.io.db = NULL;
        run(names[k], "", &f);
        assert_int_equal(f.io.rows_used, N - 2);
        assert_true(f.io.loss > 0 && frobenius(f.da, D) > 0); /* still a negative of the others */
        for (int i = 0; i < N; i++)
            f.labels[i] = i;
        run(names[k], "", &f);
        assert_int_equal(f.io.rows_used, 0);
        assert_true(f.io.loss == 0 && frobenius(f.da, REALS) == 0);
    }
}

static void an_empty_queue_has_nothing_to_tell_apart(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.io.queue = NULL;
    f.io.n_queue = 0;
    run("moco", "", &f);
    assert_close(f.io.loss, 0);
    assert_close(frobenius(f.da, REALS), 0);
    assert_true(isnan(f.io.negative_mean) && isnan(f.io.pretext_hits));
}

/* A prototype that two views share says nothing of other pictures. */
static void prototypes_have_no_nearest(void **state)
{
    (void)state;
    assert_true(isnan(on_fixture("dino", "").io.pretext_hits));
}

/* Every loss that sees pairs of views alike: exchanging a and b exchanges the gradients. */
static void swapping_views_swaps_gradients(void **state)
{
    (void)state;
    static const char *const names[] = {"contrastive", "ntxent",        "decoupled", "supcon", "supcon-in",
                                        "debiased",    "hcl",           "alignment", "barlow", "vicreg",
                                        "clip",        "align-uniform", "siglip"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct fixture f = on_fixture(names[i], ""), g;
        fixture_init(&g);
        g.io.a = g.b;
        g.io.b = g.a;
        run(names[i], "", &g);
        assert_close(g.io.loss, f.io.loss);
        assert_same_rows(g.da, f.db);
        assert_same_rows(g.db, f.da);
    }
}

/* What only looks at directions. */
static const char *const spherical[] = {"ntxent", "decoupled", "supcon",     "supcon-in",     "debiased",
                                        "hcl",    "moco",      "alignment",  "align-uniform", "byol",
                                        "clip",   "siglip",    "uniformity", "simsiam",       "triplet"};

static void length_of_rows_does_not_matter_on_the_sphere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spherical / sizeof spherical[0]; i++) {
        struct fixture f = on_fixture(spherical[i], ""), g;
        fixture_init(&g);
        for (int k = 0; k < REALS; k++)
            g.a[k] *= 8;
        run(spherical[i], "", &g);
        assert_close(g.io.loss, f.io.loss);
        for (int r = 0; r < N; r++) { /* and the gradient is at right angles to its row */
            double along = 0;
            for (int j = 0; j < D; j++) {
                along += (double)f.da[r * D + j] * (double)f.a[r * D + j];
                assert_close((double)g.da[r * D + j] * 8, (double)f.da[r * D + j]);
            }
            assert_close(along, 0);
        }
    }
}

static void the_order_of_pairs_does_not_matter(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        struct fixture f = on_fixture(loss->entry.name, ""), g;
        fixture_init(&g);
        for (int i = 0; i < N; i++) {
            int from = (i + 2) % N;
            memcpy(g.a + i * D, f.a + from * D, D * sizeof(real));
            memcpy(g.b + i * D, f.b + from * D, D * sizeof(real));
            g.labels[i] = f.labels[from];
            g.same[i] = f.same[from];
        }
        run(loss->entry.name, "", &g);
        assert_close(g.io.loss, f.io.loss);
        for (int k = 0; k < REALS; k++)
            assert_close((double)g.da[k], (double)f.da[(k + 2 * D) % REALS]);
    }
}

static void exchange_features(struct fixture *f)
{
    for (int i = 0; i < N; i++)
        for (int k = 0; k < 2; k++) {
            real *row = (k ? f->b : f->a) + i * D, kept = row[0];
            row[0] = row[2];
            row[2] = kept;
        }
}

static void the_order_of_features_does_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"barlow", "vicreg", "ntxent", "siglip", "smooth-l1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct fixture f = on_fixture(names[i], ""), g;
        fixture_init(&g);
        exchange_features(&g);
        run(names[i], "", &g);
        assert_close(g.io.loss, f.io.loss);
        assert_close((double)g.da[0], (double)f.da[2]);
        assert_close((double)g.da[2], (double)f.da[0]);
    }
}

/* But for the eps beside the variance, which the scale makes small or large. */
static void barlow_does_not_see_scale_and_shift_of_features(void **state)
{
    (void)state;
    struct fixture f = on_fixture("barlow", ""), g;
    fixture_init(&g);
    for (int k = 0; k < REALS; k++)
        g.a[k] = 3 * g.a[k] + (real)(k % D);
    run("barlow", "", &g);
    assert_true(fabs(g.io.loss - f.io.loss) < 1e-4);
}

static void barlow_gives_its_correlation_away(void **state)
{
    (void)state;
    struct fixture f;
    real c[D * D];
    fixture_init(&f);
    f.io.matrix = c;
    run("barlow", "lambda=0.5", &f);
    double on = 0, off = 0;
    for (int k = 0; k < D * D; k++)
        *(k % (D + 1) == 0 ? &on : &off) +=
            ((double)c[k] - (k % (D + 1) == 0)) * ((double)c[k] - (k % (D + 1) == 0));
    assert_close(f.io.loss, on + off / 2);
    assert_close(f.io.part[0], on);
}

static void equal_tables_give_equal_gradients_in_clip(void **state)
{
    (void)state;
    static const char *const names[] = {"clip", "siglip"};
    for (int i = 0; i < 2; i++) {
        struct fixture f;
        fixture_init(&f);
        memcpy(f.b, f.a, sizeof f.a);
        run(names[i], "", &f);
        assert_same_rows(f.da, f.db);
    }
}

/* The text that every row shares is no negative of its other pictures. */
static void captions_that_are_equal_belong_together(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    for (int i = 0; i < N; i++)
        memcpy(f.b + i * D, f.b + i / 2 * 2 * D, D * sizeof(real)); /* captions 0 0 1 1 2 2 */
    struct fixture one_hot = f;
    f.io.a = f.a, f.io.b = f.b, f.io.labels = f.labels, f.io.da = f.da, f.io.db = f.db;
    one_hot.io.a = one_hot.a, one_hot.io.b = one_hot.b, one_hot.io.labels = NULL;
    one_hot.io.da = one_hot.da, one_hot.io.db = one_hot.db;
    memcpy(f.a, f.b, sizeof f.a); /* each picture is where its caption is */
    memcpy(one_hot.a, f.b, sizeof f.a);
    run("clip", "scale=100", &f);
    run("clip", "scale=100", &one_hot);
    assert_true(one_hot.io.loss >= log(2) - 1e-9); /* the log of the number of duplicates */
    assert_close(f.io.loss, log(2));               /* shared evenly: the entropy of the target */
    assert_true(frobenius(f.da, REALS) < 1e-3);
    run("siglip", "t=4.6 b=-70", &f);
    run("siglip", "t=4.6 b=-70", &one_hot);
    assert_close(one_hot.io.loss - f.io.loss,
                 exp(4.6) - 70); /* log s(-l) - log s(l) = -l for each row's twin */
}

/* d L / d t and d L / d b by differences. */
static void scale_and_offset_have_their_gradients(void **state)
{
    (void)state;
    static const struct {
        const char *name, *low, *high;
        bool offset;
    } cases[] = {{"clip", "t=1.99999", "t=2.00001", false},
                 {"siglip", "t=1.99999 b=-2", "t=2.00001 b=-2", false},
                 {"siglip", "t=2 b=-2.00001", "t=2 b=-1.99999", true}};
    for (int i = 0; i < 3; i++) {
        struct fixture low = on_fixture(cases[i].name, cases[i].low);
        struct fixture high = on_fixture(cases[i].name, cases[i].high);
        struct fixture at = on_fixture(cases[i].name, i == 0 ? "t=2" : "t=2 b=-2");
        double numeric = (high.io.loss - low.io.loss) / 2e-5;
        assert_true(fabs(numeric - (cases[i].offset ? at.io.grad_b : at.io.grad_t)) < 1e-6);
    }
}

/* Corners of a regular simplex: d^2 = 2n / (n - 1) between any two. */
static void uniformity_of_a_simplex(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.io.n = D; /* D corners in D dimensions, their centre at 0 */
    for (int k = 0; k < D * D; k++)
        f.a[k] = (real)((k % (D + 1) == 0) - 1.0 / D);
    run("uniformity", "t=2", &f);
    assert_close(f.io.loss, -2.0 * 2 * D / (D - 1));
    assert_close(frobenius(f.da, D * D), 0);
}

static void symmetric_targets_are_both_directions(void **state)
{
    (void)state;
    const struct loss *loss;
    for (size_t l = 0; (loss = loss_at(l)); l++) {
        if (!loss->target_b)
            continue;
        struct fixture one = on_fixture(loss->entry.name, ""), other, both;
        fixture_init(&other);
        other.io.a = other.b;
        other.io.b = other.a;
        run(loss->entry.name, "", &other);
        fixture_init(&both);
        both.io.symmetric = true;
        run(loss->entry.name, "", &both);
        double share = strcmp(loss->entry.name, "byol") == 0 ? 1 : 0.5;
        assert_close(both.io.loss, share * (one.io.loss + other.io.loss));
        for (int k = 0; k < REALS; k++) {
            assert_close((double)both.da[k], share * (double)one.da[k]);
            assert_close((double)both.db[k], share * (double)other.da[k]);
        }
        assert_int_equal(both.io.rows_used, 2 * N);
    }
}

/* The no-learning line against the loss itself at collapse: every row the same. */
static void collapse_costs_what_the_line_says(void **state)
{
    (void)state;
    static const char *const names[] = {
        "ntxent",    "decoupled",  "supcon",  "supcon-in",    "debiased",      "hcl",
        "alignment", "uniformity", "clip",    "byol",         "align-uniform", "barlow",
        "vicreg",    "simsiam",    "triplet", "triplet-hard", "triplet-soft",  "drlim"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct fixture f;
        double knob[16];
        fixture_init(&f);
        for (int k = 0; k < REALS; k++)
            f.a[k] = f.b[k] = (real)1;
        f.io.labels = strcmp(names[i], "clip") == 0 ? NULL : f.labels;
        f.io.same = NULL;
        const struct loss *loss = loss_find(names[i]);
        loss_knobs(loss, "", knob);
        for (int alone = 0; alone < (loss->needs & LOSS_NEEDS_B ? 1 : 2); alone++) {
            f.io.b = alone ? NULL : f.b;
            run(names[i], "", &f);
            assert_close(f.io.loss, loss->no_learning(&f.io, knob));
        }
    }
}

/* Values of the reference at other sizes. */
static void no_learning_lines_of_the_reference(void **state)
{
    (void)state;
    static const struct {
        const char *name, *set;
        size_t n, d, n_queue;
        double value;
    } rows[] = {
        {"ntxent", "", 256, 32, 0, 6.236},
        {"supcon", "", 128, 32, 0, 5.541},
        {"clip", "", 512, 32, 0, 6.238},
        {"moco", "", 256, 32, 4096, 8.318},
        {"moco", "", 256, 32, 65536, 11.090},
        {"dino", "", 256, 2048, 0, 7.625},
        {"barlow", "", 256, 512, 0, 512},
        {"vicreg", "", 256, 32, 0, 24.75},
        {"siglip", "b=-10", 256, 64, 0, 10.02},
        {"siglip", "b=-10", 256, 512, 0, 10.01},
        {"siglip", "b=-10", 256, 2, 0, 35.0851}, /* these two by sums over the circle and over 1 and -1 */
        {"siglip", "b=-10", 256, 1, 0, 98.7228},
        {"siglip", "b=-5.545177", 256, 64, 0, 7.67},
        {"siglip", "b=-5.545177", 256, 512, 0, 6.64},
        {"siglip", "b=0", 256, 64, 0, 220.8},
        {"siglip", "b=0", 256, 512, 0, 183.6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double knob[16];
        const struct loss *loss = loss_find(rows[i].name);
        loss_knobs(loss, rows[i].set, knob);
        static const real b[1];
        const struct loss_io io = {.n = rows[i].n, .d = rows[i].d, .n_queue = rows[i].n_queue, .b = b};
        double value = loss->no_learning(&io, knob);
        if (!(fabs(value - rows[i].value) <= 1e-3 * rows[i].value))
            fail_msg("%s %s: %.6g is not %.6g", rows[i].name, rows[i].set, value, rows[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_that_are_the_same_in_a_special_case),
        cmocka_unit_test(supcon_with_a_class_each_is_ntxent),
        cmocka_unit_test(supcon_leaves_out_anchors_without_positives),
        cmocka_unit_test(an_empty_queue_has_nothing_to_tell_apart),
        cmocka_unit_test(prototypes_have_no_nearest),
        cmocka_unit_test(swapping_views_swaps_gradients),
        cmocka_unit_test(length_of_rows_does_not_matter_on_the_sphere),
        cmocka_unit_test(the_order_of_pairs_does_not_matter),
        cmocka_unit_test(the_order_of_features_does_not_matter),
        cmocka_unit_test(barlow_does_not_see_scale_and_shift_of_features),
        cmocka_unit_test(barlow_gives_its_correlation_away),
        cmocka_unit_test(equal_tables_give_equal_gradients_in_clip),
        cmocka_unit_test(captions_that_are_equal_belong_together),
        cmocka_unit_test(scale_and_offset_have_their_gradients),
        cmocka_unit_test(uniformity_of_a_simplex),
        cmocka_unit_test(symmetric_targets_are_both_directions),
        cmocka_unit_test(collapse_costs_what_the_line_says),
        cmocka_unit_test(no_learning_lines_of_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
