/* SPDX-License-Identifier: MIT
 *
 * bench_latency [PROGRAM [--quick|--views]]: how soon a key shows while training burns every core, through a
 * plain pty, in every view (--views: that alone), and through a line of 1 MB/s whose output takes 50 ms; what
 * the screen costs the training; what a still screen sends; how soon the first frames come. The last line on
 * stdout is one JSON object.
 * bench_latency PROGRAM --table TABLE ITEMS: how soon a moved threshold shows in views 4 and 5 of a table,
 * while the pairs are counted anew behind it; how soon the table is there; how soon q ends it in the middle
 * of that.
 * bench_latency PROGRAM --keys TABLE ITEMS: how soon each view of a table answers the keys that matter in it.
 */
#include "base/check.h"
#include "base/clock.h"
#include "space/threshold.h"
#include "support/pty.h"
#include "view/threshold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 40, COLUMNS = 120, WORD = 12 /* letters typed on the command line before it is left */ };
static const double patience = 30;

struct sample {
    double *value;
    size_t n;
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(struct sample *sample, double share)
{
    qsort(sample->value, sample->n, sizeof *sample->value, by_size);
    size_t at = (size_t)(share * (double)sample->n);
    return sample->n ? sample->value[at < sample->n ? at : sample->n - 1] : -1;
}

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench_latency: %s\n", what);
    exit(1);
}

static struct pty *start(const char *program, const struct pty_options *options, const char *pace)
{
    const char *const argv[] = {program, "--no-intro", "--pace", pace, NULL};
    return pty_start(options, argv);
}

static struct pty_options plain_line(void)
{
    return (struct pty_options){.rows = ROWS, .columns = COLUMNS, .term = "xterm-256color"};
}

static void finish(struct pty *pty)
{
    pty_send(pty, "\x03");
    pty_end(pty, patience);
    pty_free(pty);
}

static double wait_for_step(struct pty *pty, int least)
{
    double start_time = clock_seconds();
    while (screen_step(pty_screen(pty)) < least) {
        if (clock_seconds() - start_time > 4 * patience)
            give_up("the program does not train");
        pty_listen(pty, 0.002);
    }
    return clock_seconds() - start_time;
}

/* Letters on the command line, one after the other has shown, at uneven times. */
static struct sample type_letters(struct pty *pty, size_t n)
{
    struct sample sample = {xcalloc(n, sizeof(double)), 0};
    char line[WORD + 2] = ":";
    while (sample.n < n) {
        size_t typed = strlen(line) - 1;
        if (typed == 0 && pty_latency(pty, ":", " :", patience) < 0)
            give_up("the command line does not open");
        char key[2] = {(char)('a' + sample.n % 26), '\0'};
        strcat(line, key);
        double latency = pty_latency(pty, key, line, patience);
        if (latency < 0)
            give_up("a key never shows");
        sample.value[sample.n++] = latency * 1000;
        pty_listen(pty, 0.02 + 0.001 * (double)(sample.n * 37 % 50));
        if (typed + 1 == WORD) {
            pty_send(pty, "\033");
            pty_wait_gone(pty, line, patience);
            strcpy(line, ":");
        }
    }
    return sample;
}

static void measure_keys(const char *program, const struct pty_options *options, size_t n, const char *prefix)
{
    struct pty *pty = start(program, options, "0");
    wait_for_step(pty, 2);
    struct sample sample = type_letters(pty, n);
    double p50 = quantile(&sample, 0.5), p99 = quantile(&sample, 0.99);
    fprintf(stderr, "%skey to screen: p50 %.1f ms, p99 %.1f ms of %zu keys\n", *prefix ? "slow line, " : "",
            p50, p99, n);
    printf("\"%sp50_ms\": %.2f, \"%sp99_ms\": %.2f, ", prefix, p50, prefix, p99);
    free(sample.value);
    finish(pty);
}

