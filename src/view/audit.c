/* SPDX-License-Identifier: MIT */
#include "view/audit.h"

#include "base/check.h"
#include "view/act.h"
#include "view/facts.h"
#include "view/state.h"
#include "view/threshold.h"
#include "view/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const audit_conventions[] = {"within", "involving", "query"};

/* What is kept between frames. */
struct audited {
    struct snapshot *at; /* the moment that stays while training goes on */
    struct result *of;   /* what `shown` was looked up in */
    uint32_t bin;
    struct audit shown[2]; /* as the columns say, and as marks do; empty where there are none */
};

static struct audited *memory(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    if (!s->audited)
        s->audited = xcalloc(1, sizeof *s->audited);
    return s->audited;
}

void audited_free(struct audited *audited)
{
    if (!audited)
        return;
    snapshot_unref(audited->at);
    result_unref(audited->of);
    for (int i = 0; i < 2; i++)
        audit_at_release(&audited->shown[i]);
    free(audited);
}

/* ---- the question ---- */

/* enum relation, or RELATION_LISTED. */
static int relation_of(const struct scene *scene)
{
    static const int relations[AUDIT_SAMES] = {[AUDIT_SAME_IDENTITY] = RELATION_IDENTITY,
                                               [AUDIT_SAME_LABEL] = RELATION_LABEL,
                                               [AUDIT_SAME_PICTURE] = RELATION_VIEW,
                                               [AUDIT_SAME_LISTED] = RELATION_LISTED};
    int relation = relations[scene->choice.audit.relation];
    bool none = relation == RELATION_IDENTITY && !dataset_is_category(scene->data, scene->data->identity);
    return none ? RELATION_LABEL : relation;
}

static int relation_column(const struct scene *scene)
{
    return relation_of(scene) == RELATION_LABEL ? scene_label(scene) : scene->data->identity;
}

/* The first attribute but that one that makes a few groups. */
static int first_group_but(const struct dataset *data, int column)
{
    enum { FEW = 12 };
    for (int c = 0; c < (int)data->n_columns; c++)
        if (c != column && c != data->split && dataset_is_category(data, c) &&
            data->column[c].n_values >= 2 && data->column[c].n_values <= FEW)
            return c;
    return NO_COLUMN;
}

/* Chosen, the data's own, that of the map; but groups that are what makes pairs the same have no pairs that
 * could be mistaken within one: then rather others. */
static int audit_group_column(const struct scene *scene)
{
    const struct dataset *data = scene->data;
    int shown = scene->choice.column, same = relation_column(scene);
    const int columns[] = {scene->choice.audit.group, data->group, shown == same ? NO_COLUMN : shown,
                           first_group_but(data, same), shown};
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        if (dataset_is_category(data, columns[i]))
            return columns[i];
    return NO_COLUMN;
}

/* Does anything say which pairs are the same? */
static bool pairs_there(const struct scene *scene)
{
    switch (relation_of(scene)) {
    case RELATION_VIEW: return scene->now->n_batch > 0;
    case RELATION_LISTED: return scene->pairs.digest != 0;
    default: return dataset_is_category(scene->data, relation_column(scene));
    }
}

static const char *why_no_pairs(const struct scene *scene)
{
    if (relation_of(scene) == RELATION_LISTED)
        return "no list of pairs: :pairs FILE reads one (id_a, id_b, and same or score or both)";
    return relation_of(scene) == RELATION_VIEW && !scene->elsewhere
               ? "no batch yet: the two views of a picture come with the first step"
               : "nothing says which pairs are the same: the data has neither identity nor label";
}

/* Differs when the marks do. */
static unsigned tags_of(const struct marks *marks)
{
    unsigned digest = 0;
    for (size_t i = 0; i < marks->n; i++) {
        const struct mark *m = &marks->mark[i];
        digest +=
            ((unsigned)m->a + 1) * 2654435761U + ((unsigned)m->b + 2) * 40503U * (1 + (unsigned)m->kind);
    }
    return digest;
}

/* All of it but the threshold. */
static struct audit_question subject(const struct scene *scene)
{
    const struct audit_choice *c = &scene->choice.audit;
    int group = audit_group_column(scene);
    return (struct audit_question){.group = {group, c->cross == group ? NO_COLUMN : c->cross},
                                   .relation = relation_of(scene),
                                   .label = scene_label(scene),
                                   .listed = relation_of(scene) == RELATION_LISTED ? scene->pairs.digest : 0,
                                   .convention = c->convention,
                                   .split = c->split,
                                   .bin = -1,
                                   .tags = tags_of(&scene->marks)};
}

