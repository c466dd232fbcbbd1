/* SPDX-License-Identifier: MIT
 *
 * Tables of embeddings on the screen: what a user meets at three sizes, walking back through a timeline, and
 * what is said of what is not there.
 */
#include "support/cmocka.h"

#include "base/file.h"
#include "data/csv.h"
#include "data/npy.h"
#include "support/program.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct program p;
enum { N = 120, D = 4 };

/* Two heaps, `apart` from each other. */
static void put_table(const char *name, float apart)
{
    float rows[N * D];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < D; j++)
            rows[i * D + j] = (i % 2 == j % 2 ? apart : 0) + (float)((i * 7 + j * 13) % 11) / 11;
    program_put_table(&p, name, rows, N, D);
}

static int setup(void **state)
{
    char path[256], items[N * 24] = "kind,title\n";
    (void)state;
    program_init(&p);
    mkdir(program_path(&p, "tables", path, sizeof path), 0755);
    put_table("emb.npy", 3);
    put_table("tables/epoch_1.npy", 0);
    put_table("tables/epoch_2.npy", 1);
    put_table("tables/epoch_10.npy", 3);
    for (size_t i = 0; i < N; i++)
        snprintf(items + strlen(items), sizeof items - strlen(items), "%s,thing %zu\n",
                 i % 2 ? "odd" : "even", i);
    program_put(&p, "items.csv", items);
    program_put(&p, "tables/items.csv", items);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    program_release(&p);
    return 0;
}

static void shows(const char *part)
{
    if (p.status != 0 || !strstr(p.out, part))
        fail_msg("'%s' is not there (%d):\n%s\n%s", part, p.status, p.out, p.err);
}

static void a_table_is_shown_at_every_size(void **state)
{
    (void)state;
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    program_put(&p, "s", "dump first\n");
    for (size_t i = 0; i < 3; i++) {
        char line[120];
        snprintf(line, sizeof line, "explore emb.npy --items items.csv --script s --size %s --color never",
                 sizes[i]);
        program_run(&p, line);
        shows("kind from");
        shows("100 %");
        shows("thing 0");
        shows("Near means same kind");
        assert_null(strstr(p.out, "untrained 0"));
        assert_null(strstr(p.out, "Space"));
    }
}

static void a_timeline_is_walked_back(void **state)
{
    (void)state;
    static const char *const scripts[] = {"dump last\n", "key ,\ndump before\n", "key , ,\ndump first\n"};
    static const char *const said[] = {"epoch_10.npy  step 10", "past  epoch_2.npy  step 2",
                                       "past  epoch_1.npy  step 1"};
    for (size_t i = 0; i < 3; i++) {
        program_put(&p, "s", scripts[i]);
        program_run(&p, "tables --script s --size 120x40 --color never");
        shows(said[i]);
    }
}

/* Of lists that a table cannot have none is opened nor walked to: of one table one is left, of a timeline
 * two. */
static void pairs_begin_with_a_list_that_can_be(void **state)
{
    (void)state;
    program_put(&p, "s", "key 2\ndump opened\nkey Right\nkey Right\ndump walked\n");
    program_run(&p, "explore emb.npy --items items.csv --script s --size 80x24 --color never");
    shows("\n at the threshold\n");
    shows("= same kind");
    assert_null(strstr(p.out, "list 1 of"));
    assert_null(strstr(p.out, "wrong way"));
    program_run(&p, "tables --script s --size 80x24 --color never");
    shows("at the threshold  list 1 of 2: arrows right and left");
    program_put(&p, "s", "key 2\nkey Left\ndump walked\n");
    program_run(&p, "tables --script s --size 80x24 --color never");
    shows("wrong way  list 2 of 2: arrows right and left");
}

/* Of one table only h is near anything: its list has the width, and no other is walked to. */
static void near_shows_the_spaces_that_can_be(void **state)
{
    (void)state;
    program_put(&p, "s", "key 3\ndump opened\nkey Right\nkey Left\ndump back\n");
    program_run(&p, "explore emb.npy --items items.csv --script s --size 80x24 --color never");
    shows("\n h ");
    shows("8 of 8 same kind"); /* in words, where a quarter of the screen had room for 8/8 */
    assert_null(strstr(p.out, "pixels"));
    assert_null(strstr(p.out, "first step"));
    program_run(&p, "tables --script s --size 80x24 --color never");
    shows("h, first step");
    assert_null(strstr(p.out, "pixels"));
}

