/* SPDX-License-Identifier: MIT
 *
 * The sentence in each state a run can be in, and at every width.
 */
#include "view/sentence.h"

#include "base/check.h"
#include "ui/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct sentence_facts learned(void)
{
    struct sentence_facts f = {.n = 3, .label = 0, .step = 120, .status = TRAIN_RUNNING, .known = true};
    f.column[0] = (struct sentence_column){"shape", 0.96F, 0.76F, 0.81F, 0.125F, false};
    f.column[1] = (struct sentence_column){"hue", 0.69F, 1, 1, 1 / 6.0F, true};
    f.column[2] = (struct sentence_column){"ground", 0.24F, 0.24F, 0.24F, 0.25F, false};
    f.colour_steps = true;
    f.std = 0.9F;
    f.rank = 29;
    f.alignment = 0.19F;
    f.uniformity = -2.9F;
    return f;
}

static void says(const struct sentence_facts *f, int width, const char *expected)
{
    char text[SENTENCE_SIZE];
    sentence_make(f, width, text);
    assert_string_equal(text, expected);
}

static void learned_it_names_what_near_means_and_what_was_lost(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    says(&f, 78, "Near now means: same shape. Hue was readable at 100 %, now at 69 (chance 17).");
    says(&f, 300,
         "Near now means: same shape. Hue was readable 100 % of the time, now 69 (chance 17): the two views "
         "disagree "
         "about it, so the loss rewards forgetting it.");
    f.colour_steps = false; /* then it does not claim to know why */
    says(&f, 300, "Near now means: same shape. Hue was readable at 100 %, now at 69 (chance 17).");
    f.column[1].value = 1;
    says(&f, 300,
         "Near now means: same hue, same shape (shape 96 %; pixels 76, untrained net 81, chance 13).");
}

static void passing_the_yardsticks_is_said_with_all_three(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.step = 40;
    f.column[0].value = 0.87F;
    says(&f, 200,
         "Step 40: shape is read better than by the untrained net or from pixels (87 against 81 and 76, "
         "chance 13).");
    says(&f, 78, "Step 40: shape beats untrained net and pixels (87 against 81, 76; chance 13).");
}

static void before_learning_it_speaks_of_the_untrained_net(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.step = 0;
    f.column[0].value = 0.81F;
    f.column[1].value = 1;
    says(&f, 100,
         "Before learning: by the untrained net near means same hue (100 % of the time, chance 17).");
}

static void what_stops_helping_is_named_before_the_label_is_learned(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.step = 12;
    f.column[0].value = 0.8F;
    f.column[1].value = 0.7F;
    says(&f, 78, "Step 12. Hue stops helping: the two views disagree about it.");
}

static void learning_nothing_is_said_plainly(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.step = 300;
    f.column[0].value = 0.55F;
    f.column[1].value = 1;
    says(
        &f, 120,
        "Step 300: near means same hue. Shape is not learned yet: 55 % against pixels 76, untrained net 81.");
    f.column[0].value = f.column[0].untrained = 0.13F;
    f.column[1].value = f.column[1].untrained = 0.18F;
    says(&f, 120,
         "Step 300: near means none of the attributes yet; each is read little better than by chance.");
}

static void collapse_comes_before_everything_measured(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.std = 0.02F;
    says(&f, 150,
         "Collapse: all pictures land on one point (std x sqrt d 0.02). Near means nothing now, whatever the "
         "loss "
         "says.");
    f.std = 0.8F;
    f.rank = 1.2F;
    says(&f, 80, "Collapse: all pictures land on one line (1.2 dimensions used).");
}

static void without_attributes_it_speaks_of_the_space(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.n = 0;
    f.label = -1;
    says(&f, 78, "Two views of one picture are 0.19 apart (0 alike, 2 unrelated), spread −2.9.");
    f.alignment = NAN;
    says(&f, 40, "No attribute says what near means.");
}

