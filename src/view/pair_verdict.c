/* SPDX-License-Identifier: MIT */
#include "view/pair_verdict.h"

#include "view/held.h"
#include "view/pair_list.h"
#include "view/pairs.h"

#include <math.h>
#include <stdio.h>

const char *pushed_words(const struct contrast *contrast)
{
    switch (contrast->negatives) {
    case NEGATIVES_QUEUE: return "not pushed apart: keys of earlier batches are";
    case NEGATIVES_CAPTIONS: return "not pushed apart: from other captions each is";
    case NEGATIVES_BATCH: return "pushed apart";
    case NEGATIVES_NONE: break;
    }
    return "nothing is pushed apart here";
}

const char *const *pair_seated_words(const struct pairs_result *p)
{
    static const char *const held_out[] = {
        "held out: nothing is trained on it; shown as if it were in the batch",
        "held out, not trained on: as if in the batch", "held out: as if in the batch", NULL};
    static const char *const elsewhere[] = {"not in this batch: shown as if it were in it",
                                            "not in this batch: as if it were", NULL};
    return !p->seated ? NULL : p->looked_at.item_a >= 0 ? held_out : elsewhere;
}

/* Where a label makes positives, none of the others is the same. */
static bool tells_steadiness(const struct pairs_result *p)
{
    return p->steady.batches > 1 && p->contrast.positives == POSITIVES_VIEW;
}

int pair_verdict_rows(const struct pairs_result *p)
{
    return p->n > 1 ? 2 + p->seated + tells_steadiness(p) : 0;
}

/* The first of an item's own list that is not pulled towards it; NULL: none is listed. */
static const struct pair_row *hardest_of(const struct pairs_result *p)
{
    size_t i = 1;
    while (i < p->n && p->row[i].training == PAIR_PULLED)
        i++;
    return i < p->n ? &p->row[i] : NULL;
}

/* Is it one? Longest first. */
static void verdicts(const struct pair_row *row, const char *name, bool seated, char text[3][120])
{
    static const char *const words[2][3] = {{"different", "the same", "not known"},
                                            {"a true one", "false", "not known"}};
    bool pushed = row->training == PAIR_PUSHED;
    bool apart = pair_is_false_negative(row) && !seated && !isnan(row->probability);
    const char *word = words[pushed][row->same < 0 ? 2 : row->same];
    snprintf(text[1], 120, row->same < 0 ? "%s not known" : row->same ? "%s" : "not %s", name);
    if (pushed && row->same >= 0)
        snprintf(text[0], 120, "%s: %s%s%s", word, row->same ? "" : "not ", name,
                 apart ? ", pushed apart" : "");
    else
        snprintf(text[0], 120, "%s", text[1]);
    if (pair_is_false_negative(row))
        snprintf(text[1], 120, "%s: %s", word, name);
    snprintf(text[2], 120, "%s", word);
}

/* "its hardest negative in the batch of step 120: 65 at 0.64, false: same shape", as much as there is room
 * for. */
static void draw_hardest(const struct scene *scene, const struct pen *pen, int y, const struct pair_row *row)
{
    static const char *const leads[2][4] = {
        {"nearest in the batch of step", "nearest in batch of step", "nearest, step", "step"},
        {"its hardest negative in the batch of step", "hardest negative, batch of step",
         "hardest in batch of step", "hardest, step"}};
    char text[12][240], verdict[3][120], name[64], s[32], count[32];
    const char *wording[13] = {NULL};
    const struct result *r = list_answer(scene, REQUEST_PAIRS);
    pair_same_name(scene, name);
    verdicts(row, name, r->pairs.seated, verdict);
    format_number(pen->theme, (double)row->similarity, 2, s);
    for (int i = 0; i < 12; i++) {
        snprintf(text[i], sizeof text[i], "%s %s: %u at %s, %s", leads[row->training == PAIR_PUSHED][i / 3],
                 format_count(r->step, count), row->b, s, verdict[i % 3]);
        wording[i] = text[i];
    }
    enum role role = pair_is_false_negative(row) ? ROLE_BAD : ROLE_TEXT;
    pen_text(pen, 0, y, role, pen_fitting(pen, 0, wording));
}

