/* SPDX-License-Identifier: MIT
 *
 * What a newcomer with nothing but ? sets out to do, as keys in and what the screen then says. Each is a few
 * keys long; the hint line and the line of keys of each view name them.
 */
#include "support/cmocka.h"
#include "support/process.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL                                                                                                \
    "tiles:n=150", "--set", "batch=32", "--set", "bank=40", "--set", "query=40", "--every", "5",             \
        "--encoder", "conv 8 /2, norm, relu, gap, linear 16"

static struct process play(const char *script, const char *size)
{
    struct process p = RUN(SMALL, "--script", write_text("script", script), "--size", size);
    if (p.exit_code != 0)
        fail_msg("exit %d: %s", p.exit_code, p.err);
    return p;
}

/* One dump of the output, as a text of its own. */
static char *dump(const struct process *p, const char *name)
{
    char head[40];
    snprintf(head, sizeof head, "== %s ==", name);
    char *from = strstr(p->out, head);
    if (!from)
        fail_msg("no dump %s", name);
    char *text = strdup(from + strlen(head)), *end = strstr(text, "\n== ");
    if (end)
        *end = '\0';
    return text;
}

static void shows(const struct process *p, const char *name, const char *part)
{
    char *text = dump(p, name);
    if (!strstr(text, part))
        fail_msg("%s does not say \"%s\": %s", name, part, text);
    free(text);
}

/* How often a part stands in a dump. */
static int times(const struct process *p, const char *name, const char *part)
{
    int n = 0;
    char *text = dump(p, name);
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        n++;
    free(text);
    return n;
}

static void shows_not(const struct process *p, const char *name, const char *part)
{
    if (times(p, name, part) > 0)
        fail_msg("%s says \"%s\"", name, part);
}

/* Rows of the list above the first that is marked "=": the same, and pushed apart all the same. */
static int rows_above_the_false(const char *list)
{
    const char *head = strstr(list, "alike softmax"), *line = head ? strchr(head, '\n') : NULL;
    int above = 0;
    for (; line && strncmp(line, "\n = ", 4) != 0; above++)
        line = strchr(line + 1, '\n');
    return line ? above : -1;
}

/* ? begins with what people set out to do, at every size; of a table only with what it can do. */
static void help_begins_with_what_one_sets_out_to_do(void **state)
{
    (void)state;
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (int i = 0; i < 3; i++) {
        struct process p =
            play("steps 5\nkey 7 ?\ndump help\ntype /branch\nkey Enter\ndump found\n", sizes[i]);
        shows(&p, "help", "how to\n  hard negatives");
        shows(&p, "help", "7, PgUp: 100 steps back. S, ");
        shows(&p, "found", "go back, branch");
        shows_not(&p, "found", "hard negatives");
        process_release(&p);
    }
    struct process p = RUN("explore", write_text("t.csv", "a,b\n1,2\n2,1\n0,3\n"), "--size", "80x24",
                           "--script", write_text("script", "key ?\ndump help\n"));
    shows(&p, "help", "what is near");
    shows_not(&p, "help", "go back, branch");
    shows_not(&p, "help", "hard negatives");
    process_release(&p);
}

/* 2: the item's own pairs, the hardest negatives first; one that is marked is looked at, and said to be
 * false if the item were trained on. */
static void the_hardest_negative_of_an_item(void **state)
{
    (void)state;
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (int i = 0; i < 3; i++) {
        char script[400] = "steps 10\nkey 2\ndump list\nkey ";
        struct process p = play("steps 10\nkey 2\ndump list\n", sizes[i]);
        char *list = dump(&p, "list");
        int above = rows_above_the_false(list);
        assert_non_null(strstr(list, "this item"));
        assert_non_null(strstr(list, "step 10: ")); /* of which batch, and whether it is a false one, above */
        assert_int_equal(strstr(list, ", false") != NULL, above == 1);
        assert_non_null(strstr(list, "held out"));
        assert_non_null(strstr(list, "last 10 batches: false in ")); /* how steady that is */
        assert_in_range(above, 1, 15);
        for (int row = 0; row < above; row++)
            strcat(script, "Down ");
        strcat(script, "\ndump pair\n");
        free(list);
        process_release(&p);
        p = play(script, sizes[i]);
        shows(&p, "pair", "would be "); /* it is not in the batch */
        process_release(&p);
    }
}

