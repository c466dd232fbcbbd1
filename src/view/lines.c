/* SPDX-License-Identifier: MIT
 *
 * The screen as the typed lines that bring it about: what a session file keeps of it. w and :w FILE.
 */
#include "base/strbuf.h"
#include "view/act.h"
#include "view/axes.h"
#include "view/facts.h"
#include "view/legend.h"
#include "view/threshold.h"
#include "view/trails.h"

#include <stdio.h>
#include <string.h>

static void map_lines(struct scene *scene, struct strbuf *out)
{
    static const char *const draws[] = {"letters", "dots", "density", "pictures"};
    const struct choice *c = &scene->choice;
    if (c->column >= 0)
        strbuf_printf(out, "colour %s\n", scene_column_name(scene, c->column));
    if (c->quantity != NO_QUANTITY)
        strbuf_printf(out, "colour %s\n", quantity_entry((enum quantity)c->quantity)->name);
    axes_lines(scene, out);
    strbuf_printf(out, "trails %s\n", trails_words(scene, c->trails));
    strbuf_printf(out, "draw %s\n", c->draw_auto ? "auto" : draws[c->draw]);
    strbuf_printf(out, "zoom %.4g\n", (double)c->zoom);
    if (scene_row(scene, c->item) >= 0)
        strbuf_printf(out, "item %lld\n", (long long)scene_row(scene, c->item));
}

static void threshold_line(const struct scene *scene, struct strbuf *out)
{
    char text[THRESHOLD_TEXT];
    threshold_print(&scene->choice.threshold, text);
    strbuf_printf(out, "threshold %s\n", text);
}

static void option_lines(const struct scene *scene, struct strbuf *out)
{
    for (size_t v = 0; v < view_count(); v++)
        for (const struct view_option *o = view_at(v)->options; o && o->label; o++) {
            int value;
            memcpy(&value, (const char *)&scene->choice + o->offset, sizeof value);
            strbuf_printf(out, "option %s %s %d\n", view_at(v)->entry.name, o->label, value);
        }
}

void scene_lines(struct scene *scene, struct strbuf *out)
{
    int view = scene->choice.view;
    map_lines(scene, out);
    if (*scene->pairs.path)
        strbuf_printf(out, "pairs %s\n", scene->pairs.path);
    threshold_line(scene, out); /* before the options: it turns on the lines on the map */
    option_lines(scene, out);
    if (view >= 0 && view <= (int)(ACTION_VIEW_TIME - ACTION_VIEW_MAP))
        strbuf_printf(out, "%s\n", action_entry((enum action)(ACTION_VIEW_MAP + view))->name);
}

void write_session(struct scene *scene, const char *path, const struct post *post)
{
    (void)scene;
    post_command(post, COMMAND_SAVE, 0);
    if (post->keep)
        post->keep(post->ctx, *path ? path : NULL);
}
