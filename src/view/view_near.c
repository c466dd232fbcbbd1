/* SPDX-License-Identifier: MIT
 *
 * View 3: the selected item's nearest in h, z, the pixels and the untrained net side by side, what changed
 * among them, what they are made of; and of the whole probe the least stable items and the hubs.
 */
#include "view/act.h"
#include "view/change.h"
#include "view/facts.h"
#include "view/graph.h"
#include "view/held.h"
#include "view/layout.h"
#include "view/nearest.h"
#include "view/rows.h"
#include "view/space_list.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The lists that can be walked; the first four are the spaces. */
enum { LISTS = SPACE_KINDS + GRAPH_LISTS, LIST_HUBS = SPACE_KINDS + GRAPH_HUBS };
enum { LISTED = 128, LOWER_SMALL = 7, LOWER_LARGE = 11 };

static const char *const metric_names[] = {"cosine", "Euclidean"};

static const struct view_option near_options[] = {
    {"neighbours", "How many nearest are looked at: k.", offsetof(struct choice, near.k), 1, 50, 1, NULL},
    {"metric",
     "Cosine compares directions, as the map and the headline do. Euclidean compares places, lengths too.",
     offsetof(struct choice, near.metric), 0, 1, 1, metric_names},
    {"space",
     "Whose neighbours the lower half tells of: what they are made of, who is least stable, who is "
     "everybody's "
     "neighbour.",
     offsetof(struct choice, near.space), 0, SPACE_KINDS - 1, 1, space_names},
    {"nearest to",
     "The item looked at; all that is selected, taken together (the mean of their directions); the text that "
     "was "
     "searched, in z. By itself: the selected where they are several, else the text, else the item.",
     offsetof(struct choice, near.to), 0, NEAR_TO_KINDS - 1, 1, nearest_to_names},
    {NULL, NULL, 0, 0, 0, 0, NULL},
};

/* ---- what is listed ---- */

/* Probe items of a list in the order they are shown: of a space the nearest, then those that were. */
static int listed(struct scene *scene, int list, uint32_t item[LISTED])
{
    const struct spaces_result *s = spaces_answer(scene);
    const uint32_t *of_graph;
    size_t n = 0;
    if (list < SPACE_KINDS && s) {
        const struct near_list *l = &s->list[list];
        for (size_t i = 0; i < l->k && n < LISTED; i++)
            item[n++] = l->index[i];
        for (size_t i = 0; i < l->n_lost && n < LISTED; i++)
            item[n++] = l->lost[i];
    } else if (list >= SPACE_KINDS) {
        n = (size_t)graph_items(scene, (enum graph_list)(list - SPACE_KINDS), &of_graph);
        for (size_t i = 0; i < n; i++)
            item[i] = of_graph[i];
    }
    return (int)n;
}

/* ---- where everything stands ---- */

struct places {
    struct rect title, list[LISTS], made_of, pictures;
};

/* Three columns where four would be too narrow: hubs then give way to who is in no list while that is walked.
 */
static void graph_places(const struct scene *scene, struct rect below, struct places *p)
{
    bool wide = below.width >= 96;
    bool none = scene->choice.near.list == SPACE_KINDS + GRAPH_ANTI_HUBS;
    p->made_of = layout_column(below, 3 + wide, 0, 2);
    for (int list = 0; list < GRAPH_LISTS; list++)
        p->list[SPACE_KINDS + list] = wide                     ? layout_column(below, 4, 1 + list, 2)
                                      : list == GRAPH_UNSTABLE ? layout_column(below, 3, 1, 2)
                                      : (list == GRAPH_ANTI_HUBS) == none
                                          ? layout_column(below, 3, 2, 2)
                                          : (struct rect){below.x, below.y, 0, 0};
}

/* Those spaces that can be, side by side; on a narrow screen the one that is walked and the one before it. */
static void space_places(const struct scene *scene, struct rect upper, struct places *p)
{
    enum { WIDEST = 64 }; /* a row wider than this is not read across */
    int space[SPACE_KINDS] = {0}, n = 0, at = 0;
    for (int i = 0; i < SPACE_KINDS; i++)
        if (space_can(scene, i)) {
            at = i == scene->choice.near.list ? n : at;
            space[n++] = i;
        }
    int shown = upper.width < 70 && n > 2 ? 2 : n, first = at < shown ? 0 : at - shown + 1;
    if (upper.width > WIDEST * shown)
        upper.width = WIDEST * shown;
    for (int i = 0; i < shown; i++)
        p->list[space[first + i]] = layout_column(upper, shown, i, 2);
}

