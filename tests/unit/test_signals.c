/* SPDX-License-Identifier: MIT */
#include "app/signals.h"

#include "support/cmocka.h"

#include <signal.h>

/* Under nohup, or in the background of a script, what was ignored goes on being ignored. */
static void what_was_ignored_stays_ignored(void **state)
{
    (void)state;
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signals_catch(NULL);
    raise(SIGHUP);
    raise(SIGINT);
    assert_int_equal(signals_caught(), 0);
    raise(SIGTERM);
    assert_int_equal(signals_caught(), SIGTERM);
    signals_release();
    raise(SIGHUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_ignored_stays_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