/* The same with each view open, whatever it has the worker compute meanwhile. */
static void measure_views(const char *program, size_t n)
{
    static const char *const name[] = {"map", "pairs", "near", "threshold", "audit", "training", "time"};
    struct pty_options options = plain_line();
    options.rows = 60;
    options.columns = 200;
    struct pty *pty = start(program, &options, "0");
    wait_for_step(pty, 40); /* a history to compare with */
    for (size_t v = 0; v < ARRAY_LEN(name); v++) {
        char key[2] = {(char)('1' + v), '\0'};
        pty_send(pty, key);
        pty_listen(pty, 1);
        struct sample sample = type_letters(pty, n);
        double p50 = quantile(&sample, 0.5), p99 = quantile(&sample, 0.99), most = quantile(&sample, 1);
        fprintf(stderr, "%-9s at 200 x 60: p50 %5.1f ms, p99 %5.1f ms, most %5.1f ms of %zu keys\n", name[v],
                p50, p99, most, n);
        printf("\"%s_p99_ms\": %.2f, ", name[v], p99);
        free(sample.value);
        pty_send(pty, "\033");
        pty_listen(pty, 0.2);
    }
    finish(pty);
}

/* Bytes in two seconds in which nothing happens, once the map has come to rest. */
static void measure_still(const char *program)
{
    struct pty_options options = plain_line();
    struct pty *pty = start(program, &options, "10");
    wait_for_step(pty, 3);
    pty_send(pty, " ");
    double still = 0;
    for (int i = 0; i < 200 && still < 1; i++)
        still = pty_listen(pty, 0.1) == 0 ? still + 0.1 : 0;
    size_t bytes = pty_listen(pty, 2);
    fprintf(stderr, "a still screen sends %zu bytes in two seconds\n", bytes);
    printf("\"still_bytes\": %zu, ", bytes);
    finish(pty);
}

static void measure_start(const char *program)
{
    struct pty_options options = plain_line();
    double began = clock_seconds();
    struct pty *pty = start(program, &options, "10");
    while (screen_is_blank(pty_screen(pty)) && clock_seconds() - began < patience)
        pty_listen(pty, 0.001);
    double frame = clock_seconds() - began;
    wait_for_step(pty, 1);
    double trained = clock_seconds() - began;
    fprintf(stderr, "first frame after %.2f s, first trained frame after %.2f s\n", frame, trained);
    printf("\"first_frame_s\": %.3f, \"first_trained_frame_s\": %.3f, ", frame, trained);
    finish(pty);
}

/* Steps a second over the same stretch, between measurings, with a screen. */
static double speed_with_screen(const char *program, int from, int to)
{
    struct pty_options options = plain_line();
    struct pty *pty = start(program, &options, "0");
    wait_for_step(pty, from);
    int first = screen_step(pty_screen(pty));
    double began = clock_seconds();
    wait_for_step(pty, first + to - from); /* at full speed frames are seconds apart */
    double speed = (double)(screen_step(pty_screen(pty)) - first) / (clock_seconds() - began);
    finish(pty);
    return speed;
}

/* The same without, as low in priority as a live run's threads are: the progress line says the steps. */
static double speed_without(const char *program, const char *folder, int from, int to)
{
    char steps[16];
    snprintf(steps, sizeof steps, "%d", to);
    const char *const argv[] = {"/usr/bin/nice", "-n",      "19",  program, "train", "tiles", "-o",
                                folder,          "--steps", steps, NULL};
    struct pty_options options = plain_line();
    struct pty *pty = pty_start(&options, argv);
    double seen = 0, last = 0;
    int first = 0, latest = 0;
    /* the last steps' progress may be overwritten before it is seen: the end of the program counts too */
    for (double began = clock_seconds(); clock_seconds() - began < 4 * patience && latest < to;) {
        struct strbuf text = {0};
        int step = 0;
        bool ended = pty_end(pty, 0.005) >= 0;
        screen_text(pty_screen(pty), &text);
        const char *at = strstr(strbuf_text(&text), "step ");
        if (at && sscanf(at, "step %d", &step) == 1 && step > latest) {
            latest = step;
            last = clock_seconds();
            if (seen == 0 && step >= from) {
                seen = last;
                first = step;
            }
        }
        strbuf_release(&text);
        if (ended)
            break;
    }
    pty_end(pty, patience);
    pty_free(pty);
    return last > seen ? (latest - first) / (last - seen) : -1;
}

/* In turn, so that what else the machine does hits both. */
static void measure_cost(const char *program, int rounds, int steps)
{
    double with = 0, without = 0;
    for (int i = 0; i < rounds; i++) {
        char folder[] = "/tmp/nearfar-bench-XXXXXX", run[64], command[128];
        if (!mkdtemp(folder))
            give_up("no folder for a run");
        snprintf(run, sizeof run, "%s/run", folder);
        double a = speed_with_screen(program, 20, 20 + steps),
               b = speed_without(program, run, 20, 20 + steps);
        fprintf(stderr, "steps/s: %.1f with a screen, %.1f without\n", a, b);
        with += a;
        without += b;
        snprintf(command, sizeof command, "rm -r %s", folder);
        if (system(command) != 0)
            give_up("the run's folder cannot be removed");
    }
    printf("\"screen_cost_percent\": %.2f}\n", 100 * (1 - with / without));
}

