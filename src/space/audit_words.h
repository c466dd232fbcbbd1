/* SPDX-License-Identifier: MIT
 *
 * What may be said of an audit, in plain words: the same sentences on the screen and in the reports. They
 * state counts before rates, say what was too little to judge, and make no law of a ratio. Any thread.
 */
#ifndef NF_SPACE_AUDIT_WORDS_H
#define NF_SPACE_AUDIT_WORDS_H

#include "base/strbuf.h"
#include "space/audit.h"

/* What the numbers are about; lent texts. */
struct audit_names {
    const char *const *group; /* (n_groups) */
    const char *relation;     /* "identity": genuine pairs are of one */
    const char *unit, *units; /* "identity", "identities" */
    bool per_pair;            /* no items are known: intervals are said to be too narrow */
    const char *convention;   /* of FMR: "within"; NULL: it is said elsewhere */
};

/* "0.11 % (1 in 909)", "0", "undefined". */
void words_rate(struct strbuf *out, double rate);
/* "0.7120"; "none: rejects all"; "undefined". */
void words_threshold(struct strbuf *out, double threshold);
/* "12 345 678". */
void words_count(struct strbuf *out, double count);
/* Group, "A x B", "all". */
void words_cell(struct strbuf *out, const struct audit_value *value, const struct audit_names *names);

/* "FMR in B: 0.11 % (1 in 909): 594 of 540 280 pairs of 1 040 items, 208 identities; 95 %: 0.08-0.16 %." */
void words_value(struct strbuf *out, const struct audit_value *value, const struct audit_names *names);
/* "FMR of dim / bright: 5.2 times (1.5-17). Equal groups of these sizes: up to 1.9. Evidence of a difference:
 * yes. 180 more identities of dim would halve the interval." */
void words_ratio(struct strbuf *out, const struct audit_value *ratio, const struct audit_names *names);

#endif
