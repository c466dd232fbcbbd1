/* SPDX-License-Identifier: MIT
 *
 * What an action needs of what is shown: said where it is missing, and a key that needs it is not named then.
 */
#include "view/act.h"
#include "view/facts.h"

#include <string.h>

static const char *lacks_training(const struct scene *scene)
{
    return scene->elsewhere ? "nothing trains here" : NULL;
}

static const char *lacks_steps(const struct scene *scene)
{
    return scene->elsewhere && scene->now && scene->n_kept < 2 ? "there is no other step" : NULL;
}

/* A single table's numbers are all of view 6. */
static const char *lacks_panels(const struct scene *scene)
{
    bool training = scene->choice.view == ACTION_VIEW_TRAINING - ACTION_VIEW_MAP;
    return training && !scene_has_course(scene) ? "the numbers are all there is" : NULL;
}

const char *action_lacks(const struct scene *scene, enum action action)
{
    switch (action) {
    case ACTION_PAUSE: return scene->past ? NULL : lacks_training(scene);
    case ACTION_SETTINGS: return view_at((size_t)scene->choice.view)->options ? NULL : lacks_training(scene);
    case ACTION_NEXT_PANEL:
    case ACTION_PREVIOUS_PANEL:
    case ACTION_LARGE: return lacks_panels(scene);
    case ACTION_RESTART:
    case ACTION_METHOD:
    case ACTION_BRANCH: return lacks_training(scene);
    case ACTION_STEP_BACK:
    case ACTION_STEP:
    case ACTION_EVENT_BACK:
    case ACTION_EVENT_NEXT: return lacks_steps(scene);
    default: return NULL;
    }
}

/* Several keys work where one of them does, and "arrows" always do. */
bool keys_work(const struct scene *scene, const char *keys)
{
    bool known = false, works = false;
    while (*keys) {
        char name[24];
        size_t n = strcspn(keys, " ");
        if (n < sizeof name) {
            memcpy(name, keys, n);
            name[n] = '\0';
            enum action action = action_of_key((struct key){.code = key_by_name(name)});
            known = known || action != ACTION_NONE;
            works = works || (action != ACTION_NONE && !action_lacks(scene, action));
        }
        keys += n + strspn(keys + n, " ");
    }
    return works || !known;
}
