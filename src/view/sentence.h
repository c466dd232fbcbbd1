/* SPDX-License-Identifier: MIT
 *
 * The one sentence that says what "near" means now, made from measures and nothing else, and the next key
 * that makes sense. Pure functions of a few numbers; any thread.
 */
#ifndef NF_VIEW_SENTENCE_H
#define NF_VIEW_SENTENCE_H

#include "share/snapshot.h"

enum { SENTENCE_COLUMNS = 12, SENTENCE_SIZE = 320 };

/* What is known of one attribute: class-balanced accuracy of its 20 nearest, 0..1. */
struct sentence_column {
    const char *name;                       /* lent */
    float value, pixels, untrained, chance; /* NaN where not known */
    bool colours;                           /* a property of colour: colour steps hide it */
};

struct sentence_facts {
    struct sentence_column column[SENTENCE_COLUMNS];
    int n, label;       /* index of the label among them, -1: none */
    uint64_t step, now; /* of the measures; of the training */
    enum train_status status;
    const char *message; /* of preparing or a failure; lent, NULL is "" */
    const char *reading; /* what is opened; lent, NULL: it is there */
    bool known;          /* there is a snapshot with measures */
    bool colour_steps;   /* the two views of a picture may differ in colour */
    float std;           /* std x sqrt d, 0: one point; NaN */
    float rank;          /* dimensions used */
    const char *sign;    /* what the training warns of, "" nothing; lent. NULL: nobody judged it */
    float alignment, uniformity;
};

/* At most `width` cells: the longest of its wordings that fits; cut with an ellipsis only if none does. */
void sentence_make(const struct sentence_facts *facts, int width, char text[SENTENCE_SIZE]);
/* The intro's first five seconds: the pixels by what is coloured, then the label on the same map. */
struct sentence_story {
    double seconds;
    const char *coloured, *label; /* names, "" where there is none; lent */
    float order;                  /* how well what is coloured is read on that map, 0..1; NaN unknown */
    size_t items;
};
void sentence_intro(const struct sentence_story *story, int width, char text[SENTENCE_SIZE]);

enum verdict { VERDICT_NONE, VERDICT_UP, VERDICT_DOWN, VERDICT_SAME };
/* Against its yardsticks: up where it beats pixels, the untrained net and chance; down where it fell below
 * the untrained net; same between; none where it or they are not known. `margin` is what counts as a
 * difference. */
enum verdict verdict_of(float value, float pixels, float untrained, float chance, float margin);

/* What shows that the embeddings have collapsed, or what the training warns of; "" if nothing does. */
void sentence_collapse(const struct sentence_facts *facts, char text[SENTENCE_SIZE]);

#endif