/* How steady the hardest negative is follows from the steps alone: not from what was looked at before, or
 * when. */
static void steadiness_is_of_the_steps(void **state)
{
    (void)state;
    static const char *const ways[] = {"steps 30\nkey :\ntype item 25\nkey Enter 2\ndump list\n",
                                       "steps 3\nkey Right 2\nsteps 8\nkey 3 1\nsteps 7\nsteps 12\nkey "
                                       ":\ntype item 25\nkey Enter 2\ndump list\n"};
    char line[2][120];
    for (int i = 0; i < 2; i++) {
        struct process p = play(ways[i], "120x40");
        char *list = dump(&p, "list"), *at = strstr(list, "last 20 batches: false in ");
        assert_non_null(at);
        snprintf(line[i], sizeof line[i], "%.*s", (int)strcspn(at, "\n│"), at);
        assert_non_null(strstr(line[i], "); ")); /* and who it is in the last one */
        free(list);
        process_release(&p);
    }
    assert_string_equal(line[0], line[1]);
}

/* What is looked at large, and what m is about, stays while batches come and go; the next is one key away. */
static void a_pair_stays_while_training_goes_on(void **state)
{
    (void)state;
    struct process p = play("steps 5\nkey 2 Right Right Right\ndump list\nkey Enter\ndump before\nsteps 10\n"
                            "dump after\nkey m\ndump menu\nsteps 5\nkey Enter\ndump marked\n"
                            "key Esc\ndump back\nkey Esc\ndump live\n",
                            "120x40");
    int a, b;
    char *before = dump(&p, "before"), pair[60], title[2][32];
    const char *row = strstr(before, "wrong way\n");
    assert_non_null(row);
    assert_int_equal(sscanf(row, "wrong way\n %d %*[^\n]\n %d", &a, &b), 2);
    free(before);
    snprintf(title[0], sizeof title[0], "\n %d ", a);
    snprintf(title[1], sizeof title[1], "\n %d ", b);
    shows(&p, "after", title[0]);
    shows(&p, "after", title[1]);
    shows(&p, "after", "list of step 5");
    snprintf(pair, sizeof pair, "mark items %d and %d", a, b);
    shows(&p, "menu", pair);
    snprintf(pair, sizeof pair, "items %d and %d: same", a, b);
    shows(&p, "marked", pair);
    shows(&p, "back", "pairs   = same shape");
    shows(&p, "back", "list of step 5, Esc: live");
    shows_not(&p, "live", "Esc: live");
    process_release(&p);
}

/* From a pair of the batch to the negatives of its anchor, which is on no map, and back. */
static void a_pair_leads_to_an_item_s_own_list(void **state)
{
    (void)state;
    struct process p =
        play("steps 5\nkey 2 Right Right\ndump list\nkey Enter\ndump pair\nkey Enter\ndump own\n"
             "steps 5\nkey Down\ndump on\nkey Esc\ndump back\n",
             "80x24");
    char *list = dump(&p, "list"), title[40];
    const char *again = strstr(list, "again: ");
    int item = again ? atoi(again + strlen("again: ")) : -1;
    free(list);
    assert_true(item >= 0);
    snprintf(title, sizeof title, "Enter: %d's own list", item);
    shows(&p, "pair", title);
    snprintf(title, sizeof title, "item %d  list 1 of 7", item);
    shows(&p, "own", title);
    shows(&p, "own", "its positive");
    shows(&p, "own", "1 positive, 31 negatives");
    shows(&p, "on", title);
    snprintf(title, sizeof title, "of %d's 31", item);
    shows(&p, "on", title);
    shows(&p, "back", "hardest negatives  list 3 of 7");
    process_release(&p);
}