static bool same_subject(const struct audit_question *a, const struct audit_question *b)
{
    return memcmp(a->group, b->group, sizeof a->group) == 0 && a->relation == b->relation &&
           a->label == b->label && a->convention == b->convention && a->split == b->split &&
           a->listed == b->listed;
}

const struct audit_result *audit_result_of(const struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_AUDIT];
    struct audit_question asked = subject(scene);
    return r && scene->now && r->run == scene->now->run && same_subject(&r->audit.asked, &asked) ? &r->audit
                                                                                                 : NULL;
}

bool audit_counted(const struct scene *scene, struct match_table *table)
{
    const struct audit_result *r = audit_result_of(scene);
    if (!r || !r->audit)
        return false;
    *table = r->audit->chosen; /* lent */
    return true;
}

uint64_t audit_step(const struct scene *scene)
{
    return scene->found[REQUEST_AUDIT]->step;
}

/* The moment asked about: the newest, or the one that stays, as it does while pairs behind a number are
 * walked; another run or a step back ends the staying. */
static const struct snapshot *moment(struct scene *scene)
{
    struct audited *m = memory(scene);
    const struct audit_choice *c = &scene->choice.audit;
    bool stays = m->at && (c->follow == 0 || c->open) && m->at->run == scene->now->run && !scene->past;
    if (!stays) {
        snapshot_unref(m->at);
        m->at = snapshot_ref(scene->now);
    }
    return m->at;
}

/* Its bin where it is known: of a rate where the pairs of that moment are counted. */
static void put_threshold(const struct scene *scene, const struct snapshot *at, struct audit_question *asked)
{
    static const enum audit_target targets[] = {
        [LOCK_FMR] = AUDIT_AT_FMR, [LOCK_FNMR] = AUDIT_AT_FNMR, [LOCK_EER] = AUDIT_AT_EER};
    const struct threshold_choice *t = &scene->choice.threshold;
    struct match_table table;
    if (t->lock == LOCK_VALUE) {
        asked->bin = (int)threshold_bin(t->target, SCORES_BINS);
    } else if (audit_counted(scene, &table) && audit_step(scene) == at->step) {
        asked->bin = (int)threshold_bin_of(t, &table);
    } else {
        asked->target = (int)targets[t->lock];
        asked->at = (float)t->target;
    }
}

/* Was just that answered? The first answer has its threshold by the rate, not by the bin. */
static bool answered(const struct scene *scene, const struct snapshot *at, const struct audit_question *asked)
{
    const struct audit_result *r = audit_result_of(scene);
    return r && audit_step(scene) == at->step && r->asked.tags == asked->tags &&
           (!r->audit || (int)r->audit->bin == asked->bin);
}

const struct groups_result *audit_groups_of(const struct scene *scene)
{
    const struct result *r = scene->found[REQUEST_GROUPS];
    struct audit_question asked = subject(scene);
    return r && scene->now && r->run == scene->now->run && same_subject(&r->groups.asked.audit, &asked)
               ? &r->groups
               : NULL;
}

/* Neighbourhoods at the threshold, the association of the chosen groups along the map's axis of two sets. */
static void want_groups(struct scene *scene, const struct snapshot *at, const struct post *post)
{
    struct request request = {.kind = REQUEST_GROUPS, .snapshot = at};
    struct screen *s = screen_state(scene);
    const struct audit *audit = audit_shown(scene);
    if (!audit || relation_of(scene) == RELATION_LISTED) /* a list has no neighbourhoods */
        return;
    struct audit_cell c = audit_chosen(scene, audit);
    request.groups = (struct groups_question){.audit = subject(scene), .g = c.g, .h = c.h};
    request.groups.audit.bin = (int)audit->bin;
    request.groups.audit.tags = 0;
    for (int i = 0; i < 2 && scene->choice.axes == AXES_SETS; i++) {
        struct selection *set = &s->map_set[i].set;
        request.set[i] = (struct request_set){set->word, set->n};
        request.groups.axis[i] = selection_hash(set);
    }
    scene_ask(scene, &request, post);
}