/* Of a table that nothing names groups in those are compared that are not what makes pairs the same. */
static void the_audit_begins_with_groups_that_say_something(void **state)
{
    (void)state;
    program_put(&p, "two.csv", "label,side\na,l\na,r\nb,l\nb,r\nc,l\nc,r\n");
    program_put(&p, "six.csv", "e0,e1\n1,0\n.9,.1\n0,1\n.1,.9\n-1,0\n-.9,-.1\n");
    program_put(&p, "s", "key 5\ndump audit\n");
    program_run(&p, "explore six.csv --items two.csv --script s --size 80x24 --color never");
    shows("same = same label    groups: side");
    shows("audit   the table");
    assert_null(strstr(p.out, "frozen"));
}

/* A long name in the legend is cut with a mark. */
static void a_long_name_is_cut_with_a_mark(void **state)
{
    (void)state;
    program_put(&p, "long.csv", "label\nshort\na rather long name that goes on and on\n");
    program_put(&p, "both.csv", "e0,e1\n1,0\n.9,.1\n");
    program_put(&p, "s", "dump map\n");
    program_run(&p, "explore both.csv --items long.csv --script s --size 80x24 --color never");
    shows("a rather long name that\xe2\x80\xa6");
    assert_null(strstr(p.out, "that goes"));
}

static void what_is_not_there_is_said(void **state)
{
    (void)state;
    program_put(&p, "s", "key R\ndump restart\nkey S\ndump settings\n");
    program_run(&p, "explore emb.npy --script s --size 80x24");
    shows("restart: nothing trains here");
    shows("settings: nothing trains here");
    shows("--items FILE brings attributes");
    program_put(&p, "short.csv", "kind\nodd\n");
    program_run(&p, "explore emb.npy --items short.csv --script s");
    assert_int_equal(p.status, 2);
    assert_non_null(strstr(p.err, "short.csv: 1 rows, emb.npy has 120; without a key the order must match"));
    program_run(&p, "train emb.npy -o run");
    assert_int_equal(p.status, 2);
    assert_non_null(strstr(p.err, "a table, not pictures: nearfar explore emb.npy opens it"));
    program_put(&p, "x.parquet", "PAR1");
    program_run(&p, "explore x.parquet --script s");
    assert_int_equal(p.status, 2);
    assert_non_null(strstr(p.err, "read_parquet"));
}

static void refused(const char *line, const char *why)
{
    program_run(&p, line);
    if (p.status != 2 || !strstr(p.err, why))
        fail_msg("'%s' is not said (%d):\n%s", why, p.status, p.err);
}

/* A table that is opened all the same says what of it cannot be used; one that cannot be, what to do. */
static void what_is_odd_is_said(void **state)
{
    (void)state;
    char path[256];
    program_put(&p, "s", "dump x\n");
    program_put(&p, "odd.csv", "a,b\n1,2\nnan,1\n3,1\n2,inf\n5,1\n");
    program_run(&p, "explore odd.csv --script s --size 100x24 --color never");
    shows("2 of 5 rows hold NaN or infinity: not drawn, nobody's neighbours");
    program_put(&p, "few.csv", "name,kind\nn1,x\nn3,y\n");
    program_put(&p, "named.csv", "name,a,b\nn1,1,2\nn2,2,2\nn3,3,1\n");
    program_run(&p, "explore named.csv --items few.csv --key name --script s --size 100x24 --color never");
    shows("1 of 3 rows are not in --items: nothing is known of them");
    program_put(&p, "tables/epoch_11.npy", "not one"); /* behind the last good one */
    program_run(&p, "explore tables --script s --size 120x40 --color never");
    shows("epoch_11.npy: not a .npy file");
    shows("step 10");
    unlink(program_path(&p, "tables/epoch_11.npy", path, sizeof path));
    refused("explore emb.npy --images nowhere", "nowhere: no such folder (--images)");
    refused("--no-intro explore emb.npy", "explore comes first, options behind it: nearfar explore ...");
    program_put(&p, "x.xlsx", "PK");
    refused("explore x.xlsx", "read_excel");
    program_put(&p, "x.jsonl", "{}");
    refused("x.jsonl", "json.loads");
}

