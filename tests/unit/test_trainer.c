/* SPDX-License-Identifier: MIT */
#include "train/trainer.h"

#include "base/check.h"
#include "base/clock.h"

#include "support/cmocka.h"
#include "support/tiny.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* A trainer and the screen's side of it. */
struct stage {
    struct tiny tiny;
    struct mailbox *mailbox;
    struct commands *commands;
    struct trainer_options options;
    struct trainer *trainer;
    struct snapshot *last;
    int saves;
    uint64_t saved_step;
    bool refuse_save;
};

static bool count_save(void *ctx, struct learner *learner, const struct snapshot *snapshot, struct err *err)
{
    struct stage *stage = ctx;
    stage->saves++;
    stage->saved_step = snapshot->step;
    assert_int_equal(learner_steps(learner), snapshot->step);
    return stage->refuse_save ? err_set(err, "disk full") : true;
}

static void stage_init(struct stage *stage)
{
    *stage = (struct stage){.saves = 0};
    tiny_init_small(&stage->tiny, 200, 1);
    tiny_set(&stage->tiny, "every", "5");
    tiny_set(&stage->tiny, "bank", "60");
    tiny_set(&stage->tiny, "query", "40");
    stage->mailbox = mailbox_new();
    stage->commands = commands_new();
    stage->options = (struct trainer_options){.data = &stage->tiny.data,
                                              .split = &stage->tiny.split,
                                              .mailbox = stage->mailbox,
                                              .commands = stage->commands,
                                              .config = stage->tiny.config,
                                              .n_threads = 2,
                                              .save = count_save,
                                              .save_ctx = stage};
}

static void stage_start(struct stage *stage)
{
    stage->trainer = trainer_start(&stage->options);
}

static bool stage_end(struct stage *stage)
{
    struct err err;
    bool fine = trainer_join(stage->trainer, &err);
    if (!fine)
        assert_string_equal(err.text, "disk full");
    snapshot_unref(stage->last);
    stage->last = NULL;
    return fine;
}

static void stage_release(struct stage *stage)
{
    commands_free(stage->commands);
    mailbox_free(stage->mailbox);
    tiny_release(&stage->tiny);
}

static uint32_t send(struct stage *stage, struct command command)
{
    uint32_t seq = commands_put(stage->commands, &command);
    assert_true(seq > 0);
    return seq;
}

static uint32_t send_set(struct stage *stage, const char *name, const char *text)
{
    struct command command = {.kind = COMMAND_SET};
    strcpy(command.name, name);
    strcpy(command.text, text);
    return send(stage, command);
}

/* Takes snapshots as they come until one is as wanted; fails after two minutes. */
static const struct snapshot *await(struct stage *stage, bool (*wanted)(const struct snapshot *, uint64_t),
                                    uint64_t argument)
{
    double end = clock_seconds() + 120;
    while (clock_seconds() < end) {
        struct snapshot *next = mailbox_take(stage->mailbox);
        if (next) {
            snapshot_unref(stage->last);
            stage->last = next;
            if (wanted(next, argument))
                return next;
            continue;
        }
        struct pollfd fd = {mailbox_wake_fd(stage->mailbox), POLLIN, 0};
        poll(&fd, 1, 1000);
    }
    fail_msg("no such snapshot came; the last: step %d, status %d, %s",
             stage->last ? (int)stage->last->step : -1, stage->last ? (int)stage->last->status : -1,
             stage->last ? stage->last->message : "");
    return NULL;
}

static bool is_status(const struct snapshot *s, uint64_t status)
{
    return s->status == (enum train_status)status;
}

static bool has_seq(const struct snapshot *s, uint64_t seq)
{
    return s->command_seq >= seq;
}

static bool has_step(const struct snapshot *s, uint64_t step)
{
    return s->step >= step;
}

static bool has_pixels(const struct snapshot *s, uint64_t ignored)
{
    (void)ignored;
    return s->measures.n > 0 && !isnan(s->measures.item[0].pixels);
}

