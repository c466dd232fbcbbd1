/* SPDX-License-Identifier: MIT */
#include "view/change.h"

#include "base/check.h"
#include "view/facts.h"
#include "view/held.h"
#include "view/state.h"
#include "view/threshold.h"

#include <stdio.h>
#include <string.h>

/* How long a turned value is shown before the trainer's own is believed again. */
static const double PENDING_SECONDS = 1.5;

static void say(const struct post *post, bool bad, const char *text)
{
    post->say(post->ctx, bad, text);
}

void changes_forget(struct scene *scene)
{
    struct screen *s = screen_state(scene);
    for (int i = 0; i < s->n_changes; i++)
        selection_release(&s->change[i].flip);
    s->n_changes = s->at_change = 0;
}

static void remember(struct scene *scene, const struct change *change)
{
    struct screen *s = screen_state(scene);
    for (int i = s->at_change; i < s->n_changes; i++)
        selection_release(&s->change[i].flip); /* what was undone cannot be redone any more */
    if (s->at_change == UNDO_STEPS) {
        selection_release(&s->change[0].flip);
        memmove(s->change, s->change + 1, (UNDO_STEPS - 1) * sizeof *s->change);
        s->at_change--;
    }
    s->change[s->at_change++] = *change;
    s->n_changes = s->at_change;
}

/* What can be turned: in the past what a branch will be trained with. */
static const struct settings *standing(const struct scene *scene)
{
    return scene->plan && scene->plan->from ? &scene->plan->settings : &scene->now->settings;
}

int scene_settings(const struct scene *scene)
{
    return scene->now ? standing(scene)->n : 0;
}

struct setting scene_setting(struct scene *scene, int i)
{
    struct setting setting = standing(scene)->item[i];
    struct pending *p = &screen_state(scene)->pending;
    if (scene->plan || strcmp(p->name, setting.name) != 0)
        return setting;
    bool confirmed = strcmp(p->text, setting.text) == 0;
    if (confirmed || scene->seconds > p->since + PENDING_SECONDS || scene->seconds < p->since) {
        p->name[0] = '\0';
        return setting;
    }
    setting.low = p->low;
    setting.value = p->value;
    snprintf(setting.text, sizeof setting.text, "%s", p->text);
    return setting;
}

static void post_setting(const char *name, const char *text, const struct post *post)
{
    struct command command = {.kind = COMMAND_SET};
    snprintf(command.name, sizeof command.name, "%s", name);
    snprintf(command.text, sizeof command.text, "%s", text);
    post->command(post->ctx, &command);
}

/* Of the branch to come, which b begins; the run that is live does not hear of it. */
static bool plan_setting(struct scene *scene, const char *name, const char *text, const struct post *post)
{
    struct setting_change change;
    char plan[200];
    snprintf(change.name, sizeof change.name, "%s", name);
    snprintf(change.text, sizeof change.text, "%s", text);
    if (!post->plan || !post->plan(post->ctx, &change))
        return false;
    bool hinted = view_at((size_t)scene->choice.view)->hint != NULL; /* the hint line says it */
    if (!hinted && plan_words(scene, plan, sizeof plan))
        say(post, false, plan);
    return true;
}

void setting_put(struct scene *scene, const char *name, const char *text, const struct post *post)
{
    struct change change = {.kind = CHANGE_SETTING, .after = scene->plan != NULL};
    change.run = scene->newest ? scene->newest->run : 0;
    snprintf(change.name, sizeof change.name, "%s", name);
    snprintf(change.to, sizeof change.to, "%s", text);
    for (int i = 0; i < scene_settings(scene); i++) {
        struct setting now = scene_setting(scene, i);
        if (strcmp(now.name, name) == 0)
            snprintf(change.from, sizeof change.from, "%s", now.text);
    }
    if (!scene->plan)
        post_setting(name, text, post);
    else if (!plan_setting(scene, name, text, post))
        return;
    if (change.from[0])
        remember(scene, &change);
}

/* As few digits as say it. */
static void number_text(double value, char *text, size_t size)
{
    snprintf(text, size, "%.6g", value);
}

/* A range around zero stays so; any other moves its lower end. */
static void turn_range(struct setting *s, int direction)
{
    bool around_zero = s->low == -s->value && s->value > 0;
    char low[32], high[32];
    if (around_zero) {
        s->value = knob_turn(s->knob, s->value, direction);
        s->low = -s->value;
    } else {
        double turned = knob_turn(s->knob, s->low, direction);
        s->low = turned < s->value ? turned : s->value;
    }
    number_text(s->low, low, sizeof low);
    number_text(s->value, high, sizeof high);
    snprintf(s->text, sizeof s->text, "%s..%s", low, high);
}

