/* SPDX-License-Identifier: MIT
 *
 * Runs the program under test ($NEARFAR) in a folder of the test's own.
 */
#ifndef NF_TESTS_SUPPORT_PROGRAM_H
#define NF_TESTS_SUPPORT_PROGRAM_H

#include <stddef.h>

struct program {
    char folder[64]; /* made by program_init, with all in it removed by program_release */
    char out[1 << 19], err[2048];
    int status; /* exit code; -1: did not end by itself */
};

void program_init(struct program *program);
void program_release(struct program *program);
/* `arguments` as a shell reads them, in the folder. Fills out, err and status. */
void program_run(struct program *program, const char *arguments);
/* "<folder>/<name>" in a buffer of the caller's. */
const char *program_path(const struct program *program, const char *name, char *path, size_t size);
/* Whether the folder holds a file of this name. */
int program_has(const struct program *program, const char *name);
/* A file of the folder: written whole, read (owned), a table of floats (n, d) as npy. */
void program_put(const struct program *program, const char *name, const char *text);
char *program_get(const struct program *program, const char *name);
void program_put_table(const struct program *program, const char *name, const float *rows, size_t n,
                       size_t d);
/* Runs it; the test fails with what was said unless it ends with this exit code. */
void program_ends(struct program *program, int status, const char *arguments);

#endif
