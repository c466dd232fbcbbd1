/* SPDX-License-Identifier: MIT
 *
 * Run folders on the screen: what a finished run still knows of its training.
 */
#include "support/cmocka.h"

#include "base/file.h"
#include "support/program.h"
#include "support/tables.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TRAINING "tiles:n=200 --every 2 --set batch=16 --encoder 'conv 8 /2, gap, linear 8' --set query=60"

static struct program p;

static void same_file(const char *a, const char *b)
{
    char path[256];
    size_t n_a, n_b;
    struct err err;
    char *bytes_a = file_read(program_path(&p, a, path, sizeof path), 1 << 20, &n_a, &err);
    char *bytes_b = file_read(program_path(&p, b, path, sizeof path), 1 << 20, &n_b, &err);
    assert_non_null(bytes_a);
    assert_non_null(bytes_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(bytes_a, bytes_b, n_a);
    free(bytes_a);
    free(bytes_b);
}

static int setup(void **state)
{
    char path[256];
    (void)state;
    program_init(&p);
    tables_put(p.folder, "emb", 2);
    mkdir(program_path(&p, "tables", path, sizeof path), 0755);
    tables_put_items(path);
    tables_put(path, "epoch_1", 0.2);
    tables_put(path, "epoch_2", 3);
    setenv("XDG_STATE_HOME", program_path(&p, "state", path, sizeof path), 1);
    program_put(&p, "s", "type :export live.npy all\nkey Enter\nsteps 6\n");
    program_run(&p, TRAINING " --script s");
    if (p.status == 0)
        program_run(&p, "train " TRAINING " -o run --steps 6");
    return p.status;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

/* Made anew from seed and settings: the bytes that the training began with. */
static void a_finished_run_begins_with_its_untrained_net(void **state)
{
    (void)state;
    program_put(&p, "s",
                "dump map\nkey 7 g\ntype :export then.npy all\nkey Enter\nkey G\nkey 3\ndump near\n");
    program_run(&p, "explore run --script s --size 120x40 --color never");
    assert_int_equal(p.status, 0);
    same_file("live.npy", "then.npy");
    char *near = strstr(p.out, "== near ==");
    assert_non_null(near);
    assert_null(strstr(p.out, "step 0 is not there"));
    assert_non_null(strstr(near, "untrained net"));
    assert_non_null(strstr(near, "since step 2")); /* a kept one */
    assert_non_null(strstr(near, "least stable"));
}

/* ---- the line of keys ---- */

enum { LABELS = 16 };

/* The keys that the line names, entry by entry, as script names: "Left Right". The last line of the dump;
 * entries stand three cells apart, a word that is no key begins its label. */
static int named_keys(const char *dump, char entry[LABELS][64])
{
    static const struct {
        const char *shown, *keys;
    } groups[] = {{"←→", "Right Left"}, {"↑↓", "Down Up"}, {"arrows", "Right Down Left Up"}};
    static const char *const words[] = {"Enter", "Tab", "Esc"};
    char line[600], *rest = line, *part;
    const char *end = strchr(strstr(dump, "? help"), '\n'), *start = end;
    while (start[-1] != '\n')
        start--;
    snprintf(line, sizeof line, "%.*s", (int)(end - start), start);
    int n = 0;
    while ((part = strstr(rest, "   ")) || (*rest && (part = rest + strlen(rest)))) {
        char *next = *part ? part + 3 : part, *word, *at = rest;
        *part = '\0';
        rest = next;
        entry[n][0] = '\0';
        while ((word = strsep(&at, " "))) {
            const char *keys = strlen(word) == 1 ? word : NULL;
            for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                keys = strcmp(words[i], word) == 0 ? word : keys;
            for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
                keys = strcmp(groups[i].shown, word) == 0 ? groups[i].keys : keys;
            if (!keys && *word)
                break;
            if (keys)
                snprintf(entry[n] + strlen(entry[n]), 64 - strlen(entry[n]), " %s", keys);
        }
        n += entry[n][0] && n < LABELS - 1;
    }
    return n;
}

/* What ends the program or lets it train on; and S where the settings are highlighted already. */
static bool left_out(const char *keys, int view)
{
    return strcmp(keys, " q") == 0 || strcmp(keys, " Space") == 0 || strcmp(keys, " R") == 0 ||
           (view == 6 && strcmp(keys, " S") == 0);
}

/* Presses what view `view` names, each from a fresh look at it: no key may do nothing, and of each entry one
 * at least shows. */
static void keys_do_something(const char *what, int view)
{
    char entry[LABELS][64], script[300], line[400];
    snprintf(script, sizeof script, "key %d\ndump x\ndump+ y\n", view);
    program_put(&p, "s", script);
    snprintf(line, sizeof line, "%s --script s --size 200x60", what);
    program_run(&p, line);
    if (p.status != 0)
        fail_msg("%s: %s", what, p.err);
    char *before = strdup(p.out);
    int n = named_keys(before, entry);
    assert_true(n >= 2);
    for (int i = 0; i < n; i++) {
        bool shows = false;
        char all[64], *rest = all, *key;
        snprintf(all, sizeof all, "%s", entry[i] + 1);
        while (!left_out(entry[i], view) && (key = strsep(&rest, " "))) {
            snprintf(script, sizeof script, "key %d\nkey %s\ndump x\ndump+ y\n", view, key);
            program_put(&p, "s", script);
            program_run(&p, line);
            if (p.status != 0 || strstr(p.out, "does nothing here"))
                fail_msg("%s, view %d, %s: named and does nothing", what, view, key);
            shows = shows || strcmp(before, p.out) != 0;
        }
        if (!shows && !left_out(entry[i], view))
            fail_msg("%s, view %d,%s: named, and nothing is seen of it", what, view, entry[i]);
    }
    free(before);
}

static void a_named_key_does_something(void **state)
{
    (void)state;
    static const char *const feeds[] = {TRAINING, "explore run", "explore emb.npy",
                                        "explore emb.npy --items tables/items.csv", "explore tables"};
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++)
        for (int view = 1; view <= 7; view++)
            keys_do_something(feeds[i], view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finished_run_begins_with_its_untrained_net),
        cmocka_unit_test(a_named_key_does_something),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
