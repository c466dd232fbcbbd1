/* SPDX-License-Identifier: MIT
 *
 * Every slip gets one line that names it, on stderr, and exit 2; help goes to stdout.
 */
#include "base/check.h"
#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void expect_line(struct process p, const char *says)
{
    size_t lines = 0;
    for (const char *c = p.err; c && *c; c++)
        lines += *c == '\n';
    if (p.exit_code != 2 || lines != 1 || !strstr(p.err, says) || (p.out && *p.out))
        fail_msg("exit %d, %zu lines, wanted '%s' in: %s", p.exit_code, lines, says, p.err);
    process_release(&p);
}

static void test_slips(void **state)
{
    (void)state;
    expect_line(RUN("train", "tiles"), "-o RUN");
    expect_line(RUN("train"), "DATA");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--stesp", "3"), "--steps is");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--steps", "many"), "whole number");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--steps", "1", "--epochs", "1"),
                "give one of them");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--set", "tau"), "name=value");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--set", "taux=1"), "taux");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--method", "nope"), "nope");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--encoder", "nope"), "nope");
    expect_line(RUN("train", "tiles", "-o", in_folder("r"), "--augment", "nope"), "nope");
    expect_line(RUN("train", in_folder("nowhere"), "-o", in_folder("r")), "nowhere");
    expect_line(RUN("train", "tiles", "tiles", "-o", in_folder("r")), "one more");
    expect_line(RUN("train", "tiles", "--output="), "--output wants a value");
    expect_line(RUN("explore", in_folder("nowhere"), "--items", ""), "--items wants a value");
    expect_line(RUN("bench", "train", "--methods", "moco"), "without methods");
    expect_line(RUN("bench", "train", "--encoder", "conv-s"), "without methods");
    expect_line(RUN("embed", "a"), "missing");
    expect_line(RUN("embed", "a", "b", "-o", in_folder("e.npy"), "--set", "tau=1"), "no setting of the data");
    expect_line(RUN("embed", "a", "b"), "-o");
    expect_line(RUN(in_folder("nowhere")), "nowhere");
    expect_line(RUN("--continue"), "no run to continue");
    expect_line(RUN("--size", "120", "--script", "x"), "120x40");
    assert_false(file_exists(in_folder("r")));
}

/* What would be passed over in silence is refused. */
static void test_options_that_need_another(void **state)
{
    (void)state;
    const char *csv = write_text("pairs.csv", "e0,e1\n0,1\n1,0\n1,1\n0,2\n");
    const char *items = write_text("who.csv", "label,group\na,x\na,x\nb,y\nb,y\n");
    expect_line(
        RUN("audit", csv, "--items", items, "--group", "group", "--relation", "label", "--method", "moco"),
        "--sensitivity");
    expect_line(
        RUN("audit", csv, "--items", items, "--group", "group", "--relation", "label", "--seeds", "2"),
        "--sensitivity");
    expect_line(RUN("compare", csv, csv, "--relation", "label"), "--items");
    expect_line(RUN("compare", csv, csv, "--unit", "label"), "--items");
}

static void test_without_a_terminal(void **state)
{
    (void)state;
    expect_line(RUN("tiles:n=50"), "nearfar train");
}

static void test_help(void **state)
{
    (void)state;
    static const char *const names[] = {NULL, "train", "embed"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct process p = names[i] ? RUN(names[i], "--help") : RUN("--help");
        assert_int_equal(p.exit_code, 0);
        assert_non_null(strstr(p.out, "--seed N"));
        assert_string_equal(p.err ? p.err : "", "");
        process_release(&p);
    }
    struct process p = RUN("--version");
    assert_int_equal(strncmp(p.out, "nearfar ", 8), 0);
    process_release(&p);
}

/* Nobody writes into it: what would open it would wait for ever. */
static void test_pipes(void **state)
{
    (void)state;
    const char *pipe = in_folder("pipe.npy");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    expect_line(RUN(pipe, "--script", "/dev/null"), "a pipe");
    expect_line(RUN("explore", pipe, "--script", "/dev/null"), "a pipe");
    expect_line(RUN("neighbours", pipe), "a pipe");
    expect_line(RUN("train", pipe, "-o", in_folder("r")), "a pipe");
    expect_line(RUN("audit", pipe, "--group", "a", "--items", write_text("i.csv", "id,a\n0,x\n")), "a pipe");
}

/* A full disk behind a redirection does not pass for success, however little or much is printed. */
static void test_full_disk(void **state)
{
    (void)state;
    const char *csv = write_text("four.csv", "0,1\n1,0\n1,1\n0,2\n"); /* few bytes: seen at the end only */
    const char *const *arguments[] = {
        (const char *const[]){"--version", NULL},
        (const char *const[]){"help", NULL},
        (const char *const[]){"audit", "--help", NULL},
        (const char *const[]){"neighbours", csv, "--k", "1", NULL},
    };
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        struct process p = process_run_into("/dev/full", arguments[i]);
        if (p.exit_code != 1 || !p.err || !strstr(p.err, "standard output") ||
            strchr(p.err, '\n') != strrchr(p.err, '\n'))
            fail_msg("%s: exit %d: %s", arguments[i][0], p.exit_code, p.err ? p.err : "");
        process_release(&p);
    }
}

static bool holds_name_with(const char *folder, const char *part)
{
    bool found = false;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));)
        found = found || strstr(e->d_name, part);
    closedir(dir);
    return found;
}

/* Where no file may grow beyond a few KB (ulimit -f) that is said in one line, and no half of one stays. */
static void test_files_that_may_not_grow(void **state)
{
    (void)state;
    struct strbuf text = {0};
    strbuf_puts(&text, "e0,e1\n");
    for (int i = 0; i < 400; i++)
        strbuf_printf(&text, "%d,%d\n", i % 37, i * i % 41);
    const char *csv = write_text("many.csv", text.text);
    strbuf_release(&text);
    static const char *const names[] = {"xy.npy", "nn.csv"};
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    few = before;
    few.rlim_cur = 2048;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
        struct process p = RUN(i == 0 ? "project" : "neighbours", csv, "-o", in_folder(names[i]));
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        if (p.exit_code < 1 || !strstr(p.err, names[i]) || !strstr(p.err, "File too large") ||
            strchr(p.err, '\n') != strrchr(p.err, '\n'))
            fail_msg("exit %d, signal %d: %s", p.exit_code, p.signal, p.err);
        process_release(&p);
        assert_false(holds_name_with(temporary_path(), names[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_options_that_need_another),
        cmocka_unit_test(test_without_a_terminal),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_pipes),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_files_that_may_not_grow),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