static void wait_for(struct pty *pty, const char *text, double seconds)
{
    if (!pty_wait(pty, text, seconds))
        give_up(text);
}

/* One bin after the other, from the text of the last on. */
static void measure_threshold(struct pty *pty, const char *view, size_t n)
{
    struct sample sample = {xcalloc(n, sizeof(double)), 0};
    uint32_t bin = threshold_bin(0.05, SCORES_BINS);
    pty_send(pty, ":threshold 0.05\r");
    wait_for(pty, "threshold 0.05", patience);
    while (sample.n < n) {
        char text[32];
        bin += THRESHOLD_STEP;
        snprintf(text, sizeof text, "threshold %.3f", threshold_of_bin(bin, SCORES_BINS));
        double latency = pty_latency(pty, ")", text, patience);
        if (latency < 0)
            give_up("a threshold never shows");
        sample.value[sample.n++] = 1000 * latency;
        pty_listen(pty, 0.02 + 0.001 * (double)(sample.n * 37 % 50));
    }
    double p50 = quantile(&sample, 0.5), p99 = quantile(&sample, 0.99), most = quantile(&sample, 1);
    fprintf(stderr, "threshold moved, %s: p50 %.1f ms, p99 %.1f ms, most %.1f ms of %zu keys\n", view, p50,
            p99, most, n);
    printf("\"%s_p99_ms\": %.2f, ", view, p99);
    free(sample.value);
}

static void measure_table(const char *program, const char *table, const char *items)
{
    const char *const argv[] = {program, "explore", table, "--items", items, NULL};
    struct pty_options options = plain_line();
    options.rows = 60;
    options.columns = 200;
    double began = clock_seconds();
    struct pty *pty = pty_start(&options, argv);
    wait_for(pty, "nearest in h", 10 * patience);
    double opened = clock_seconds() - began;
    wait_for(pty, "axes: ", 10 * patience);
    double mapped = clock_seconds() - began;
    pty_send(pty, "4");
    measure_threshold(pty, "threshold", 100);
    pty_send(pty, "5");
    began = clock_seconds();
    wait_for(pty, "false match", 40 * patience);
    double counted = clock_seconds() - began;
    measure_threshold(pty, "audit", 100);
    began = clock_seconds();
    pty_send(pty, "q");
    pty_end(pty, patience);
    double ended = clock_seconds() - began;
    pty_free(pty);
    fprintf(stderr,
            "shown after %.1f s, with its map after %.1f s; pairs counted in %.1f s; ended in %.0f ms\n",
            opened, mapped, counted, 1000 * ended);
    printf("\"shown_s\": %.2f, \"map_s\": %.2f, \"counted_s\": %.1f, \"ended_ms\": %.0f}\n", opened, mapped,
           counted, 1000 * ended);
}

/* ---- keys of a table ---- */

#define RIGHT "\033[C"
#define LEFT  "\033[D"
#define DOWN  "\033[B"
#define UP    "\033[A"

/* Two keys that undo each other, after what opens them; closed by Esc. */
static const struct key_pair {
    const char *view, *name, *open, *key[2];
} key_pairs[] = {
    {"1", "map: item", "", {RIGHT, LEFT}},      {"1", "map: zoom", "", {"+", "-"}},
    {"1", "map: draw", "", {"d", "d"}},         {"1", "map: select", "", {"s", "s"}},
    {"1", "map: box", "v", {RIGHT, LEFT}},      {"1", "map: lasso", "vv", {RIGHT, LEFT}},
    {"1", "map: select same", "", {"*", "u"}},  {"1", "map: settings", "S", {DOWN, UP}},
    {"2", "pairs: row", "", {DOWN, UP}},        {"2", "pairs: page", "", {"\033[6~", "\033[5~"}},
    {"3", "near: row", "", {DOWN, UP}},         {"3", "near: item", "", {RIGHT, LEFT}},
    {"4", "threshold: bin", "", {")", "("}},    {"4", "threshold: panel", "", {"z", "z"}},
    {"5", "audit: bin", "", {")", "("}},        {"5", "audit: row", "", {DOWN, UP}},
    {"6", "training: panel", "", {"\t", "\t"}}, {"6", "training: help", "", {"?", "\033"}},
    {"7", "time: panel", "", {"\t", "\t"}},     {"7", "time: help", "", {"?", "\033"}},
};

