/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem, ppoll */
#include "support/pty.h"

#include "base/check.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

enum { READ_BYTES = 8192, AHEAD_BYTES = 64 << 10 /* what a slow line's buffers hold */ };

/* Bytes on their way over the line. */
struct parcel {
    double due;
    size_t n;
    struct parcel *next;
    char bytes[];
};

struct pty {
    struct pty_options options;
    struct screen *screen;
    int master, slave; /* the slave stays open here so that its modes can be looked at after the end */
    pid_t pid;
    int status;
    bool ended, stopped;
    size_t bytes;
    double line_free; /* when the slow line has carried all that was given to it */
    struct parcel *first, **last;
};

static void set_environment(const struct pty_options *options)
{
    setenv("TERM", options->term, 1);
    unsetenv("COLORTERM");
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
    for (const char *const *e = options->environment; e && *e; e++) {
        const char *equals = strchr(*e, '=');
        char *name = xstrndup(*e, equals ? (size_t)(equals - *e) : strlen(*e));
        if (equals)
            setenv(name, equals + 1, 1);
        else
            unsetenv(name);
        free(name);
    }
}

static void run_child(struct pty *pty, const char *const *argv)
{
    close(pty->master);
    login_tty(pty->slave);
    set_environment(&pty->options);
    for (int number = 1; number < 32; number++)
        signal(number, SIG_DFL);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

struct pty *pty_start(const struct pty_options *options, const char *const *argv)
{
    struct pty *pty = xcalloc(1, sizeof *pty);
    struct winsize size = {.ws_row = (unsigned short)options->rows,
                           .ws_col = (unsigned short)options->columns};
    pty->options = *options;
    pty->screen = screen_new(options->rows, options->columns);
    pty->last = &pty->first;
    CHECK(openpty(&pty->master, &pty->slave, NULL, NULL, &size) == 0);
    fcntl(pty->master, F_SETFD, FD_CLOEXEC);
    fcntl(pty->master, F_SETFL, O_NONBLOCK);
    pty->pid = fork();
    CHECK(pty->pid >= 0);
    if (pty->pid == 0)
        run_child(pty, argv);
    return pty;
}

void pty_free(struct pty *pty)
{
    if (!pty->ended) {
        kill(pty->pid, SIGCONT);
        kill(pty->pid, SIGKILL);
        waitpid(pty->pid, NULL, 0);
    }
    while (pty->first) {
        struct parcel *next = pty->first->next;
        free(pty->first);
        pty->first = next;
    }
    pty_hang_up(pty);
    screen_free(pty->screen);
    free(pty);
}

void pty_hang_up(struct pty *pty)
{
    if (pty->slave >= 0)
        close(pty->slave);
    if (pty->master >= 0)
        close(pty->master);
    pty->master = pty->slave = -1;
}

static void send_bytes(struct pty *pty, const char *bytes, size_t n)
{
    for (size_t done = 0; done < n && pty->master >= 0;) {
        ssize_t wrote = write(pty->master, bytes + done, n - done);
        if (wrote < 0 && errno != EINTR && errno != EAGAIN)
            return;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
}

void pty_send(struct pty *pty, const char *text)
{
    send_bytes(pty, text, strlen(text));
}

void pty_signal(struct pty *pty, int number)
{
    kill(pty->pid, number);
}

void pty_resize(struct pty *pty, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    screen_resize(pty->screen, rows, columns);
    ioctl(pty->master, TIOCSWINSZ, &size);
}

/* The terminal's own replies; libvterm knows nothing of backgrounds. */
static void answer(struct pty *pty, const char *bytes, size_t n)
{
    char text[256];
    for (size_t got; (got = screen_answers(pty->screen, text, sizeof text)) > 0;)
        if (!pty->options.mute)
            send_bytes(pty, text, got);
    if (pty->options.light && memmem(bytes, n, "\033]11;?", 6))
        pty_send(pty, "\033]11;rgb:ffff/ffff/ffff\033\\");
}

static void deliver(struct pty *pty, double now)
{
    while (pty->first && pty->first->due <= now) {
        struct parcel *parcel = pty->first;
        screen_feed(pty->screen, parcel->bytes, parcel->n);
        answer(pty, parcel->bytes, parcel->n);
        pty->first = parcel->next;
        if (!pty->first)
            pty->last = &pty->first;
        free(parcel);
    }
}

static bool line_full(const struct pty *pty, double now)
{
    double rate = pty->options.bytes_per_second;
    return rate > 0 && pty->line_free - now > AHEAD_BYTES / rate;
}

static void collect(struct pty *pty, double now)
{
    char bytes[READ_BYTES];
    ssize_t got = read(pty->master, bytes, sizeof bytes);
    if (got <= 0)
        return;
    double rate = pty->options.bytes_per_second;
    pty->bytes += (size_t)got;
    pty->line_free = (pty->line_free > now ? pty->line_free : now) + (rate > 0 ? (double)got / rate : 0);
    struct parcel *parcel = xcalloc(1, sizeof *parcel + (size_t)got);
    memcpy(parcel->bytes, bytes, (size_t)got);
    parcel->n = (size_t)got;
    parcel->due = pty->line_free + pty->options.delay;
    *pty->last = parcel;
    pty->last = &parcel->next;
}

/* Waits for the program or the line, up to `until`. */
static void pump(struct pty *pty, double until)
{
    double now = clock_seconds(), next = until;
    if (pty->first && pty->first->due < next)
        next = pty->first->due;
    bool full = line_full(pty, now);
    if (full && now + 0.001 < next)
        next = now + 0.001;
    struct pollfd fd = {full ? -1 : pty->master, POLLIN, 0};
    double wait = next > now ? next - now : 0;
    struct timespec time = {(time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9)};
    if (ppoll(&fd, 1, &time, NULL) > 0)
        collect(pty, clock_seconds());
    deliver(pty, clock_seconds());
}

static bool wait_for(struct pty *pty, const char *text, bool there, double seconds)
{
    double end = clock_seconds() + seconds;
    while (screen_has(pty->screen, text) != there) {
        if (clock_seconds() >= end)
            return false;
        pump(pty, end);
    }
    return true;
}

bool pty_wait(struct pty *pty, const char *text, double seconds)
{
    return wait_for(pty, text, true, seconds);
}

bool pty_wait_gone(struct pty *pty, const char *text, double seconds)
{
    return wait_for(pty, text, false, seconds);
}

size_t pty_listen(struct pty *pty, double seconds)
{
    size_t before = pty->bytes;
    for (double end = clock_seconds() + seconds; clock_seconds() < end;)
        pump(pty, end);
    return pty->bytes - before;
}

static void look_after_child(struct pty *pty)
{
    int status;
    if (pty->ended || waitpid(pty->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) != pty->pid)
        return;
    pty->stopped = WIFSTOPPED(status);
    pty->ended = WIFEXITED(status) || WIFSIGNALED(status);
    pty->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool pty_wait_stopped(struct pty *pty, double seconds)
{
    for (double end = clock_seconds() + seconds; !pty->stopped && !pty->ended && clock_seconds() < end;) {
        pump(pty, clock_seconds() + 0.005);
        look_after_child(pty);
    }
    return pty->stopped;
}

int pty_end(struct pty *pty, double seconds)
{
    for (double end = clock_seconds() + seconds; !pty->ended && clock_seconds() < end;) {
        pump(pty, clock_seconds() + 0.005);
        look_after_child(pty);
    }
    if (!pty->ended)
        return -1;
    pty_listen(pty, pty->options.delay + 0.02); /* its last words */
    return pty->status;
}

const struct screen *pty_screen(const struct pty *pty)
{
    return pty->screen;
}

size_t pty_bytes(const struct pty *pty)
{
    return pty->bytes;
}

pid_t pty_pid(const struct pty *pty)
{
    return pty->pid;
}

bool pty_cooked(const struct pty *pty)
{
    struct termios modes;
    const tcflag_t wanted = ICANON | ECHO | ISIG;
    return tcgetattr(pty->slave, &modes) == 0 && (modes.c_lflag & wanted) == wanted &&
           (modes.c_oflag & OPOST);
}

double pty_latency(struct pty *pty, const char *key, const char *text, double seconds)
{
    double start = clock_seconds();
    pty_send(pty, key);
    return pty_wait(pty, text, seconds) ? clock_seconds() - start : -1;
}

double pty_answer(struct pty *pty, const char *key, double seconds)
{
    size_t before = pty->bytes;
    double start = clock_seconds();
    pty_send(pty, key);
    while (pty->bytes == before && clock_seconds() - start < seconds)
        pump(pty, start + seconds);
    return pty->bytes > before ? clock_seconds() - start : -1;
}
