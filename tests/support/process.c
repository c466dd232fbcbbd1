/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "support/process.h"

#include "support/cmocka.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 64, PATIENCE_SECONDS = 300 };

static char folder[64];

int temporary_folder(void **state)
{
    char path[128];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/nearfar-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/state", folder);
    return setenv("XDG_STATE_HOME", path, 1);
}

int temporary_folder_remove(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

const char *temporary_path(void)
{
    return folder;
}

const char *in_folder(const char *name)
{
    static char paths[8][256];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void become_program(const char *const *arguments, int out, int err)
{
    const char *argv[MOST_ARGUMENTS] = {getenv("NEARFAR")};
    for (int i = 0; arguments[i] && i + 2 < MOST_ARGUMENTS; i++)
        argv[i + 1] = arguments[i];
    int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    if (argv[0])
        execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static struct started start_into(const char *stdout_path, const char *const *arguments)
{
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
        abort();
    pid_t pid = fork();
    if (pid == 0)
        become_program(arguments, stdout_path ? open(stdout_path, O_WRONLY) : out[1], err[1]);
    close(out[1]);
    close(err[1]);
    return (struct started){pid, out[0], err[0]};
}

struct started process_start(const char *const *arguments)
{
    return start_into(NULL, arguments);
}

struct process process_run_into(const char *stdout_path, const char *const *arguments)
{
    struct started started = start_into(stdout_path, arguments);
    return process_wait(&started);
}

struct text {
    char *bytes;
    size_t length;
};

/* False at the end of the file. */
static bool read_some(int fd, struct text *text)
{
    text->bytes = realloc(text->bytes, text->length + 4097);
    ssize_t n = read(fd, text->bytes + text->length, 4096);
    text->length += n > 0 ? (size_t)n : 0;
    text->bytes[text->length] = '\0';
    return n > 0;
}

struct process process_wait(struct started *started)
{
    struct text out = {0}, err = {0};
    struct pollfd fds[2] = {{started->out, POLLIN, 0}, {started->err, POLLIN, 0}};
    double until = seconds() + PATIENCE_SECONDS;
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        if (poll(fds, 2, 100) < 0 || seconds() > until)
            kill(started->pid, SIGKILL);
        if (fds[0].revents && !read_some(started->out, &out))
            fds[0].fd = -1;
        if (fds[1].revents && !read_some(started->err, &err))
            fds[1].fd = -1;
    }
    int status = 0;
    waitpid(started->pid, &status, 0);
    close(started->out);
    close(started->err);
    return (struct process){WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                            WIFSIGNALED(status) ? WTERMSIG(status) : 0, out.bytes, err.bytes};
}

struct process process_run(const char *const *arguments)
{
    struct started started = process_start(arguments);
    return process_wait(&started);
}

void process_release(struct process *process)
{
    free(process->out);
    free(process->err);
    process->out = process->err = NULL;
}

const char *write_text(const char *name, const char *text)
{
    const char *path = in_folder(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    return path;
}

static struct text read_file(const char *path)
{
    struct text text = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && read_some(fd, &text)) {
    }
    if (fd >= 0)
        close(fd);
    return text;
}

char *read_text(const char *path)
{
    return read_file(path).bytes;
}

bool same_file(const char *a, const char *b)
{
    struct text x = read_file(a), y = read_file(b);
    bool same =
        x.bytes && y.bytes && x.length > 0 && x.length == y.length && memcmp(x.bytes, y.bytes, x.length) == 0;
    free(x.bytes);
    free(y.bytes);
    return same;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool wait_for_text(const char *path, const char *text)
{
    for (double until = seconds() + PATIENCE_SECONDS; seconds() < until;) {
        char *now = read_text(path);
        bool there = now && strstr(now, text);
        free(now);
        if (there)
            return true;
        poll(NULL, 0, 2); /* nothing tells of a growing file; the content is waited for, not the time */
    }
    return false;
}
