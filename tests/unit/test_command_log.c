/* SPDX-License-Identifier: MIT
 *
 * At which step a key of the log stands, and what goes with it.
 */
#include "support/cmocka.h"

#include "app/command_log.h"

#include <stdlib.h>

static void expect_lines(const struct command_log *log, const char *lines)
{
    struct strbuf text = {0}, all = {0};
    command_log_print(log, NULL, &text);
    strbuf_printf(&all, COMMAND_LOG_HEAD "log 2\n%s", lines);
    assert_string_equal(strbuf_text(&text), strbuf_text(&all));
    strbuf_release(&text);
    strbuf_release(&all);
}

static void press(struct command_log *log, uint32_t code, const struct snapshot *newest)
{
    command_log_key(log, (struct key){.code = code}, 80, 24, newest, NULL);
}

/* In the past. */
static void press_there(struct command_log *log, uint32_t code, const struct snapshot *newest,
                        const struct snapshot *shown)
{
    command_log_key(log, (struct key){.code = code}, 80, 24, newest, shown);
}

static void post(struct command_log *log, enum command_kind kind, uint32_t seq)
{
    command_log_posted(log, &(struct command){.kind = kind}, seq);
}

/* The trainer has carried one out: at this step of this run, behind which is that one. */
static void carry_out(struct snapshot *newest, uint32_t seq, uint64_t step, uint64_t run, uint64_t next)
{
    newest->carried[seq % CARRIED_KEPT] = (struct carried){seq, step, run, next};
    newest->command_seq = seq;
}

/* What is typed before the screen has the new run is at its step 0, or playing would train it to where the
 * old one stood; a command is at the step at which it took effect. */
static void keys_behind_a_new_start_are_at_its_beginning(void **state)
{
    (void)state;
    struct command_log log = {0};
    const struct snapshot old = {.step = 70, .run = 1};
    struct snapshot new = {.step = 2, .run = 2};
    press(&log, '1', &old);
    press(&log, 'R', &old);
    post(&log, COMMAND_RESTART, 1);
    press(&log, '2', &old);
    press(&log, 'l', &old);
    post(&log, COMMAND_SET, 2);
    press(&log, '3', &old);
    carry_out(&new, 1, 72, 1, 2);
    carry_out(&new, 2, 1, 2, 2);
    command_log_settle(&log, &new);
    press(&log, '4', &new);
    expect_lines(&log, "resize 80x24\n@70 key 1\n@72 key R\n@0 key 2\n@1 look live\n@1 key l\n@1 key 3\n@2 "
                       "look live\n@2 key 4\n");
    command_log_release(&log);
}

/* One that was refused begins nothing. */
static void keys_behind_a_start_that_was_refused_are_where_they_were(void **state)
{
    (void)state;
    struct command_log log = {0};
    struct snapshot now = {.step = 70};
    press(&log, 'R', &now);
    post(&log, COMMAND_RESTART, 1);
    carry_out(&now, 1, 71, 0, 0);
    command_log_settle(&log, &now);
    press(&log, 'b', &now);
    command_log_posted(&log, &(struct command){.kind = COMMAND_BRANCH, .from = &now}, 2);
    carry_out(&now, 2, 71, 0, 0);
    command_log_settle(&log, &now);
    press(&log, '2', &now);
    expect_lines(&log, "resize 80x24\n@71 key R\n@71 key b\n@71 key 2\n");
    command_log_release(&log);
}

/* In the past a key is at the trainer's step, and the log says what was looked at; a branch says with what it
 * begins, and what is typed behind it is of the new run. */
static void a_key_in_the_past_says_what_was_looked_at(void **state)
{
    (void)state;
    struct command_log log = {0};
    const struct snapshot then = {.step = 20}, kept = {.step = 15};
    struct snapshot now = {.step = 31};
    struct command branch = {.kind = COMMAND_BRANCH, .from = &kept};
    press(&log, ',', &now);
    press_there(&log, 's', &now, &then);
    press_there(&log, 'w', &now, &then);
    post(&log, COMMAND_SAVE, 1);
    press_there(&log, 'b', &now, &then);
    command_log_posted(&log, &branch, 2);
    press(&log, '6', &now);
    carry_out(&now, 1, 32, 0, 0);
    carry_out(&now, 2, 32, 0, 1);
    command_log_settle(&log, &now);
    expect_lines(&log, "resize 80x24\n@31 key ,\n@31 look 20 of run 1\n@31 key s\n@32 key w\n"
                       "@32 from 15 of run 1\n@32 key b\n@15 key 6\n");
    command_log_release(&log);
}