/* Coordinates from elsewhere are drawn as they are: item i is at (i, -i), one of them nowhere. */
static void a_map_made_elsewhere_is_shown(void **state)
{
    (void)state;
    char text[N * 24] = "kind,there x,y\n";
    for (size_t i = 0; i < N; i++) {
        char x[16];
        snprintf(x, sizeof x, i == 7 ? "" : "%zu.5", i);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s,%s,-%zu\n", i % 2 ? "odd" : "even", x,
                 i);
    }
    program_put(&p, "xy.csv", text);
    program_put(&p, "s", "dump map\nkey a\ndump classes\ntype :axes y there x\nkey Enter\ndump typed\n");
    program_run(&p, "explore emb.npy --items xy.csv --xy 'there x,y' --script s --size 100x24 --color never");
    shows("axes: there x, y, made elsewhere   keeps");
    shows("1 not finite, not drawn");
    shows("axes: components 1, 2");
    shows("axes: y, there x, made elsewhere   keeps");
    refused("explore emb.npy --items xy.csv --xy kind,y", "--xy kind,y: two different columns of numbers");
    refused("explore emb.npy --items xy.csv --xy y,y", "--xy y,y: two different columns of numbers");
    refused("tiles --xy a,b --script s", "--xy is for tables of embeddings");
}

/* Query 1 is row 5 but for its length, so row 5 is first, with similarity 1. */
static void rows_are_ranked_by_a_query(void **state)
{
    (void)state;
    float row[2 * D];
    for (size_t j = 0; j < D; j++) {
        row[j] = 1;
        row[D + j] = 2 * ((5 % 2 == j % 2 ? 3 : 0) + (float)((5 * 7 + j * 13) % 11) / 11);
    }
    program_put_table(&p, "q.npy", row, 2, D);
    program_put(&p, "s", "type /query 1\nkey Enter\ndump first\nkey n\ndump second\n");
    program_run(&p, "explore emb.npy --queries q.npy --script s --size 100x24 --color never");
    shows("1 of 120 by similarity to query 1: 1.00 in h");
    shows("item 5 ");
    shows("2 of 120 by similarity to query 1");
    program_put(&p, "s", "type :search query 1\nkey Enter\nkey 3\ndump near\n");
    program_run(&p, "explore emb.npy --queries q.npy --script s --size 120x40 --color never");
    shows("query 1 · the 8 nearest, by cosine similarity");
    assert_null(strstr(p.out, "first step")); /* a query lies in h alone */
    program_put(&p, "narrow.csv", "1,2\n");
    refused("explore emb.npy --queries narrow.csv", "rows of 2 numbers, the table has 4");
}

/* Rows by their numbers; the two heaps are apart, so a threshold between them has the one error that was
 * listed. */
static void a_list_of_pairs_is_audited(void **state)
{
    (void)state;
    program_put(&p, "pairs.csv", "id_a,id_b,same\n0,2,1\n0,4,1\n1,3,1\n1,5,1\n0,1,0\n2,3,0\n0,6,0\n");
    program_put(&p, "s", "key 5\ntype :threshold 0.9\nkey Enter\ndump audit\n");
    program_run(&p,
                "explore emb.npy --items items.csv --pairs pairs.csv --script s --size 120x40 --color never");
    shows("same = listed in pairs.csv (7)  groups: kind");
    shows("all 33 %, missed none");
    program_put(
        &p, "s",
        "key 5\ntype :pairs pairs.csv\nkey Enter\ndump read\ntype :pairs none.csv\nkey Enter\ndump none\n"
        "type :w kept.json\nkey Enter\n");
    program_run(&p, "explore emb.npy --items items.csv --script s --size 120x40 --color never");
    shows("7 pairs of pairs.csv: 5 audits them");
    shows("same = listed in pairs.csv (7)");
    shows("none.csv: No such file");
    program_put(&p, "s", "dump again\n");
    program_run(&p, "kept.json --script s --size 120x40 --color never");
    shows("same = listed in pairs.csv (7)");
    program_put(&p, "bad.csv", "id_a,id_b,same\n0,120,1\n");
    refused("explore emb.npy --pairs bad.csv", "bad.csv: line 2: no item has the id '120'");
}

