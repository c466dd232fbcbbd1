/* SPDX-License-Identifier: MIT
 *
 * At which step a key of the log stands.
 */
#include "support/cmocka.h"

#include "app/command_log.h"

#include <stdlib.h>

static void expect_lines(const struct command_log *log, const char *lines)
{
    struct strbuf text = {0};
    command_log_print(log, NULL, &text);
    assert_string_equal(strbuf_text(&text), lines);
    strbuf_release(&text);
}

static void press(struct command_log *log, uint32_t code, const struct snapshot *shown)
{
    command_log_key(log, (struct key){.code = code}, 80, 24, shown);
}

/* What is typed before the screen has the new run is at its step 0, or playing would train it to where the
 * old one stood; a setting is at the step at which it took effect. */
static void keys_behind_a_new_start_are_at_its_beginning(void **state)
{
    (void)state;
    struct command_log log = {0};
    const struct snapshot old = {.step = 70, .run = 1};
    struct snapshot new = {.step = 2, .run = 2, .command_seq = 2};
    new.settings.n = 1;
    new.settings.item[0] = (struct setting){.name = "tau", .changed_at = 1};
    press(&log, '1', &old);
    press(&log, 'R', &old);
    command_log_posted(&log, &(struct command){.kind = COMMAND_RESTART}, 1);
    press(&log, '2', &old);
    press(&log, 'l', &old);
    command_log_posted(&log, &(struct command){.kind = COMMAND_SET, .name = "tau"}, 2);
    press(&log, '3', &old);
    command_log_settle(&log, &new, 72);
    press(&log, '4', &new);
    expect_lines(&log, "resize 80x24\n@70 key 1\n@72 key R\n@0 key 2\n@1 key l\n@0 key 3\n@2 key 4\n");
    command_log_release(&log);
}

/* Piece by piece it says what the whole does; what waits for its step holds back what is behind it. */
static void news_are_the_log_in_pieces(void **state)
{
    (void)state;
    struct command_log log = {0};
    struct strbuf text = {0};
    const struct snapshot old = {.step = 7};
    struct snapshot new = {.step = 12, .command_seq = 1};
    new.settings.n = 1;
    new.settings.item[0] = (struct setting){.name = "tau", .changed_at = 9};
    assert_false(command_log_news(&log, &old, &text)); /* nothing was typed */
    press(&log, '1', &old);
    assert_true(command_log_news(&log, NULL, &text));
    press(&log, 'l', &old);
    command_log_posted(&log, &(struct command){.kind = COMMAND_SET, .name = "tau"}, 1);
    press(&log, '2', &old);
    size_t before = text.length;
    command_log_news(&log, &old, &text);
    assert_int_equal(text.length, before);
    command_log_settle(&log, &new, 12);
    assert_true(command_log_news(&log, &new, &text));
    assert_string_equal(strbuf_text(&text),
                        COMMAND_LOG_HEAD "resize 80x24\n@7 key 1\n@9 key l\n@7 key 2\n@12\n");
    strbuf_release(&text);
    command_log_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_behind_a_new_start_are_at_its_beginning),
        cmocka_unit_test(news_are_the_log_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