static bool is_run(const struct snapshot *s, uint64_t run)
{
    return s->run == run && s->status == TRAIN_PAUSED;
}

static bool has_event(const struct snapshot *s, enum event_kind kind, const char *part)
{
    for (size_t i = 0; i < series_count(s->events); i++) {
        const struct event *event = series_at(s->events, i);
        if (event->kind == kind && strstr(event->text, part))
            return true;
    }
    return false;
}

/* ---- */

static void it_trains_to_where_it_is_told(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 12;
    stage.options.paced_every = 2; /* there is no pace */
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_DONE);
    assert_int_equal(s->step, 12);
    assert_int_equal(series_count(s->steps), 12);
    assert_int_equal(series_count(s->measured), 3); /* at 0, 5, 10 */
    assert_int_equal(s->n_probe, 40);
    assert_int_equal(s->n_bank, 60);
    assert_int_equal(s->n_batch, 16);
    for (size_t i = 0; i < s->n_probe * s->dim_h; i++)
        assert_true(isfinite(s->h[i]));
    assert_true(has_event(s, EVENT_START, "simclr"));
    assert_true(stage_end(&stage));
    assert_true(stage.saves == 1 && stage.saved_step == 12);
    stage_release(&stage);
}

/* At the first measuring and then seldom; what it does of itself leaves no event. */
static void it_saves_by_itself(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 12;
    stage.options.saves = true;
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_DONE);
    assert_false(has_event(s, EVENT_SAVED, "saved"));
    assert_true(stage_end(&stage));
    assert_true(stage.saves == 2 && stage.saved_step == 12); /* at 5, at the end */
    stage_release(&stage);
}

static void a_pace_leaves_time_to_measure_more_often(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 9;
    stage.options.pace = 1e5;
    stage.options.paced_every = 3;
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_DONE);
    assert_int_equal(series_count(s->measured), 4); /* at 0, 3, 6, 9 */
    uint32_t seq = send_set(&stage, "every", "10");
    await(&stage, has_seq, seq);
    struct command more = {.kind = COMMAND_STEP, .number = 4};
    send(&stage, more);
    s = await(&stage, has_step, 13);
    assert_int_equal(series_count(s->measured), 5); /* and at 10: what the user says goes */
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static void a_snapshot_is_of_its_own_step(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 7;
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_DONE);
    struct learner *alone = tiny_learner(&stage.tiny);
    float *h = xcalloc(s->n_probe * s->dim_h, sizeof *h);
    tiny_train(alone, 7);
    learner_embed(alone, s->item, s->n_probe, h, NULL);
    assert_memory_equal(h, s->h, s->n_probe * s->dim_h * sizeof *h);
    free(h);
    learner_free(alone);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static void the_yardsticks_come(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 1;
    stage_start(&stage);
    const struct snapshot *s = await(&stage, has_pixels, 0);
    const struct measure *head = &s->measures.item[0];
    assert_int_equal(head->column, stage.tiny.data.label);
    assert_true(head->pixels > 0 && head->untrained > 0 && head->chance == 0.25F);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static void commands_are_carried_out(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage_start(&stage);
    await(&stage, has_step, 3);
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    const struct snapshot *s = await(&stage, is_status, TRAIN_PAUSED);
    uint64_t at = s->step;
    uint32_t seq = send_set(&stage, "tau", "0.5");
    s = await(&stage, has_seq, seq);
    assert_string_equal(settings_find(&s->settings, "tau")->text, "0.5");
    assert_int_equal(settings_find(&s->settings, "tau")->changed_at, at);
    assert_true(has_event(s, EVENT_SETTING, "0.2 → 0.5"));
    assert_int_equal(s->step, at);
    seq = send_set(&stage, "tau", "x");
    s = await(&stage, has_seq, seq);
    assert_non_null(strstr(s->message, "not a number"));
    assert_string_equal(settings_find(&s->settings, "tau")->text, "0.5");
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 4});
    s = await(&stage, has_step, at + 4);
    assert_true(s->step == at + 4 && s->status == TRAIN_PAUSED);
    seq = send(&stage, (struct command){.kind = COMMAND_INSPECT, .number = 3});
    s = await(&stage, has_seq, seq);
    assert_int_equal(s->inspected.item, 3);
    assert_true(s->inspected.view[0][0] >= 0 && s->inspected.of > 1);
    send(&stage, (struct command){.kind = COMMAND_SAVE});
    assert_true(stage_end(&stage));
    assert_int_equal(stage.saves, 2);
    stage_release(&stage);
}