/* How near the pair that is walked to is, and was. */
static void want_link(struct scene *scene, const struct snapshot *at, const struct post *post)
{
    struct request request = {.kind = REQUEST_LINK, .snapshot = at, .other = {scene_before(scene)}};
    struct pair_ref pair;
    if (!audit_pair_of(scene, &pair) || relation_of(scene) == RELATION_VIEW)
        return;
    request.link = (struct link_question){(uint32_t)pair.a, (uint32_t)pair.b};
    scene_ask(scene, &request, post);
}

void audit_wants(struct scene *scene, const struct post *post)
{
    struct request request = {.kind = REQUEST_AUDIT};
    request.audit = subject(scene);
    if (!pairs_there(scene) || !dataset_is_category(scene->data, request.audit.group[0]))
        return;
    request.snapshot = moment(scene);
    want_link(scene, request.snapshot, post);
    if (scene->choice.audit.more == AUDIT_NEAR)
        want_groups(scene, request.snapshot, post);
    put_threshold(scene, request.snapshot, &request.audit);
    if (answered(scene, request.snapshot, &request.audit))
        return;
    request.marks = (struct request_marks){scene->marks.mark, scene->marks.n};
    scene_ask(scene, &request, post);
}

/* ---- the answer ---- */

const struct audit *audit_with(struct scene *scene, bool tagged)
{
    const struct audit_result *r = audit_result_of(scene);
    struct audited *m = memory(scene);
    struct match_table table;
    if (!audit_counted(scene, &table))
        return NULL;
    uint32_t bin = threshold_bin_of(&scene->choice.threshold, &table);
    if (m->of != scene->found[REQUEST_AUDIT] || m->bin != bin) {
        result_unref(m->of);
        m->of = result_ref(scene->found[REQUEST_AUDIT]);
        m->bin = bin;
        for (int i = 0; i < 2; i++)
            audit_at_release(&m->shown[i]);
        audit_at(&m->shown[0], r->audit, bin);
        if (r->tagged)
            audit_at(&m->shown[1], r->tagged, bin);
    }
    return !tagged ? &m->shown[0] : r->tagged ? &m->shown[1] : NULL;
}

const struct audit *audit_shown(struct scene *scene)
{
    const struct audit *tagged = scene->choice.audit.tags == 1 ? audit_with(scene, true) : NULL;
    return tagged ? tagged : audit_with(scene, false);
}

const char *audit_why_nothing(const struct scene *scene, char text[AUDIT_WHY])
{
    char working[WORK_TEXT];
    const struct audit_result *r = scene->now ? audit_result_of(scene) : NULL;
    if (!scene->now || scene_items(scene) < 2)
        return "nothing to audit yet: there are no items";
    if (audit_group_column(scene) == NO_COLUMN)
        return scene->data->n_columns == 0
                   ? "no groups to compare: --items FILE brings attributes; a column of categories makes "
                     "groups"
                   : "no groups: S says whose rates are compared, c colours by a category";
    if (!pairs_there(scene))
        return why_no_pairs(scene);
    if (r && r->n_groups > AUDIT_MOST_GROUPS)
        return "more than 22 groups: their pairs would be too few to judge. S chooses a coarser column, or "
               "crosses none";
    snprintf(text, AUDIT_WHY, "counting pairs: %s", work_text(scene, REQUEST_AUDIT, working));
    return text;
}

/* ---- names ---- */

void audit_relation_name(const struct scene *scene, char text[64])
{
    char count[32];
    if (relation_of(scene) == RELATION_VIEW)
        snprintf(text, 64, "same picture (its views, z)");
    else if (relation_of(scene) == RELATION_LISTED)
        snprintf(text, 64, "listed in %.20s (%s)", scene->pairs.name, format_count(scene->pairs.n, count));
    else
        snprintf(text, 64, "same %.50s", scene_column_name(scene, relation_column(scene)));
}

void audit_groups_name(const struct scene *scene, char text[80])
{
    struct audit_question asked = subject(scene);
    bool crossed = dataset_is_category(scene->data, asked.group[1]);
    snprintf(text, 80, "%.30s%s%.30s", scene_column_name(scene, asked.group[0]), crossed ? " × " : "",
             crossed ? scene_column_name(scene, asked.group[1]) : "");
}

/* ---- cells ---- */

