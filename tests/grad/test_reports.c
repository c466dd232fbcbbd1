/* SPDX-License-Identifier: MIT
 *
 * What a loss tells besides its value and gradient: the loss of each pair, how strongly it pulls, mean
 * similarities, hits. Against the definitions in plain loops over a matrix of similarities, the pull by
 * central differences of an anchor's loss, also where rows are equal, without direction, of one class or
 * alone.
 */
#include "support/cmocka.h"
#include "support/losses.h"

#include <math.h>
#include <string.h>

enum { N = FIXTURE_N, D = FIXTURE_D, MOST = 2 * N + FIXTURE_QUEUE };

/* An anchor among what it is compared with: similarities, which are its positives, which it never sees. */
struct anchor {
    size_t n;
    double s[MOST];
    bool positive[MOST], unseen[MOST];
};

typedef double anchor_loss(const struct anchor *a, const double *knob);

/* ---- the definitions ---- */

static double sum_exp(const struct anchor *a, double scale, bool positives, bool negatives)
{
    double sum = 0;
    for (size_t j = 0; j < a->n; j++)
        if (!a->unseen[j] && (a->positive[j] ? positives : negatives))
            sum += exp(a->s[j] * scale);
    return sum;
}

static double mean_of(const struct anchor *a, bool positive)
{
    double sum = 0, count = 0;
    for (size_t j = 0; j < a->n; j++)
        if (!a->unseen[j] && a->positive[j] == positive) {
            sum += a->s[j];
            count++;
        }
    return sum / count;
}

static size_t count_of(const struct anchor *a, bool positive)
{
    size_t count = 0;
    for (size_t j = 0; j < a->n; j++)
        count += !a->unseen[j] && a->positive[j] == positive;
    return count;
}

static double each_positive(const struct anchor *a, const double *knob) /* NT-Xent, SupCon, MoCo */
{
    return log(sum_exp(a, 1 / knob[0], true, true)) - mean_of(a, true) / knob[0];
}

static double some_positive(const struct anchor *a, const double *knob)
{
    double own = sum_exp(a, 1 / knob[0], true, false) / (double)count_of(a, true);
    return log(sum_exp(a, 1 / knob[0], true, true)) - log(own);
}

static double decoupled(const struct anchor *a, const double *knob)
{
    return count_of(a, false) ? log(sum_exp(a, 1 / knob[0], false, true)) - mean_of(a, true) / knob[0] : 0;
}

static double debiased(const struct anchor *a, const double *knob)
{
    double tau = knob[0], plus = knob[1], beta = knob[2], m = (double)count_of(a, false);
    if (m == 0)
        return 0;
    double pos = sum_exp(a, 1 / tau, true, false);
    double r = m * sum_exp(a, (1 + beta) / tau, false, true) / sum_exp(a, beta / tau, false, true);
    double rest = fmax((r - plus * m * pos) / (1 - plus), m * exp(-1 / tau));
    return log(pos + rest) - log(pos);
}

static double clip(const struct anchor *a, const double *knob)
{
    double scale = knob[1] > 0 ? knob[1] : exp(knob[0]);
    return log(sum_exp(a, scale, true, true)) - scale * mean_of(a, true);
}

static double siglip(const struct anchor *a, const double *knob)
{
    double sum = 0;
    for (size_t j = 0; j < a->n; j++)
        sum += log1p(exp((a->positive[j] ? -1 : 1) * (exp(knob[0]) * a->s[j] + knob[1])));
    return sum;
}

/* ---- from the tables ---- */

static double unit_dot(const real *a, const real *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (int j = 0; j < D; j++) {
        ab += (double)a[j] * (double)b[j];
        aa += (double)a[j] * (double)a[j];
        bb += (double)b[j] * (double)b[j];
    }
    return ab / fmax(sqrt(aa), 1e-6) / fmax(sqrt(bb), 1e-6);
}

enum form { AMONG_VIEWS, AMONG_CLASSES, ACROSS, ONE_WAY, QUEUE };