/* What was explored, and how, is there again. */
static void a_session_keeps_what_was_explored(void **state)
{
    (void)state;
    program_put(&p, "s",
                "type :item 9\nkey Enter\ntype :select kind == odd\nkey Enter\ntype :w kept.json\nkey "
                "Enter\ndump x\n");
    program_run(&p, "explore emb.npy --items items.csv --script s --size 120x40");
    shows("session written");
    program_put(&p, "s", "dump again\n");
    program_run(&p, "kept.json --script s --size 120x40 --color never");
    shows("item 9  thing 9");
    shows("60 selected");
}

/* Where no column is named label, what is coloured is what "same" is about, in every view, and it is named.
 */
static void same_is_what_is_coloured(void **state)
{
    (void)state;
    char path[256], items[N * 16] = "kind,third\n", other[N * 16] = "label,third\n";
    for (size_t i = 0; i < N; i++) {
        snprintf(items + strlen(items), 16, "%s,%c\n", i % 2 ? "odd" : "even", "abc"[i % 3]);
        snprintf(other + strlen(other), 16, "%s,%c\n", i % 2 ? "odd" : "even", "abc"[i % 3]);
    }
    program_put(&p, "two.csv", items);
    program_put(&p, "named.csv", other);
    program_put(&p, "s", "dump kind\ntype :colour third\nkey Enter\ndump third\nkey 4\ndump threshold\n");
    program_run(&p, "explore emb.npy --items two.csv --script s --size 120x40 --color never");
    char *third = strstr(p.out, "== third =="), *threshold = strstr(p.out, "== threshold ==");
    assert_true(third && threshold);
    assert_non_null(strstr(p.out, " same kind ("));
    assert_non_null(strstr(third, "same third ("));
    assert_non_null(strstr(threshold, "\"same\" = same third"));
    program_put(&p, "s", "key 3\ntype :colour third\nkey Enter\ndump near\nkey 2 Left Left\ndump pairs\n");
    program_run(&p, "explore emb.npy --items two.csv --script s --size 120x40 --color never");
    shows("of 8 same third");
    shows("= same third");
    program_run(&p, "explore emb.npy --items named.csv --script s --size 120x40 --color never");
    shows("8 of 8 same label"); /* it has one */
    unlink(program_path(&p, "named.csv", path, sizeof path));
}

/* Marks of a table lie beside it, or in the state folder where that cannot be; of another number of items
 * they are refused. */
static void marks_of_a_table_are_kept(void **state)
{
    (void)state;
    char path[256];
    const char *explore = "explore emb.npy --items items.csv --script s --size 120x30 --color never";
    program_put(
        &p, "s",
        "type :item 3\nkey Enter s\ntype :item 4\nkey Enter\ntype :mark duplicate\nkey Enter\ndump x\n");
    program_run(&p, explore);
    shows("items 3 and 4: duplicate   kept in emb.marks.csv");
    program_put(&p, "s",
                "type :item 3\nkey Enter\ndump again\ntype :export said.csv marks\nkey Enter ?\n"
                "type /marks\nkey Enter\ndump help\n");
    program_run(&p, explore);
    shows("! duplicate");
    shows("1 made, kept in emb.marks.csv");
    assert_true(program_has(&p, "said.csv"));
    program_put(&p, "emb.marks.csv", "mark,item,other,of\nsame,3,4,119\n");
    program_put(&p, "s", "dump x\n");
    program_run(&p, explore);
    shows("emb.marks.csv: line 2: of 119 items, there are 120 now: no marks read or kept");
    unlink(program_path(&p, "emb.marks.csv", path, sizeof path));
    mkdir(path, 0755); /* nothing can be written there */
    setenv("XDG_STATE_HOME", program_path(&p, "state", path, sizeof path), 1);
    program_put(&p, "s", "type :item 5\nkey Enter\ntype :mark wrong label\nkey Enter\ndump x\n");
    program_run(&p, explore);
    program_put(&p, "s", "type :item 5\nkey Enter\ndump again\nkey ?\ntype /marks\nkey Enter\ndump help\n");
    program_run(&p, explore);
    shows("! wrong label");
    shows("state/nearfar/marks/");
    rmdir(program_path(&p, "emb.marks.csv", path, sizeof path));
    program_put(&p, "tables/marks.csv",
                "mark,item,other,of\nsame,3,4,120\n"); /* is no table of the timeline */
    program_put(&p, "s", "type :item 4\nkey Enter\ndump x\n");
    program_run(&p, "tables --script s --size 120x40 --color never");
    shows("! same");
    shows("step 10");
}

