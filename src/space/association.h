/* SPDX-License-Identifier: MIT
 *
 * What a space holds of a group, and whether two spaces say the same. Float rows (n, d), not normalised. That
 * a group can be read from a space is presence of information, not harm; that it cannot be read linearly is
 * not absence. Any thread.
 */
#ifndef NF_SPACE_ASSOCIATION_H
#define NF_SPACE_ASSOCIATION_H

#include "base/parallel.h"

#include <stddef.h>
#include <stdint.h>

/* Silhouette (Rousseeuw 1987) of a group tag under cosine distance 1 - s: (b - a) / max(a, b), a the mean
 * distance to the item's own group, b that to the nearest other. Returns the mean; each (n) may be NULL.
 * Items alone in their group have 0, and so has what lies in one point with all others. */
double silhouette(const float *rows, size_t n, size_t d, const uint32_t *group, size_t n_groups,
                  double *each);

/* How well a linear map reads the group of an item left out: ridge regression on +-1 for each group (lambda
 * added to the whole diagonal, the constant's too), the largest wins; two groups: the sign. Rows as they are.
 * A probe is made of the rows and then asked for any dealing of groups, which costs n d a group. Owned:
 * group_probe_free. */
struct group_probe;
struct group_probe *group_probe_new(const float *rows, size_t n, size_t d, double lambda);
void group_probe_free(struct group_probe *probe);
struct group_probe_score {
    double balanced, plain; /* share read right: averaged over groups, and of all */
};
struct group_probe_score group_probe_read(const struct group_probe *probe, const uint32_t *group,
                                          size_t n_groups);

/* Word embedding association (Caliskan et al. 2017), for images Steed & Caliskan 2021: s(w) is the mean
 * cosine to A less that to B; statistic S = sum of s over X - over Y; effect = (mean over X - mean over Y) /
 * standard deviation over both (n - 1), NaN where all lie at one place. One-sided p: share of the ways to
 * split X and Y anew in the same sizes with S as large or larger; all of them where they are at most
 * `splits`, else sampled without replacement, (c + 1) / (splits + 1). `least_p` is the smallest p these sizes
 * could give. One part of progress; cancelled the numbers mean nothing. */
struct selection_of_rows {
    const float *rows;
    size_t n;
};
struct association {
    double statistic, effect, p, least_p;
    size_t n_splits; /* looked at */
    int exact;
};
struct association association_test(const struct selection_of_rows *x, const struct selection_of_rows *y,
                                    const struct selection_of_rows *a, const struct selection_of_rows *b,
                                    size_t d, size_t splits, uint64_t seed, struct progress *progress);

/* Linear CKA of two spaces of the same items (Kornblith et al. 2019), and with the unbiased HSIC (Song et al.
 * 2012), which is 0 for unrelated spaces even where n is not much larger than d. n > 3 for the latter.
 * Time n d^2; cancelled (progress may be NULL) they mean nothing. */
double cka_linear(const float *x, size_t dx, const float *y, size_t dy, size_t n, struct progress *progress);
double cka_debiased(const float *x, size_t dx, const float *y, size_t dy, size_t n,
                    struct progress *progress);

/* Rank-biased overlap of two rankings of k without ties, extrapolated (Webber et al. 2010, eq. 32): nearer
 * ranks count more, the more so the smaller p in (0, 1] is. At p = 1 it is what the two have in common, over
 * k. */
double rank_biased_overlap(const uint32_t *a, const uint32_t *b, size_t k, double p);

#endif
