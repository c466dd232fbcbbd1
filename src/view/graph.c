/* SPDX-License-Identifier: MIT */
#include "view/graph.h"

#include "base/check.h"
#include "space/graph.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/nearest.h"
#include "view/rows.h"
#include "view/work.h"

#include <stdio.h>

const struct graph_result *graph_of(const struct scene *scene)
{
    const struct result *r = list_answer(scene, REQUEST_GRAPH);
    return r && r->graph.n == (size_t)scene_items(scene) ? &r->graph : NULL;
}

int graph_items(const struct scene *scene, enum graph_list list, const uint32_t **item)
{
    const struct graph_result *g = graph_of(scene);
    if (!g)
        return 0;
    const uint32_t *const items[GRAPH_LISTS] = {g->unstable, g->anti_hub, g->hub};
    const size_t n[GRAPH_LISTS] = {g->n_unstable, g->n_anti_hubs, g->n_hubs};
    *item = items[list];
    return (int)n[list];
}

/* ---- drawing ---- */

/* Not "hubs": whether there are any is said below it. */
static const char *name_of(enum graph_list list, int width)
{
    static const char *const names[GRAPH_LISTS] = {"least stable", "in no list", "most often in lists"};
    return list == GRAPH_HUBS && width < 28 ? "in most lists" : names[list];
}

/* What the values at the right are. */
static void values_head(const struct scene *scene, enum graph_list list, int width, char *text, size_t size)
{
    char mean[32];
    const struct graph_result *g = graph_of(scene);
    text[0] = '\0';
    if (list == GRAPH_HUBS && g && width >= 22) /* each has k neighbours */
        snprintf(text, size,
                 width >= 46   ? "how many, in %s; mean %d"
                 : width >= 34 ? "in %.6s; mean %d"
                               : "%.0smean %d",
                 space_names[g->asked.space], g->asked.k);
    if (list == GRAPH_ANTI_HUBS)
        snprintf(text, size, width >= 26 ? "its own nearest" : "nearest");
    if (list != GRAPH_UNSTABLE || !g || !g->jaccard)
        return;
    format_number(scene->theme, (double)g->mean_jaccard, 2, mean);
    snprintf(text, size, width >= 36 ? "Jaccard, mean %s" : "mean %s", mean);
}

static const char *why_empty(struct scene *scene, enum graph_list list, char working[WORK_TEXT])
{
    const struct graph_result *g = graph_of(scene);
    if (!g)
        return work_text(scene, REQUEST_GRAPH, working);
    if (list == GRAPH_UNSTABLE)
        return g->jaccard         ? "nobody's neighbours changed"
               : scene->elsewhere ? "no other step to compare with"
                                  : "no earlier step to compare with: train on, or p pins one";
    return list == GRAPH_HUBS ? "nobody has a neighbour" : "nobody: each is in some list";
}

int graph_foot(enum graph_list list)
{
    return list == GRAPH_HUBS ? 2 : list == GRAPH_ANTI_HUBS;
}

/* How sure it is who the hub is, at most `room` cells: "tied with 2 others; first at 4 of the 5 measured
 * steps before too". */
static void steady_text(const struct graph_result *g, int room, char *text, size_t size)
{
    static const char *const tied[2][3] = {{"", "tied with 1 other", "tied with %u others"},
                                           {"", "1 tie", "%u ties"}};
    static const char *const first[] = {"first at %u of %u measured steps before",
                                        "first at %u of %u steps before", "first at %u of %u before",
                                        "first %u of %u"};
    text[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(first) && g->n_hubs > 0 && (i == 0 || text_width(text) > room); i++) {
        int n = snprintf(text, size, tied[i > 0][g->n_tied < 2 ? g->n_tied : 2], g->n_tied);
        if (g->moments > 0 && n > 0)
            n += snprintf(text + n, size - (size_t)n, "; ");
        if (g->moments > 0)
            snprintf(text + n, size - (size_t)n, first[i], g->first, g->moments);
        else if (n == 0)
            snprintf(text, size, "no tie");
    }
}

void graph_hub_words(const struct scene *scene, int row, char *text, size_t size)
{
    enum { LINE = 62 /* cells, so that a hint has room for what Enter does */ };
    char steady[96], of[32];
    const struct graph_result *g = graph_of(scene);
    uint32_t hub = g->hub[row];
    int n = snprintf(text, size, "%lld in %u of %s lists", (long long)scene_row(scene, (int)hub),
                     g->occurrence[hub], format_count(g->n, of));
    steady_text(g, LINE - n - 2, steady, sizeof steady);
    if (row == 0)
        snprintf(text + n, size - (size_t)n, ", %s", steady);
}

