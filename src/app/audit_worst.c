/* SPDX-License-Identifier: MIT
 *
 * The report's worst pairs, with pictures: of each group and pair of groups the impostors most alike and the
 * genuine pairs least alike.
 */
#include "app/audit_pictures.h"
#include "app/audit_report.h"

enum { PAIRS_EACH = 5, PAIRS_IN_ALL = 120 };

/* So many of each cell and kind that a report with many groups stays a report. */
static size_t pairs_each(size_t n_cells)
{
    size_t most = PAIRS_IN_ALL / (n_cells * N_PAIR_KINDS);
    return most < 1 ? 1 : most < PAIRS_EACH ? most : PAIRS_EACH;
}

/* A score as the list has it; its verdict at the threshold. */
static void put_pair(const struct audit_report *report, const struct scored_pair *pair, enum pair_kind kind,
                     size_t rank, struct document *document)
{
    static const char *const verdicts[N_PAIR_KINDS][2] = {{"no match", "false match"}, {"missed", "match"}};
    const struct audit *audit = report->audit;
    struct strbuf text = {0};
    bool match = scores_bin(pair->score, (uint32_t)audit->n_bins) >= audit->bin;
    strbuf_printf(&text, "%zu\t%.4f\t%s\t", rank, scale_to(audit->scale, (double)pair->score),
                  verdicts[kind][match]);
    audit_picture_cell(&text, report->pictures, report->table, pair->a);
    strbuf_puts(&text, "\t");
    audit_picture_cell(&text, report->pictures, report->table, pair->b);
    document_add(document, BLOCK_ROW, &text);
}

static void add_cell(const struct audit_report *report, const struct audit_value *rate,
                     struct document *document)
{
    const struct scores *scores = &report->audit->scores;
    enum pair_kind kind = rate->metric == METRIC_FNMR ? PAIR_GENUINE : PAIR_IMPOSTOR;
    size_t cell = scores_cell(scores->n_groups, (size_t)rate->g, (size_t)rate->h);
    const struct worst_pairs *worst = &scores->worst[cell * N_PAIR_KINDS + kind];
    size_t n = pairs_each(scores->n_cells);
    struct strbuf text = {0};
    if (worst->n == 0)
        return;
    strbuf_puts(&text, kind == PAIR_GENUINE ? "Genuine pairs of " : "Impostor pairs of ");
    words_cell(&text, rate, &report->table->names);
    strbuf_printf(&text, ", the %zu %s alike:", n < worst->n ? n : worst->n,
                  kind == PAIR_GENUINE ? "least" : "most");
    document_add(document, BLOCK_TEXT, &text);
    document_addf(document, BLOCK_HEAD_ROW, "Rank\tScore\tAt the threshold\tOne\tOther");
    for (size_t i = 0; i < worst->n && i < n; i++)
        put_pair(report, &worst->pair[i], kind, i + 1, document);
}

void report_add_worst(const struct audit_report *report, struct document *document)
{
    const struct audit *audit = report->audit;
    if (!report->pictures)
        return;
    document_addf(document, BLOCK_HEADING, "The worst pairs");
    document_addf(
        document, BLOCK_TEXT,
        "A high score of an impostor pair, or a low one of a genuine pair, may be a wrong label: look "
        "before you count. Pictures are here because --pictures asked for them: whoever may not see "
        "them may not see this report.");
    for (size_t i = 0; i < audit->n_cells; i++)
        if (audit->value[i].g != ALL_GROUPS)
            add_cell(report, &audit->value[i], document);
}
