/* SPDX-License-Identifier: MIT */
#include "app/report.h"

#include "app/json.h"
#include "ui/text.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Which of a measure's four values a JSON object lists. */
enum yardstick { NOW, PIXELS, UNTRAINED, CHANCE };

static double pick(const struct measure *measure, enum yardstick which)
{
    switch (which) {
    case NOW: return measure->value;
    case PIXELS: return measure->pixels;
    case UNTRAINED: return measure->untrained;
    default: return measure->chance;
    }
}

/* {"shape": 0.97, "hue": 0.6}: one value of this term for each attribute. */
static json_t *by_attribute(const struct train_report *report, enum term term, enum yardstick which)
{
    json_t *all = json_object();
    for (int i = 0; i < report->measures->n; i++) {
        const struct measure *m = &report->measures->item[i];
        if (m->term == term && m->column >= 0)
            json_object_set_new(all, report->data->column[m->column].name, json_number(pick(m, which)));
    }
    return all;
}

static void set_knn(json_t *root, const struct train_report *report)
{
    static const struct {
        const char *name;
        enum term term;
        enum yardstick which;
    } keys[] = {
        {"knn", TERM_knn, NOW},
        {"knn_pixels", TERM_knn, PIXELS},
        {"knn_untrained", TERM_knn, UNTRAINED},
        {"knn_chance", TERM_knn, CHANCE},
        {"knn_map", TERM_knn_map, NOW},
        {"knn_moved", TERM_knn_moved, NOW},
        {"knn_moved_pixels", TERM_knn_moved, PIXELS},
        {"knn_moved_untrained", TERM_knn_moved, UNTRAINED},
        {"zero_shot", TERM_zero_shot, NOW},
        {"zero_shot_untrained", TERM_zero_shot, UNTRAINED},
        {"r2", TERM_r2, NOW},
        {"rank1", TERM_rank1, NOW},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_object_set_new(root, keys[i].name, by_attribute(report, keys[i].term, keys[i].which));
}

/* What belongs to no attribute: alignment, rank and the like. */
static void set_space(json_t *root, const struct train_report *report)
{
    for (int i = 0; i < report->measures->n; i++) {
        const struct measure *m = &report->measures->item[i];
        if (m->column < 0)
            json_object_set_new(root, term_entry(m->term)->id, json_number(m->value));
    }
}

void report_print_json(const struct train_report *report)
{
    json_t *root = json_object();
    json_object_set_new(root, "steps", json_integer((json_int_t)report->steps));
    json_object_set_new(root, "seconds", json_number(report->seconds));
    json_object_set_new(root, "pairs_per_s", json_number(report->pairs_per_s));
    json_object_set_new(root, "loss", json_number((double)report->loss));
    set_knn(root, report);
    set_space(root, report);
    json_object_set_new(root, "stopped", json_boolean(report->stopped));
    json_object_set_new(root, "protocol", json_string(report->protocol));
    char *text = json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    json_decref(root);
    puts(text ? text : "{}");
    free(text);
}

static void print_value(double value, bool percent)
{
    if (!isfinite(value))
        printf("%10s", "-");
    else if (percent)
        printf("%10.1f", value * 100);
    else
        printf("%10.2f", value);
}

static void print_measure(const struct train_report *report, const struct measure *m)
{
    bool share = report->data->column[m->column].kind != COLUMN_NUMBER; /* of a number: R2 */
    char what[80], cell[108];
    snprintf(what, sizeof what, "%s%s%s", report->data->column[m->column].name,
             m->term == TERM_knn_moved   ? ", moved"
             : m->term == TERM_zero_shot ? ", zero-shot"
             : m->term == TERM_knn_map   ? ", on the map"
                                         : "",
             share                ? ", %"
             : m->term == TERM_r2 ? ", R2"
                                  : "");
    printf("  %s", text_column(what, -26, cell, sizeof cell));
    for (int which = NOW; which <= CHANCE; which++)
        print_value(pick(m, (enum yardstick)which), share);
    putchar('\n');
}

void report_print(const struct train_report *report)
{
    printf("%s: %" PRIu64 " steps%s in %.1f s, %.0f pairs/s, loss %.4f\n", report->folder, report->steps,
           report->stopped ? " (stopped)" : "", report->seconds, report->pairs_per_s, (double)report->loss);
    printf("  %-26s%10s%10s%10s%10s\n", "", "now", "pixels", "untrained", "chance");
    for (int i = 0; i < report->measures->n; i++)
        if (report->measures->item[i].column >= 0)
            print_measure(report, &report->measures->item[i]);
    printf("  %s\n", report->protocol);
}