/* t from the map: typed, and what it does is said there as soon as the pairs are counted; 4 shows it; u takes
 * it back. */
static void the_threshold_at_a_false_match_rate(void **state)
{
    (void)state;
    struct process p =
        play("steps 5\nkey t\ntype fmr 5%\nkey Enter\ndump said\nkey 4\ndump view\n"
             "key t\ntype 0.5\nkey Enter\ndump other\nkey u\ndump back\nkey Ctrl-R\ndump again\n",
             "120x40");
    shows(&p, "said", " at step 5: FMR ");
    shows(&p, "said", "called the same, are not");
    shows(&p, "view", "locked: FMR at most 5 %");
    shows(&p, "view", "FMR");
    shows(&p, "other", "fixed at 0.5");
    shows(&p, "back", "locked: FMR at most 5 %");
    shows(&p, "again", "fixed at 0.5");
    process_release(&p);
}

/* The line of the run ends at the newest step and not where the screen stands. */
static void ends_at_the_newest(const struct process *p, const char *name)
{
    char *text = dump(p, name);
    assert_true(strstr(text, "┥ 20") || strstr(text, "▲ 20")); /* an event may stand at the end */
    assert_null(strstr(text, " live"));
    free(text);
}

/* A row of "what differs": its name and the two values, whatever stands between them. */
static void differs(const struct process *p, const char *dumped, const char *name, const char *then,
                    const char *now)
{
    char *text = dump(p, dumped), a[40] = "", b[40] = "";
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        for (const char *row = line; (row = strstr(row, name)); row += strlen(name))
            if (sscanf(row + strlen(name), " %39s %39s", a, b) == 2 && strcmp(a, then) == 0 &&
                strcmp(b, now) == 0) {
                free(text);
                return;
            }
    }
    free(text);
    fail_msg("%s: no row \"%s %s %s\"", dumped, name, then, now);
}

/* 7, back, S, another temperature, b: said before it begins, trained beside the run it left, and compared
 * with it at one step, also where the branch is longer than that run. */
static void back_in_time_and_another_temperature(void **state)
{
    (void)state;
    static const char script[] =
        "steps 5\nsteps 5\nsteps 5\nsteps 5\nkey 7\ndump start\ntype :goto +9223372036854775807\nkey Enter\n"
        "dump far\ntype :goto -8\nkey Enter\ndump went\n"
        "key S\ndump past\nkey Right\ndump turned\nkey b\ndump branched\nsteps 5\ndump shorter\n"
        "steps 15\ndump longer\nkey D PgDn\ndump words\nkey Esc\n"
        "type :branch warmer\nkey Enter\ndump named\nkey Up Enter\ndump back\n";
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (int i = 0; i < 3; i++) {
        struct process p = play(script, sizes[i]);
        shows(&p, "start", "PgUp: 100 steps back");
        shows(&p, "far", "goto: a step (150)");
        shows(&p, "went", "step 10, the kept one nearest to 12; 10 before the end; b: branch from st");
        shows(&p, "past", "past step 10");
        if (i > 0) /* at 80 columns there is no room for it */
            ends_at_the_newest(&p, "past");
        shows(&p, "turned", "was 0.2");
        shows(&p, "turned", "b: branch from step 10: temperature 0.2 → 0.25");
        shows(&p, "branched", "run 2 from step 10: temperature 0.2 → 0.25.");
        shows(&p, "branched", "what differs from run 1 is told from");
        shows(&p, "shorter", "at step 15");
        differs(&p, "shorter", "temperature", "0.2", "0.25");
        shows(&p, "longer", "step 30, live");
        shows(&p, "longer", "at step 20");
        differs(&p, "longer", "at step 20", "run", "1");
        differs(&p, "longer", "temperature", "0.2", "0.25");
        shows(&p, "longer", "threshold at FMR 1 %");
        shows(&p, "longer", "neighbours in common");
        shows(&p, "words", "Settings: temperature 0.2 → 0.25.");
        shows(&p, "named", "warmer");
        shows(&p, "back", "run 1");
        process_release(&p);
    }
}

