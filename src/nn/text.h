/* SPDX-License-Identifier: MIT
 *
 * A text encoder: each token of a caption has a learned row, the rows are averaged, and the mean goes through
 * a small net (fastText: Joulin et al. 2017, arXiv:1607.01759). A text with no known token is the zero row.
 *   bag_i = mean over the tokens k of text i of row_k,  z_i = net(bag_i);  d row_k += d bag_i / tokens of i
 *
 * Tensors: "<prefix>.vocabulary" (of role TENSOR_STATE, see vocabulary.h), "<prefix>.token",
 * "<prefix>.0.weight" and so on. Calls work on one thread, in the order of the texts, so bits depend on
 * nothing else.
 */
#ifndef NF_NN_TEXT_H
#define NF_NN_TEXT_H

#include "base/arena.h"
#include "nn/net.h"
#include "nn/vocabulary.h"

struct text_encoder {
    size_t room, width;       /* rows of the vocabulary, reals of a row */
    size_t vocabulary, token; /* indices of tensors in params */
    struct net net;           /* (width) to z */
};

/* Declares its tensors. On false nothing is held. */
bool text_encoder_init(struct text_encoder *text, size_t room, size_t width, const char *net,
                       const char *prefix, struct params *params, struct err *err);
void text_encoder_release(struct text_encoder *text);

/* Fills the vocabulary from captions, once params_init has been: returns how many tokens were kept. */
size_t text_encoder_learn(const struct text_encoder *text, struct params *params, const char *const *caption,
                          size_t n);

/* One batch of n texts at work; memory from the arena. */
struct text_work {
    uint32_t *row;      /* (n, TEXT_MAX_TOKENS) */
    size_t *count;      /* (n) tokens known */
    real *bag, *dbag;   /* (n, width) */
    real *tape, *dtape; /* of the net */
    real *scratch;
};
void text_take(const struct text_encoder *text, size_t n, struct arena *arena, struct text_work *work);

/* n texts to z (n, out), which lies in work. `training` as for net_forward. */
const real *text_forward(const struct text_encoder *text, const struct params *params, size_t n,
                         const char *const *caption, struct text_work *work, bool training);
/* dz (n, out) to the gradients in params, which are added to. */
void text_backward(const struct text_encoder *text, struct params *params, size_t n, const real *dz,
                   const struct text_work *work);

/* n texts to z (n, out) in evaluation mode, with memory of its own. */
void text_embed(const struct text_encoder *text, const struct params *params, const char *const *caption,
                size_t n, float *z);

/* How many of this text's words are known: of a text with none of them z says little. */
struct words_known text_words(const struct text_encoder *text, const struct params *params,
                              const char *caption);

#endif
