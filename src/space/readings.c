/* SPDX-License-Identifier: MIT
 *
 * What nearest neighbours say of an attribute: the measures of space/neighbours.h.
 */
#include "space/neighbours.h"

#include "base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- votes ---- */

/* The class with the most weight among the neighbours of query i, of equal ones the lowest; none (n_classes)
 * if nobody votes. weight: (n_classes) zeros, and left so: of a million classes only those met are touched.
 */
static uint32_t winner(const struct neighbours *found, size_t i, const struct knn_vote *vote, double *weight)
{
    const uint32_t *index = found->index + i * found->k;
    const float *score = found->score + i * found->k;
    uint32_t best = (uint32_t)vote->n_classes;
    for (size_t j = 0; j < found->k && index[j] != UINT32_MAX; j++) {
        uint32_t code = vote->bank_code[index[j]];
        if (code >= vote->n_classes)
            continue;
        weight[code] += exp(((double)score[j] - score[0]) / vote->temperature); /* never overflows */
    }
    for (size_t j = 0; j < found->k && index[j] != UINT32_MAX; j++) {
        uint32_t code = vote->bank_code[index[j]];
        if (code >= vote->n_classes)
            continue;
        if (best == vote->n_classes || weight[code] > weight[best] ||
            (code < best && weight[code] == weight[best]))
            best = code;
    }
    for (size_t j = 0; j < found->k && index[j] != UINT32_MAX; j++)
        if (vote->bank_code[index[j]] < vote->n_classes)
            weight[vote->bank_code[index[j]]] = 0;
    return best;
}

double knn_accuracy(const struct neighbours *found, const struct knn_vote *vote)
{
    double *weight = xcalloc(3 * vote->n_classes + 1, sizeof *weight);
    double *asked = weight + vote->n_classes, *right = asked + vote->n_classes;
    for (size_t i = 0; i < found->n; i++) {
        uint32_t code = vote->query_code[i];
        if (code >= vote->n_classes)
            continue;
        asked[code]++;
        right[code] += winner(found, i, vote, weight) == code;
    }
    double sum = 0, classes = 0;
    for (size_t c = 0; c < vote->n_classes; c++)
        if (asked[c] > 0) {
            sum += right[c] / asked[c];
            classes++;
        }
    free(weight);
    return classes > 0 ? sum / classes : (double)NAN;
}

/* ---- numbers ---- */

/* NaN if none of the neighbours of query i has a value. */
static double mean_value(const struct neighbours *found, size_t i, const float *bank_value)
{
    const uint32_t *index = found->index + i * found->k;
    double sum = 0, count = 0;
    for (size_t j = 0; j < found->k && index[j] != UINT32_MAX; j++)
        if (!isnan(bank_value[index[j]])) {
            sum += bank_value[index[j]];
            count++;
        }
    return sum / count;
}

double plane_accuracy(const float *x, const float *y, const uint32_t *code, size_t n, size_t n_classes)
{
    enum { NEAREST = 20 };
    const double alike = 1e30; /* a temperature at which every weight is 1 */
    struct neighbours found;
    neighbours_plane(&found, x, y, n, NEAREST, NULL);
    struct knn_vote vote = {code, code, n_classes, alike};
    double accuracy = knn_accuracy(&found, &vote);
    neighbours_release(&found);
    return accuracy;
}

double knn_r2(const struct neighbours *found, const float *bank_value, const float *query_value)
{
    double *guess = xcalloc(found->n + 1, sizeof *guess);
    double sum = 0, count = 0, left = 0, all = 0;
    for (size_t i = 0; i < found->n; i++) {
        guess[i] = isnan(query_value[i]) ? (double)NAN : mean_value(found, i, bank_value);
        if (!isnan(guess[i])) {
            sum += query_value[i];
            count++;
        }
    }
    double mean = sum / count;
    for (size_t i = 0; i < found->n; i++)
        if (!isnan(guess[i])) {
            left += (query_value[i] - guess[i]) * (query_value[i] - guess[i]);
            all += (query_value[i] - mean) * (query_value[i] - mean);
        }
    free(guess);
    return all > 0 ? 1 - left / all : (double)NAN;
}

/* ---- identities ---- */

static int compare_codes(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Is code there more than once in sorted (n)? */
static bool has_company(const uint32_t *sorted, size_t n, uint32_t code)
{
    size_t low = 0, high = n; /* the first entry not below code */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low + 1 < n && sorted[low + 1] == code;
}

void find_ranks(const struct neighbours *self_found, const uint32_t *code, uint32_t *rank)
{
    size_t n = self_found->n, k = self_found->k;
    uint32_t *sorted = xcalloc(n + 1, sizeof *sorted);
    if (n > 0)
        memcpy(sorted, code, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_codes);
    for (size_t i = 0; i < n; i++) {
        const uint32_t *list = self_found->index + i * k;
        uint32_t place = 0;
        while (place < k && !(list[place] != UINT32_MAX && code[list[place]] == code[i]))
            place++;
        rank[i] = code[i] == UINT32_MAX || !has_company(sorted, n, code[i]) ? 0 : place + 1;
    }
    free(sorted);
}

double cmc_at(const uint32_t *rank, size_t n, uint32_t r)
{
    size_t asked = 0, found = 0;
    for (size_t i = 0; i < n; i++) {
        asked += rank[i] > 0;
        found += rank[i] > 0 && rank[i] <= r;
    }
    return asked > 0 ? (double)found / (double)asked : (double)NAN;
}

double rank_one(const struct neighbours *self_found, const uint32_t *code)
{
    uint32_t *rank = xcalloc(self_found->n + 1, sizeof *rank);
    find_ranks(self_found, code, rank);
    double share = self_found->k > 0 ? cmc_at(rank, self_found->n, 1) : (double)NAN;
    free(rank);
    return share;
}

/* ---- two spaces ---- */

static bool among(uint32_t wanted, const uint32_t *list, size_t k)
{
    for (size_t j = 0; j < k; j++)
        if (list[j] == wanted)
            return true;
    return false;
}

double neighbours_overlap(const struct neighbours *a, const struct neighbours *b)
{
    CHECK(a->n == b->n && a->k == b->k);
    double sum = 0, rows = 0;
    for (size_t i = 0; i < a->n; i++) {
        const uint32_t *mine = a->index + i * a->k, *theirs = b->index + i * b->k;
        size_t count = 0, shared = 0;
        for (; count < a->k && mine[count] != UINT32_MAX; count++)
            shared += among(mine[count], theirs, b->k);
        if (count > 0) {
            sum += (double)shared / (double)count;
            rows++;
        }
    }
    return rows > 0 ? sum / rows : (double)NAN;
}