static const struct known {
    const char *name;
    enum form form;
    anchor_loss *loss;
    double unit; /* of the pull: knob of the temperature; 0: the logit scale of CLIP; < 0: tells none */
} losses[] = {{"ntxent", AMONG_VIEWS, each_positive, 1},
              {"decoupled", AMONG_VIEWS, decoupled, -1},
              {"supcon", AMONG_CLASSES, each_positive, 1},
              {"supcon-in", AMONG_CLASSES, some_positive, 1},
              {"debiased", AMONG_VIEWS, debiased, 1},
              {"hcl", AMONG_VIEWS, debiased, 1},
              {"moco", QUEUE, each_positive, 1},
              {"clip", ACROSS, clip, 0},
              {"siglip", ONE_WAY, siglip, -1}};

static bool one_class(const struct loss_io *io, size_t i, size_t j)
{
    return i == j || (io->labels && io->labels[i] >= 0 && io->labels[i] == io->labels[j]);
}

static const real *row_of(const struct loss_io *io, size_t r)
{
    return r < io->n ? io->a + r * D : io->b + (r - io->n) * D;
}

/* Anchor r of 2n: of a, then of b. */
static struct anchor anchor_of(const struct loss_io *io, enum form form, size_t r)
{
    struct anchor a = {0};
    size_t i = r % io->n;
    if (form == QUEUE) {
        a.n = 1 + io->n_queue;
        a.positive[0] = true;
        a.s[0] = unit_dot(row_of(io, r), row_of(io, (r + io->n) % (2 * io->n)));
        for (size_t j = 0; j < io->n_queue; j++)
            a.s[1 + j] = unit_dot(row_of(io, r), io->queue + j * D);
        return a;
    }
    bool across = form == ACROSS || form == ONE_WAY;
    a.n = across ? io->n : 2 * io->n;
    for (size_t k = 0; k < a.n; k++) {
        size_t other = across && r < io->n ? k + io->n : k;
        a.s[k] = unit_dot(row_of(io, r), row_of(io, other));
        a.unseen[k] = other == r;
        a.positive[k] = form == AMONG_VIEWS ? i == k % io->n : one_class(io, i, k % io->n);
    }
    return a;
}

static double pull_of(const struct anchor *a, const struct known *known, const double *knob)
{
    const double step = 1e-6;
    double value[2], temperature = known->unit > 0 ? knob[0] : knob[1] > 0 ? 1 / knob[1] : exp(-knob[0]);
    for (int way = 0; way < 2; way++) {
        struct anchor moved = *a;
        for (size_t j = 0; j < a->n; j++)
            moved.s[j] += a->positive[j] && !a->unseen[j] ? (way ? step : -step) : 0;
        value[way] = known->loss(&moved, knob);
    }
    return -(value[1] - value[0]) / (2 * step) * temperature;
}

static bool is_hit(const struct anchor *a)
{
    double nearest[2] = {-INFINITY, -INFINITY};
    for (size_t j = 0; j < a->n; j++)
        if (!a->unseen[j])
            nearest[a->positive[j]] = fmax(nearest[a->positive[j]], a->s[j]);
    return nearest[1] > nearest[0] + 1e-12; /* a tie is none */
}

struct told {
    double loss, positive, negative, hits, n_negatives, pair_loss[N], pull[N];
};

/* Of one way: moco alone has a second. */
static struct told tell(const struct loss_io *io, const struct known *known, const double *knob, size_t first,
                        size_t n_anchors)
{
    struct told t = {0};
    double each = n_anchors == io->n ? 1 : 0.5;
    for (size_t r = first; r < first + n_anchors; r++) {
        struct anchor a = anchor_of(io, known->form, r);
        double loss = known->loss(&a, knob);
        t.loss += loss / (double)n_anchors;
        t.pair_loss[r % io->n] += each * loss;
        t.pull[r % io->n] += each * (known->unit < 0 ? 0 : pull_of(&a, known, knob));
        bool own = known->form == ACROSS || known->form == ONE_WAY; /* picture and its own text */
        t.positive += (own ? a.s[r % io->n] : mean_of(&a, true)) / (double)n_anchors;
        t.hits += is_hit(&a);
        size_t others = count_of(&a, false);
        t.negative += others ? mean_of(&a, false) * (double)others : 0;
        t.n_negatives += (double)others;
    }
    t.negative /= t.n_negatives;
    if (known->loss == decoupled && t.n_negatives == 0) { /* no anchor is used */
        t.positive = (double)NAN;
        t.hits = 0;
    }
    return t;
}