/* How many are none, and which of them is the hardest. */
static void draw_false(const struct pen *pen, int y, const struct pairs_result *p)
{
    const struct pair_row *first = NULL, *hardest = hardest_of(p);
    size_t wrong = 0, listed = 0;
    const char *of = p->n < p->of ? "hardest" : "negatives"; /* the list may be cut */
    char s[32];
    for (size_t i = 1; i < p->n; i++) {
        bool is = pair_is_false_negative(&p->row[i]);
        first = is && !first ? &p->row[i] : first;
        wrong += is;
        listed += p->row[i].training != PAIR_PULLED;
    }
    if (!first) {
        bool none = p->contrast.positives == POSITIVES_LABEL; /* and so is their list */
        pen_printf(pen, 0, y, ROLE_QUIET,
                   none ? "none of its %zu is false"
                        : "none of its %zu is false; right three times: those that are",
                   listed);
        return;
    }
    bool wide = pen->rect.width >= PAIR_LIST_WIDE;
    int x = pen_printf(pen, 0, y, ROLE_QUIET, wide ? "%zu of its %zu %s%s" : "%zu of %zu%.0s%s", wrong,
                       listed, of, wrong == 1 ? " is false" : " are false");
    if (first != hardest)
        pen_printf(pen, x, y, ROLE_QUIET, ", first %u at %s", first->b,
                   format_number(pen->theme, (double)first->similarity, 2, s));
}

/* "false in 19 (2.1 by chance)" of the last batches; "" where the relation says nothing of them. */
static void same_lately(const struct scene *scene, const struct pairs_result *p, char text[2][120])
{
    char name[64], chance[32];
    const struct steadiness *s = &p->steady;
    pair_same_name(scene, name);
    format_number(scene->theme, (double)s->known * (double)s->chance, 1, chance);
    const char *what = p->contrast.negatives == NEGATIVES_BATCH ? "false" : name;
    snprintf(text[0], 120, s->known == 0 ? "" : "%s in %u (%s by chance)", what, s->same, chance);
    snprintf(text[1], 120, s->known == 0 ? "" : "%s in %u (chance %s)", what, s->same, chance);
}

const char *pair_steady_words(const struct scene *scene, const struct pairs_result *p, int room,
                              char text[STEADY_WORDINGS][240])
{
    char same[2][120], who[2][64] = {"", ""};
    const struct steadiness *s = &p->steady;
    const struct pair_row *hardest = hardest_of(p);
    bool pushed = p->contrast.negatives == NEGATIVES_BATCH;
    if (!tells_steadiness(p) || !hardest)
        return "";
    same_lately(scene, p, same);
    const char *and = s->known > 0 ? "; " : "";
    const char *const words[] = {s->stood == 1 ? "%s%u was in the last alone"
                                               : "%s%u in %u of the %u it was in",
                                 s->stood == 1 ? "%s%u in one alone" : "%s%u in %u of its %u"};
    for (int i = 0; i < 2; i++)
        snprintf(who[i], 64, words[i], and, hardest->b, s->hardest, s->stood);
    snprintf(text[0], 240, "its %s in the last %u batches: %s%s", pushed ? "hardest negative" : "nearest",
             s->batches, same[0], who[0]);
    const char *what = pushed ? "hardest" : "nearest";
    snprintf(text[1], 240, "%s, last %u batches: %s%s", what, s->batches, same[1], who[1]);
    snprintf(text[2], 240, "%s, last %u batches: %s", what, s->batches, s->known > 0 ? same[1] : who[1]);
    snprintf(text[3], 240, "last %u batches: %s", s->batches, s->known > 0 ? same[1] : who[1]);
    snprintf(text[4], 240, "last %u: %u the same", s->batches, s->same);
    int at = 0;
    while (at + 1 < STEADY_WORDINGS && text_width(text[at]) > room)
        at++;
    return text[at];
}

void pair_verdict_draw(const struct scene *scene, const struct pen *pen, const struct pairs_result *p)
{
    int y = 0;
    char text[STEADY_WORDINGS][240];
    const struct pair_row *hardest = hardest_of(p);
    if (p->seated)
        pen_text(pen, 0, y++, ROLE_QUIET, pen_fitting(pen, 0, pair_seated_words(p)));
    if (hardest)
        draw_hardest(scene, pen, y, hardest);
    else
        pen_text(pen, 0, y, ROLE_TEXT, "all that is listed is pulled together");
    if (tells_steadiness(p))
        pen_text(pen, 0, ++y, ROLE_TEXT, pair_steady_words(scene, p, pen->rect.width, text));
    if (p->contrast.negatives == NEGATIVES_BATCH)
        draw_false(pen, y + 1, p);
    else
        pen_text(pen, 0, y + 1, ROLE_QUIET, pushed_words(&p->contrast));
}