/* The lists take what they need at most (k, and as many that were lost); the lower half has the rest. */
static struct places places_of(const struct scene *scene, struct rect r)
{
    struct places p = {.title = {r.x + 1, r.y, r.width - 2, 1}};
    bool tall = r.height >= 28;
    int lower = r.height < 14 ? 0 : tall ? LOWER_LARGE : LOWER_SMALL;
    int pictures = !tall || !scene->data->pixels ? 0 : r.height >= 44 ? 11 : 6;
    int rows = r.height - 1 - lower - pictures, most = 2 * scene->choice.near.k + 2;
    if (tall && rows > most) {
        lower += rows - most;
        rows = most;
    }
    struct rect upper = {r.x + 1, r.y + 1, r.width - 2, rows};
    struct rect below = {r.x + 1, r.y + r.height - lower, r.width - 2, lower};
    p.pictures = (struct rect){r.x + 1, upper.y + upper.height, r.width - 2, pictures};
    space_places(scene, upper, &p);
    graph_places(scene, below, &p);
    return p;
}

/* ---- drawing ---- */

/* "step 60", or "A, step 60" where it is pinned. */
static void moment_name(const struct scene *scene, uint64_t step, char *text, size_t size)
{
    char count[32];
    bool pinned = scene->pinned && scene->pinned->step == step;
    snprintf(text, size, "%s%s", pinned ? "A, step " : "step ", format_count(step, count));
}

static void draw_title(struct scene *scene, const struct pen *pen)
{
    const struct near_choice *c = &scene->choice.near;
    const struct spaces_result *s = spaces_answer(scene);
    char what[64], rest[96], since[64] = "";
    nearest_name(scene, what, rest);
    int x = pen_text(pen, 0, 0, ROLE_STRONG, what);
    if (*rest)
        x = pen_text(pen, x + 1, 0, ROLE_TEXT, rest);
    static const char *const by[] = {"cosine similarity", "Euclidean distance"};
    x = pen_printf(pen, x, 0, ROLE_QUIET,
                   pen->rect.width < 100 ? " · %d nearest, %s" : " · the %d nearest, by %s", c->k,
                   pen->rect.width < 100 ? metric_names[c->metric] : by[c->metric]);
    if (s && s->before_step != UINT64_MAX) {
        moment_name(scene, s->before_step, since, sizeof since);
        bool narrow = pen->rect.width - x < 26 + text_width(since);
        pen_printf(pen, x, 0, ROLE_QUIET, narrow ? " · + − since %s" : " · + new − lost since %s", since);
    }
}

/* The item, then what the highlighted list holds, as far as there is room. */
static void draw_pictures(struct scene *scene, const struct pen *pen, int each)
{
    uint32_t item[LISTED];
    const struct near_choice *c = &scene->choice.near;
    int n = listed(scene, c->list, item), room = pen->rect.width / (each + 1);
    bool space = c->list < SPACE_KINDS && nearest_of(scene) == NEAR_ITEM;
    int first = rows_from(n, room - space, c->row);
    for (int i = space ? -1 : 0, x = 0; i < n - first && x + each <= pen->rect.width; i++, x += each + 1) {
        int shown = i < 0 ? scene->choice.item : (int)item[first + i];
        struct pen place =
            pen_at(pen, (struct rect){pen->rect.x + x, pen->rect.y, each, pen->rect.height - 1});
        int rows = item_picture(scene, &place, scene_row(scene, shown));
        bool here = i >= 0 && first + i == c->row;
        pen_printf(pen, x, rows, here ? ROLE_ACCENT : ROLE_QUIET, "%s%lld", i < 0 ? "item " : "",
                   (long long)scene_row(scene, shown));
    }
}

static void draw_list(struct scene *scene, const struct pen *pen, int list)
{
    if (list < SPACE_KINDS)
        space_list_draw(scene, pen, list);
    else
        graph_draw(scene, pen, (enum graph_list)(list - SPACE_KINDS),
                   scene->choice.near.list == list ? scene->choice.near.row : -1);
}

/* z: the highlighted list alone, with its pictures. */
static void draw_large(struct scene *scene, const struct pen *pen)
{
    enum { WIDEST = 96 }; /* a row wider than this is not read across */
    struct rect r = pen->rect;
    int height = scene->data->pixels && r.height >= 16 ? r.height / 2 : 0;
    int each = (height - 1) * 2 < 8 ? 8 : (height - 1) * 2;
    struct pen p = pen_at(
        pen, (struct rect){r.x + 1, r.y, r.width - 2 < WIDEST ? r.width - 2 : WIDEST, r.height - height});
    draw_list(scene, &p, scene->choice.near.list);
    p = pen_at(pen, (struct rect){r.x + 1, r.y + r.height - height, r.width - 2, height});
    if (height)
        draw_pictures(scene, &p, each);
}