/* ---- the checks ---- */

static void close_to(const char *what, const char *name, double got, double wanted, double tolerance)
{
    if (isnan(wanted) ? !isnan(got) : !(fabs(got - wanted) <= tolerance * fmax(1, fabs(wanted))))
        fail_msg("%s: %s %.12g instead of %.12g", name, what, got, wanted);
}

static void check(const struct known *known, struct loss_io *io)
{
    real pair_loss[N], pair_weight[N];
    double knob[16];
    struct err err;
    const struct loss *loss = loss_find(known->name);
    loss_knobs(loss, "", knob);
    io->pair_loss = pair_loss;
    io->pair_weight = pair_weight;
    assert_true(loss_call(loss, io, knob, NULL, &err));
    bool one_way = known->form == ONE_WAY || known->form == QUEUE;
    struct told t = tell(io, known, knob, 0, (one_way ? 1 : 2) * io->n);
    close_to("loss", known->name, io->loss, t.loss, 1e-9);
    close_to("similarity of positives", known->name, io->positive_mean, t.positive, 1e-9);
    close_to("similarity of negatives", known->name, io->negative_mean, t.negative, 1e-9);
    close_to("hits", known->name, io->pretext_hits, t.hits, 0);
    assert_int_equal(io->pair_weight != NULL, known->unit >= 0);
    for (size_t i = 0; i < io->n; i++) {
        close_to("loss of a pair", known->name, (double)pair_loss[i], t.pair_loss[i], 1e-9);
        if (io->pair_weight)
            close_to("weight of a pair", known->name, (double)pair_weight[i], t.pull[i], 1e-6);
    }
}

typedef void spoil(struct fixture *f);

static void check_all(spoil *how)
{
    for (size_t l = 0; l < sizeof losses / sizeof *losses; l++)
        for (int labelled = 0; labelled < 2; labelled++) {
            struct fixture f;
            fixture_init(&f);
            if (how)
                how(&f);
            if (!labelled && losses[l].form != AMONG_CLASSES)
                f.io.labels = NULL;
            check(&losses[l], &f.io);
        }
}

static void what_is_told_is_what_it_says(void **state)
{
    (void)state;
    check_all(NULL);
}

static void equal_rows(struct fixture *f)
{
    memcpy(f->a + 2 * D, f->a, D * sizeof(real));
    memcpy(f->b + 3 * D, f->b + D, D * sizeof(real));
    memcpy(f->b + 4 * D, f->a + 4 * D, D * sizeof(real)); /* two views that are one, and a third */
    memcpy(f->a + 5 * D, f->a + 4 * D, D * sizeof(real));
}

static void one_point(struct fixture *f)
{
    for (int i = 0; i < FIXTURE_REALS; i++)
        f->a[i] = f->b[i] = (real)(0.3 + i % D);
    for (int i = 0; i < FIXTURE_QUEUE * D; i++)
        f->queue[i] = (real)((0.3 + i % D) / sqrt(4 * 0.09 + 0.6 * 6 + 14));
}

static void no_direction(struct fixture *f)
{
    memset(f->a + 2 * D, 0, D * sizeof(real));
    memset(f->b + 2 * D, 0, D * sizeof(real));
    memset(f->b + 5 * D, 0, D * sizeof(real));
}

static void one_label(struct fixture *f)
{
    for (int i = 0; i < N; i++)
        f->labels[i] = 3;
}

static void some_labels(struct fixture *f)
{
    f->labels[0] = f->labels[1] = f->labels[4] = -1;
}

static void two_pairs(struct fixture *f)
{
    f->io.n = 2;
}

static void one_pair(struct fixture *f)
{
    f->io.n = 1;
}

static void ties_collapse_and_few_rows(void **state)
{
    (void)state;
    static spoil *const ways[] = {equal_rows,  one_point, no_direction, one_label,
                                  some_labels, two_pairs, one_pair};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        check_all(ways[i]);
}

/* ---- pairs that stand by themselves ---- */

static double apart(const real *a, const real *b)
{
    double sum = 0;
    for (int j = 0; j < D; j++)
        sum += pow((double)a[j] - (double)b[j], 2);
    return sqrt(sum);
}

