/* SPDX-License-Identifier: MIT
 *
 * REQUEST_PAIRS: the pairs of the last batch, or of the held-out items, that are most worth looking at.
 */
#include "answer/requests.h"
#include "base/check.h"
#include "math/score.h"
#include "space/pairs.h"
#include "train/recent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct asking {
    const struct request *request;
    const struct snapshot *s;
    const uint32_t *code; /* of the column that says what is the same, or NULL */
    const uint32_t *pull; /* of the column whose values training pulls together, or NULL */
    struct progress *progress;
};

static const uint32_t *codes_of(const struct dataset *data, const struct pairs_question *asked)
{
    bool by_label =
        asked->relation == RELATION_LABEL || (asked->relation == RELATION_VIEW && asked->label >= 0);
    int column = by_label ? asked->label : data->identity;
    return dataset_is_category(data, column) ? data->column[column].code : NULL;
}

/* 1, 0, or -1 where it is not known. */
static int same(const struct asking *q, uint32_t a, uint32_t b)
{
    if (a == b)
        return 1;
    if (!q->code || q->code[a] == NO_VALUE || q->code[b] == NO_VALUE)
        return -1;
    return q->code[a] == q->code[b];
}

static enum pair_training training(const struct asking *q, uint32_t a, uint32_t b)
{
    if (a == b || (q->pull && q->pull[a] != NO_VALUE && q->pull[a] == q->pull[b]))
        return PAIR_PULLED;
    return q->s->settings.contrast.negatives == NEGATIVES_BATCH ? PAIR_PUSHED : PAIR_LEFT;
}

static int probe_item(const struct snapshot *s, uint32_t row)
{
    for (size_t i = 0; i < s->n_probe; i++)
        if (s->item[i] == row)
            return (int)i;
    return -1;
}

static struct pair_row plain_row(const struct asking *q, uint32_t a, uint32_t b, float similarity)
{
    return (struct pair_row){.a = a,
                             .b = b,
                             .item_a = probe_item(q->s, a),
                             .item_b = probe_item(q->s, b),
                             .similarity = similarity,
                             .before = NAN,
                             .probability = NAN,
                             .loss = NAN,
                             .share = NAN,
                             .weight = NAN,
                             .same = same(q, a, b)};
}

/* ---- of the batch ---- */

struct batch {
    struct batch_views views;
    const uint32_t *item; /* (n) data set rows */
    float *towards; /* (n, n) owned: of i's anchor with the nearer view of j; NaN: itself, or no direction */
    double loss,
        weight; /* sums over the pairs that have one; NaN: not known for this one, or given by none */
    bool gains; /* some pair's loss is below 0, so that none has a share */
};

static float loss_of(const struct asking *q, const struct batch *b, size_t i)
{
    return q->s->pair_loss && b->item == q->s->batch_item ? q->s->pair_loss[i]
                                                          : (float)batch_positive(&b->views, i).loss;
}

/* A pair without direction has no loss and takes none of the others' shares. */
static double counted(double loss)
{
    return isnan(loss) ? 0 : loss;
}

static void batch_release(struct batch *b)
{
    batch_views_release(&b->views);
    free(b->towards);
}

/* Of all pairs, once for all that is asked of them. False when cancelled: then nothing is held. */
static bool batch_compare(struct batch *b, struct progress *progress)
{
    size_t n = b->views.n;
    b->towards = xcalloc(n * n, sizeof *b->towards);
    for (size_t i = 0; i < n && !progress_cancelled(progress); i++)
        for (size_t j = 0; j < n; j++) {
            size_t anchor = b->views.anchor[i], other = batch_nearer_view(&b->views, anchor, j);
            b->towards[i * n + j] = i == j ? NAN : batch_similarity(&b->views, anchor, other);
        }
    bool whole = !progress_cancelled(progress); /* asked once: it may be cancelled at any time */
    if (!whole)
        batch_release(b);
    return whole;
}

#define LOSS_ROUNDING 1e-6

