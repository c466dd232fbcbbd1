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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_behind_a_new_start_are_at_its_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