/* "skew 0.41: no hubs", and what those far above the mean hold of all places in lists. */
static void hubs_foot(const struct graph_result *g, int width, const char *skew, const char *share,
                      char *text, size_t size)
{
    int n = snprintf(text, size, "skew %s: %s", skew, hubness_words((double)g->skew));
    if (width >= 46)
        snprintf(text + n, size - (size_t)n, " · those in %d+ hold %s %%", 2 * g->asked.k, share);
}

/* Of all items, not only those listed. */
static void foot_text(const struct scene *scene, enum graph_list list, int width, char *text, size_t size)
{
    char share[32], skew[32], count[32], of[32];
    const struct graph_result *g = graph_of(scene);
    text[0] = '\0';
    if (!g || list == GRAPH_UNSTABLE)
        return;
    format_percent(scene->theme, list == GRAPH_HUBS ? g->hub_share : g->anti_hubs, share);
    format_number(scene->theme, (double)g->skew, 2, skew);
    format_count(g->n_in_no_list, count);
    format_count(g->n, of);
    if (list == GRAPH_HUBS)
        hubs_foot(g, width, skew, share, text, size);
    else
        snprintf(text, size, width >= 22 ? "%s of %s: %s %%" : "%s of %s", count, of, share);
}

static void value_text(const struct scene *scene, enum graph_list list, size_t i, char value[32])
{
    const struct graph_result *g = graph_of(scene);
    if (list == GRAPH_HUBS)
        snprintf(value, 32, "%u", g->occurrence[g->hub[i]]);
    else
        format_number(scene->theme,
                      (double)(list == GRAPH_UNSTABLE ? g->jaccard[g->unstable[i]] : g->anti_nearest[i]), 2,
                      value);
}

void graph_draw(struct scene *scene, const struct pen *pen, enum graph_list list, int row)
{
    char right[64], foot[96], working[WORK_TEXT], value[32];
    const uint32_t *item;
    int n = graph_items(scene, list, &item), room = pen->rect.height - 1 - graph_foot(list);
    values_head(scene, list, pen->rect.width, right, sizeof right);
    list_heading(pen, row >= 0, name_of(list, pen->rect.width), right);
    if (n == 0) {
        struct pen below = pen_rows(pen, 1, pen->rect.height - 1);
        pen_wrap(&below, 0, ROLE_QUIET, why_empty(scene, list, working));
        return;
    }
    for (int i = rows_from(n, room, row < 0 ? 0 : row), y = 1; i < n && y <= room; i++, y++) {
        value_text(scene, list, (size_t)i, value);
        item_row_draw(scene, pen, y,
                      &(struct item_row){(int)item[i], scene_row(scene, (int)item[i]), value, ROLE_TEXT});
        if (i == row)
            row_highlight(pen, y);
    }
    if (list == GRAPH_HUBS) {
        steady_text(graph_of(scene), pen->rect.width, foot, sizeof foot);
        pen_text(pen, 0, pen->rect.height - 2, ROLE_TEXT, foot);
    }
    foot_text(scene, list, pen->rect.width, foot, sizeof foot);
    pen_text(pen, 0, pen->rect.height - 1, ROLE_QUIET, foot);
}

/* ---- in words ---- */

void say_items(struct scene *scene, const uint32_t *item, size_t n, const float *value, struct strbuf *out)
{
    enum { TOLD = 3 };
    for (size_t i = 0; i < n && i < TOLD; i++) {
        char caption[96];
        int64_t row = scene_row(scene, (int)item[i]);
        scene_caption(scene, row, caption, sizeof caption);
        strbuf_printf(out, "%s item %lld, %s", i ? ";" : "", (long long)row, caption);
        if (value)
            strbuf_printf(out, " (%.2f)", (double)value[i]);
    }
    strbuf_puts(out, ".\n");
}

void graph_words(struct scene *scene, struct strbuf *out)
{
    const struct graph_result *g = graph_of(scene);
    if (g && g->n_hubs > 0) {
        strbuf_printf(out, "In most lists, %u and fewer:", g->occurrence[g->hub[0]]);
        say_items(scene, g->hub, g->n_hubs, NULL, out);
        char first[160];
        graph_hub_words(scene, 0, first, sizeof first);
        strbuf_printf(out, "The hub: item %s.\n", first);
    }
    if (g && g->n_anti_hubs > 0) {
        strbuf_printf(out, "In nobody's list are %u of %zu:", g->n_in_no_list, g->n);
        say_items(scene, g->anti_hub, g->n_anti_hubs, g->anti_nearest, out);
    }
    if (g && g->jaccard && g->n_unstable > 0) {
        strbuf_puts(out, "Whose neighbours changed most:");
        say_items(scene, g->unstable, g->n_unstable, NULL, out);
    }
}
