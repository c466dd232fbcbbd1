/* SPDX-License-Identifier: MIT
 *
 * The screens of the design at its three sizes, in colour, mono and ASCII, as they were last approved. With
 * ANSI_TO=FOLDER they are written there as text with colours too, for eyes.
 */
#include "support/answers.h"
#include "support/golden.h"
#include "support/scene.h"
#include "view/audit.h"

#include "base/check.h"
#include "space/sensitivity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    int columns, rows;
} sizes[] = {{80, 24}, {120, 40}, {200, 60}};

static void sgr(FILE *out, struct style s)
{
    fputs("\x1b[0", out);
    static const int codes[] = {1, 2, 7, 4};
    for (int bit = 0; bit < 4; bit++)
        if (s.attr >> bit & 1)
            fprintf(out, ";%d", codes[bit]);
    if (s.fg != COLOUR_DEFAULT)
        fprintf(out, ";38;2;%u;%u;%u", s.fg >> 16 & 255, s.fg >> 8 & 255, s.fg & 255);
    if (s.bg != COLOUR_DEFAULT)
        fprintf(out, ";48;2;%u;%u;%u", s.bg >> 16 & 255, s.bg >> 8 & 255, s.bg & 255);
    fputc('m', out);
}

static void write_ansi(const char *name, const struct canvas *canvas)
{
    char path[512], bytes[5];
    if (!getenv("ANSI_TO"))
        return;
    snprintf(path, sizeof path, "%s/%s.ans", getenv("ANSI_TO"), name);
    FILE *out = fopen(path, "w");
    if (!out)
        fail_msg("%s cannot be written", path);
    for (int i = 0; i < canvas->width * canvas->height; i++) {
        const struct cell *cell = &canvas->cell[i];
        if (cell->glyph != CELL_COVERED) {
            sgr(out, cell->style);
            glyph_to_utf8(cell->glyph ? cell->glyph : ' ', bytes);
            fputs(bytes, out);
        }
        if (i % canvas->width == canvas->width - 1)
            fputc('\n', out);
    }
    fclose(out);
}

static void shot(struct fake *fake, const char *name, int columns, int rows, bool styles)
{
    char file[160], base[128];
    struct canvas canvas;
    snprintf(base, sizeof base, "%s-%dx%d", name, columns, rows);
    snprintf(file, sizeof file, "views/%s", base);
    canvas_init(&canvas, columns, rows);
    screen_draw(&fake->scene, &canvas);
    write_ansi(base, &canvas);
    golden_canvas(file, &canvas, styles);
    canvas_release(&canvas);
}

static void at_three_sizes(struct fake *fake, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        shot(fake, name, sizes[i].columns, sizes[i].rows, true);
}

static void the_map(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    at_three_sizes(&fake, "map");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_MONO, GLYPHS_BRAILLE};
    at_three_sizes(&fake, "map-mono");
    fake.theme = (struct theme){GROUND_LIGHT, DEPTH_16, GLYPHS_ASCII};
    at_three_sizes(&fake, "map-ascii");
    fake_release(&fake);
}

static void the_training(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_key(&fake, "6");
    at_three_sizes(&fake, "training");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_MONO, GLYPHS_BRAILLE};
    at_three_sizes(&fake, "training-mono");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_MONO, GLYPHS_ASCII};
    shot(&fake, "training-ascii", 80, 24, false);
    fake_release(&fake);
}

/* Many more steps than the chart has dots: their mean, over a band from the lowest to the highest. */
static void a_long_run(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    struct step_row row =
        *(const struct step_row *)series_at(fake.now->steps, series_count(fake.now->steps) - 1);
    for (int i = 0; i < 4000; i++) {
        row.step++;
        row.loss = 2.0F + 3.0F * expf((float)-i / 900) + 0.5F * sinf((float)(i * i % 977));
        series_append(fake.now->steps, &row);
    }
    fake_key(&fake, "6");
    at_three_sizes(&fake, "training-long");
    fake_release(&fake);
}