static bool batch_make(struct batch *b, const struct asking *q)
{
    const struct snapshot *s = q->s;
    *b = (struct batch){.item = s->batch_item};
    if (s->n_batch == 0 || s->dim_z == 0 ||
        !batch_views_init(&b->views, s->batch_z, s->n_batch, s->dim_z, q->request->pairs.temperature,
                          q->progress))
        return false;
    for (size_t i = 0; i < s->n_batch; i++) {
        double loss = counted((double)loss_of(q, b, i));
        b->gains = b->gains || loss < -LOSS_ROUNDING;
        b->loss += loss;
        b->weight += s->pair_weight ? (double)s->pair_weight[i] : NAN;
    }
    return batch_compare(b, q->progress);
}

/* How alike j is to i where i is not pulled towards it, else NaN. */
static float apart(const struct asking *q, const struct batch *b, size_t i, size_t j)
{
    return training(q, b->item[i], b->item[j]) == PAIR_PULLED ? NAN : b->towards[i * b->views.n + j];
}

/* Place of j among those that i is not pulled towards, 1 the most alike; of so many. */
static void place_of(const struct asking *q, const struct batch *b, size_t i, size_t j, struct pair_row *row)
{
    row->rank = 1;
    for (size_t k = 0; k < b->views.n; k++) {
        float other = apart(q, b, i, k);
        row->of += training(q, b->item[i], b->item[k]) != PAIR_PULLED;
        row->rank += other > row->similarity && k != j;
    }
}

static void add_negatives(const struct asking *q, const struct batch *b, size_t i, struct pair_row *row)
{
    struct ranking hard;
    ranking_init(&hard, PAIR_NEGATIVES);
    for (size_t j = 0; j < b->views.n; j++)
        ranking_offer(&hard, (uint32_t)i, (uint32_t)j, apart(q, b, i, j));
    row->n_negatives = (int)hard.n;
    for (size_t k = 0; k < hard.n; k++) {
        row->negative[k] = b->item[hard.pair[k].b];
        row->negative_similarity[k] = hard.pair[k].key;
        row->negative_same[k] = same(q, row->a, row->negative[k]);
    }
    ranking_release(&hard);
}

/* Is the loss of a pair minus the log of its softmax? Then it can be told of one that was not trained on. */
static bool loss_is_softmax(const struct asking *q, const struct batch *b)
{
    enum { LOOKED_AT = 8 };
    bool is = true;
    for (size_t i = 0; i < b->views.n && i < LOOKED_AT; i++) {
        double off = fabs(batch_positive(&b->views, i).loss - (double)loss_of(q, b, i));
        is = is && (isnan(off) || off < 1e-3);
    }
    return is;
}

static struct pair_row positive_row(const struct asking *q, const struct batch *b, size_t i)
{
    struct positive p = batch_positive(&b->views, i);
    struct pair_row row = plain_row(q, b->item[i], b->item[i], p.similarity);
    row.training = PAIR_PULLED;
    row.rank = p.rank;
    row.of = p.of;
    row.probability = (float)p.probability;
    row.loss = isnan(b->loss) ? NAN : loss_of(q, b, i);
    row.share = b->gains ? NAN : (float)((double)row.loss / b->loss);
    if (q->s->pair_weight && b->item == q->s->batch_item)
        row.weight = (float)((double)q->s->pair_weight[i] / b->weight);
    add_negatives(q, b, i, &row);
    return row;
}

/* Two items of the batch, from a's side: how strongly its anchor pushes (or pulls) the nearer view of b. */
static struct pair_row two_row(const struct asking *q, const struct batch *b, size_t i, size_t j)
{
    size_t anchor = b->views.anchor[i], other = batch_nearer_view(&b->views, anchor, j);
    struct pair_row row = plain_row(q, b->item[i], b->item[j], b->towards[i * b->views.n + j]);
    row.training = training(q, row.a, row.b);
    row.probability = (float)batch_probability(&b->views, anchor, other);
    if (row.training != PAIR_PULLED)
        place_of(q, b, i, j, &row);
    add_negatives(q, b, i, &row);
    return row;
}

static struct pair_row ranked_row(const struct asking *q, const struct batch *b, const struct ranked_pair *p)
{
    return p->a == p->b ? positive_row(q, b, p->a) : two_row(q, b, p->a, p->b);
}