static void a_restart_starts_anew_with_the_settings_as_they_stand(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 6;
    stage_start(&stage);
    await(&stage, is_status, TRAIN_DONE);
    uint32_t seq = send_set(&stage, "encoder", "conv 4, relu, gap, linear 8");
    const struct snapshot *s = await(&stage, has_seq, seq);
    assert_non_null(strstr(s->message, "press R"));
    assert_int_equal(s->dim_h, 16);
    send_set(&stage, "noise", "0");
    send(&stage, (struct command){.kind = COMMAND_RESTART});
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    s = await(&stage, is_run, 1);
    assert_int_equal(s->dim_h, 8);
    assert_true(s->step < 3 && series_count(s->steps) == s->step);
    assert_string_equal(settings_find(&s->settings, "noise")->text, "0");
    assert_int_equal(settings_find(&s->settings, "noise")->changed_at, -1);
    /* what makes no network leaves the run as it is */
    send_set(&stage, "encoder", "transformer 96");
    seq = send(&stage, (struct command){.kind = COMMAND_RESTART});
    s = await(&stage, has_seq, seq);
    assert_non_null(strstr(s->message, "no restart"));
    assert_true(s->run == 1 && s->dim_h == 8);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

/* While the pixels of the probe before are still being read. */
static void a_restart_may_come_before_the_yardsticks(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    send_set(&stage, "encoder", "conv 4, relu, gap, linear 8");
    send(&stage, (struct command){.kind = COMMAND_RESTART});
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_run, 1);
    assert_int_equal(s->dim_h, 8);
    if (!has_pixels(s, 0)) /* it stands still: what has come does not come again */
        s = await(&stage, has_pixels, 0);
    assert_int_equal(s->dim_h, 8);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static bool is_method(const struct snapshot *s, const char *name)
{
    return strcmp(settings_find(&s->settings, "method")->text, name) == 0;
}

static void a_method_is_switched_on_the_running_encoder(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 6;
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_DONE);
    float before[8];
    memcpy(before, s->h, sizeof before);
    uint32_t seq = send_set(&stage, "method", "byol");
    s = await(&stage, has_seq, seq);
    assert_true(is_method(s, "byol") && s->step == 6 && s->run == 0);
    assert_memory_equal(before, s->h, sizeof before); /* the encoder is the one that was there */
    assert_int_equal(s->dim_z, 64);                   /* the head is not */
    assert_non_null(strstr(s->message, "trunk goes on"));
    assert_true(has_event(s, EVENT_SETTING, "method simclr → byol"));
    assert_true(series_count(s->steps) == 6);
    assert_string_equal(settings_find(&s->settings, "steps")->text, "1000"); /* its own default */
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 3});
    s = await(&stage, has_step, 9);
    const struct step_row *row = series_at(s->steps, 8);
    assert_true(isfinite(row->loss) && row->no_learning == 0);
    assert_memory_not_equal(before, s->h, sizeof before);
    seq = send_set(&stage, "method", "nonsense");
    s = await(&stage, has_seq, seq);
    assert_non_null(strstr(s->message, "method stays byol"));
    send(&stage, (struct command){.kind = COMMAND_RESTART});
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    s = await(&stage, is_run, 1);
    assert_true(is_method(s, "byol") && s->step < 3);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static void a_failure_can_be_gone_back_from(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.until = 8;
    stage_start(&stage);
    await(&stage, is_status, TRAIN_DONE);
    send_set(&stage, "lr", "1e30");
    send(&stage, (struct command){.kind = COMMAND_RUN, .number = 0});
    const struct snapshot *s = await(&stage, is_status, TRAIN_FAILED);
    assert_non_null(strstr(s->message, "not finite"));
    assert_non_null(strstr(s->message, "last good state is step"));
    assert_true(s->step <= 8 && has_event(s, EVENT_FAILED, "not finite"));
    for (size_t i = 0; i < s->n_probe * s->dim_h; i++)
        assert_true(isfinite(s->h[i]));
    send(&stage, (struct command){.kind = COMMAND_RECALL});
    s = await(&stage, is_status, TRAIN_PAUSED);
    assert_string_equal(settings_find(&s->settings, "lr")->text, "0.004");
    assert_int_equal(series_count(s->steps), s->step);
    uint64_t at = s->step;
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 2});
    s = await(&stage, has_step, at + 2);
    assert_int_equal(s->status, TRAIN_PAUSED);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static bool is_run_embedded(const struct snapshot *s, uint64_t run)
{
    return s->run == run && s->n_probe > 0;
}

