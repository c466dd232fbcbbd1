/* SPDX-License-Identifier: MIT
 *
 * nearfar explore ($NEARFAR) on a table large enough that neighbours and pairs of all items take seconds: how
 * far they are stands on the screen, Esc stops them, another view too, and the program ends at once in the
 * middle of them.
 */
#include "base/check.h"
#include "base/rng.h"
#include "data/npy.h"
#include "support/cmocka.h"
#include "support/program.h"
#include "support/pty.h"

#include <stdio.h>
#include <stdlib.h>

enum { ITEMS = 50000, DIM = 128 };
static const double patience = 60, at_once = 15; /* seconds; only a failing test waits so long */
static struct program p;

static int setup(void **state)
{
    char path[256];
    struct err err;
    (void)state;
    program_init(&p);
    float *rows = xcalloc((size_t)ITEMS * DIM, sizeof *rows);
    struct rng rng = rng_at(1, RNG_SAMPLE, 0, 0, 0);
    for (size_t i = 0; i < (size_t)ITEMS * DIM; i++)
        rows[i] = (float)rng_uniform(&rng) - 0.5F;
    bool fine = npy_write(program_path(&p, "e.npy", path, sizeof path), rows, ITEMS, DIM, &err);
    free(rows);
    FILE *file = fopen(program_path(&p, "items.csv", path, sizeof path), "w");
    if (!fine || !file)
        return -1;
    fputs("label,light\n", file);
    for (int i = 0; i < ITEMS; i++)
        fprintf(file, "k%d,%s\n", i % 5, i % 7 ? "bright" : "dim");
    return fclose(file);
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

static struct pty *start(void)
{
    char path[256], known[256];
    const char *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    struct pty_options options = {
        .rows = 24, .columns = 80, .term = "xterm-256color", .environment = environment};
    const char *argv[] = {getenv("NEARFAR"),
                          "explore",
                          program_path(&p, "e.npy", path, sizeof path),
                          "--items",
                          program_path(&p, "items.csv", known, sizeof known),
                          NULL};
    return pty_start(&options, argv);
}

static void shows(struct pty *pty, const char *text)
{
    if (!pty_wait(pty, text, patience))
        fail_msg("'%s' is not there", text);
}

static void ends(struct pty *pty, const char *key)
{
    pty_send(pty, key);
    assert_int_equal(pty_end(pty, at_once), 0);
    pty_free(pty);
}

static void neighbours_are_stopped_and_begun_again(void **state)
{
    (void)state;
    struct pty *pty = start();
    shows(pty, "axes: label");
    pty_send(pty, "3");
    shows(pty, " left   Esc stops it");
    pty_send(pty, ":item 7\r"); /* keys and quick answers go on beside it */
    shows(pty, "item 7 ");
    shows(pty, "Esc stops it");
    pty_send(pty, "\033");
    shows(pty, "r begins again");
    pty_send(pty, "r");
    shows(pty, "Esc stops it");
    pty_send(pty, "1"); /* nobody asks for it there */
    assert_true(pty_wait_gone(pty, "Esc stops it", patience));
    pty_send(pty, "3");
    shows(pty, "Esc stops it");
    ends(pty, "q");
}

static void pairs_of_an_audit_are_stopped_and_left(void **state)
{
    (void)state;
    struct pty *pty = start();
    shows(pty, "axes: label");
    pty_send(pty, "5");
    shows(pty, " left   Esc stops it");
    assert_false(pty_wait(pty, "Evidence", 0)); /* nothing is said before all is counted */
    pty_send(pty, "\033");
    shows(pty, "counting pairs: stopped at");
    pty_send(pty, "r");
    shows(pty, "Esc stops it");
    ends(pty, "\003");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_are_stopped_and_begun_again),
        cmocka_unit_test(pairs_of_an_audit_are_stopped_and_left),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
