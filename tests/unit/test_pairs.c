/* SPDX-License-Identifier: MIT
 *
 * Pairs of a batch against plain loops over the definition, also where views are equal, have no direction, or
 * are all in one point.
 */
#include "support/cmocka.h"

#include "base/rng.h"
#include "space/pairs.h"

#include <math.h>
#include <string.h>

enum { N = 20, D = 6 };

struct two {
    float z[2][N * D];
    struct batch_views views;
};

static void draw(struct two *t)
{
    struct rng rng = rng_at(3, RNG_SAMPLE, 0, 0, 0);
    for (size_t view = 0; view < 2; view++)
        for (size_t i = 0; i < (size_t)N * D; i++)
            t->z[view][i] = (float)rng_normal(&rng);
}

static void init(struct two *t, float temperature)
{
    const float *const z[2] = {t->z[0], t->z[1]};
    assert_true(batch_views_init(&t->views, z, N, D, temperature, NULL));
}

/* Cosine in double, from the raw rows. */
static double cosine(const struct two *t, size_t row, size_t other)
{
    const float *a = t->z[row / N] + row % N * D, *b = t->z[other / N] + other % N * D;
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < D; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return ab / sqrt(aa * bb);
}

/* Which row stands for item i: that of its views to which any view of another item lies nearest. */
static size_t anchor_of(const struct two *t, size_t i)
{
    double nearest[2] = {-2, -2};
    for (size_t side = 0; side < 2; side++)
        for (size_t k = 0; k < 2 * N; k++)
            if (k % N != i)
                nearest[side] = fmax(nearest[side], cosine(t, side * N + i, k));
    return nearest[1] > nearest[0] ? N + i : i;
}

static void positives_by_the_definition(void **state)
{
    (void)state;
    static struct two t;
    const double tau = 0.2;
    draw(&t);
    init(&t, (float)tau);
    for (size_t i = 0; i < N; i++) {
        struct positive p = batch_positive(&t.views, i);
        double probability = 0, loss = 0;
        uint32_t worst = 0;
        for (size_t side = 0; side < 2; side++) {
            size_t anchor = side ? N + i : i, other = side ? i : N + i;
            double sum = 0, own = cosine(&t, anchor, other);
            uint32_t rank = 1;
            for (size_t k = 0; k < 2 * N; k++)
                if (k != anchor) {
                    sum += exp(cosine(&t, anchor, k) / tau);
                    rank += k != other && cosine(&t, anchor, k) > own;
                }
            if (anchor == anchor_of(&t, i))
                probability = exp(own / tau) / sum;
            loss -= log(exp(own / tau) / sum) / 2;
            worst = rank > worst ? rank : worst;
        }
        assert_true(fabs((double)p.similarity - cosine(&t, i, N + i)) < 1e-6);
        assert_true(fabs(p.probability - probability) < 1e-5 && fabs(p.loss - loss) < 1e-4);
        assert_int_equal(p.rank, worst);
        assert_int_equal(p.of, 2 * N - 1);
    }
    batch_views_release(&t.views);
}

static void probabilities_of_an_anchor_add_up(void **state)
{
    (void)state;
    static struct two t;
    draw(&t);
    init(&t, 0.05F);
    for (size_t row = 0; row < 2 * N; row++) {
        double sum = 0;
        for (size_t other = 0; other < 2 * N; other++)
            sum += other == row ? 0 : batch_probability(&t.views, row, other);
        assert_true(fabs(sum - 1) < 1e-9);
    }
    batch_views_release(&t.views);
}

static void anchors_and_the_views_nearer_to_them(void **state)
{
    (void)state;
    static struct two t;
    size_t second = 0;
    draw(&t);
    init(&t, NAN);
    for (size_t i = 0; i < N; i++) {
        size_t anchor = t.views.anchor[i];
        assert_int_equal(anchor, anchor_of(&t, i));
        second += anchor >= N;
        for (size_t j = 0; j < N; j++) {
            size_t view = batch_nearer_view(&t.views, anchor, j);
            assert_int_equal(view % N, j);
            assert_true(i == j || cosine(&t, anchor, view) >= cosine(&t, anchor, (view + N) % (2 * N)));
        }
    }
    assert_in_range(second, 1, N - 1);                           /* it is not always the same view */
    assert_true(isnan(batch_positive(&t.views, 0).probability)); /* no temperature, no softmax */
    batch_views_release(&t.views);
}

static void collapsed_and_without_direction(void **state)
{
    (void)state;
    static struct two t;
    for (size_t i = 0; i < (size_t)N * D; i++)
        t.z[0][i] = t.z[1][i] = 1;
    memset(t.z[1] + 3 * D, 0, D * sizeof(float));
    init(&t, 0.1F);
    struct positive p = batch_positive(&t.views, 0);
    assert_true(p.similarity > 0.999999F && p.rank == 1); /* ties do not push it back */
    assert_true(fabs(p.probability - 1.0 / (2 * N - 2)) < 1e-9);
    p = batch_positive(&t.views, 3);
    assert_true(isnan(p.similarity) && isnan(p.probability));
    batch_views_release(&t.views);
}

static void a_ranking_keeps_the_greatest(void **state)
{
    (void)state;
    struct ranking r;
    ranking_init(&r, 3);
    static const float keys[] = {1, 5, NAN, 3, 5, 4, 0};
    for (uint32_t i = 0; i < 7; i++)
        ranking_offer(&r, i, i, keys[i]);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.offered, 6);
    assert_true(r.pair[0].a == 1 && r.pair[1].a == 4 && r.pair[2].a == 5);
    ranking_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positives_by_the_definition),
        cmocka_unit_test(probabilities_of_an_anchor_add_up),
        cmocka_unit_test(anchors_and_the_views_nearer_to_them),
        cmocka_unit_test(collapsed_and_without_direction),
        cmocka_unit_test(a_ranking_keeps_the_greatest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
