/* SPDX-License-Identifier: MIT */
#include "app/options.h"
#include "app/version.h"
#include "math/blas.h"

#include <locale.h>
#include <malloc.h>
#include <stdio.h>
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

int main(int argc, char **argv)
{
    give_large_blocks_back();
    blas_single_thread();
    setlocale(LC_CTYPE, ""); /* nothing else: numbers are written with a point everywhere */
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return puts("nearfar " NEARFAR_VERSION) < 0;
    if (argc > 1 && strcmp(argv[1], "help") == 0)
        return (int)print_help(argc > 2 && command_named(argv[2]) ? command_named(argv[2]) : command_at(0));
    const struct subcommand *named = argc > 1 ? command_named(argv[1]) : NULL;
    const struct subcommand *command = named ? named : command_at(0);
    int skip = named ? 2 : argc > 0 ? 1 : 0;
    struct options options;
    struct err err;
    if (!options_parse(&options, command, argc - skip, argv + skip, &err))
        return (int)complain(&options, EXIT_USAGE, &err);
    if (options.help)
        return (int)print_help(command);
    enum exit_code code = command->run(&options);
    if (fflush(stdout) != 0) { /* a full disk behind a redirection must not pass for success */
        perror("nearfar: standard output");
        return EXIT_NO;
    }
    return (int)code;
}