int audit_cells(const struct audit *audit, struct audit_cell cell[AUDIT_ROWS])
{
    int n = 0, groups = (int)audit->n_groups;
    for (int g = 0; g < groups; g++)
        cell[n++] = (struct audit_cell){g, g};
    for (int g = 0; g < groups; g++)
        for (int h = g + 1; h < groups; h++)
            cell[n++] = (struct audit_cell){g, h};
    return n;
}

struct audit_cell audit_chosen(const struct scene *scene, const struct audit *audit)
{
    struct audit_cell cell[AUDIT_ROWS] = {{0, 0}};
    int n = audit_cells(audit, cell), row = scene->choice.audit.row;
    return cell[row < n ? row : n > 0 ? n - 1 : 0];
}

void audit_cell_name(const struct audit_result *r, struct audit_cell cell, char text[2 * AUDIT_NAME + 8])
{
    if (cell.g == cell.h)
        snprintf(text, 2 * AUDIT_NAME + 8, "%s", r->name[cell.g]);
    else
        snprintf(text, 2 * AUDIT_NAME + 8, "%s – %s", r->name[cell.g], r->name[cell.h]);
}

size_t audit_listed(const struct scene *scene, const struct audit *audit, const struct scored_pair **pair)
{
    struct audit_cell c = audit_chosen(scene, audit);
    size_t list = scores_cell(audit->n_groups, (size_t)c.g, (size_t)c.h) * N_PAIR_KINDS +
                  (scene->choice.audit.missed ? PAIR_GENUINE : PAIR_IMPOSTOR);
    *pair = audit->scores.worst[list].pair;
    return audit->scores.worst[list].n;
}

/* ---- texts of numbers ---- */

void audit_rate_text(double rate, char text[48])
{
    char count[32];
    if (isnan(rate))
        snprintf(text, 48, "–");
    else if (rate == 0)
        snprintf(text, 48, "none");
    else if (rate < 0.02)
        snprintf(text, 48, "1 in %s", format_count((unsigned long long)llround(1 / rate), count));
    else
        snprintf(text, 48, rate >= 0.0995 ? "%.0f %%" : "%.1f %%", 100 * rate);
}

/* "87 039", or "133k" where both would not fit their column. */
static void count_text(double count, bool thousands, char text[32])
{
    if (thousands)
        snprintf(text, 32, count < 1e6 ? "%.0fk" : "%.1fM", count < 1e6 ? count / 1e3 : count / 1e6);
    else
        format_count((unsigned long long)llround(count), text);
}

/* Of rare rates, in the unit of "1 in 1 000". */
static void one_in_text(struct interval ci, const char *about, char text[64])
{
    char low[32], high[32];
    bool thousands = 1 / ci.low >= 99999.5;
    count_text(1 / ci.high, thousands, low);
    count_text(1 / ci.low, thousands, high);
    snprintf(text, 64, "%s%s–%s", about, low, high);
}

void audit_interval_text(const struct audit_value *value, bool looked_up, char text[64])
{
    const char *about = looked_up ? "~" : "";
    if (isnan(value->ci.low))
        snprintf(text, 64, value->status == AUDIT_FEW_UNITS ? "too few" : "–");
    else if (value->status == AUDIT_ZERO)
        snprintf(text, 64, "0–%.2g %%+", 100 * value->ci.high); /* or more */
    else if (value->value > 0 && value->value < 0.02)
        one_in_text(value->ci, about, text);
    else
        snprintf(text, 64, value->ci.low < 0.0995 ? "%s%.1f–%.1f" : "%s%.0f–%.0f", about, 100 * value->ci.low,
                 100 * value->ci.high);
}

enum role audit_role(const struct audit_value *value)
{
    return value->status == AUDIT_OK ? ROLE_TEXT : ROLE_QUIET;
}

bool audit_pair_of(struct scene *scene, struct pair_ref *ref)
{
    const struct audit *audit = scene->now ? audit_shown(scene) : NULL;
    const struct scored_pair *pair;
    size_t at = (size_t)scene->choice.audit.pair;
    if (!audit || !scene->choice.audit.open || at >= audit_listed(scene, audit, &pair))
        return false;
    const uint32_t *row = audit_result_of(scene)->row;
    *ref = (struct pair_ref){row[pair[at].a], row[pair[at].b]};
    return true;
}
