/* SPDX-License-Identifier: MIT
 *
 * Nets as text, and what a pass of one does whatever the batch around it.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "nn/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct shape picture = {32, 32, 3};

static bool parses(const char *text, bool trunk, char *printed, struct err *err)
{
    struct params params = {0};
    struct net net;
    bool fine = net_init(&net, text, picture, trunk, "trunk", &params, err);
    if (fine)
        net_print(&net, printed, NET_TEXT_SIZE);
    else
        assert_int_equal(params.n_tensors, 0);
    net_release(&net);
    params_release(&params);
    return fine;
}

static void text_comes_back(void **state)
{
    (void)state;
    const char *texts[] = {
        "conv 16, norm, relu, pool, conv 32, norm 8, relu, gap, linear 64",
        "block 32 /2, block 64 x2 /2, gap, linear 64",
        "conv 8 5 /2, gelu, conv 8 1, avg",
        "linear 256, relu, linear 32",
    };
    char printed[NET_TEXT_SIZE];
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_true(parses(texts[i], true, printed, &err));
        assert_string_equal(printed, texts[i]);
    }
    assert_true(parses("  conv 16 3 ,norm 4,\trelu,pool , gap", true, printed, &err));
    assert_string_equal(printed, "conv 16, norm, relu, pool, gap");
    for (const struct net_preset *preset = net_presets; preset->name; preset++) {
        assert_true(parses(preset->name, true, printed, &err));
        assert_string_equal(printed, preset->text);
    }
}

static void bad_text_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text, *says;
    } bad[] = {
        {"", "a layer is missing"},
        {"conv 16,", "a layer is missing"},
        {"conv 16,,relu", "a layer is missing"},
        {"conv", "conv CHANNELS"},
        {"conv x", "conv CHANNELS"},
        {"conv 0", "conv CHANNELS"},
        {"conv 99999", "conv CHANNELS"},
        {"conv 16 4", "kernel 4"},
        {"conv 16 3 3", "conv CHANNELS"},
        {"conv 16 /9", "conv CHANNELS"},
        {"convolution 16", "there is no layer 'convolution': conv, norm"},
        {"conv 6, norm", "6 channels cannot be cut into 4 groups"},
        {"relu 3", "write 'relu'"},
        {"batchnorm", "use it in a head"},
        {"pool, pool, pool, pool, pool, pool", "too small to halve"},
        {"linear 4096, linear 4096, conv 4096 5, conv 4096 5", "weights are too many"},
        {"block 6", "6 channels cannot be cut"},
        {"block 8 x99", "block CHANNELS"},
        {"relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,"
         "relu,"
         "relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,relu,"
         "relu,"
         "relu,relu,relu,relu,relu,relu,relu,relu,relu",
         "more than 48 layers"},
    };
    char printed[NET_TEXT_SIZE];
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (parses(bad[i].text, true, printed, &err))
            fail_msg("'%s' was taken", bad[i].text);
        if (!strstr(err.text, bad[i].says))
            fail_msg("'%s': %s", bad[i].text, err.text);
    }
    assert_true(parses("linear 8, batchnorm, relu", false, printed, &err));
}

/* ---- passes ---- */

struct run {
    struct params params;
    struct net net;
    real *tape, *scratch;
    size_t n;
};

static void run_init(struct run *run, const char *text, struct shape in, size_t n)
{
    struct err err;
    *run = (struct run){.n = n};
    if (!net_init(&run->net, text, in, strstr(text, "batchnorm") == NULL, "trunk", &run->params, &err))
        fail_msg("%s", err.text);
    params_allocate(&run->params);
    params_init(&run->params, 11);
    run->tape = xaligned(n * run->net.tape_reals, sizeof(real));
    run->scratch = xaligned(net_scratch_size(&run->net, n), sizeof(real));
}

static void run_release(struct run *run)
{
    net_release(&run->net);
    params_release(&run->params);
    free(run->tape);
    free(run->scratch);
}