/* One of each kind: what a method may show of itself. */
static void a_methods_own_panel(void **state)
{
    (void)state;
    static float entropy = 3.24F, use[64], matrix[256], ages[32];
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    for (int i = 0; i < 64; i++)
        use[i] = (float)((i * 37) % 64) / 64;
    for (int i = 0; i < 256; i++)
        matrix[i] = i / 16 == i % 16 ? 1 : (float)((i * 29) % 50) / 100;
    for (int i = 0; i < 32; i++)
        ages[i] = (float)(32 - i);
    struct readout *out = fake.now->readout;
    out[0] = readout_scalar("teacher entropy", "nats", &entropy);
    readout_guide(&out[0], 5.545, "all used alike");
    out[1] = readout_vector("use of the prototypes", "share", use, 64);
    out[2] = readout_vector("age of the queue's keys", "steps", ages, 32);
    out[2].kind = READOUT_HISTOGRAM;
    out[2].low = 0;
    out[2].high = 8;
    out[3] = readout_vector("correlation of the views", "", matrix, 16);
    out[3].kind = READOUT_MATRIX;
    out[3].rows = 16;
    fake.now->n_readouts = 4;
    for (int i = 0; i < 3; i++)
        fake_key(&fake, "Tab");
    at_three_sizes(&fake, "method");
    fake_key(&fake, "6");
    fake_key(&fake, "z");
    at_three_sizes(&fake, "method-large");
    fake_release(&fake);
}

/* R was pressed: the run before, with colour steps, is there in grey. */
static void an_earlier_run_in_grey(void **state)
{
    (void)state;
    struct fake fake, before;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_init(&before, 2, true, 3);
    fake.scene.n_earlier = 1;
    fake.scene.earlier[0] =
        (struct earlier_run){before.now->steps, before.now->measured, "colour jitter 0.4 (now 0)"};
    at_three_sizes(&fake, "grey");
    fake_release(&before);
    fake_release(&fake);
}

static void the_panels(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_key(&fake, "Tab");
    shot(&fake, "numbers", 80, 24, false);
    fake_key(&fake, "z");
    shot(&fake, "numbers-large", 80, 24, false);
    fake_key(&fake, "z");
    fake_key(&fake, "S");
    shot(&fake, "settings", 80, 24, true);
    shot(&fake, "settings", 120, 40, false);
    fake_key(&fake, "Esc");
    fake_key(&fake, "z");
    at_three_sizes(&fake, "item-large");
    fake_release(&fake);
}

/* A selection, a box being drawn, marks, predicates, names and pictures on the map. */
static void what_is_chosen(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_type(&fake, ":select shape == flower and light == dim");
    shot(&fake, "select-typed", 80, 24, true);
    shot(&fake, "select-typed", 120, 40, false);
    fake_key(&fake, "Enter");
    at_three_sizes(&fake, "selected");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_MONO, GLYPHS_BRAILLE};
    at_three_sizes(&fake, "selected-mono");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
    fake_key(&fake, "o");
    shot(&fake, "only", 120, 40, false);
    shot(&fake, "only", 80, 24, false);
    fake_key(&fake, "o");
    fake_key(&fake, "v");
    for (int i = 0; i < 12; i++)
        fake_key(&fake, i % 3 ? "Left" : "Up");
    shot(&fake, "box", 80, 24, false);
    fake_key(&fake, "Esc");
    fake_key(&fake, "m");
    shot(&fake, "mark", 80, 24, false);
    shot(&fake, "mark", 120, 40, false);
    fake_key(&fake, "Esc");
    fake_line(&fake, ":names on");
    shot(&fake, "names", 120, 40, true);
    fake_line(&fake, ":draw pictures");
    fake_line(&fake, ":names off");
    shot(&fake, "pictures", 120, 40, true);
    shot(&fake, "pictures", 200, 60, false);
    fake_release(&fake);
}