static bool turn(struct setting *s, int direction)
{
    if (s->kind == SETTING_SWITCH) {
        s->value = s->value > 0 ? 0 : 1;
        snprintf(s->text, sizeof s->text, "%s", s->value > 0 ? "on" : "off");
    } else if (s->kind == SETTING_NUMBER && s->knob) {
        s->value = knob_turn(s->knob, s->value, direction);
        if (s->knob->words)
            snprintf(s->text, sizeof s->text, "%s", knob_word(s->knob, s->value));
        else
            number_text(s->value, s->text, sizeof s->text);
    } else if (s->kind == SETTING_RANGE && s->knob) {
        turn_range(s, direction);
    } else {
        return false;
    }
    return true;
}

void setting_turn(struct scene *scene, int i, int direction, const struct post *post)
{
    if (i < 0 || i >= scene_settings(scene))
        return;
    struct setting setting = scene_setting(scene, i), before = setting;
    if (!turn(&setting, direction)) {
        char text[160];
        snprintf(text, sizeof text, "%s is a choice: Enter, then type it", setting.label);
        say(post, false, text);
        return;
    }
    if (strcmp(setting.text, before.text) == 0)
        return;
    setting_put(scene, setting.name, setting.text, post);
    if (scene->plan) /* that is told at once */
        return;
    struct pending *p = &screen_state(scene)->pending;
    *p = (struct pending){.low = setting.low, .value = setting.value, .since = scene->seconds};
    snprintf(p->name, sizeof p->name, "%s", setting.name);
    snprintf(p->text, sizeof p->text, "%s", setting.text);
}

void item_put(struct scene *scene, int item)
{
    struct screen *s = screen_state(scene);
    int before = scene->choice.item;
    if (item == before || item >= scene_items(scene))
        return;
    scene->choice.item = item;
    struct change *last = s->at_change > 0 ? &s->change[s->at_change - 1] : NULL;
    if (last && last->kind == CHANGE_ITEM && last->after == before && s->at_change == s->n_changes) {
        last->after = item; /* a walk over the map is one change */
        return;
    }
    remember(scene, &(struct change){.kind = CHANGE_ITEM, .before = before, .after = item});
}

static void apply_column(struct scene *scene, int column)
{
    struct choice *choice = &scene->choice;
    choice->column = column;
    bool category =
        legend_possible(scene->data, column) && scene->data->column[column].kind == COLUMN_CATEGORY;
    size_t n = category ? scene->data->column[column].n_values : 0;
    if (choice->axes == AXES_CLASS && (n < 3 || n > 32))
        choice->axes = AXES_PCA;
}

void quantity_put(struct scene *scene, int quantity)
{
    int before = scene->choice.quantity;
    if (quantity == before)
        return;
    scene->choice.quantity = quantity;
    remember(scene, &(struct change){.kind = CHANGE_QUANTITY, .before = before, .after = quantity});
}

void column_put(struct scene *scene, int column)
{
    quantity_put(scene, NO_QUANTITY);
    int before = scene->choice.column;
    if (column == before)
        return;
    apply_column(scene, column);
    remember(scene, &(struct change){.kind = CHANGE_COLUMN, .before = before, .after = column});
}

void selection_change(struct scene *scene, struct selection *wanted)
{
    struct selection *now = scene_selection(scene);
    CHECK(wanted->n == now->n);
    struct change change = {.kind = CHANGE_SELECTION};
    selection_copy(&change.flip, now);
    selection_flip(&change.flip, wanted);
    selection_release(now);
    *now = *wanted;
    *wanted = (struct selection){0};
    if (change.flip.count > 0)
        remember(scene, &change);
    else
        selection_release(&change.flip);
}

void mark_put(struct scene *scene, const struct mark *mark)
{
    struct mark before = *mark;
    before.kind = marks_find(&scene->marks, mark->a, mark->b);
    if (before.kind == mark->kind)
        return;
    marks_put(&scene->marks, mark->a, mark->b, mark->kind);
    remember(scene, &(struct change){.kind = CHANGE_MARK, .mark = {before, *mark}});
}