/* Does a pair of two items belong to the list? */
static bool belongs(const struct asking *q, uint32_t a, uint32_t b)
{
    bool pulled = training(q, a, b) == PAIR_PULLED;
    switch (q->request->pairs.list) {
    case PAIRS_POSITIVE: return pulled;
    case PAIRS_NEGATIVE: return !pulled;
    case PAIRS_FALSE_NEGATIVE: return !pulled && same(q, a, b) == 1;
    case PAIRS_FALSE_POSITIVE: return !pulled && same(q, a, b) == 0;
    default: return false;
    }
}

/* From the side from which they are more alike. */
static void rank_two(const struct asking *q, const struct batch *b, size_t i, size_t j,
                     struct ranking *ranking)
{
    float from = b->towards[i * b->views.n + j], back = b->towards[j * b->views.n + i];
    bool turned = back > from || isnan(from);
    float alike = turned ? back : from;
    ranking_offer(ranking, (uint32_t)(turned ? j : i), (uint32_t)(turned ? i : j),
                  q->request->pairs.list == PAIRS_POSITIVE ? -alike : alike);
}

static void rank_batch(const struct asking *q, const struct batch *b, struct ranking *ranking)
{
    size_t n = b->views.n;
    for (size_t i = 0; i < n && !progress_cancelled(q->progress); i++) {
        if (q->request->pairs.list == PAIRS_POSITIVE)
            ranking_offer(ranking, (uint32_t)i, (uint32_t)i, -batch_similarity(&b->views, i, n + i));
        for (size_t j = i + 1; j < n; j++)
            if (belongs(q, b->item[i], b->item[j]))
                rank_two(q, b, i, j, ranking);
    }
}

/* The batch with the item looked at among it: where it is one of the batch, as it is; else in the last
 * pair's place. */
struct seat {
    struct batch batch;
    size_t at;
    float *z[2]; /* owned, NULL where the batch is as it is */
    uint32_t *item;
};

static bool seat_among(struct seat *seat, const struct batch *b, uint32_t item)
{
    for (size_t i = 0; i < b->views.n; i++)
        if (b->item[i] == item) {
            seat->batch = *b;
            seat->at = i;
            return true;
        }
    return false;
}

static void seat_release(struct seat *seat)
{
    if (seat->item)
        batch_release(&seat->batch);
    free(seat->z[0]);
    free(seat->z[1]);
    free(seat->item);
}

static bool seat_make(struct seat *seat, const struct asking *q, const struct batch *b)
{
    const struct inspected *seen = &q->s->inspected;
    size_t n = b->views.n, d = b->views.d;
    *seat = (struct seat){.at = n - 1};
    if (seen->item == UINT32_MAX || !seen->z[0])
        return false;
    if (seat_among(seat, b, seen->item))
        return true;
    for (size_t view = 0; view < 2; view++) {
        seat->z[view] = xcalloc(n * d, sizeof(float));
        memcpy(seat->z[view], q->s->batch_z[view], n * d * sizeof(float));
        memcpy(seat->z[view] + (n - 1) * d, seen->z[view], d * sizeof(float));
    }
    seat->item = xcalloc(n, sizeof *seat->item);
    memcpy(seat->item, b->item, n * sizeof *seat->item);
    seat->item[n - 1] = seen->item;
    seat->batch = (struct batch){.item = seat->item, .loss = b->loss, .weight = NAN, .gains = b->gains};
    const float *const both[2] = {seat->z[0], seat->z[1]};
    if (!batch_views_init(&seat->batch.views, both, n, d, b->views.temperature, q->progress) ||
        !batch_compare(&seat->batch, q->progress)) {
        free(seat->item);
        seat->item = NULL;
        seat_release(seat);
        return false;
    }
    seat->batch.loss += loss_is_softmax(q, b) ? counted(batch_positive(&seat->batch.views, n - 1).loss) -
                                                    counted((double)loss_of(q, b, n - 1))
                                              : (double)NAN;
    return true;
}

/* Its own pair first, whatever its similarity. */
static void rank_seat(const struct seat *seat, struct ranking *ranking)
{
    uint32_t at = (uint32_t)seat->at;
    ranking_offer(ranking, at, at, INFINITY);
    for (size_t j = 0; j < seat->batch.views.n; j++)
        ranking_offer(ranking, at, (uint32_t)j, seat->batch.towards[at * seat->batch.views.n + j]);
}