static bool has_state(const struct snapshot *s, uint64_t step)
{
    return s->step >= step && s->state != NULL;
}

/* A branch begins with the state, the settings and the curves of its moment; with the settings kept it trains
 * as that run did, to the bit; with another temperature it does not, and the event says so. */
static void a_branch_goes_on_from_an_earlier_moment(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    struct command pause = {.kind = COMMAND_PAUSE};
    send(&stage, pause);
    stage_start(&stage);
    const struct snapshot *s = await(&stage, has_state, 0);
    struct snapshot *from = snapshot_ref(s);
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 6});
    s = await(&stage, has_step, 6);
    float loss = ((const struct step_row *)series_at(s->steps, 5))->loss;
    struct command branch = {.kind = COMMAND_BRANCH, .paused = true, .from = snapshot_ref(from)};
    send(&stage, branch);
    s = await(&stage, is_run_embedded, 1);
    assert_int_equal(s->step, 0);
    assert_memory_equal(s->h, from->h, s->n_probe * s->dim_h * sizeof(float)); /* not those of step 6 */
    assert_int_equal(series_count(s->steps), 0);
    assert_true(has_event(s, EVENT_BRANCH, "same settings"));
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 6});
    s = await(&stage, has_step, 6);
    assert_true(((const struct step_row *)series_at(s->steps, 5))->loss == loss);
    branch = (struct command){.kind = COMMAND_BRANCH, .paused = true, .from = snapshot_ref(from)};
    branch.change = xcalloc(2, sizeof *branch.change);
    branch.n_changes = 2;
    branch.change[0] = (struct setting_change){"tau", "0.05"};
    branch.change[1] = (struct setting_change){"batch", "8000"}; /* what cannot be is said */
    send(&stage, branch);
    s = await(&stage, is_run_embedded, 2);
    assert_string_equal(settings_find(&s->settings, "tau")->text, "0.05");
    assert_true(has_event(s, EVENT_BRANCH, "branch: temperature 0.2 → 0.05"));
    assert_non_null(strstr(s->message, "run 3 from step 0: temperature 0.2 → 0.05"));
    assert_non_null(strstr(s->message, "batch=8000: only"));
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 6});
    s = await(&stage, has_step, 6);
    assert_true(((const struct step_row *)series_at(s->steps, 5))->loss != loss);
    send_set(&stage, "tau", "0.4"); /* as they stand */
    branch =
        (struct command){.kind = COMMAND_BRANCH, .number = 1, .paused = true, .from = snapshot_ref(from)};
    send(&stage, branch);
    s = await(&stage, is_run_embedded, 3);
    assert_string_equal(settings_find(&s->settings, "tau")->text, "0.4");
    snapshot_unref(from);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static bool caught_up(const struct snapshot *s, uint64_t step)
{
    return s->step >= step && s->catch_up == 0;
}