static void back_at_the_newest_is_said(void **state)
{
    (void)state;
    struct command_log log = {0};
    const struct snapshot then = {.step = 20}, now = {.step = 31};
    press_there(&log, ',', &now, &then);
    press(&log, '1', &now);
    expect_lines(&log, "resize 80x24\n@31 look 20 of run 1\n@31 key ,\n@31 look live\n@31 key 1\n");
    command_log_release(&log);
}

/* Where training stood still there is a moment in the history; where it failed it went back. */
static void where_training_stood_is_said(void **state)
{
    (void)state;
    struct command_log log = {0};
    struct snapshot paused = {.step = 8, .status = TRAIN_PAUSED};
    const struct snapshot failed = {.step = 10, .status = TRAIN_FAILED, .failed_at = 14};
    const struct snapshot running = {.step = 11, .status = TRAIN_RUNNING};
    press(&log, '1', &paused);
    command_log_stand(&log, &paused); /* at the key's step: nothing to say */
    paused.step = 12;
    command_log_stand(&log, &paused);
    command_log_stand(&log, &paused);
    command_log_stand(&log, &failed);
    command_log_stand(&log, &failed);
    command_log_stand(&log, &running);
    press(&log, '2', &running);
    expect_lines(&log, "resize 80x24\n@8 key 1\n@12\n@14\n@11 key 2\n");
    command_log_release(&log);
}

/* Measurings go by the pace, so the log has it. */
static void the_pace_is_said(void **state)
{
    (void)state;
    struct command_log log = {0};
    struct strbuf text = {0};
    struct snapshot now = {.step = 30};
    const struct command begin = {.kind = COMMAND_PACE, .number = 10},
                         on = {.kind = COMMAND_RUN, .number = -1},
                         faster = {.kind = COMMAND_RUN, .number = 20};
    command_log_pace(&log, NULL);
    command_log_posted(&log, &begin, 1);
    carry_out(&now, 1, 0, 0, 0);
    command_log_settle(&log, &now);
    assert_false(command_log_news(&log, &now, &text)); /* nothing was typed */
    press(&log, ' ', &now);
    command_log_posted(&log, &on, 2);
    press(&log, '+', &now);
    command_log_posted(&log, &faster, 3);
    carry_out(&now, 3, 34, 0, 0);
    command_log_settle(&log, &now);
    expect_lines(&log, "@0 pace 10\nresize 80x24\n@30 key Space\n@34 key +\n@34 pace 20\n");
    strbuf_release(&text);
    command_log_release(&log);
}

/* Piece by piece it says what the whole does; what waits for its step holds back what is behind it. */
static void news_are_the_log_in_pieces(void **state)
{
    (void)state;
    struct command_log log = {0};
    struct strbuf text = {0};
    const struct snapshot old = {.step = 7};
    struct snapshot new = {.step = 12};
    assert_false(command_log_news(&log, &old, &text)); /* nothing was typed */
    press(&log, '1', &old);
    assert_true(command_log_news(&log, NULL, &text));
    press(&log, 'l', &old);
    post(&log, COMMAND_SET, 1);
    press(&log, '2', &old);
    size_t before = text.length;
    command_log_news(&log, NULL, &text);
    assert_int_equal(text.length, before);
    carry_out(&new, 1, 9, 0, 0);
    command_log_settle(&log, &new);
    assert_true(command_log_news(&log, &new, &text));
    assert_string_equal(strbuf_text(&text),
                        COMMAND_LOG_HEAD "log 2\nresize 80x24\n@7 key 1\n@9 key l\n@9 key 2\n@12\n");
    strbuf_release(&text);
    command_log_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_behind_a_new_start_are_at_its_beginning),
        cmocka_unit_test(keys_behind_a_start_that_was_refused_are_where_they_were),
        cmocka_unit_test(a_key_in_the_past_says_what_was_looked_at),
        cmocka_unit_test(back_at_the_newest_is_said),
        cmocka_unit_test(where_training_stood_is_said),
        cmocka_unit_test(the_pace_is_said),
        cmocka_unit_test(news_are_the_log_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