/* Pairs of it that are pulled together, as far as they have a similarity; its own among them. */
static size_t count_pulled(const struct asking *q, const struct seat *seat)
{
    const struct batch *b = &seat->batch;
    size_t n = 1;
    for (size_t j = 0; j < b->views.n; j++)
        n += training(q, b->item[seat->at], b->item[j]) == PAIR_PULLED &&
             !isnan(b->towards[seat->at * b->views.n + j]);
    return n;
}

/* Share of its others in the batch that are the same. */
static float chance_same(const struct asking *q, const struct seat *seat)
{
    const struct batch *b = &seat->batch;
    uint32_t own = b->item[seat->at];
    size_t known = 0, alike = 0;
    for (size_t j = 0; j < b->views.n; j++) {
        int is = training(q, own, b->item[j]) == PAIR_PULLED ? -1 : same(q, own, b->item[j]);
        known += is >= 0;
        alike += is == 1;
    }
    return known > 0 ? (float)alike / (float)known : NAN;
}

static struct steadiness steadiness_of(const struct asking *q, const struct seat *seat)
{
    const struct inspected *seen = &q->s->inspected;
    const struct hardest_lately *lately = &seen->lately;
    struct steadiness steady = {.batches = lately->n, .chance = chance_same(q, seat), .stood = lately->stood};
    for (uint32_t k = 0; k < lately->n; k++) {
        int is = lately->item[k] == UINT32_MAX ? -1 : same(q, seen->item, lately->item[k]);
        steady.known += is >= 0;
        steady.same += is == 1;
        steady.hardest += lately->item[k] == lately->item[lately->n - 1];
    }
    return steady;
}

/* ---- of the held-out items ---- */

/* Every stride-th item where there are too many: row k is item k * stride. */
struct probe_pairs {
    float *now, *before; /* (n, dim_h) of unit length */
    bool *valid, *valid_before;
    size_t n, stride;
};

/* Rows of unit length in h at one moment. */
static float *unit_rows(const struct snapshot *s, const struct probe_pairs *p, bool *valid)
{
    size_t d = s->dim_h;
    float *unit = xaligned(p->n * d + 1, sizeof *unit);
    for (size_t k = 0; k < p->n; k++)
        score_normalise(s->h + k * p->stride * d, 1, d, unit + k * d, valid + k);
    return unit;
}

static float key_of(const struct asking *q, const struct probe_pairs *p, size_t i, size_t j)
{
    size_t d = q->s->dim_h;
    if (!p->valid[i] || !p->valid[j])
        return NAN;
    float s = score_pair(p->now + i * d, p->now + j * d, d);
    if (q->request->pairs.list == PAIRS_AT_THRESHOLD)
        return -fabsf(s - q->request->pairs.threshold);
    int is_same = same(q, q->s->item[i * p->stride], q->s->item[j * p->stride]);
    if (is_same < 0 || !p->before || !p->valid_before[i] || !p->valid_before[j])
        return NAN;
    float moved = s - score_pair(p->before + i * d, p->before + j * d, d);
    float wrong = is_same ? -moved : moved;
    return wrong > 0 ? wrong : NAN;
}

static void rank_probe(const struct asking *q, const struct probe_pairs *p, struct ranking *ranking)
{
    progress_begin(q->progress, p->n * p->n);
    for (size_t i = 0; i < p->n && !progress_cancelled(q->progress); i++) {
        for (size_t j = i + 1; j < p->n; j++)
            ranking_offer(ranking, (uint32_t)i, (uint32_t)j, key_of(q, p, i, j));
        progress_step(q->progress, 2 * (p->n - i) - 1); /* rows become shorter */
    }
}

static struct pair_row probe_row(const struct asking *q, const struct probe_pairs *p, uint32_t i, uint32_t j)
{
    size_t d = q->s->dim_h;
    struct pair_row row = plain_row(q, q->s->item[i * p->stride], q->s->item[j * p->stride],
                                    score_pair(p->now + i * d, p->now + j * d, d));
    if (p->before)
        row.before = score_pair(p->before + i * d, p->before + j * d, d);
    return row;
}