static void a_failure_and_the_preparation_say_so(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.status = TRAIN_FAILED;
    f.message = "the loss is not finite at step 121";
    says(&f, 100, "Training stopped: the loss is not finite at step 121. Shown is the last good state.");
    f = (struct sentence_facts){.label = -1, .status = TRAIN_PREPARING, .message = "measuring the pixels"};
    says(&f, 100, "Measuring the pixels");
    f.message = "";
    says(&f, 20, "Preparing.");
    f.reading = "e.npy";
    says(&f, 100, "Reading e.npy.");
}

static void an_attribute_with_missing_yardsticks_prints_no_number_for_them(void **state)
{
    (void)state;
    struct sentence_facts f = learned();
    f.n = 1;
    f.column[0].pixels = NAN;
    f.column[0].value = 0.87F;
    says(&f, 100, "Near now means: same shape.");
}

static void every_width_is_kept(void **state)
{
    (void)state;
    struct sentence_facts facts[] = {learned(), learned(), learned(), {.label = -1}};
    facts[1].status = TRAIN_FAILED;
    facts[1].message = "ein ziemlich langer Grund mit Umläuten";
    facts[2].n = 0;
    facts[2].label = -1;
    for (size_t k = 0; k < ARRAY_LEN(facts); k++)
        for (int width = 1; width < 200; width++) {
            char text[SENTENCE_SIZE];
            sentence_make(&facts[k], width, text);
            assert_true(text_width(text) <= width);
            assert_true(text[0] != '\0');
        }
}

static void the_intro_begins_with_the_pixels(void **state)
{
    (void)state;
    char text[SENTENCE_SIZE];
    struct sentence_story story = {1, "hue", "shape", 0.97F, 1000};
    sentence_intro(&story, 90, text);
    assert_string_equal(text, "Before learning. 1 000 pictures by their pixels: near means same hue.");
    story.order = NAN; /* then nothing is claimed */
    sentence_intro(&story, 90, text);
    assert_string_equal(text, "Before learning. 1 000 pictures by their pixels.");
    story = (struct sentence_story){3, "shape", "shape", 0.3F, 1000};
    sentence_intro(&story, 120, text);
    assert_string_equal(
        text, "By shape there is no order. The network is told one thing only: these two are the same "
              "picture.");
    story.order = 0.8F;
    sentence_intro(&story, 30, text);
    assert_string_equal(text, "By shape there is some order.");
    story.label = "";
    sentence_intro(&story, 50, text);
    assert_string_equal(text, "All it is told: these two are one picture.");
}

static void verdicts_need_yardsticks(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(0.9F, 0.7F, 0.8F, 0.1F, 0.01F), VERDICT_UP);
    assert_int_equal(verdict_of(0.75F, 0.7F, 0.8F, 0.1F, 0.01F), VERDICT_DOWN);
    assert_int_equal(verdict_of(0.805F, 0.7F, 0.8F, 0.1F, 0.01F), VERDICT_SAME);
    assert_int_equal(verdict_of(0.85F, 0.9F, 0.8F, 0.1F, 0.01F), VERDICT_SAME);
    assert_int_equal(verdict_of(0.9F, NAN, NAN, NAN, 0.01F), VERDICT_NONE);
    assert_int_equal(verdict_of(NAN, 0.7F, 0.8F, 0.1F, 0.01F), VERDICT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learned_it_names_what_near_means_and_what_was_lost),
        cmocka_unit_test(passing_the_yardsticks_is_said_with_all_three),
        cmocka_unit_test(before_learning_it_speaks_of_the_untrained_net),
        cmocka_unit_test(what_stops_helping_is_named_before_the_label_is_learned),
        cmocka_unit_test(learning_nothing_is_said_plainly),
        cmocka_unit_test(collapse_comes_before_everything_measured),
        cmocka_unit_test(without_attributes_it_speaks_of_the_space),
        cmocka_unit_test(a_failure_and_the_preparation_say_so),
        cmocka_unit_test(an_attribute_with_missing_yardsticks_prints_no_number_for_them),
        cmocka_unit_test(every_width_is_kept),
        cmocka_unit_test(the_intro_begins_with_the_pixels),
        cmocka_unit_test(verdicts_need_yardsticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
