/* SPDX-License-Identifier: MIT
 *
 * Nets that see a part of their pictures: what is hidden is not seen, to the bit, and not counted.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "nn/mask.h"
#include "nn/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURES = 3, MAX_CELLS = 64 };

struct run {
    struct params params;
    struct net net, grid, tail;
    real *x, *tape, *scratch;
    uint8_t seen[PICTURES * MAX_CELLS];
    struct mask mask;
};

static void run_init(struct run *run, const char *text, struct shape in)
{
    struct err err;
    *run = (struct run){0};
    if (!net_init(&run->net, text, in, true, "trunk", &run->params, &err))
        fail_msg("%s", err.text);
    assert_true(net_cut_at_grid(&run->net, &run->grid, &run->tail));
    params_allocate(&run->params);
    params_init(&run->params, 11);
    for (size_t i = 0; i < run->params.count;
         i++) { /* shifts that are not 0: they would show in hidden cells */
        struct rng rng = rng_at(4, RNG_SAMPLE, 0, i, 0);
        run->params.value[i] += (real)(0.1 * rng_normal(&rng));
    }
    run->x = xaligned(PICTURES * shape_size(in), sizeof(real));
    run->tape = xaligned(PICTURES * run->grid.tape_reals, sizeof(real));
    run->scratch = xaligned(net_scratch_size(&run->grid, PICTURES), sizeof(real));
    for (size_t i = 0; i < PICTURES * shape_size(in); i++) {
        struct rng rng = rng_at(3, RNG_SAMPLE, 0, i, 0);
        run->x[i] = (real)rng_uniform(&rng);
    }
    run->mask = (struct mask){run->grid.out.height, run->grid.out.width, run->seen};
    assert_true(mask_cells(&run->mask) <= MAX_CELLS);
    for (size_t i = 0; i < PICTURES * mask_cells(&run->mask); i++)
        run->seen[i] = i * i % 7 < 3;
}

static void run_release(struct run *run)
{
    net_release(&run->net);
    params_release(&run->params);
    free(run->x);
    free(run->tape);
    free(run->scratch);
}

static const real *grid_of(struct run *run, const struct mask *mask)
{
    return net_forward_masked(&run->grid, run->params.value, PICTURES, run->x, mask, run->tape, run->scratch);
}

static const struct {
    const char *text;
    struct shape in;
    int height, width; /* of the grid */
} nets[] = {
    {"conv-s", {32, 32, 3}, 8, 8},
    {"conv-s", {28, 28, 1}, 7, 7},
    {"conv-m", {30, 22, 3}, 7, 5},
    {"resnet-s", {32, 32, 3}, 8, 8},
    {"conv 8 5 /2, norm, relu, block 8 x2 /2, avg, linear 8", {30, 31, 3}, 8, 8},
};

/* Whatever stood there: another picture in what is hidden gives the same grid. */
static void hidden_pixels_are_not_seen(void **state)
{
    (void)state;
    const real mean[3] = {(real)0.2, (real)0.4, (real)0.3};
    for (size_t k = 0; k < ARRAY_LEN(nets); k++) {
        struct run run;
        run_init(&run, nets[k].text, nets[k].in);
        assert_int_equal(run.grid.out.height, nets[k].height);
        assert_int_equal(run.grid.out.width, nets[k].width);
        size_t values = PICTURES * shape_size(nets[k].in), cells = PICTURES * shape_size(run.grid.out);
        real *picture = malloc(values * sizeof(real)), *before = malloc(cells * sizeof(real));
        assert_true(picture && before);
        memcpy(picture, run.x, values * sizeof(real));
        mask_hide(&run.mask, PICTURES, nets[k].in, mean, run.x);
        memcpy(before, grid_of(&run, &run.mask), cells * sizeof(real));
        mask_hide(&run.mask, PICTURES, nets[k].in, NULL, picture); /* what is seen, on nothing */
        for (size_t i = 0; i < values; i++)
            run.x[i] = picture[i] != 0 ? picture[i] : (real)(i % 5);
        mask_hide(&run.mask, PICTURES, nets[k].in, mean, run.x);
        assert_memory_equal(before, grid_of(&run, &run.mask), cells * sizeof(real));
        free(picture);
        free(before);
        run_release(&run);
    }
}

static void hidden_cells_are_zero_and_seen_ones_alive(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(nets); k++) {
        struct run run;
        run_init(&run, nets[k].text, nets[k].in);
        const real *y = grid_of(&run, &run.mask);
        size_t channels = (size_t)run.grid.out.channels, alive = 0;
        for (size_t i = 0; i < PICTURES * mask_cells(&run.mask); i++)
            for (size_t c = 0; c < channels; c++) {
                assert_true(run.seen[i] || y[i * channels + c] == 0);
                alive += y[i * channels + c] != 0;
            }
        assert_true(alive > channels);
        run_release(&run);
    }
}

static void all_seen_is_the_net_as_it_is(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(nets); k++) {
        struct run run;
        run_init(&run, nets[k].text, nets[k].in);
        size_t cells = PICTURES * shape_size(run.grid.out);
        real *plain = malloc(cells * sizeof(real));
        assert_non_null(plain);
        memcpy(plain, grid_of(&run, NULL), cells * sizeof(real));
        memset(run.seen, 1, sizeof run.seen);
        assert_memory_equal(plain, grid_of(&run, &run.mask), cells * sizeof(real));
        free(plain);
        run_release(&run);
    }
}

/* Mean 0 and variance 1 over what is seen, whatever is hidden. */
static void a_norm_counts_what_is_seen(void **state)
{
    (void)state;
    struct run run;
    run_init(&run, "norm 1", (struct shape){8, 8, 2});
    for (size_t i = 0; i < run.params.tensor[0].count; i++) {
        params_value(&run.params, 0)[i] = 1;
        params_value(&run.params, 1)[i] = 0;
    }
    run.mask = (struct mask){4, 4, run.seen};
    for (size_t p = 0; p < PICTURES; p++)
        run.seen[p * 16 + p] = 1;
    const real *y = grid_of(&run, &run.mask);
    for (size_t p = 0; p < PICTURES; p++, y += 128) {
        double sum = 0, squares = 0;
        size_t counted = mask_gather(&run.mask, p, run.net.in, NULL, NULL), seen = 0;
        for (size_t i = 0; i < 16; i++)
            seen += run.seen[p * 16 + i];
        assert_int_equal(counted, 4 * seen);
        for (size_t i = 0; i < 128; i++) {
            sum += (double)y[i];
            squares += (double)y[i] * (double)y[i];
        }
        assert_true(fabs(sum / (double)(2 * counted)) < 1e-5);
        assert_true(fabs(squares / (double)(2 * counted) - 1) < 1e-3);
    }
    run_release(&run);
}

static void a_net_without_maps_has_no_grid(void **state)
{
    (void)state;
    struct params params = {0};
    struct net net, grid, tail;
    struct err err;
    assert_true(net_init(&net, "mlp", (struct shape){8, 8, 1}, true, "trunk", &params, &err));
    assert_false(net_cut_at_grid(&net, &grid, &tail));
    net_release(&net);
    params_release(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_pixels_are_not_seen),
        cmocka_unit_test(hidden_cells_are_zero_and_seen_ones_alive),
        cmocka_unit_test(all_seen_is_the_net_as_it_is),
        cmocka_unit_test(a_norm_counts_what_is_seen),
        cmocka_unit_test(a_net_without_maps_has_no_grid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
