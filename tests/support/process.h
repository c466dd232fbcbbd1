/* SPDX-License-Identifier: MIT
 *
 * The built program as a process: $NEARFAR with some arguments, what it printed and how it ended. A process
 * that has not ended after five minutes is killed and fails the test.
 */
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
    int exit_code;   /* -1 if a signal ended it */
    int signal;      /* 0 if none did */
    char *out, *err; /* NUL-terminated; owned: process_release */
};

/* Arguments end with NULL; the program's name is put before them. */
struct process process_run(const char *const *arguments);
void process_release(struct process *process);

#define RUN(...) process_run((const char *const[]){__VA_ARGS__, NULL})

/* Its standard output goes to a device. */
struct process process_run_into(const char *stdout_path, const char *const *arguments);

/* In two halves: what happens meanwhile is the test's. */
struct started {
    pid_t pid;
    int out, err; /* read ends */
};
struct started process_start(const char *const *arguments);
struct process process_wait(struct started *started);
#define START(...) process_start((const char *const[]){__VA_ARGS__, NULL})

/* A folder of its own for a test binary, removed at its end: setup and teardown of a cmocka group. The state
 * folder of the programs it runs lies in it. */
int temporary_folder(void **state);
int temporary_folder_remove(void **state);
const char *temporary_path(void);        /* of the folder itself; lent */
const char *in_folder(const char *name); /* a path in it; one of the last eight asked for. Lent */

const char *write_text(const char *name, const char *text); /* a file of that name in it; its path. Lent */
char *read_text(const char *path);                          /* NULL if it is not there; owned */
bool same_file(const char *a, const char *b);
bool file_exists(const char *path);
/* Waits until the file holds `text`; false after five minutes. */
bool wait_for_text(const char *path, const char *text);

#endif