/* At a step in ten minutes nothing would ever come, but what the run it left has shown is not waited for. */
static void a_branch_catches_up_at_full_speed(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.pace = 1.0 / 600;
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    stage_start(&stage);
    struct snapshot *from = snapshot_ref((struct snapshot *)(uintptr_t)await(&stage, has_state, 0));
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 8});
    await(&stage, has_step, 8);
    send(&stage, (struct command){.kind = COMMAND_BRANCH, .paused = true, .from = snapshot_ref(from)});
    const struct snapshot *s = await(&stage, is_run_embedded, 1);
    assert_int_equal(s->catch_up, 8);
    assert_true(s->pace == 0);
    send(&stage, (struct command){.kind = COMMAND_RUN, .number = -1});
    s = await(&stage, caught_up, 8);
    assert_int_equal(s->step, 8);
    assert_true(s->run == 1 && s->pace == 1.0 / 600);
    assert_non_null(strstr(s->message, "caught up at step 8"));
    send(&stage, (struct command){.kind = COMMAND_BRANCH, .paused = true, .from = snapshot_ref(from)});
    await(&stage, is_run_embedded, 2);
    send(&stage,
         (struct command){.kind = COMMAND_RUN, .number = 1.0 / 300}); /* what a person asks for goes */
    s = await(&stage, caught_up, 0);
    assert_true(s->pace == 1.0 / 300);
    snapshot_unref(from);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

/* From before the second measuring: the row of the first was written before pixels were read. */
static void a_branch_has_the_yardsticks(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.steady = true;
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    stage_start(&stage);
    await(&stage, has_pixels, 0);
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 1});
    const struct snapshot *s = await(&stage, has_step, 1);
    while (!s->state) /* one goes with every so many */
        s = await(&stage, has_seq, send(&stage, (struct command){.kind = COMMAND_PAUSE}));
    assert_int_equal(s->measures.step, 0);
    send(&stage, (struct command){.kind = COMMAND_BRANCH, .paused = true, .from = snapshot_ref(s)});
    s = await(&stage, is_run_embedded, 1);
    assert_int_equal(s->step, 1);
    assert_true(has_pixels(s, 0));
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

/* What was hardest lately is of this run's batches, also where it goes on at the step the other stood at. */
static void a_branch_has_batches_of_its_own(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.options.steady = true;
    send(&stage, (struct command){.kind = COMMAND_PAUSE});
    send(&stage, (struct command){.kind = COMMAND_INSPECT, .number = 0});
    stage_start(&stage);
    await(&stage, has_pixels, 0);
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 2});
    const struct snapshot *s = await(&stage, has_step, 2);
    assert_int_equal(s->inspected.lately.n, 2);
    s = await(&stage, has_seq, send(&stage, (struct command){.kind = COMMAND_KEEP}));
    assert_non_null(s->state);
    send(&stage, (struct command){.kind = COMMAND_BRANCH, .paused = true, .from = snapshot_ref(s)});
    s = await(&stage, is_run_embedded, 1);
    assert_int_equal(s->inspected.lately.n, 0);
    send(&stage, (struct command){.kind = COMMAND_STEP, .number = 1});
    s = await(&stage, has_step, 3);
    assert_int_equal(s->inspected.lately.n, 1);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static void a_state_is_gone_on_from(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    struct learner *alone = tiny_learner(&stage.tiny);
    tiny_train(alone, 4);
    stage.options.resume = learner_save(alone);
    stage.options.until = 6;
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_DONE);
    assert_int_equal(s->step, 6);
    struct step_row row = tiny_train(alone, 2);
    const struct step_row *last = series_at(s->steps, series_count(s->steps) - 1);
    assert_true(last->step == 6 && last->loss == row.loss);
    saved_state_unref(stage.options.resume);
    learner_free(alone);
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

