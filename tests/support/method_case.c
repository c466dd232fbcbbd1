/* SPDX-License-Identifier: MIT */
#include "support/method_case.h"

#include "support/cmocka.h"
#include "support/losses.h"

#include <string.h>

/* Two are equal. */
static const char *const captions[CASE_N] = {"a red star", "a blue star",       "a red star",  "a moon",
                                             "disc",       "a small blue moon", "one red disc"};

void method_case_init(struct method_case *c, const struct method *method, const char *head, struct pool *pool)
{
    struct err err = {""};
    *c = (struct method_case){0};
    c->run = (struct method_run){.method = method, .params = &c->params, .dim_h = CASE_H};
    for (size_t i = 0; i < knob_count(method->entry.knobs); i++)
        c->run.knob[i] = method->entry.knobs[i].value;
    const struct knob *words = knob_find(method->entry.knobs, "vocabulary");
    if (words) /* few: every row is checked by differences; yet all that the captions have */
        c->run.knob[words - method->entry.knobs] = 64;
    if (method->hide) { /* h is a grid of four cells */
        c->run.grid = (struct shape){2, 2, CASE_H / 4};
        if (!net_init(&c->tail, "gap", c->run.grid, true, "tail", &c->params, &err))
            fail_msg("%s", err.text);
        c->run.tail = &c->tail;
    }
    if (!method->flow->setup(&c->run, head, &err))
        fail_msg("%s: %s", method->entry.name, err.text);
    params_allocate(&c->params);
    params_init(&c->params, 1);
    c->run.caption = captions;
    c->run.n_captions = CASE_N;
    method_start(&c->run);
    for (int view = 0; view < 2; view++) {
        random_rows(c->h[view], (size_t)CASE_N * CASE_H, (uint64_t)view + 1);
        random_rows(c->target_h[view], (size_t)CASE_N * CASE_H, (uint64_t)view + 3);
        c->batch.h[view] = c->h[view];
        c->batch.target_h[view] = c->target_h[view];
        c->batch.dh[view] = c->dh[view];
    }
    for (int i = 0; i < CASE_N; i++) {
        c->label[i] = i / 2;
        c->item[i] = (uint32_t)i;
    }
    c->batch.n = CASE_N;
    c->batch.caption = captions;
    c->batch.label = c->label;
    c->batch.item = c->item;
    c->batch.pool = pool;
    c->batch.arena = &c->arena;
}

void method_case_release(struct method_case *c)
{
    c->run.method->flow->release(&c->run);
    net_release(&c->tail);
    params_release(&c->params);
    arena_release(&c->arena);
}

double method_case_loss(struct method_case *c)
{
    struct err err;
    arena_reset(&c->arena);
    c->run.method->flow->forward(&c->run, &c->batch);
    assert_true(c->run.method->flow->loss_of(&c->run, &c->batch, &err));
    return c->batch.result.loss;
}

void method_case_backward(struct method_case *c)
{
    memset(c->params.grad, 0, c->params.count * sizeof(real));
    method_case_loss(c);
    c->run.method->flow->backward(&c->run, &c->batch);
}

void method_case_after(struct method_case *c)
{
    const struct method *method = c->run.method;
    if (method->before_update)
        method->before_update(&c->run, &c->batch);
    if (method->flow->settle)
        method->flow->settle(&c->run, &c->batch);
    if (method->after_step)
        method->after_step(&c->run, &c->batch);
}

void method_case_unstop(struct method_case *c)
{
    const struct knob *knobs = c->run.method->entry.knobs, *knob = knob_find(knobs, "stop-gradient");
    if (knob && !c->run.method->target)
        c->run.knob[knob - knobs] = 0;
}