/* Only what is drawn differs: said as what it is; of another seed no item is watched by both. */
static void what_chance_alone_does(void **state)
{
    (void)state;
    static const char script[] =
        "steps 20\nkey 7 PgUp S Right\ndump other\ntype :set draws 2\nkey Enter\ntype :set tau 0.2\n"
        "key Enter b\nsteps 20\ndump chance\ntype :set seed 2\nkey Enter R\nsteps 20\n"
        "key Esc 7\ndump seed\nkey B\ndump chosen\n";
    struct process p = play(script, "120x40");
    shows(&p, "other", "b: branch from step 0: temperature 0.2 → 0.25");
    differs(&p, "chance", "draws", "0", "2");
    shows(&p, "chance", "only what was drawn differs: what chance does");
    shows(&p, "chance", "what differs at step 20");
    shows_not(&p, "seed", "neighbours in common");
    shows(&p, "chosen", "watches other items: another seed");
    shows_not(&p, "chosen", "neighbours in common");
    process_release(&p);
}

/* The number in the n-th column of a row, from 0, of the panel that has one. */
static double in_column(const struct process *p, const char *dumped, const char *name, int n)
{
    char *text = dump(p, dumped), *row = strstr(text, name), *end = row ? row + strlen(name) : NULL;
    double value = NAN;
    for (int i = 0; end && i <= n; i++)
        value = strtod(end, &end);
    if (!end)
        fail_msg("%s: no row %s", dumped, name);
    free(text);
    return value;
}

/* A branch, the run it left and what chance makes of that stand side by side, whichever of the two came last,
 * and a row goes beyond chance where it is further from the first column than the third is. */
static void chance_stands_beside_a_branch(void **state)
{
    (void)state;
    static const char script[] =
        "steps 40\nkey 7\ntype :goto 20\nkey Enter\ntype :set tau 1\nkey Enter b\nsteps 30\ndump alone\n"
        "type :chance\nkey Enter\nsteps 30\ndump three\nkey D\ndump words\nkey Esc B Up Up\ndump chosen\n"
        "type :chance\nkey Enter\nsteps 30\ndump more\nkey B Up Up Up Enter\ndump shown\n";
    struct process p = play(script, "120x40"), small = play(script, "80x24");
    shows(&p, "alone", ":chance trains run 1");
    shows(&p, "three", "run 1    run 2    run 3");
    differs(&p, "three", "temperature", "0.2", "1");
    assert_true(in_column(&p, "three", "temperature  ", 2) == 0.2);
    assert_true(in_column(&p, "three", " draws  ", 2) == 2);
    shows(&p, "three", "run 3 is run 1 with other draws");
    shows(&p, "words", "By chance: in run 3 nothing but what is drawn differs from run 1.");
    shows(&p, "words", "(by chance ");
    shows(&p, "chosen", "run 1    run 2    run 3");
    shows(&p, "shown", "run 1 from step 40: same settings. Space trains it"); /* looked at: it waits */
    shows(&p, "shown", "paused");
    shows(&p, "more", "run 4 and 1 more are run 1 with other draws");
    assert_true(in_column(&p, "three", "neighbours in common", 1) < 1); /* draws 1 is what seed 1 drew */
    static const char *const rows[] = {"spread ", "similarity of positives "};
    for (size_t i = 0; i < 2; i++) {
        double was = in_column(&p, "three", rows[i], 0), is = in_column(&p, "three", rows[i], 1),
               chance = in_column(&p, "three", rows[i], 2);
        char *text = dump(&p, "three"), *at = strstr(text, rows[i]),
             *as = strstr(text, "chance goes as far:"), *within = strstr(text, "no more than they wobble");
        if (as && at > as && at < within)
            assert_true(fabs(is - was) <= fabs(chance - was) + 0.011);
        else if (at < within)
            assert_true(fabs(is - was) >= fabs(chance - was) - 0.011);
        free(text);
    }
    shows_not(&small, "three", "run 3 is"); /* no room for a column: the verdicts are there all the same */
    shows(&small, "three", "run 1    run 2");
    shows_not(&small, "three", "by ch");
    process_release(&p);
    process_release(&small);
}