static void what_cannot_begin_says_why(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    strcpy(stage.options.config.encoder, "nothing like it");
    stage_start(&stage);
    const struct snapshot *s = await(&stage, is_status, TRAIN_FAILED);
    assert_true(s->message[0] != '\0');
    uint32_t seq = send(&stage, (struct command){.kind = COMMAND_RESTART});
    await(&stage, has_seq, seq);
    assert_true(stage_end(&stage));
    assert_int_equal(stage.saves, 0);
    stage_release(&stage);
}

static void a_save_that_fails_is_told(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    stage.refuse_save = true;
    stage.options.until = 1;
    stage_start(&stage);
    await(&stage, is_status, TRAIN_DONE);
    assert_false(stage_end(&stage));
    stage_release(&stage);
}

/* Ends that come at any moment: while it prepares, in the middle of a step, with commands still waiting. */
static void it_ends_whenever_it_is_told(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    for (int i = 0; i < 12; i++) {
        stage_start(&stage);
        if (i % 3 > 0)
            await(&stage, has_step, (uint64_t)(i % 3));
        for (int j = 0; j < i * 5; j++) { /* up to 55 of the 64 places */
            struct command run = {.kind = j % 2 ? COMMAND_PAUSE : COMMAND_RUN, .number = 0};
            commands_put(stage.commands, &run);
        }
        assert_true(stage_end(&stage));
        struct command left;
        while (commands_take(stage.commands, &left))
            continue;
    }
    stage_release(&stage);
}

static bool reader_has_all(const struct snapshot *s, uint64_t steps)
{
    size_t n = series_count(s->steps);
    for (size_t i = 0; i < n; i++) {
        const struct step_row *row = series_at(s->steps, i);
        assert_int_equal(row->step, i + 1);
    }
    return s->step >= steps;
}

/* A reader that looks at everything while settings fly. */
static void a_soak_of_readers_and_commands(void **state)
{
    (void)state;
    static const char *const taus[] = {"0.1", "0.2", "0.5"};
    struct stage stage;
    stage_init(&stage);
    stage_start(&stage);
    for (uint64_t i = 1; i <= 20; i++) {
        await(&stage, reader_has_all, 2 * i);
        send_set(&stage, "tau", taus[i % 3]);
        send_set(&stage, "batch", i % 2 ? "12" : "16");
        send(&stage, (struct command){.kind = COMMAND_INSPECT, .number = (double)(i % 10)});
    }
    assert_true(stage_end(&stage));
    stage_release(&stage);
}

int main(void)
{
    blas_single_thread();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_trains_to_where_it_is_told),
        cmocka_unit_test(it_saves_by_itself),
        cmocka_unit_test(a_pace_leaves_time_to_measure_more_often),
        cmocka_unit_test(a_snapshot_is_of_its_own_step),
        cmocka_unit_test(the_yardsticks_come),
        cmocka_unit_test(commands_are_carried_out),
        cmocka_unit_test(a_restart_starts_anew_with_the_settings_as_they_stand),
        cmocka_unit_test(a_restart_may_come_before_the_yardsticks),
        cmocka_unit_test(a_method_is_switched_on_the_running_encoder),
        cmocka_unit_test(a_failure_can_be_gone_back_from),
        cmocka_unit_test(a_branch_goes_on_from_an_earlier_moment),
        cmocka_unit_test(a_branch_catches_up_at_full_speed),
        cmocka_unit_test(a_branch_has_the_yardsticks),
        cmocka_unit_test(a_branch_has_batches_of_its_own),
        cmocka_unit_test(a_state_is_gone_on_from),
        cmocka_unit_test(what_cannot_begin_says_why),
        cmocka_unit_test(a_save_that_fails_is_told),
        cmocka_unit_test(it_ends_whenever_it_is_told),
        cmocka_unit_test(a_soak_of_readers_and_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