static const real *run_forward(struct run *run, const real *x, bool training)
{
    return net_forward(&run->net, run->params.value, run->n, x, run->tape, run->scratch, training);
}

static real *pictures(size_t n)
{
    real *x = xaligned(n, sizeof(real));
    struct rng rng = rng_at(2, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = (real)rng_uniform(&rng);
    return x;
}

/* Convolution, norm and pooling give an image the same bits wherever it stands; so does everything within
 * 1e-5, whatever else is in the batch. */
static void place_in_the_batch_does_not_matter(void **state)
{
    (void)state;
    const char *texts[] = {"conv 16, norm, relu, pool, conv 32, norm, relu, gap", "resnet-s"};
    size_t size = shape_size(picture);
    for (size_t t = 0; t < ARRAY_LEN(texts); t++) {
        struct run run;
        run_init(&run, texts[t], picture, 5);
        real *x = pictures(5 * size);
        memcpy(x + 3 * size, x, size * sizeof *x);
        const real *y = run_forward(&run, x, true);
        size_t out = shape_size(run.net.out);
        for (size_t i = 0; i < out; i++)
            assert_true(t == 0 ? y[i] == y[3 * out + i] : fabs(y[i] - y[3 * out + i]) < 1e-5);
        run_release(&run);
        free(x);
    }
}

/* A convolution written as its definition, in double. */
static double conv_at(const struct run *run, const real *x, struct shape in, int y0, int x0, int channel,
                      int stride)
{
    const real *w = run->params.value;
    int out = run->net.out.channels;
    double sum = 0;
    for (int ky = 0; ky < 3; ky++)
        for (int kx = 0; kx < 3; kx++)
            for (int c = 0; c < in.channels; c++) {
                int sy = y0 * stride + ky - 1, sx = x0 * stride + kx - 1;
                if (sy < 0 || sx < 0 || sy >= in.height || sx >= in.width)
                    continue;
                sum += (double)x[(sy * in.width + sx) * in.channels + c] *
                       (double)w[((ky * 3 + kx) * in.channels + c) * out + channel];
            }
    return sum;
}

static void convolution_is_its_definition(void **state)
{
    (void)state;
    const struct {
        const char *text;
        struct shape in;
        int stride;
    } cases[] = {{"conv 33", {7, 7, 5}, 1}, {"conv 16 /2", {6, 9, 16}, 2}, {"conv 64", {14, 14, 32}, 1}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct run run;
        run_init(&run, cases[i].text, cases[i].in, 3);
        size_t size = shape_size(cases[i].in);
        real *x = pictures(3 * size);
        const real *y = run_forward(&run, x, true);
        struct shape out = run.net.out;
        for (size_t k = 0; k < 3 * shape_size(out); k++) {
            int at = (int)(k % shape_size(out));
            double want =
                conv_at(&run, x + k / shape_size(out) * size, cases[i].in, at / out.channels / out.width,
                        at / out.channels % out.width, at % out.channels, cases[i].stride);
            assert_true(fabs(y[k] - want) < 1e-4);
        }
        run_release(&run);
        free(x);
    }
}

static double dot(const real *a, const real *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* A convolution without bias is linear in its input and in its weights: <dy, y> = <dx, x> = <dW, W>. Holds in
 * float to rounding, for shapes that fill registers and shapes that do not. */
static void convolution_gradients_are_adjoint(void **state)
{
    (void)state;
    const struct {
        const char *text;
        struct shape in;
    } cases[] = {{"conv 16", {8, 8, 3}},   {"conv 32", {16, 16, 16}}, {"conv 64 /2", {14, 13, 32}},
                 {"conv 128", {7, 7, 64}}, {"conv 21 5", {9, 6, 24}}, {"conv 48 1 /2", {6, 6, 40}}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct run run;
        run_init(&run, cases[i].text, cases[i].in, 5);
        run.net.layer[0].bare = true;
        size_t in = 5 * shape_size(cases[i].in), out = 5 * shape_size(run.net.out);
        real *x = pictures(in), *dx = pictures(in), *dy = pictures(out);
        const real *y = run_forward(&run, x, true);
        struct net_memory memory = {run.params.value, run.params.grad, run.tape, NULL, run.scratch};
        net_backward(&run.net, &memory, 5, x, dy, dx);
        double want = dot(dy, y, out);
        assert_true(fabs(dot(dx, x, in) - want) < 1e-4 * fabs(want) + 1e-2);
        const struct tensor *weight = run.params.tensor;
        assert_true(fabs(dot(run.params.grad, run.params.value, weight->count) - want) <
                    1e-4 * fabs(want) + 1e-2);
        run_release(&run);
        free(x), free(dx), free(dy);
    }
}

static void norm_gives_mean_0_and_variance_1(void **state)
{
    (void)state;
    struct run run;
    run_init(&run, "norm", (struct shape){8, 8, 16}, 2);
    real *x = pictures(2 * 8 * 8 * 16);
    for (size_t i = 0; i < (size_t)2 * 8 * 8 * 16; i++)
        x[i] = 1000 + x[i]; /* far from 0, where a one-pass variance in float fails */
    const real *y = run_forward(&run, x, true);
    for (size_t g = 0; g < 4; g++) {
        double sum = 0, square = 0;
        for (size_t p = 0; p < 64; p++)
            for (size_t c = 4 * g; c < 4 * g + 4; c++) {
                sum += y[p * 16 + c];
                square += y[p * 16 + c] * y[p * 16 + c];
            }
        assert_true(fabs(sum / 256) < 1e-2 && fabs(square / 256 - 1) < 1e-2);
    }
    run_release(&run);
    free(x);
}

/* The first of h by the same code in double (make REAL=double): a float net must agree to 1e-4. */
static void float_agrees_with_double(void **state)
{
    (void)state;
    const double want[] = {-0.112559254, -0.489226382, -0.375853432, 0.321433928, 1.139253917, -1.776965673};
    struct run run;
    run_init(&run, "conv-s", picture, 2);
    real *x = pictures(2 * shape_size(picture));
    const real *y = run_forward(&run, x, true);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        if (fabs(y[i] - want[i]) > 1e-4)
            fail_msg("h[%zu]: %.9f, in double %.9f", i, (double)y[i], want[i]);
    run_release(&run);
    free(x);
}

/* torch: the running variance is the unbiased one, moved by a tenth; evaluation uses what has run. */
static void batchnorm_runs(void **state)
{
    (void)state;
    struct run run;
    run_init(&run, "batchnorm", (struct shape){1, 1, 2}, 3);
    const real x[6] = {1, 10, 2, 20, 6, 60};
    const real *y = run_forward(&run, x, true);
    assert_true(fabs(y[0] - (1 - 3) / sqrt(14.0 / 3 + 1e-5)) < 1e-5);
    net_settle(&run.net, run.params.value, 3, run.tape);
    const real *mean = params_value(&run.params, (size_t)params_find(&run.params, "trunk.0.mean"));
    const real *variance = params_value(&run.params, (size_t)params_find(&run.params, "trunk.0.variance"));
    assert_true(fabs(mean[0] - 0.3) < 1e-6 && fabs(mean[1] - 3) < 1e-5);
    assert_true(fabs(variance[0] - (0.9 + 0.1 * 7)) < 1e-5 && fabs(variance[1] - (0.9 + 0.1 * 700)) < 1e-3);
    y = run_forward(&run, x, false);
    assert_true(fabs(y[0] - (1 - 0.3) / sqrt(1.6 + 1e-5)) < 1e-5);
    run_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_comes_back),
        cmocka_unit_test(bad_text_is_refused),
        cmocka_unit_test(place_in_the_batch_does_not_matter),
        cmocka_unit_test(convolution_is_its_definition),
        cmocka_unit_test(convolution_gradients_are_adjoint),
        cmocka_unit_test(norm_gives_mean_0_and_variance_1),
        cmocka_unit_test(float_agrees_with_double),
        cmocka_unit_test(batchnorm_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
