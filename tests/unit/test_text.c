/* SPDX-License-Identifier: MIT
 *
 * Captions to tokens, tokens to a vocabulary, texts to rows.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "nn/text.h"

#include <string.h>

static void says(const char *text, const char *const *expected, size_t n)
{
    struct token token[TEXT_MAX_TOKENS];
    size_t found = tokens_of(text, token);
    assert_int_equal(found, n);
    for (size_t i = 0; i < n; i++) {
        char spelled[TOKEN_BYTES + 1] = "";
        memcpy(spelled, token[i].byte, TOKEN_BYTES);
        assert_string_equal(spelled, expected[i]);
    }
}

static void words_and_trigrams(void **state)
{
    (void)state;
    says("A red", (const char *[]){"<a>", "<red>", "<re", "red", "ed>"}, 5);
    says(" it's 2!", (const char *[]){"<it>", "<it", "it>", "<s>", "<2>"}, 5);
    says("grün", (const char *[]){"<grün>", "<gr", "grü", "rün", "ün>"}, 5);
    says("", NULL, 0);
    says(" .,-\t", NULL, 0);
    struct token token[TEXT_MAX_TOKENS];
    assert_int_equal(tokens_of("fourteenletter", token), 15); /* 16 bytes with its marks: a token itself */
    assert_int_equal(tokens_of("fifteenletters!", token), 15);
    assert_int_equal(tokens_of("fifteenlettersx", token), 15); /* too long: its trigrams alone */
}

static void any_text_is_read(void **state)
{
    (void)state;
    struct token token[TEXT_MAX_TOKENS];
    char text[4096];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_in_range(tokens_of(text, token), 1, TEXT_MAX_TOKENS);
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = i % 3 ? (char)('a' + i % 26) : ' ';
    assert_int_equal(tokens_of(text, token), TEXT_MAX_TOKENS);
    assert_true(tokens_of("\x80\xff\xfe\xc3", token) <= TEXT_MAX_TOKENS); /* broken UTF-8 */
}

static const char *const captions[] = {"a red star", "a red disc", "a small blue star"};

static void the_vocabulary_holds_what_most_captions_have(void **state)
{
    (void)state;
    enum { ROOM = 40 };
    real table[ROOM * TOKEN_BYTES];
    uint32_t row[TEXT_MAX_TOKENS];
    size_t used = vocabulary_learn(captions, 3, ROOM, table);
    assert_int_equal(used, vocabulary_used(table, ROOM));
    assert_int_equal(used, 1 + 4 + 5 + 5 + 6 + 5); /* a red star disc small blue */
    for (size_t i = ROOM - used; i + 1 < ROOM; i++)
        assert_true(table[i * TOKEN_BYTES] <= table[(i + 1) * TOKEN_BYTES]);
    assert_int_equal(vocabulary_read(table, ROOM, "the RED star", row), 4 + 5);
    assert_int_equal(vocabulary_read(table, ROOM, "redstart", row), 4); /* <re red sta tar */
    assert_int_equal(vocabulary_read(table, ROOM, "xyz", row), 0);
    assert_int_equal(vocabulary_learn(captions, 3, 3, table), 3);
    assert_int_equal(vocabulary_read(table, 3, "a", row), 1); /* in all three */
    assert_int_equal(vocabulary_read(table, 3, "blue", row), 0);
    assert_int_equal(vocabulary_learn(captions, 0, ROOM, table), 0);
    assert_int_equal(vocabulary_used(table, ROOM), 0);
    assert_int_equal(vocabulary_read(table, ROOM, "red", row), 0);
}

static void a_text_is_its_tokens_whatever_is_beside_it(void **state)
{
    (void)state;
    struct params params = {0};
    struct text_encoder text;
    struct err err;
    assert_true(text_encoder_init(&text, 64, 8, "linear 6, relu, linear 5", "text", &params, &err));
    params_allocate(&params);
    params_init(&params, 3);
    text_encoder_learn(&text, &params, captions, 3);
    struct arena arena = {0};
    struct text_work work;
    text_take(&text, 3, &arena, &work);
    real together[15];
    memcpy(together, text_forward(&text, &params, 3, captions, &work, false), sizeof together);
    for (size_t i = 0; i < 3; i++) {
        const real *alone = text_forward(&text, &params, 1, captions + i, &work, false);
        for (size_t j = 0; j < 5; j++)
            assert_float_equal(alone[j], together[i * 5 + j], 1e-6);
    }
    const char *turned = "STAR red, a";
    const real *same = text_forward(&text, &params, 1, &turned, &work, false);
    for (size_t j = 0; j < 5; j++)
        assert_float_equal(same[j], together[j], 1e-6);
    assert_int_equal(text_words(&text, &params, "starry red qq").words, 3);
    assert_int_equal(text_words(&text, &params, "starry red qq").known, 1);
    assert_int_equal(text_words(&text, &params, "").words, 0);
    arena_release(&arena);
    text_encoder_release(&text);
    params_release(&params);
}

static void a_net_that_is_none_leaves_nothing(void **state)
{
    (void)state;
    struct params params = {0};
    struct text_encoder text;
    struct err err;
    assert_false(text_encoder_init(&text, 64, 8, "nonsense", "text", &params, &err));
    assert_non_null(strstr(err.text, "text"));
    assert_int_equal(params.n_tensors, 0);
    params_release(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_trigrams),
        cmocka_unit_test(any_text_is_read),
        cmocka_unit_test(the_vocabulary_holds_what_most_captions_have),
        cmocka_unit_test(a_text_is_its_tokens_whatever_is_beside_it),
        cmocka_unit_test(a_net_that_is_none_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
