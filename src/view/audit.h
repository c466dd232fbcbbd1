/* SPDX-License-Identifier: MIT
 *
 * What the audit view shows, whoever draws it: the moment it stays at, the question, the answer at the shared
 * threshold, the cells of its table. Moving the threshold is a look-up in the counts of the last pass; the
 * worker's pass there follows, for exact intervals. Screen thread.
 */
#ifndef NF_VIEW_AUDIT_H
#define NF_VIEW_AUDIT_H

#include "space/audit.h"
#include "space/audit_words.h"
#include "view/pen.h"
#include "view/view.h"

struct audited;

/* What stands beside the table, in the order of Tab; the first of them where there is room for more. */
enum audit_panel {
    AUDIT_PAIRS_BEHIND,
    AUDIT_DET,
    AUDIT_MATRIX,
    AUDIT_WHAT_IF,
    AUDIT_SUMMARIES,
    AUDIT_NEAR,
    AUDIT_APART,
    AUDIT_MEANING,
    AUDIT_PERFORMANCE,
    AUDIT_PANELS
};

/* Asks; nothing while what is shown answers already. */
void audit_wants(struct scene *scene, const struct post *post);
/* What was answered last to the present groups, relation, convention and split; NULL. Lent. */
const struct audit_result *audit_result_of(const struct scene *scene);
/* At the shared threshold, with marks or without; NULL: not yet, or more groups than can be shown.
 * Lent until the next key or answer. */
const struct audit *audit_shown(struct scene *scene);
/* The same as the columns say, or as marks correct them: NULL where there are none. */
const struct audit *audit_with(struct scene *scene, bool tagged);
/* The step it is of. */
uint64_t audit_step(const struct scene *scene);
/* struct view.counted */
bool audit_counted(const struct scene *scene, struct match_table *table);
/* Its neighbourhoods, of the same question; NULL: not yet. Lent. */
const struct groups_result *audit_groups_of(const struct scene *scene);
/* Why there is nothing to show. */
enum { AUDIT_WHY = 120 };
const char *audit_why_nothing(const struct scene *scene, char text[AUDIT_WHY]);

/* "same light", "two views of a picture, in z". */
void audit_relation_name(const struct scene *scene, char text[64]);
/* "light × shape". */
void audit_groups_name(const struct scene *scene, char text[80]);

/* Rows of the table: groups, then pairs of groups. */
struct audit_cell {
    int g, h;
};
enum { AUDIT_ROWS = AUDIT_MOST_GROUPS * (AUDIT_MOST_GROUPS + 1) / 2 };
int audit_cells(const struct audit *audit, struct audit_cell cell[AUDIT_ROWS]);
struct audit_cell audit_chosen(const struct scene *scene, const struct audit *audit);
void audit_cell_name(const struct audit_result *r, struct audit_cell cell, char text[2 * AUDIT_NAME + 8]);

/* Texts of the audit's numbers: "1 in 1 020" where rare, "8.1 %" else; the interval in the unit of its rate,
 * "780–1 330", with a ~ before it while its design effect is that of another threshold. */
void audit_rate_text(double rate, char text[48]);
void audit_interval_text(const struct audit_value *value, bool looked_up, char text[64]);
enum role audit_role(const struct audit_value *value); /* quiet where the evidence is thin */
extern const char *const audit_conventions[];          /* "within", ... */

void audit_words(struct scene *scene, struct strbuf *out); /* struct view.words */

/* ---- its parts ---- */

/* Returns the first row it leaves free. */
int panel_audit_table(struct scene *scene, const struct pen *pen, const struct audit *audit);
/* On the line of the threshold: it moves there. */
bool panel_audit_drag(struct scene *scene, const struct pen *pen, struct mouse mouse);
/* The row of the table at this row of the pen, -1. */
int panel_audit_row_at(const struct scene *scene, const struct pen *pen, const struct audit *audit, int y);
bool panel_audit_is_missed(const struct pen *pen, int x); /* is that column among the misses? */
/* What lies under the rows of the table, where something may stand in place of the verdicts. */
struct rect panel_audit_lower(const struct pen *pen, const struct audit *audit);
void panel_audit(struct scene *scene, const struct pen *pen, const struct audit *audit,
                 enum audit_panel panel);
void panel_audit_pairs(struct scene *scene, const struct pen *pen, const struct audit *audit);
void panel_audit_near(struct scene *scene, const struct pen *pen, const struct audit *audit);
void panel_audit_apart(struct scene *scene, const struct pen *pen, const struct audit *audit);
void panel_audit_meaning(struct scene *scene, const struct pen *pen, const struct audit *audit);
void panel_audit_performance(struct scene *scene, const struct pen *pen, const struct audit *audit);
void panel_audit_det(struct scene *scene, const struct pen *pen, const struct audit *audit);

/* The pair that is walked to; false: none. */
bool audit_pair_of(struct scene *scene, struct pair_ref *ref);
/* The listed pairs behind the highlighted number. */
size_t audit_listed(const struct scene *scene, const struct audit *audit, const struct scored_pair **pair);

void audited_free(struct audited *audited); /* NULL is fine */

#endif