/* What a key starts beside the screen may still write when the next is sent: those wait for a still one. */
static void settle(struct pty *pty)
{
    for (int i = 0; i < 40 && pty_listen(pty, 0.05) > 0; i++)
        ;
}

/* Milliseconds that its main thread, which draws, has worked: what a key costs whoever else works too. */
static double worked(const struct pty *pty)
{
    char path[64];
    unsigned long long ns = 0;
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pty_pid(pty));
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%llu", &ns) != 1)
        give_up(path);
    fclose(file);
    return (double)ns / 1e6;
}

static void measure_pair(struct pty *pty, const struct key_pair *pair, size_t n)
{
    struct sample sample = {xcalloc(n, sizeof(double)), 0}, cost = {xcalloc(n, sizeof(double)), 0};
    size_t mute = 0;
    pty_send(pty, pair->view);
    settle(pty);
    for (const char *at = pair->open; *at; at++) {
        pty_send(pty, (char[]){*at, '\0'});
        settle(pty);
    }
    for (size_t i = 0; i < n && mute < 4; i++) {
        double before = worked(pty), latency = pty_answer(pty, pair->key[i % 2], 1);
        if (latency >= 0)
            sample.value[sample.n++] = 1000 * latency;
        mute += latency < 0;
        settle(pty);
        cost.value[cost.n++] = worked(pty) - before;
    }
    double p50 = quantile(&sample, 0.5), p99 = quantile(&sample, 0.99), most = quantile(&sample, 1);
    fprintf(stderr, "%-18s %7.1f %7.1f %7.1f %7.1f %7.1f %6zu %6zu\n", pair->name, p50, p99, most,
            quantile(&cost, 0.5), quantile(&cost, 1), sample.n, mute);
    printf("\"%s\": %.2f, ", pair->name, p99);
    free(sample.value);
    free(cost.value);
    if (*pair->open)
        pty_send(pty, "\033");
    settle(pty);
}

static void measure_table_keys(const char *program, const char *table, const char *items)
{
    const char *const argv[] = {program, "explore", table, "--items", items, NULL};
    struct pty_options options = plain_line();
    options.rows = 60;
    options.columns = 200;
    struct pty *pty = pty_start(&options, argv);
    wait_for(pty, "axes: ", 10 * patience);
    fputs("ms until it answers     p50     p99    most worked    most   keys   mute\n", stderr);
    for (size_t i = 0; i < ARRAY_LEN(key_pairs); i++)
        measure_pair(pty, &key_pairs[i], 40);
    puts("\"keys\": 40}");
    pty_send(pty, "\x03");
    pty_end(pty, patience);
    pty_free(pty);
}

int main(int argc, char **argv)
{
    const char *program = argc > 1 ? argv[1] : "build/nearfar";
    if (argc > 4 && strcmp(argv[2], "--table") == 0) {
        printf("{");
        measure_table(program, argv[3], argv[4]);
        return 0;
    }
    if (argc > 4 && strcmp(argv[2], "--keys") == 0) {
        printf("{");
        measure_table_keys(program, argv[3], argv[4]);
        return 0;
    }
    bool quick = argc > 2 && strcmp(argv[2], "--quick") == 0;
    bool views = argc > 2 && strcmp(argv[2], "--views") == 0;
    char state[] = "/tmp/nearfar-bench-XXXXXX", command[64];
    if (!mkdtemp(state))
        give_up("no folder for the runs");
    setenv("XDG_STATE_HOME", state, 1);
    struct pty_options plain = plain_line(), slow = plain;
    slow.bytes_per_second = 1e6;
    slow.delay = 0.05;
    printf("{");
    measure_views(program, quick ? 50 : 100);
    if (views) {
        puts("\"views\": 7}");
        snprintf(command, sizeof command, "rm -r %s", state);
        return system(command) != 0;
    }
    measure_start(program);
    measure_keys(program, &plain, quick ? 100 : 500, "");
    measure_keys(program, &slow, quick ? 50 : 200, "slow_");
    measure_still(program);
    measure_cost(program, quick ? 1 : 4, quick ? 30 : 200);
    snprintf(command, sizeof command, "rm -r %s", state);
    return system(command) != 0;
}