/* The entropy of the teacher's distribution crossed with the student's. */
static double cross_entropy(const struct loss_io *io, const double *knob, size_t i)
{
    double p = 0, q = 0, sum = 0;
    for (size_t j = 0; j < D; j++) {
        p += exp((double)io->a[i * D + j] / knob[0]);
        q += exp(((double)io->b[i * D + j] - (double)io->center[j]) / knob[1]);
    }
    for (size_t j = 0; j < D; j++)
        sum -= exp(((double)io->b[i * D + j] - (double)io->center[j]) / knob[1]) / q *
               ((double)io->a[i * D + j] / knob[0] - log(p));
    return sum;
}

static double pair_of(const char *name, const struct loss_io *io, const double *knob, size_t i)
{
    const real *a = io->a + i * D, *b = io->b + i * D;
    double s = unit_dot(a, b), far = apart(a, b);
    switch (name[0]) {
    case 'b': return 2 - 2 * s;                   /* byol */
    case 's': return -s;                          /* simsiam */
    case 'a': return pow(2 - 2 * s, knob[0] / 2); /* alignment */
    case 'v': return knob[0] * far * far / D;     /* vicreg: what draws together */
    case 'd':
        return name[1] == 'i' ? cross_entropy(io, knob, i)                          /* dino */
                              : far * far / 2;                                      /* drlim */
    default: return (io->same[i] ? far * far : pow(fmax(knob[0] - far, 0), 2)) / 2; /* contrastive */
    }
}

static void pairs_by_themselves(void **state)
{
    (void)state;
    static const char *const names[] = {"byol",   "simsiam", "alignment",   "align-uniform",
                                        "vicreg", "dino",    "contrastive", "drlim"};
    for (size_t l = 0; l < sizeof names / sizeof *names; l++) {
        struct fixture f;
        struct err err;
        real pair_loss[N], pair_weight[N];
        double knob[16];
        const struct loss *loss = loss_find(names[l]);
        fixture_init(&f);
        f.io.same = strcmp(names[l], "drlim") == 0 ? NULL : f.io.same;
        f.io.pair_loss = pair_loss;
        f.io.pair_weight = pair_weight;
        loss_knobs(loss, "", knob);
        assert_true(loss_call(loss, &f.io, knob, NULL, &err));
        for (size_t i = 0; i < N; i++)
            close_to("loss of a pair", names[l], (double)pair_loss[i], pair_of(names[l], &f.io, knob, i),
                     1e-9);
        assert_null(f.io.pair_weight);
    }
}

/* Mean over some pairs of rows, by which: (0) two views of one, same of these; (1) the rest. */
static double mean_over(const struct loss_io *io, bool others, bool distances)
{
    double sum = 0, count = 0;
    size_t rows = 2 * io->n;
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < rows; k++) {
            bool wanted = distances ? r < io->n && k >= io->n : k != r;
            if (!wanted || (r % io->n != k % io->n) != others)
                continue;
            sum += distances ? -apart(row_of(io, r), row_of(io, k)) : unit_dot(row_of(io, r), row_of(io, k));
            count++;
        }
    return sum / count;
}

static void means_of_what_has_no_softmax(void **state)
{
    (void)state;
    static const char *const names[] = {"byol", "simsiam", "alignment", "align-uniform", "drlim"};
    for (size_t l = 0; l < sizeof names / sizeof *names; l++) {
        struct fixture f;
        struct err err;
        bool distances = l == 4;
        fixture_init(&f);
        f.io.same = NULL;
        assert_true(loss_call(loss_find(names[l]), &f.io, NULL, NULL, &err));
        double negative = l < 2 ? (double)NAN : mean_over(&f.io, true, distances);
        close_to("similarity of positives", names[l], f.io.positive_mean, mean_over(&f.io, false, distances),
                 1e-9);
        close_to("similarity of negatives", names[l], f.io.negative_mean, negative, 1e-9);
        assert_true(isnan(f.io.pretext_hits));
    }
}