/* However long the branch goes on and however little is kept, it is compared at the last step both had. */
static void thinning_takes_no_comparison_back(void **state)
{
    (void)state;
    static const char script[] =
        "steps 40\nkey 7\ntype :goto 20\nkey Enter\nkey S Right b\nsteps 20\ndump level\n"
        "steps 400\ndump later\ntype :chance\nkey Enter\nsteps 400\ntype :chance\nkey Enter\nsteps 30\ndump "
        "two\n";
    struct process p =
        RUN(SMALL, "--history", "1M", "--script", write_text("script", script), "--size", "120x40");
    shows(&p, "level", "what differs at step 40");
    shows(&p, "later", "what differs at step 40");
    shows(&p, "later", "; run 1 ends at 40");
    shows(&p, "two", "run 4 and 1 more are run 1 with other draws");
    process_release(&p);
}

/* Who has walked back finds the last event before highlighted, not the newest of the run. */
static void the_events_go_along(void **state)
{
    (void)state;
    struct process p = play(
        "steps 5\nsteps 5\nsteps 5\nsteps 5\nkey 7 , ,\ndump back\nkey ,\nkey Enter\ndump event\n", "120x40");
    shows(&p, "back", "step 10, 10 before the end");
    shows(&p, "event", "step 0, the first; 20 before the end");
    process_release(&p);
}

/* What is turned in the past is the branch's alone: the run that is live neither trains with it nor tells of
 * it, and it can be taken back. */
static void what_is_turned_in_the_past_is_the_branch_s(void **state)
{
    (void)state;
    static const char script[] =
        "steps 5\nsteps 5\nkey 7 , S Right\ndump turned\nkey u\ndump undone\nkey Ctrl-R Esc G S\n"
        "dump live\nsteps 5\ndump on\nkey Esc g S\ndump again\ntype :set tau 9000\nkey Enter\n"
        "dump refused\ntype :method byol\nkey Enter\ndump method\nkey b\ndump branch\nkey u\nsteps 1\n"
        "dump taken\n";
    struct process p = play(script, "120x40"), q;
    shows(&p, "turned", "temperature 0.2 → 0.25");
    assert_int_equal(times(&p, "turned", "0.2 → 0.25"), 2); /* the hint and the panel: no event */
    shows(&p, "undone", "in the branch to come");
    shows(&p, "undone", "temperature     ◂ 0.2 ▸");
    shows(&p, "live", "temperature     ◂ 0.2 ▸");
    shows(&p, "on", "temperature     ◂ 0.2 ▸");
    shows_not(&p, "on", "0.25");
    shows(&p, "again", "◂ 0.25 ▸ was 0.2");
    shows(&p, "refused", "◂ 0.25 ▸ was 0.2");
    shows(&p, "method", "a branch keeps the method it has");
    shows(&p, "branch", "run 2 from step 0: temperature 0.2 → 0.25.");
    shows(&p, "taken", "undone: tau is 0.2 again");
    shows(&p, "taken", "temperature 0.25 → 0.2"); /* an event of the branch */
    q = RUN(SMALL, "--script", write_text("script", script), "--size", "120x40", "--threads", "1");
    assert_string_equal(p.out, q.out);
    process_release(&p);
    process_release(&q);
}

