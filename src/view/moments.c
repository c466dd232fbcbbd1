/* SPDX-License-Identifier: MIT */
#include "view/moments.h"

#include "view/act.h"
#include "view/facts.h"

#include <string.h>

static bool can_compare(const struct snapshot *a, const struct snapshot *b)
{
    bool one = a == b || (a && b && a->run == b->run && a->step == b->step);
    return a && b && !one && a->n_probe > 0 && snapshot_same_items(a, b);
}

static bool beside_branch(const struct branch *branch, struct moments *m)
{
    if (!branch || !can_compare(branch->level, branch->mine))
        return false;
    *m = (struct moments){.then = branch->level, .now = branch->mine, .branch = branch};
    return true;
}

bool watches_others(const struct scene *scene, const struct branch *branch)
{
    return branch && branch->newest && scene->now && scene->now->n_probe > 0 && branch->newest->n_probe > 0 &&
           !snapshot_same_items(branch->newest, scene->now);
}

/* The branch has just begun, and is not yet where the run it left ended. */
static bool comes(const struct scene *scene, const struct branch *other)
{
    return other && other->newest && !watches_others(scene, other) && !scene->past && scene->now &&
           scene->now->step < other->newest->step;
}

/* ---- what chance does beside them ---- */

static bool drawn_alone(const struct snapshot *a, const struct snapshot *b)
{
    char differs[200];
    settings_difference(&a->settings, &b->settings, differs, sizeof differs);
    bool alone = strncmp(differs, "draws ", 6) == 0 && !strchr(differs, ',');
    return alone && snapshot_draws(a) != snapshot_draws(b);
}

bool moments_by_chance(const struct moments *m)
{
    return m->branch && drawn_alone(m->then, m->now);
}

/* The run's own moment of a step, measured at it; NULL: it has kept none. */
static const struct snapshot *its_moment(const struct branch *branch, uint64_t step)
{
    for (size_t i = branch->newest ? branch->n_kept : 0; i > 0; i--) {
        const struct snapshot *s = branch->kept[i - 1];
        if (s->step == step && s->run == branch->newest->run && s->measures.n > 0 && s->measures.step == step)
            return s;
    }
    return NULL;
}

/* Runs that parted from `then` where `now` did, and differ from it by what is drawn alone, or by more: their
 * moments at the same step, the newest first. How many of at most so many there are. */
static int find_beside(const struct scene *scene, const struct moments *m, bool by_chance, int most,
                       const struct snapshot **moment, const struct branch **of)
{
    int n = 0;
    uint64_t parted = snapshot_parted(m->then, m->now);
    for (size_t i = scene->n_branches; i > 0 && n < most; i--) {
        const struct branch *branch = &scene->branch[i - 1];
        const struct snapshot *s = its_moment(branch, m->then->step);
        char differs[200] = "";
        if (!s || s->run == m->then->run || s->run == m->now->run || !can_compare(m->then, s) ||
            snapshot_parted(m->then, s) != parted)
            continue;
        settings_difference(&m->then->settings, &s->settings, differs, sizeof differs);
        if (*differs && drawn_alone(m->then, s) == by_chance) {
            moment[n] = s;
            of[n++] = branch;
        }
    }
    return n;
}

/* Where `now` itself is what chance does, another branch takes its place, if there is one. */
static void put_effect_first(const struct scene *scene, struct moments *m)
{
    const struct snapshot *effect;
    if (!moments_by_chance(m) || find_beside(scene, m, false, 1, &effect, &m->other) == 0)
        return;
    m->n_chances = 1;
    m->chance[0] = m->now;
    m->chance_of[0] = &scene->branch[scene->n_branches - 1];
    m->now = effect;
}

static struct moments with_chance(const struct scene *scene, struct moments m)
{
    const struct snapshot *chance[CHANCES_MAX];
    const struct branch *of[CHANCES_MAX];
    if (m.then->step != m.now->step)
        return m;
    put_effect_first(scene, &m);
    int n = moments_by_chance(&m) ? 0 : find_beside(scene, &m, true, CHANCES_MAX, chance, of);
    for (int i = 0; i < n && m.n_chances < CHANCES_MAX; i++)
        if (m.n_chances == 0 || chance[i]->run != m.chance[0]->run) {
            m.chance[m.n_chances] = chance[i];
            m.chance_of[m.n_chances++] = of[i];
        }
    return m;
}

/* The first run to which the one on the screen is what chance does, else the one that was on it before. */
static const struct branch *left(const struct scene *scene)
{
    for (size_t i = 0; i + 1 < scene->n_branches; i++) {
        const struct branch *b = &scene->branch[i];
        if (b->newest && scene->now && b->newest->run != scene->now->run &&
            drawn_alone(b->newest, scene->now))
            return b;
    }
    return scene->n_branches > 1 ? &scene->branch[scene->n_branches - 2] : NULL;
}

/* What the highlighted branch is compared with: it; of the run on the screen what that is compared with. */
static const struct branch *highlighted(const struct scene *scene)
{
    const struct time_choice *c = &scene->choice.time;
    if (c->list != TIME_BRANCHES || scene->n_branches == 0)
        return NULL;
    bool other = c->row >= 0 && c->row + 1 < (int)scene->n_branches;
    return other ? &scene->branch[c->row] : left(scene);
}

struct moments scene_moments(const struct scene *scene)
{
    struct moments m = {0};
    const struct snapshot *before = scene_before(scene);
    if (beside_branch(highlighted(scene), &m))
        return with_chance(scene, m);
    if (watches_others(scene, highlighted(scene)))
        return (struct moments){.branch = highlighted(scene)};
    if (before && before == scene->pinned)
        return (struct moments){.then = before, .now = scene->now};
    if (beside_branch(left(scene), &m))
        return with_chance(scene, m);
    if (comes(scene, left(scene))) /* another comparison would be taken for this one */
        return (struct moments){.branch = left(scene)};
    if (scene->past && can_compare(scene->now, scene->newest))
        return (struct moments){.then = scene->now, .now = scene->newest};
    if (before)
        m = (struct moments){.then = before, .now = scene->now};
    return m;
}