/* Anchors are rows of a, or of both; semi-hard has every positive of an anchor, the others the farthest. */
static void check_triplets(const char *name, struct loss_io *io, bool every)
{
    double positive = 0, n_positive = 0, negative = 0, n_negative = 0, hits = 0;
    size_t rows = io->symmetric ? 2 * io->n : io->n;
    struct err err;
    assert_true(loss_call(loss_find(name), io, NULL, NULL, &err));
    for (size_t r = 0; r < rows; r++) {
        double nearest = -2, farthest = 2, sum = 0, count = 0, found = 0;
        for (size_t k = 0; k < rows; k++)
            if (!one_class(io, r % io->n, k % io->n))
                nearest = fmax(nearest, unit_dot(row_of(io, r), row_of(io, k)));
        for (size_t k = 0; k < rows; k++) {
            double s = unit_dot(row_of(io, r), row_of(io, k));
            if (k == r)
                continue;
            if (one_class(io, r % io->n, k % io->n)) {
                farthest = fmin(farthest, s);
                found += s > nearest + 1e-12;
                sum += s;
                count++;
            } else {
                negative += s;
                n_negative++;
            }
        }
        positive += every ? sum : farthest;
        n_positive += every ? count : 1;
        hits += every ? found : farthest > nearest + 1e-12;
    }
    close_to("similarity of positives", name, io->positive_mean, positive / n_positive, 1e-9);
    close_to("similarity of negatives", name, io->negative_mean, negative / n_negative, 1e-9);
    close_to("hits", name, io->pretext_hits, hits, 0);
    assert_int_equal(io->rows_used, n_positive);
}

static void triplets_tell_of_their_rows(void **state)
{
    (void)state;
    static spoil *const ways[] = {NULL, equal_rows, one_point, no_direction};
    static const char *const names[] = {"triplet", "triplet-hard", "triplet-soft"};
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
        for (int l = 0; l < 6; l++) {
            struct fixture f;
            fixture_init(&f);
            if (ways[way])
                ways[way](&f);
            f.io.symmetric = l >= 3;
            check_triplets(names[l % 3], &f.io, l % 3 == 0);
        }
}

/* Both ways: the mean of the two, of BYOL the sum; the keys take turns as queries. */
static void both_ways_are_put_together(void **state)
{
    (void)state;
    static const char *const names[] = {"moco", "byol", "simsiam", "dino"};
    for (size_t l = 0; l < sizeof names / sizeof *names; l++) {
        struct fixture f;
        struct err err;
        real pair_loss[3][N], pair_weight[3][N];
        struct loss_io io[3];
        double share = l == 1 ? 1 : 0.5;
        fixture_init(&f);
        for (int way = 0; way < 3; way++) {
            io[way] = f.io;
            io[way].da = io[way].db = NULL;
            io[way].a = way == 1 ? f.io.b : f.io.a;
            io[way].b = way == 1 ? f.io.a : f.io.b;
            io[way].symmetric = way == 2;
            io[way].pair_loss = pair_loss[way];
            io[way].pair_weight = pair_weight[way];
            assert_true(loss_call(loss_find(names[l]), &io[way], NULL, NULL, &err));
        }
        close_to("loss", names[l], io[2].loss, share * (io[0].loss + io[1].loss), 1e-12);
        close_to("positives", names[l], io[2].positive_mean, (io[0].positive_mean + io[1].positive_mean) / 2,
                 1e-12);
        close_to("negatives", names[l], io[2].negative_mean, (io[0].negative_mean + io[1].negative_mean) / 2,
                 1e-12);
        close_to("hits", names[l], io[2].pretext_hits, io[0].pretext_hits + io[1].pretext_hits, 0);
        for (int i = 0; i < N; i++) {
            close_to("loss of a pair", names[l], (double)pair_loss[2][i],
                     share * ((double)pair_loss[0][i] + (double)pair_loss[1][i]), 1e-12);
            if (io[2].pair_weight)
                close_to("weight", names[l], (double)pair_weight[2][i],
                         ((double)pair_weight[0][i] + (double)pair_weight[1][i]) / 2, 1e-12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_is_what_it_says), cmocka_unit_test(ties_collapse_and_few_rows),
        cmocka_unit_test(pairs_by_themselves),          cmocka_unit_test(means_of_what_has_no_softmax),
        cmocka_unit_test(triplets_tell_of_their_rows),  cmocka_unit_test(both_ways_are_put_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