static void replay_mark(struct scene *scene, const struct mark *mark, const struct post *post)
{
    char text[120];
    marks_put(&scene->marks, mark->a, mark->b, mark->kind);
    if (mark->b < 0)
        snprintf(text, sizeof text, "item %lld: mark is %s again", (long long)mark->a, mark_name(mark->kind));
    else
        snprintf(text, sizeof text, "items %lld and %lld: mark is %s again", (long long)mark->a,
                 (long long)mark->b, mark_name(mark->kind));
    say(post, false, text);
}

static void replay_selection(struct scene *scene, const struct selection *flip, const struct post *post)
{
    char text[80];
    struct selection *now = scene_selection(scene);
    if (flip->n != now->n) {
        say(post, true, "there are other items now: the selection of before does not fit them");
        return;
    }
    selection_flip(now, flip);
    snprintf(text, sizeof text, "%zu selected", now->count);
    say(post, false, text);
}

static int *option_at(struct choice *choice, size_t offset)
{
    return (int *)(void *)((char *)choice + offset);
}

void option_put(struct scene *scene, const struct view_option *option, int value)
{
    int *at = option_at(&scene->choice, option->offset), before = *at;
    if (value == before)
        return;
    *at = value;
    struct screen *s = screen_state(scene);
    struct change *last = s->at_change > 0 ? &s->change[s->at_change - 1] : NULL;
    if (last && last->kind == CHANGE_OPTION && last->offset == option->offset && s->at_change == s->n_changes)
        last->after = value; /* turned on: one change */
    else
        remember(scene,
                 &(struct change){
                     .kind = CHANGE_OPTION, .before = before, .after = value, .offset = option->offset});
}

void threshold_changed(struct scene *scene, const char *from, const char *to, bool moved)
{
    struct screen *s = screen_state(scene);
    struct change *last = s->at_change > 0 ? &s->change[s->at_change - 1] : NULL, change = {0};
    if (strcmp(from, to) == 0)
        return;
    change.kind = CHANGE_THRESHOLD;
    change.after = moved;
    snprintf(change.from, sizeof change.from, "%s", from);
    snprintf(change.to, sizeof change.to, "%s", to);
    bool on = moved && last && last->kind == CHANGE_THRESHOLD && s->at_change == s->n_changes;
    if (on && last->after && strcmp(last->to, from) == 0)
        snprintf(last->to, sizeof last->to, "%s", to);
    else
        remember(scene, &change);
}

/* What was planned for a branch that has begun is a setting of the run on the screen. */
static void replay_setting(struct scene *scene, const struct change *change, bool back,
                           const struct post *post)
{
    char text[200];
    const char *value = back ? change->from : change->to;
    bool planned = change->after && scene->newest && scene->newest->run == change->run;
    if (planned && !plan_setting(scene, change->name, value, post))
        return;
    if (!planned)
        post_setting(change->name, value, post);
    screen_state(scene)->pending.name[0] = '\0';
    snprintf(text, sizeof text, "%s: %s is %s again%s", back ? "undone" : "redone", change->name, value,
             planned ? ", in the branch to come" : "");
    say(post, false, text);
}

static void replay(struct scene *scene, const struct change *change, bool back, const struct post *post)
{
    int to = back ? change->before : change->after;
    if (change->kind == CHANGE_ITEM && to < scene_items(scene))
        scene->choice.item = to;
    if (change->kind == CHANGE_COLUMN)
        apply_column(scene, to);
    if (change->kind == CHANGE_QUANTITY)
        scene->choice.quantity = to;
    if (change->kind == CHANGE_SELECTION)
        replay_selection(scene, &change->flip, post);
    if (change->kind == CHANGE_MARK)
        replay_mark(scene, &change->mark[!back], post);
    if (change->kind == CHANGE_OPTION)
        *option_at(&scene->choice, change->offset) = to;
    if (change->kind == CHANGE_THRESHOLD) {
        threshold_parse(back ? change->from : change->to, &scene->choice.threshold);
        list_let_go(scene);
        threshold_say(scene, post);
    }
    if (change->kind == CHANGE_SETTING)
        replay_setting(scene, change, back, post);
}

void undo(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    if (s->at_change == 0)
        say(post, false, "nothing to undo");
    else
        replay(scene, &s->change[--s->at_change], true, post);
}

void redo(struct scene *scene, const struct post *post)
{
    struct screen *s = screen_state(scene);
    if (s->at_change == s->n_changes)
        say(post, false, "nothing to redo");
    else
        replay(scene, &s->change[s->at_change++], false, post);
}
