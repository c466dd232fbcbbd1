/* SPDX-License-Identifier: MIT
 *
 * A method set up on its own, without a trunk: its heads on random rows h of both views.
 */
#ifndef NF_TESTS_SUPPORT_METHOD_CASE_H
#define NF_TESTS_SUPPORT_METHOD_CASE_H

#include "method/method.h"

enum { CASE_N = 7, CASE_H = 12 }; /* wide enough that no row dies in a relu */

struct method_case {
    struct params params;
    struct method_run run;
    struct method_batch batch;
    struct net tail; /* behind the grid, of a method of cells */
    struct arena arena;
    real h[2][CASE_N * CASE_H], dh[2][CASE_N * CASE_H], target_h[2][CASE_N * CASE_H];
    int32_t label[CASE_N];
    uint32_t item[CASE_N];
};

/* head NULL: the method's own. */
void method_case_init(struct method_case *c, const struct method *method, const char *head,
                      struct pool *pool);
void method_case_release(struct method_case *c);

/* Forward and loss; then backward too, into dh and params.grad, which starts at zero. */
double method_case_loss(struct method_case *c);
void method_case_backward(struct method_case *c);
/* Differences see all of h's ways into the loss: where a side of the online network is held still, it is not
 * any more. */
void method_case_unstop(struct method_case *c);
/* What follows the optimiser, which there is none of here. */
void method_case_after(struct method_case *c);

#endif