static void near_draw(struct scene *scene, struct canvas *canvas, struct rect rect)
{
    struct pen pen = {canvas, scene->theme, rect};
    struct places places = places_of(scene, rect);
    if (scene_row(scene, scene->choice.item) < 0) {
        pen_text(&pen, 1, rect.height / 2, ROLE_QUIET,
                 scene_items(scene) ? "no item: 1 shows the map, arrows pick one" : "no item yet");
        return;
    }
    if (scene_items(scene) < 2) {
        pen_text(&pen, 1, rect.height / 2, ROLE_QUIET, "it is the only item: nothing is near it");
        return;
    }
    struct pen p = pen_at(&pen, places.title);
    draw_title(scene, &p);
    if (scene->choice.large) {
        p = pen_rows(&pen, 1, rect.height - 1);
        draw_large(scene, &p);
        return;
    }
    for (int list = 0; list < LISTS; list++) {
        p = pen_at(&pen, places.list[list]);
        if (p.rect.height > 0)
            draw_list(scene, &p, list);
    }
    p = pen_at(&pen, places.made_of);
    if (p.rect.height > 0)
        made_of_draw(scene, &p);
    p = pen_at(&pen, places.pictures);
    if (p.rect.height > 0)
        draw_pictures(scene, &p, 2 * (p.rect.height - 1));
}

/* ---- keys ---- */

static void hold(struct scene *scene)
{
    list_hold(scene, scene->choice.near.list < SPACE_KINDS ? REQUEST_SPACES : REQUEST_GRAPH);
}

static void look_into(struct scene *scene)
{
    uint32_t item[LISTED];
    struct near_choice *c = &scene->choice.near;
    if (c->row >= listed(scene, c->list, item))
        return;
    item_put(scene, (int)item[c->row]);
    c->to = NEAR_TO_ITEM;
    c->list = c->list < SPACE_KINDS ? c->list : SPACE_H;
    c->row = 0;
}

static bool list_can(const struct scene *scene, int list)
{
    return list >= SPACE_KINDS || space_can(scene, list);
}

static const struct lists lists = {LISTS, list_can};

static bool near_act(struct scene *scene, enum action action, struct key key, const struct post *post)
{
    (void)key;
    (void)post;
    uint32_t item[LISTED];
    struct near_choice *c = &scene->choice.near;
    if (lists_walked(scene, &lists, action, listed(scene, c->list, item), &c->list, &c->row)) {
        int n = listed(scene, c->list, item);
        c->row = c->row < n ? c->row : n > 0 ? n - 1 : 0;
    } else if (action == ACTION_ENTER) {
        look_into(scene);
    } else {
        return false;
    }
    hold(scene);
    return true;
}

/* A press on a list goes there, on its highlighted row looks into it. */
static void point_at(struct scene *scene, int list, int row, bool press)
{
    struct near_choice *c = &scene->choice.near;
    bool again = press && row >= 0 && c->list == list && c->row == row;
    c->list = list;
    c->row = row < 0 ? 0 : row;
    if (again)
        look_into(scene);
    hold(scene);
}

static bool near_mouse(struct scene *scene, struct mouse mouse, struct rect rect, const struct post *post)
{
    (void)post;
    uint32_t item[LISTED];
    struct places places = places_of(scene, rect);
    struct near_choice *c = &scene->choice.near;
    bool wheel = mouse_is_wheel(mouse), press = mouse.what == MOUSE_PRESS;
    for (int list = 0; list < LISTS && !scene->choice.large && (wheel || press); list++) {
        struct list_place place = {places.list[list], listed(scene, list, item), c->list == list ? c->row : 0,
                                   list < SPACE_KINDS ? 0
                                                      : graph_foot((enum graph_list)(list - SPACE_KINDS))};
        if (!rect_has(place.rect, mouse.x, mouse.y))
            continue;
        point_at(scene, list, row_pointed(&place, mouse), press);
        return true;
    }
    return wheel;
}

/* Who was the hub at the last measured steps before: where the space changes with training, and the answer is
 * quick. */