/* Its pictures while the data is there; without it what items.csv says. */
static void a_run_is_shown_with_its_curves(void **state)
{
    (void)state;
    char path[256];
    program_put(&p, "s", "dump run\n");
    program_run(
        &p,
        "train tiles:n=200 -o run --steps 4 --every 2 --set batch=16 --encoder 'conv 8 /2, gap, linear 8'");
    assert_int_equal(p.status, 0);
    program_run(&p, "explore run --script s --size 120x40 --color never");
    shows("a run, at step 4");
    shows("no learning");
    shows("picture");
    shows("texture "); /* what is known of the item stands where views would */
    assert_null(strstr(p.out, "view 1"));
    program_run(&p, "run --script s --size 80x24 --color never");
    shows("step 4");
    size_t length;
    struct err err;
    program_path(&p, "run/config.json", path, sizeof path);
    char *text = file_read(path, 1 << 20, &length, &err);
    assert_non_null(text);
    char *args = strstr(text, "tiles:n=200");
    assert_non_null(args);
    memcpy(args, "gone/", 5);
    assert_true(file_write(path, text, length, &err));
    free(text);
    program_run(&p, "explore run --script s --size 120x40 --color never");
    shows("is not there or not the same: no pictures");
    shows("a run, at step 4");
    assert_null(strstr(p.out, "picture "));
    shows("texture ");
}

static struct matrix read_npy(const char *name)
{
    char path[256];
    struct matrix table;
    struct err err;
    assert_true(npy_read_floats(program_path(&p, name, path, sizeof path), &table, &err));
    return table;
}

static double cosine(const float *a, const float *b, size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < d; i++) {
        ab += (double)a[i] * b[i];
        aa += (double)a[i] * a[i];
        bb += (double)b[i] * b[i];
    }
    return ab / sqrt(aa * bb);
}

/* Which held-out picture lies nearest to the text, by the tables that nearfar embed writes. */
static void nearest_of_tables(char item[32], char similarity[16])
{
    char path[256];
    struct csv items;
    struct err err;
    struct matrix z = read_npy("z.npy"), text = read_npy("text.npy");
    assert_true(csv_read(program_path(&p, "clip/items.csv", path, sizeof path), &items, &err));
    double best = -2;
    for (size_t i = 0; i < items.rows; i++) {
        size_t row = strtoul(items.cell[i * items.columns], NULL, 10);
        double s = cosine(z.values + row * z.columns, text.values, z.columns);
        if (s > best)
            snprintf(item, 32, "item %zu ", row);
        best = s > best ? s : best;
    }
    snprintf(similarity, 16, "%.2f in z", best);
    csv_release(&items);
    matrix_release(&z);
    matrix_release(&text);
}