static size_t cells(const char *from, const char *to)
{
    size_t n = 0;
    for (; from < to; from++)
        n += ((unsigned char)*from & 0xc0) != 0x80;
    return n;
}

static const char *cell(const char *line, size_t n)
{
    const char *at = line;
    while (*at && cells(line, at) < n)
        at++;
    return at;
}

/* 3, left: the hubs; the one in most lists comes first and Enter looks at it. */
static void the_hub_of_the_space(void **state)
{
    (void)state;
    struct process p =
        play("steps 5\nkey 3 Left\ndump hubs\nsteps 20\ndump later\nkey Enter\ndump hub\n", "120x40");
    char *hubs = dump(&p, "hubs"), letter, title[32];
    int item;
    const char *heading = strstr(hubs, "most often in lists"), *line = heading;
    assert_non_null(heading);
    while (line > hubs && line[-1] != '\n')
        line--;
    const char *below = strchr(heading, '\n');
    assert_non_null(below);
    assert_int_equal(sscanf(cell(below + 1, cells(line, heading)), " %c %d", &letter, &item), 2);
    snprintf(title, sizeof title, "item %d ", item);
    shows(&p, "later", "list of step 5, Esc: live"); /* what was read is still there */
    shows(&p, "hub", title);
    shows(&p, "hubs", "mean 8");
    shows(&p, "hubs", " hubs\n"); /* what its skew says */
    snprintf(title, sizeof title, " %d in ", item);
    shows(&p, "hubs", title);
    shows(&p, "hubs", " of 40 lists, "); /* and how sure that is */
    free(hubs);
    process_release(&p);
}

/* Whether it was the hub before too, at the steps that were measured; items have their numbers at any size.
 */
static void how_steady_the_hub_is(void **state)
{
    (void)state;
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (int i = 0; i < 3; i++) {
        struct process p =
            play("steps 5\nkey 3 Left\ndump early\nkey Esc\nsteps 25\nkey g\ndump late\n", sizes[i]);
        shows(&p, "early", "first at ");
        shows(&p, "late", " of 5 measured steps before");
        shows(&p, "late", " of 40 lists, ");
        int item, of;
        char *late = dump(&p, "late"), *hint = strstr(late, " of 40 lists"), number[16];
        while (hint > late && hint[-1] != '\n')
            hint--;
        assert_int_equal(sscanf(hint, " %d in %d of", &item, &of), 2);
        snprintf(number, sizeof number, " %4d ", item);
        assert_true(times(&p, "late", number) > 0);
        free(late);
        process_release(&p);
    }
}

/* e where nothing is selected offers just that. */
static void the_most_similar_as_a_file(void **state)
{
    (void)state;
    const char *path = in_folder("alike.csv");
    char script[300], *text = NULL;
    snprintf(
        script, sizeof script,
        "steps 5\nkey e\nsteps 2\ndump offered\nkey Esc\ntype :export %s near 20\nkey Enter\ndump said\n",
        path);
    struct process p = play(script, "80x24");
    shows(&p, "offered", ":export near-0.csv near 50 h cosine"); /* item 0 is looked at */
    shows(&p, "offered", " to 0 by cosine in h, step 5");        /* training went on behind the line */
    shows(&p, "said", "20 most similar to 0 by cosine in h at step 7 → ");
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t room = 0, rows = 0;
    while (getline(&text, &room, f) > 0)
        rows++;
    fclose(f);
    free(text);
    assert_int_equal(rows, 21); /* a heading and 20 items */
    process_release(&p);
}