static void probe_pairs_make(struct probe_pairs *p, const struct asking *q)
{
    const struct snapshot *before = q->request->other[0];
    bool compared = before && snapshot_same_items(before, q->s) && before->dim_h == q->s->dim_h;
    *p = (struct probe_pairs){.stride = 1 + (q->s->n_probe - 1) / MATCHES_ITEMS};
    p->n = 1 + (q->s->n_probe - 1) / p->stride;
    p->valid = xcalloc(p->n + 1, sizeof *p->valid);
    p->now = unit_rows(q->s, p, p->valid);
    if (compared) {
        p->valid_before = xcalloc(p->n + 1, sizeof *p->valid_before);
        p->before = unit_rows(before, p, p->valid_before);
    }
}

static void probe_pairs_release(struct probe_pairs *p)
{
    free(p->now);
    free(p->before);
    free(p->valid);
    free(p->valid_before);
}

/* ---- the result ---- */

static struct result *result_with_room(const struct asking *q, const struct ranking *ranking)
{
    struct result *result = result_new(REQUEST_PAIRS, ranking->n * sizeof(struct pair_row));
    struct pairs_result *r = &result->pairs;
    r->asked = q->request->pairs;
    r->contrast = q->s->settings.contrast;
    r->before_step = q->request->other[0] ? q->request->other[0]->step : UINT64_MAX;
    r->n = ranking->n;
    r->of = ranking->offered;
    r->row = (struct pair_row *)(void *)result->bytes;
    return result;
}

static struct result *ranked_result(const struct asking *q, const struct batch *b,
                                    const struct ranking *ranking)
{
    struct result *result = result_with_room(q, ranking);
    struct pair_row *row = (struct pair_row *)(void *)result->bytes;
    for (size_t k = 0; k < ranking->n; k++)
        row[k] = ranked_row(q, b, &ranking->pair[k]);
    return result;
}

static struct result *item_result(const struct asking *q, const struct batch *b, struct ranking *ranking)
{
    struct seat seat;
    if (!seat_make(&seat, q, b))
        return result_with_room(q, ranking);
    rank_seat(&seat, ranking);
    struct result *result = ranked_result(q, &seat.batch, ranking);
    result->pairs.looks = true;
    result->pairs.seated = seat.item != NULL;
    result->pairs.pulled = count_pulled(q, &seat);
    result->pairs.steady = steadiness_of(q, &seat);
    result->pairs.looked_at = result->pairs.row[0];
    seat_release(&seat);
    return result;
}

static struct result *batch_result(const struct asking *q, struct ranking *ranking)
{
    struct batch b;
    struct result *result;
    if (!batch_make(&b, q))
        return result_with_room(q, ranking);
    if (q->request->pairs.list == PAIRS_ITEM) {
        result = item_result(q, &b, ranking);
    } else {
        rank_batch(q, &b, ranking);
        result = ranked_result(q, &b, ranking);
    }
    batch_release(&b);
    return result;
}

static struct result *probe_result(const struct asking *q, struct ranking *ranking)
{
    struct probe_pairs p;
    probe_pairs_make(&p, q);
    rank_probe(q, &p, ranking);
    struct result *result = result_with_room(q, ranking);
    struct pair_row *row = (struct pair_row *)(void *)result->bytes;
    for (size_t k = 0; k < ranking->n; k++)
        row[k] = probe_row(q, &p, ranking->pair[k].a, ranking->pair[k].b);
    probe_pairs_release(&p);
    return result;
}

struct result *request_pairs(const struct request *request, const struct request_scene *scene,
                             struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    struct asking q = {request, s, codes_of(scene->data, &request->pairs),
                       labels_pulled(&s->settings.contrast, scene->data), progress};
    struct ranking ranking;
    ranking_init(&ranking, PAIRS_LISTED);
    bool of_probe = request->pairs.list >= PAIRS_AT_THRESHOLD;
    struct result *result = NULL;
    if (!of_probe || s->n_probe > 0)
        result = of_probe ? probe_result(&q, &ranking) : batch_result(&q, &ranking);
    ranking_release(&ranking);
    if (progress_cancelled(progress)) {
        result_unref(result);
        return NULL;
    }
    return result;
}