static void the_overlays(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_key(&fake, "?");
    at_three_sizes(&fake, "help");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_MONO, GLYPHS_BRAILLE};
    at_three_sizes(&fake, "help-mono");
    fake.theme = (struct theme){GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
    fake_type(&fake, "/spread");
    shot(&fake, "help-filtered", 80, 24, false);
    for (int i = 0; i < 3; i++)
        fake_key(&fake, "Esc");
    fake_key(&fake, "M");
    fake_type(&fake, "jjjjjjjjjjjj");
    shot(&fake, "method-picker", 80, 24, true);
    shot(&fake, "method-picker", 120, 40, false);
    shot(&fake, "method-picker", 200, 60, false);
    shot(&fake, "method-picker", 40, 12, false);
    fake_key(&fake, "Esc");
    fake_key(&fake, "c");
    shot(&fake, "colour-by", 80, 24, true);
    shot(&fake, "colour-by", 120, 40, false);
    fake_key(&fake, "Esc");
    fake_type(&fake, ":set t");
    shot(&fake, "command", 80, 24, true);
    fake_key(&fake, "Esc");
    fake_key(&fake, "D");
    shot(&fake, "words", 80, 24, false);
    fake_release(&fake);
}

/* A view of its own: what it asks for is answered before each drawing. */
static void view_shots(struct fake *fake, const char *key, const char *name)
{
    char mono[64];
    fake_key(fake, key);
    fake_answer(fake);
    at_three_sizes(fake, name);
    snprintf(mono, sizeof mono, "%s-mono", name);
    fake->theme = (struct theme){GROUND_DARK, DEPTH_MONO, GLYPHS_BRAILLE};
    at_three_sizes(fake, mono);
    fake->theme = (struct theme){GROUND_DARK, DEPTH_TRUE, GLYPHS_BRAILLE};
}

static void the_audit(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    fake.data.group = dataset_find_column(&fake.data, "light");
    fake.scene.choice.audit.relation = 1; /* by label: an identity of the fake has one item */
    view_shots(&fake, "5", "audit");
    fake_key(&fake, "Down");
    fake_key(&fake, "Enter");
    fake_key(&fake, "Down");
    shot(&fake, "audit-pairs", 80, 24, true);
    fake_key(&fake, "Esc");
    fake_key(&fake, "S");
    shot(&fake, "audit-settings", 80, 24, true);
    fake_key(&fake, "Esc");
    static const char *const panels[] = {"",     "det",   "matrix",  "what-if",    "summaries",
                                         "near", "apart", "meaning", "performance"};
    for (int i = 1; i < AUDIT_PANELS; i++) {
        char name[40];
        snprintf(name, sizeof name, "audit-%s", panels[i]);
        fake.scene.choice.audit.more = i;
        fake_answer(&fake);
        shot(&fake, name, 80, 24, false);
    }
    fake.scene.choice.audit.cross = 0;
    fake.scene.choice.audit.more = 2;
    fake_answer(&fake);
    shot(&fake, "audit-crossed", 120, 40, false);
    fake_release(&fake);
    fake_init(&fake, 1, false, 1);
    fake_key(&fake, "5");
    fake_answer(&fake);
    shot(&fake, "audit-nothing", 80, 24, false);
    fake_release(&fake);
}

static void the_nearest(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    view_shots(&fake, "3", "near");
    shot(&fake, "near", 40, 12, false);
    fake_key(&fake, "S");
    fake_key(&fake, "Down");
    shot(&fake, "near-settings", 80, 24, true);
    fake_key(&fake, "Esc");
    fake_key(&fake, "z");
    shot(&fake, "near-large", 80, 24, false);
    fake_release(&fake);
    fake_init(&fake, 1, false, 1);
    fake_key(&fake, "3");
    fake_answer(&fake);
    shot(&fake, "near-one-item", 80, 24, false);
    fake_release(&fake);
}

