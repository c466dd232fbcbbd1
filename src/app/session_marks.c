/* SPDX-License-Identifier: MIT
 *
 * What a person says of the items, kept: read when a session begins, written whole at every change. In the
 * run folder, or beside a table; where nothing can be written there, in the state folder.
 */
#include "app/session.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* When it was written, for the newer of two; 0: not there, less: something that is no file is in its place.
 */
static double written_at(const char *path)
{
    struct stat st;
    if (!path || stat(path, &st) != 0)
        return 0;
    return S_ISREG(st.st_mode) ? (double)st.st_mtim.tv_sec + 1e-9 * (double)st.st_mtim.tv_nsec : -1;
}

void session_take_marks(struct session *session)
{
    struct err err;
    char text[240];
    const struct feed *feed = session->feed;
    struct scene *scene = &session->scene;
    bool other = feed->marks_otherwise && written_at(feed->marks_otherwise) > written_at(feed->marks);
    scene->marks_at = other ? feed->marks_otherwise : feed->marks;
    if (!scene->marks_at || marks_read(scene->marks_at, feed->data->n, &scene->marks, &err))
        return;
    marks_release(&scene->marks);
    scene->marks_at = NULL;
    snprintf(text, sizeof text, "%.180s: no marks read or kept; move it away to begin anew", err.text);
    session_say(session, true, text);
}

/* The state folder may be yet to come. */
static bool write_marks(const struct session *session, struct err *err)
{
    char folder[RUN_PATH_SIZE];
    const struct scene *scene = &session->scene;
    const char *end = strrchr(scene->marks_at, '/');
    snprintf(folder, sizeof folder, "%.*s", end ? (int)(end - scene->marks_at) : 0, scene->marks_at);
    return (scene->marks_at != session->feed->marks_otherwise || folder_make(folder, err)) &&
           marks_write(scene->marks_at, &scene->marks, scene->data->n, err);
}

/* Where the place beside the table refuses; says where they are. */
static bool write_otherwise(struct session *session, struct err *err)
{
    char text[240];
    struct err why = *err;
    struct scene *scene = &session->scene;
    if (!session->feed->marks_otherwise || scene->marks_at == session->feed->marks_otherwise)
        return false;
    scene->marks_at = session->feed->marks_otherwise;
    if (!write_marks(session, err))
        return false;
    snprintf(text, sizeof text, "%.110s: marks are kept in %.110s", why.text, scene->marks_at);
    session_say(session, true, text);
    return true;
}

bool session_keep_marks(struct session *session, struct err *err)
{
    const struct feed *feed = session->feed;
    const struct scene *scene = &session->scene;
    if (!feed || !scene->marks_at || scene->marks.revision == session->marks_kept)
        return true;
    if (feed->folder && !run_is_there(feed->folder)) /* it is yet to come */
        return true;
    session->marks_kept = scene->marks.revision;
    return write_marks(session, err) || write_otherwise(session, err);
}