static void ask_hubs_before(const struct scene *scene, struct request *request)
{
    const struct snapshot *now = scene->now;
    bool changes = request->graph.space == SPACE_H || request->graph.space == SPACE_Z;
    size_t n = 1;
    for (size_t i = scene->n_kept; i > 0 && n <= HUB_MOMENTS && request->other[0] && changes; i--) {
        const struct snapshot *then = scene->kept[i - 1];
        bool measured = then->step < now->step && then->measures.step == then->step;
        if (measured && scene_items(scene) <= HUB_ITEMS)
            request->other[n++] = then;
    }
}

static void near_wants(struct scene *scene, const struct post *post)
{
    struct near_choice *c = &scene->choice.near;
    if (!list_can(scene, c->list))
        c->list = SPACE_H;
    int most = scene_items(scene) - 1, k = c->k < most ? c->k : most;
    const struct snapshot *before = scene_before(scene);
    struct request request = {.kind = REQUEST_SPACES, .snapshot = scene->now, .other = {before}};
    if (scene->choice.item < 0 || k < 1)
        return;
    request.spaces = (struct spaces_question){
        .k = k, .metric = (enum metric)c->metric, .space = (enum space_kind)c->space};
    nearest_ask(scene, &request);
    scene_ask(scene, &request, post);
    request = (struct request){.kind = REQUEST_GRAPH, .snapshot = scene->now, .other = {before}};
    request.graph = (struct graph_question){(enum space_kind)c->space, (enum metric)c->metric, k};
    ask_hubs_before(scene, &request);
    scene_ask(scene, &request, post);
}

static void near_words(struct scene *scene, struct strbuf *out)
{
    const struct spaces_result *s = spaces_answer(scene);
    char what[64], rest[96];
    nearest_name(scene, what, rest);
    for (int space = 0; s && space < SPACE_KINDS; space++) {
        const struct near_list *l = &s->list[space];
        if (l->k == 0)
            continue;
        strbuf_printf(out, "Nearest to %s in %s, %s:", what, space_names[space],
                      s->asked.metric == METRIC_COSINE ? "cosine" : "distance");
        say_items(scene, l->index, l->k, l->value, out);
        if (l->kept && l->n_lost > 0) {
            strbuf_printf(out, "No more among them since step %llu:", (unsigned long long)s->before_step);
            say_items(scene, l->lost, l->n_lost, NULL, out);
        }
    }
    graph_words(scene, out);
}

/* Who walks a list is told what it leads to. */
static bool near_hint(struct scene *scene, char *text, size_t size)
{
    uint64_t step;
    uint32_t item[LISTED];
    const struct near_choice *c = &scene->choice.near;
    bool begun = c->list != 0 || c->row != 0 || list_stays_at(scene, &step);
    if (list_changes(scene)) {
        snprintf(text, size, "lists change as it trains: arrows hold one, Space all   left: in most lists");
        return true;
    }
    if (!begun || c->row >= listed(scene, c->list, item))
        return false;
    if (c->list == LIST_HUBS) {
        graph_hub_words(scene, c->row, text, size);
        size_t used = strlen(text);
        snprintf(text + used, size - used, "   Enter: to it");
        return true;
    }
    snprintf(text, size, "Enter: to item %lld   e: the 50 nearest to %lld",
             (long long)scene_row(scene, (int)item[c->row]), (long long)scene_row(scene, scene->choice.item));
    return true;
}

static const struct key_help near_keys[] = {
    {"←→", "list", "another space, the least stable, who is in no list, who is most often in lists; Tab too"},
    {"↑↓", "row", "another row of the list; PgUp PgDn ten, g G the first and the last"},
    {"Enter", "look into", "the highlighted item becomes the one looked at"},
    {"Esc", NULL, "a list stays as it is while arrows walk it, and training goes on: Esc, it follows again"},
    {"Space", NULL, "holds the training, and all lists with it"},
    {"z", "large", "this list alone with its pictures; again: back"},
    {"S", "to, k, metric", "nearest to the item, the selected or the text; how many; cosine or Euclidean"},
    {"e", "export",
     "the 50 nearest by this metric, in the space of the list walked: .csv with attributes, .npy embeddings, "
     ".png pictures, by the file's ending; FILE.json says of which step"},
    {NULL, NULL, NULL},
};
static const int near_terms[] = {TERM_similarity, TERM_lift, TERM_jaccard, TERM_occurrence, -1};

extern const struct view view_near;
const struct view view_near = {
    .entry = {"near", "an item's neighbours in every space", NULL},
    .draw = near_draw,
    .act = near_act,
    .wants = near_wants,
    .mouse = near_mouse,
    .words = near_words,
    .options = near_options,
    .keys = near_keys,
    .terms = near_terms,
    .hint = near_hint,
    .tip = "try: left: who is most often in lists; Enter looks into one; e writes a file",
};
