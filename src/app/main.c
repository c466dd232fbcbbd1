/* SPDX-License-Identifier: MIT */
#include "app/options.h"
#include "app/version.h"
#include "base/check.h"
#include "math/blas.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct subcommand *command_named(const char *name)
{
    for (size_t i = 0; command_at(i); i++)
        if (strcmp(command_at(i)->entry.name, name) == 0)
            return command_at(i);
    return NULL;
}

static enum exit_code print_help(const struct subcommand *command)
{
    struct strbuf text = {0};
    options_help(command, &text);
    fputs(strbuf_text(&text), stdout);
    strbuf_release(&text);
    return EXIT_FINE;
}

/* Left alone, malloc raises this bound with every large block that is freed and then keeps such blocks: tens
 * of megabytes that were needed once, for the baselines, would stay resident for ten minutes. */
static void give_large_blocks_back(void)
{
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
}

/* JSON for which there is no memory would lose a member and not say so. */
static void *json_memory(size_t size)
{
    return xcalloc(size, 1);
}

/* A file that may grow no further (ulimit -f) is an error of the write, as a full disk is: it is said, and
 * nothing half-written stays. */
static void be_told_of_full_files(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGXFSZ, &ignore, NULL);
}

static enum exit_code run(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("nearfar " NEARFAR_VERSION);
        return EXIT_FINE;
    }
    if (argc > 1 && strcmp(argv[1], "help") == 0)
        return print_help(argc > 2 && command_named(argv[2]) ? command_named(argv[2]) : command_at(0));
    const struct subcommand *named = argc > 1 ? command_named(argv[1]) : NULL;
    const struct subcommand *command = named ? named : command_at(0);
    int skip = named ? 2 : argc > 0 ? 1 : 0;
    struct options options;
    struct err err;
    if (!options_parse(&options, command, argc - skip, argv + skip, &err))
        return complain(&options, EXIT_USAGE, &err);
    return options.help ? print_help(command) : command->run(&options);
}

/* A full disk behind a redirection must not pass for success. What failed early and was forgotten since shows
 * in ferror, what is only said when a file is closed (a quota, a network's disk) in fclose. */
static bool output_is_whole(void)
{
    errno = 0;
    bool failed = ferror(stdout) != 0 || fflush(stdout) != 0;
    if (!failed &&
        (fclose(stdout) == 0 || errno == EBADF)) /* closed by who started us; nothing was printed */
        return true;
    fprintf(stderr, "nearfar: standard output cannot be written: %s\n",
            errno ? strerror(errno) : "what was printed is not whole");
    return false;
}

int main(int argc, char **argv)
{
    give_large_blocks_back();
    json_set_alloc_funcs(json_memory, free);
    be_told_of_full_files();
    blas_single_thread();
    setlocale(LC_CTYPE, ""); /* nothing else: numbers are written with a point everywhere */
    enum exit_code code = run(argc, argv);
    return (int)(output_is_whole() ? code : EXIT_NO);
}
