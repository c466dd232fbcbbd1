/* SPDX-License-Identifier: MIT
 *
 * MoCo's queue: in order, oldest first out, no key of a picture against that picture.
 */
#include "method/queue.h"
#include "support/cmocka.h"

#include <math.h>

enum { SIZE = 10, DIM = 3, N = 2 };

struct queue_case {
    struct params params;
    struct queue queue;
    real keys[SIZE * DIM];
};

static void init(struct queue_case *c)
{
    *c = (struct queue_case){0};
    queue_add(&c->queue, &c->params, SIZE, DIM);
    params_allocate(&c->params);
    params_init(&c->params, 1);
}

/* A batch of two pictures whose keys point along an axis: of length 2, to be made unit. */
static void put(struct queue_case *c, uint64_t step, uint32_t first, uint32_t second)
{
    real key[2][N * DIM] = {{0}};
    uint32_t item[N] = {first, second};
    for (int view = 0; view < 2; view++)
        for (int i = 0; i < N; i++)
            key[view][i * DIM + (int)(item[i] % DIM)] = 2;
    struct method_batch batch = {.n = N, .item = item, .step = step};
    queue_put(&c->queue, &c->params, &batch, (const real *const[2]){key[0], key[1]});
}

static size_t against(struct queue_case *c, uint32_t first, uint32_t second, size_t newest)
{
    uint32_t item[N] = {first, second};
    struct method_batch batch = {.n = N, .item = item};
    return queue_negatives(&c->queue, &c->params, &batch, newest, c->keys);
}

static void it_begins_empty(void **state)
{
    (void)state;
    struct queue_case c;
    init(&c);
    assert_int_equal(against(&c, 0, 1, 0), 0);
    put(&c, 0, 3, 4);
    assert_int_equal(against(&c, 0, 1, 0), 2 * N);
    for (int i = 0; i < 2 * N; i++) { /* made unit */
        double square = 0;
        for (int j = 0; j < DIM; j++)
            square += pow((double)c.keys[i * DIM + j], 2);
        assert_true(fabs(square - 1) < 1e-5);
    }
    params_release(&c.params);
}

static void a_picture_never_meets_its_own_key(void **state)
{
    (void)state;
    struct queue_case c;
    init(&c);
    put(&c, 0, 0, 1);
    put(&c, 1, 2, 4);                          /* four keys a batch */
    assert_int_equal(against(&c, 7, 8, 0), 8); /* strangers meet them all */
    assert_int_equal(against(&c, 0, 7, 0), 6); /* 0 has two keys there, one of each view */
    assert_int_equal(against(&c, 0, 1, 0), 4);
    assert_int_equal(against(&c, 1, 2, 0), 4); /* of different batches */
    for (size_t i = 0; i < 2; i++)             /* 0's, along axis 0 */
        assert_true(c.keys[i * DIM] == 1);
    params_release(&c.params);
}

static void the_oldest_makes_room_where_the_ring_closes(void **state)
{
    (void)state;
    struct queue_case c;
    init(&c);
    for (uint32_t step = 0; step < 3; step++) /* twelve keys into ten places */
        put(&c, step, 3 * step, 3 * step + 1);
    const real *item = params_value(&c.params, c.queue.item), *made = params_value(&c.params, c.queue.step);
    assert_true(params_value(&c.params, c.queue.next)[0] == 2);
    assert_true(item[0] == 7 && item[1] == 8 && made[1] == 3); /* of the third batch, second view: 6 and 7 */
    assert_true(item[2] == 1 && made[2] == 1);                 /* what is left of the first */
    assert_int_equal(against(&c, 20, 21, 0), SIZE);
    assert_int_equal(against(&c, 20, 21, 2 * N), 2 * N);
    assert_true(c.keys[0] == 1 && c.keys[DIM + 1] == 1); /* the newest: 6 along axis 0, 7 along axis 1 */
    assert_int_equal(against(&c, 6, 7, 2 * N), 0);       /* nothing left: the loss then has no negatives */
    params_release(&c.params);
}

static void its_ages_are_counted(void **state)
{
    (void)state;
    struct queue_case c;
    struct readout out[2];
    float value[QUEUE_READOUT_VALUES];
    init(&c);
    put(&c, 0, 0, 1);
    put(&c, 4, 2, 3);
    assert_int_equal(queue_readouts(&c.queue, &c.params, 5, value, out, 2), 2);
    assert_true(out[0].kind == READOUT_HISTOGRAM && out[0].high == 5);
    assert_true(value[0] == 4 && value[4 * QUEUE_BINS / 5] == 4); /* of this step; of four steps ago */
    double sum = 0;
    for (int i = 0; i < QUEUE_BINS; i++)
        sum += (double)value[i];
    assert_true(sum == 8 && out[1].value[0] == 80);
    params_release(&c.params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_empty),
        cmocka_unit_test(a_picture_never_meets_its_own_key),
        cmocka_unit_test(the_oldest_makes_room_where_the_ring_closes),
        cmocka_unit_test(its_ages_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