/* Training goes on behind the line and behind a list that is walked: what is written is what was seen. */
static void what_was_seen_is_what_is_exported(void **state)
{
    (void)state;
    const char *path = in_folder("seen.csv");
    char script[600];
    snprintf(script, sizeof script,
             "steps 5\nkey e\nsteps 4\nkey Ctrl-U\ntype export %s near 3\nkey Enter\ndump said\n", path);
    struct process p = play(script, "80x24");
    shows(&p, "said", " by cosine in h at step 5 → ");
    shows(&p, "said", "paused 9"); /* where training stands */
    process_release(&p);
    snprintf(script, sizeof script,
             "steps 5\nkey 3\nkey Down\nsteps 4\ndump walked\ntype :export! %s near 3\nkey Enter\ndump said\n"
             "key Esc Esc\ntype :export! %s near 3\nkey Enter\ndump again\n",
             path, path);
    p = play(script, "120x40");
    shows(&p, "walked", "list of step 5");
    shows(&p, "said", " by cosine in h at step 5 → ");
    shows(&p, "again", " by cosine in h at step 9 → ");
    process_release(&p);
}

/* How training goes faster: a word that help finds and the line explains. */
static void how_training_goes_faster(void **state)
{
    (void)state;
    struct process p = play("steps 5\nkey ?\ntype /speed\nkey Enter\ndump help\nkey Esc Esc\ntype :pace\n"
                            "dump line\n",
                            "120x40");
    shows(&p, "help", ":pace");
    shows(&p, "help", "as fast as it can");
    shows(&p, "line", "faster, slower, full");
    process_release(&p);
}

/* A table without training: what a view cannot show it says, with what it would need. */
static void a_table_says_what_it_lacks(void **state)
{
    (void)state;
    const char *path = in_folder("table.csv");
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs("x1,x2,x3\n", f);
    for (int i = 0; i < 24; i++)
        fprintf(f, "%d,%d,%d\n", i * 7 % 11, i * 5 % 13, 1 + i * 3 % 7);
    fclose(f);
    struct process p =
        RUN("explore", path, "--size", "120x40", "--script",
            write_text("script", "key 2\ndump cut\nkey Left\ndump pairs\nkey 3\ndump near\nkey 4\ndump "
                                 "threshold\nkey 2 Right\ntype t0.5\nkey Enter\ndump listed\n"));
    assert_int_equal(p.exit_code, 0);
    shows(&p, "pairs", "where the threshold lies is not known"); /* there is no list of a batch to come to */
    char *near = dump(&p, "near");
    assert_null(strstr(near, "live"));
    free(near);
    shows(&p, "near", "the 8 nearest, by cosine similarity");
    shows(&p, "threshold", "a column label or identity of --items FILE would say");
    shows(&p, "cut", "where the threshold lies is not known");
    shows(&p, "listed", "200 of 276");
    process_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_begins_with_what_one_sets_out_to_do),
        cmocka_unit_test(the_hardest_negative_of_an_item),
        cmocka_unit_test(steadiness_is_of_the_steps),
        cmocka_unit_test(a_pair_stays_while_training_goes_on),
        cmocka_unit_test(a_pair_leads_to_an_item_s_own_list),
        cmocka_unit_test(the_threshold_at_a_false_match_rate),
        cmocka_unit_test(back_in_time_and_another_temperature),
        cmocka_unit_test(what_chance_alone_does),
        cmocka_unit_test(chance_stands_beside_a_branch),
        cmocka_unit_test(thinning_takes_no_comparison_back),
        cmocka_unit_test(the_events_go_along),
        cmocka_unit_test(what_is_turned_in_the_past_is_the_branch_s),
        cmocka_unit_test(the_hub_of_the_space),
        cmocka_unit_test(how_steady_the_hub_is),
        cmocka_unit_test(the_most_similar_as_a_file),
        cmocka_unit_test(what_was_seen_is_what_is_exported),
        cmocka_unit_test(how_training_goes_faster),
        cmocka_unit_test(a_table_says_what_it_lacks),
    };
    return cmocka_run_group_tests(tests, temporary_folder, temporary_folder_remove);
}