static void the_threshold(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    view_shots(&fake, "4", "threshold");
    fake_key(&fake, "Tab");
    fake_key(&fake, "z");
    shot(&fake, "threshold-roc", 80, 24, false);
    fake_key(&fake, "z");
    fake_line(&fake, "t0.3");
    fake_key(&fake, "1");
    fake_answer(&fake);
    shot(&fake, "map-lines", 120, 40, true);
    shot(&fake, "map-lines", 200, 60, false);
    fake_release(&fake);
    fake_init(&fake, 1, true, 1);
    fake_key(&fake, "4");
    fake_answer(&fake);
    shot(&fake, "threshold-one-item", 80, 24, false);
    fake_release(&fake);
}

static void the_pairs(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    view_shots(&fake, "2", "pairs");
    shot(&fake, "pairs", 40, 12, false);
    fake_key(&fake, "Right");
    fake_answer(&fake);
    shot(&fake, "pairs-negative", 80, 24, false);
    fake_key(&fake, "Enter");
    shot(&fake, "pairs-large", 120, 40, false);
    fake_release(&fake);
    fake_init(&fake, FAKE_ITEMS, false, 1);
    fake_key(&fake, "2");
    fake_answer(&fake);
    shot(&fake, "pairs-no-batch", 80, 24, false);
    fake_release(&fake);
}

static void the_time(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    fake.scene.n_branches = 2;
    fake.scene.branch[0] = (struct branch){.name = "run 1",
                                           .what = "from the start",
                                           .newest = fake.before,
                                           .level = fake.before,
                                           .mine = fake.now};
    fake.scene.branch[1] = (struct branch){
        .name = "cold", .what = "from step 40: temperature 0.2 → 0.05", .newest = fake.now, .here = true};
    view_shots(&fake, "7", "time");
    fake_key(&fake, "S");
    shot(&fake, "time-settings", 80, 24, false);
    fake_key(&fake, "Esc");
    fake.scene.pinned = fake.before;
    fake_key(&fake, "Tab");
    fake_answer(&fake);
    shot(&fake, "time-pinned", 80, 24, false);
    fake_release(&fake);
}

/* A branch to come, from a step of the past and with another temperature; then begun, before it has come to a
 * step that the run it left has kept. */
static void the_time_of_a_branch(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    struct branch_plan plan = {fake.before, fake.now->settings, fake.now->settings};
    struct setting *first = &plan.settings.item[0];
    first->value = 0.5;
    snprintf(first->text, sizeof first->text, "0.5");
    fake.scene.newest = fake.now;
    fake.scene.now = fake.before;
    fake.scene.past = true;
    fake.scene.plan = &plan;
    fake_key(&fake, "7");
    fake_key(&fake, "S");
    shot(&fake, "time-plan", 80, 24, false);
    shot(&fake, "time-plan", 120, 40, false);
    fake_key(&fake, "Esc");
    fake.scene.past = false;
    fake.scene.plan = NULL;
    fake.scene.n_branches = 2;
    fake.scene.branch[0] = (struct branch){"run 1", "from the start", .newest = fake.now, .meets = 80};
    fake.scene.branch[1] = (struct branch){"run 2", "from step 40: temperature 0.2 → 0.5", .here = true};
    shot(&fake, "time-waits", 80, 24, false);
    fake_release(&fake);
}

/* Another seed and one factor that moves further, worked by hand. */
static struct sensitivity *factors(void)
{
    static const struct {
        const char *kind, *what;
        double overlap, moved, ratio;
        bool evidence;
    } rows[] = {{"augmentation", "without jitter", .31, .86, 2.62, true},
                {"seed", "seed 2", .48, .68, 1.41, false},
                {"data", "group-share 0.5", .64, .53, 1.43, false},
                {"objective", "method clip", NAN, NAN, NAN, false}};
    struct sensitivity *s = xcalloc(1, sizeof *s);
    *s = (struct sensitivity){.title = "tiles, simclr, 100 steps", .n_items = 1000, .k = 10, .n_groups = 2};
    s->group = xcalloc(2, sizeof *s->group);
    snprintf(s->group[0], sizeof *s->group, "bright");
    snprintf(s->group[1], sizeof *s->group, "dim");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sensitivity_row *row = &s->row[s->n++];
        struct comparison *c = &row->moved;
        snprintf(row->kind, sizeof row->kind, "%s", rows[i].kind);
        snprintf(row->what, sizeof row->what, "%s", rows[i].what);
        snprintf(row->failed, sizeof row->failed, "%s", isnan(rows[i].moved) ? "no captions" : "");
        c->overlap = rows[i].overlap;
        c->match_churn = rows[i].moved;
        c->ratio[PAIR_IMPOSTOR] = (struct change){1.02, rows[i].ratio, {NAN, NAN}};
        c->ratio[PAIR_GENUINE] = (struct change){1.18, 1.07, {.8, 1.04}};
        row->evidence[PAIR_IMPOSTOR] = rows[i].evidence;
        c->group = xcalloc(2, sizeof *c->group);
        for (size_t g = 0; g < 2; g++)
            for (int kind = 0; kind < N_PAIR_KINDS; kind++)
                c->group[g].rate[kind] = (struct change){.73, .81, {.038, .128}};
    }
    return s;
}

