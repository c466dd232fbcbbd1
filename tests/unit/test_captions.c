/* SPDX-License-Identifier: MIT
 *
 * Methods that learn from captions: what they need, what they keep to, and what is read by words alone.
 */
#include "support/cmocka.h"
#include "support/method_case.h"
#include "support/tiny.h"

#include "train/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"clip", "siglip"};

static const struct method *method_named(const char *name)
{
    return (const struct method *)axis_find(&method_axis, name);
}

static void without_captions_it_says_what_to_do(void **state)
{
    (void)state;
    struct tiny tiny;
    struct err err;
    struct step_row row;
    char note[200];
    tiny_init_small(&tiny, 100, 1);
    tiny.data.caption = NO_COLUMN;
    for (int i = 0; i < 2; i++) {
        tiny_set(&tiny, "method", names[i]);
        assert_false(config_fit(&tiny.config, &tiny.data, &tiny.split, note, sizeof note, &err));
        assert_non_null(strstr(err.text, "add a column 'caption' to items.csv"));
        struct learner *learner = tiny_learner(&tiny); /* that only embeds may be made all the same */
        float h[16];
        learner_embed(learner, (const uint32_t[]){0}, 1, h, NULL);
        assert_false(learner_step(learner, &row, &err));
        assert_non_null(strstr(err.text, "add a column 'caption' to items.csv"));
        learner_free(learner);
    }
    tiny_release(&tiny);
}

static void the_logit_scale_is_learned_and_kept_in_its_limits(void **state)
{
    (void)state;
    const double starts[] = {0, 4.605170185988092};
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            struct tiny tiny;
            char t[40];
            tiny_init_small(&tiny, 100, 1);
            tiny_set(&tiny, "method", names[i]);
            snprintf(t, sizeof t, "%.17g", starts[k]);
            tiny_set(&tiny, "t", t);
            tiny_set(&tiny, "lr", "1");
            tiny_set(&tiny, "warmup", "0");
            struct learner *learner = tiny_learner(&tiny);
            const struct params *params = learner_params(learner);
            int scale = params_find(params, "logit.scale");
            assert_true(scale >= 0 && params->tensor[scale].role == TENSOR_BIAS); /* never decays */
            assert_true(fabs((double)*params_value(params, (size_t)scale) - starts[k]) < 1e-6);
            for (int s = 0; s < 3; s++) {
                tiny_train(learner, 1);
                double value = (double)*params_value(params, (size_t)scale);
                assert_true(value >= 0 && value <= 4.6051703);
            }
            assert_true(params->m[params->tensor[scale].offset] != 0);
            learner_free(learner);
            tiny_release(&tiny);
        }
}

static void equal_captions_are_no_negatives(void **state)
{
    (void)state;
    struct method_case c;
    method_case_init(&c, method_named("siglip"), NULL, NULL);
    const char *same[CASE_N];
    for (int i = 0; i < CASE_N; i++)
        same[i] = "a red star";
    c.batch.caption = same;

    const char *other[CASE_N] = {"a red star", "a moon", "a red star", "a disc",
                                 "a cross",    "a ring", "a bar"};
    c.batch.caption = other;
    double alike = method_case_loss(&c);
    other[2] = "a  red star"; /* the same words, but not the same caption */
    assert_true(fabs(method_case_loss(&c) - alike) > 1e-3);
    c.batch.caption = same;
    same[2] = same[4] = ""; /* blank ones belong with nobody, and are no error */
    method_case_backward(&c);
    assert_true(isfinite(c.batch.result.loss));
    assert_null(params_first_not_finite(&c.params, c.params.grad));
    method_case_release(&c);
}

/* The value whose text has the largest cosine in z, values counting alike. */
static double naive_zero_shot(const struct probe *probe, struct learner *learner, int column)
{
    enum { MOST = 16 };
    const struct column *c = &probe->data->column[column];
    double right[MOST] = {0}, asked[MOST] = {0}, sum = 0, values = 0;
    size_t d = probe->dim_z, n = c->n_values;
    float *text = xcalloc(n * d, sizeof *text);
    learner_embed_texts(learner, (const char *const *)c->value, n, text);
    for (size_t i = 0; i < probe->n_query; i++) {
        double top = -INFINITY;
        size_t best = 0;
        for (size_t v = 0; v < n; v++) {
            double ab = 0, bb = 0;
            for (size_t j = 0; j < d; j++) {
                ab += (double)probe->z[i * d + j] * (double)text[v * d + j];
                bb += (double)text[v * d + j] * (double)text[v * d + j];
            }
            if (ab / sqrt(bb) > top) {
                top = ab / sqrt(bb);
                best = v;
            }
        }
        asked[c->code[probe->query[i]]]++;
        right[c->code[probe->query[i]]] += best == c->code[probe->query[i]];
    }
    for (size_t v = 0; v < n; v++)
        if (asked[v] > 0) {
            sum += right[v] / asked[v];
            values++;
        }
    free(text);
    return sum / values;
}

static void labels_are_read_by_their_words_alone(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct tiny tiny;
        struct err err;
        struct measures measures;
        tiny_init_small(&tiny, 200, 2);
        tiny_set(&tiny, "method", names[i]);
        tiny_set(&tiny, "augment", "noise=0.05");
        tiny_set(&tiny, "batch", "32");
        struct learner *learner = tiny_learner(&tiny);
        struct probe *probe = probe_new(learner, &tiny.data, &tiny.split, 100, 80, tiny.pool, &err);
        assert_non_null(probe);
        tiny_train(learner, 150);
        probe_measure(probe, learner, &measures);
        const struct measure *label = measures_find(&measures, TERM_zero_shot, tiny.data.label);
        assert_non_null(label);
        assert_true(fabs((double)label->value - naive_zero_shot(probe, learner, tiny.data.label)) < 1e-6);
        assert_true(label->value > 0.9F && label->untrained < 0.6F && label->chance == 0.25F);
        assert_null(measures_find(&measures, TERM_zero_shot, 1)); /* captions name no identity */
        probe_free(probe);
        learner_free(learner);
        tiny_release(&tiny);
    }
}

int main(void)
{
    blas_single_thread();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_captions_it_says_what_to_do),
        cmocka_unit_test(the_logit_scale_is_learned_and_kept_in_its_limits),
        cmocka_unit_test(equal_captions_are_no_negatives),
        cmocka_unit_test(labels_are_read_by_their_words_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