/* A finished run answers a text as its own encoders do, on the map and in the near view. */
static void a_text_is_asked_of_a_finished_run(void **state)
{
    (void)state;
    char item[32], similarity[16], said[80];
    program_put(&p, "lines.txt", "small red star\n");
    program_run(&p, "train tiles:n=200 -o clip --method clip --steps 4 --every 2 --set batch=16 "
                    "--encoder 'conv 8 /2, gap, linear 8'");
    assert_int_equal(p.status, 0);
    program_run(&p, "embed clip tiles:n=200 -o z.npy --space z");
    program_run(&p, "embed clip tiles:n=200 -o text.npy --texts lines.txt");
    assert_int_equal(p.status, 0);
    nearest_of_tables(item, similarity);
    program_put(&p, "s", "type /\"small red star\"\nkey Enter\ndump map\nkey 3\ndump near\n");
    program_run(&p, "explore clip --script s --size 120x40 --color never");
    snprintf(said, sizeof said, "to \"small red star\": %s, encoders of step 4", similarity);
    shows(said);
    shows(item);
    shows("\"small red star\" · the 8 nearest");
    shows("a text lies in z alone");
    program_run(&p, "explore run --script s --size 120x40 --color never"); /* simclr: reads no text */
    shows("no text encoder here");
}

/* Row i of the table is the first column's row of the list. */
static void exported_rows_are_those(const char *list, const char *table, const char *of)
{
    char path[256];
    struct csv items;
    struct err err;
    struct matrix rows = read_npy(table), all = read_npy(of);
    assert_true(csv_read(program_path(&p, list, path, sizeof path), &items, &err));
    assert_int_equal(items.rows, rows.rows);
    for (size_t i = 0; i < items.rows; i++) {
        size_t row = strtoul(items.cell[i * items.columns], NULL, 10);
        assert_memory_equal(rows.values + i * rows.columns, all.values + row * all.columns,
                            rows.columns * sizeof(float));
    }
    csv_release(&items);
    matrix_release(&rows);
    matrix_release(&all);
}

/* What is selected of a table and of a finished run, as attributes, embeddings and pictures. */
static void the_selected_are_exported(void **state)
{
    (void)state;
    program_put(&p, "s",
                "type :select kind == odd\nkey Enter\ntype :export chosen.csv\nkey Enter\ndump a\n"
                "type :export chosen.npy\nkey Enter\ndump b\ntype :export chosen.png\nkey Enter\ndump c\n");
    program_run(&p, "explore emb.npy --items items.csv --script s --size 120x40 --color never");
    shows("60 items → ");
    shows("60 embeddings in h → ");
    shows("there are no pictures; .csv and .npy can be written");
    exported_rows_are_those("chosen.csv", "chosen.npy", "emb.npy");
    program_put(&p, "s",
                "type :select shape == star or hue == red\nkey Enter\ntype :export run.csv\nkey Enter\n"
                "type :export run.npy\nkey Enter\ntype :export run.png\nkey Enter\ndump c\n");
    program_run(&p, "explore clip --script s --size 120x40 --color never");
    shows("pictures at step ");
    program_run(&p, "embed clip tiles:n=200 -o all.npy");
    exported_rows_are_those("run.csv", "run.npy", "all.npy");
    size_t length;
    struct err err;
    char path[256], *png = file_read(program_path(&p, "run.png", path, sizeof path), 1 << 24, &length, &err);
    assert_non_null(png);
    assert_memory_equal(png, "\x89PNG", 4);
    free(png);
    program_run(&p, "compare clip run");
    assert_int_equal(p.status, 0);
    shows("neighbours the same");
    shows("knn_shape");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_shown_at_every_size),
        cmocka_unit_test(a_timeline_is_walked_back),
        cmocka_unit_test(pairs_begin_with_a_list_that_can_be),
        cmocka_unit_test(near_shows_the_spaces_that_can_be),
        cmocka_unit_test(the_audit_begins_with_groups_that_say_something),
        cmocka_unit_test(a_long_name_is_cut_with_a_mark),
        cmocka_unit_test(what_is_not_there_is_said),
        cmocka_unit_test(a_map_made_elsewhere_is_shown),
        cmocka_unit_test(what_is_odd_is_said),
        cmocka_unit_test(rows_are_ranked_by_a_query),
        cmocka_unit_test(a_session_keeps_what_was_explored),
        cmocka_unit_test(marks_of_a_table_are_kept),
        cmocka_unit_test(same_is_what_is_coloured),
        cmocka_unit_test(a_run_is_shown_with_its_curves),
        cmocka_unit_test(a_text_is_asked_of_a_finished_run),
        cmocka_unit_test(the_selected_are_exported),
        cmocka_unit_test(a_list_of_pairs_is_audited),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