/* The audit over the kept steps and across choices, in the time view. */
static void the_audit_over_time(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_embed(&fake);
    for (const char *const *key = (const char *const[]){"7", "Tab", "Tab", "Tab", NULL}; *key; key++)
        fake_key(&fake, *key);
    fake_answer(&fake);
    shot(&fake, "time-groups", 80, 24, true);
    shot(&fake, "time-groups", 120, 40, true);
    shot(&fake, "time-groups", 200, 60, false);
    fake_key(&fake, "Tab"); /* no factors: past their page */
    assert_int_equal(fake.scene.choice.time.list, TIME_EVENTS);
    fake.scene.choice.time.list = TIME_FACTORS; /* of a session that had some */
    shot(&fake, "time-factors-none", 80, 24, false);
    struct sensitivity *s = factors();
    fake.scene.sensitivity = s;
    shot(&fake, "time-factors", 80, 24, true);
    fake_key(&fake, "Down");
    fake_key(&fake, "Down");
    shot(&fake, "time-factors", 200, 60, false);
    sensitivity_release(s);
    free(s);
    fake_release(&fake);
}

static void other_data(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, false, 1);
    shot(&fake, "no-label", 80, 24, false);
    fake_release(&fake);
    fake_init(&fake, 1, true, 1);
    shot(&fake, "one-item", 80, 24, false);
    fake_release(&fake);
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake_line(&fake, ":colour identity");
    shot(&fake, "many-values", 120, 40, false);
    fake_line(&fake, ":colour angle");
    shot(&fake, "a-number", 120, 40, true);
    fake_release(&fake);
}

static void other_states(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, true, 3);
    fake.scene.now = NULL;
    fake.scene.map = fake.scene.found[REQUEST_NEAR] = NULL;
    shot(&fake, "nothing-yet", 80, 24, false);
    fake.scene.now = fake.now;
    fake.now->status = TRAIN_FAILED;
    snprintf(fake.now->message, sizeof fake.now->message, "the loss is not finite at step 121");
    shot(&fake, "failed", 80, 24, false);
    fake.now->status = TRAIN_PAUSED;
    fake.scene.map = fake.map;
    shot(&fake, "paused", 63, 20, false);
    shot(&fake, "small", 40, 12, false);
    shot(&fake, "line", 30, 5, false);
    fake_release(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_map),
        cmocka_unit_test(the_training),
        cmocka_unit_test(a_long_run),
        cmocka_unit_test(a_methods_own_panel),
        cmocka_unit_test(the_panels),
        cmocka_unit_test(an_earlier_run_in_grey),
        cmocka_unit_test(what_is_chosen),
        cmocka_unit_test(the_overlays),
        cmocka_unit_test(the_nearest),
        cmocka_unit_test(the_audit),
        cmocka_unit_test(other_data),
        cmocka_unit_test(the_threshold),
        cmocka_unit_test(the_pairs),
        cmocka_unit_test(the_time),
        cmocka_unit_test(the_time_of_a_branch),
        cmocka_unit_test(the_audit_over_time),
        cmocka_unit_test(other_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
