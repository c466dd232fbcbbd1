/* SPDX-License-Identifier: MIT */
#include "app/loop.h"

#include "app/signals.h"
#include "base/clock.h"

#include <math.h>
#include <poll.h>

static const double key_frame = 1.0 / 60, quiet_frame = 0.1; /* seconds between two frames */
static const double works_frame = 0.25;                      /* while only a share done moves */
static const double key_lasts = 0.5;                         /* a key counts as active for so long */

struct loop {
    struct session *session;
    struct terminal *term;
    struct canvas canvas;
    double last_frame, last_key, intro_began;
    bool blocked; /* the terminal has not taken the last frame yet */
};

static double frame_time(const struct loop *loop, double now)
{
    return now - loop->last_key < key_lasts ? key_frame : quiet_frame;
}

/* Milliseconds until the next frame is due; -1: until something happens. */
static int wait_for(const struct loop *loop, double now)
{
    if (loop->blocked)
        return 100; /* its answer wakes us; this is for a terminal that never gives one */
    bool moves = loop->session->dirty || session_moves(loop->session);
    if (loop->session->searches)
        return 0;
    if (!moves && !loop->session->works)
        return -1;
    double left = loop->last_frame + (moves ? frame_time(loop, now) : works_frame) - now;
    return left <= 0 ? 0 : (int)ceil(left * 1000);
}

static void sleep_until_something(const struct loop *loop)
{
    int fd = loop->term->ops->fd(loop->term);
    struct pollfd fds[2] = {{.fd = mailbox_wake_fd(loop->session->mailbox), .events = POLLIN},
                            {.fd = fd, .events = POLLIN}};
    poll(fds, fd >= 0 ? 2 : 1, wait_for(loop, clock_seconds())); /* EINTR: the caller looks at what came */
}

static void fit_canvas(struct loop *loop)
{
    int width, height;
    loop->term->ops->size(loop->term, &width, &height);
    if (width == loop->canvas.width && height == loop->canvas.height)
        return;
    canvas_resize(&loop->canvas, width, height);
    loop->session->dirty = true;
}

static void take_keys(struct loop *loop)
{
    struct key key;
    while (!loop->session->quit && loop->term->ops->key(loop->term, &key)) {
        fit_canvas(loop);
        if (key.code == KEYC_RESIZE) { /* also after a stop, and when the ground turns out to be light */
            loop->session->dirty = true;
            continue;
        }
        loop->last_key = clock_seconds();
        session_key(loop->session, key, &loop->canvas);
    }
}

static void move_intro(struct loop *loop, double now)
{
    double *seconds = &loop->session->scene.intro_seconds;
    if (*seconds < 0 || !loop->session->scene.now)
        return;
    if (loop->intro_began == 0)
        loop->intro_began = now;
    *seconds = now - loop->intro_began;
}

static void draw(struct loop *loop, double now)
{
    struct session *session = loop->session;
    bool share_moves = session->works && now - loop->last_frame >= works_frame - 0.0005;
    bool due = session->dirty || session_moves(session) || loop->blocked || share_moves;
    if (!due || (!loop->blocked && now - loop->last_frame < frame_time(loop, now) - 0.0005))
        return;
    session_draw(session, now, &loop->canvas);
    session->dirty = false;
    loop->blocked = !loop->term->ops->present(loop->term, &loop->canvas);
    loop->last_frame = now;
}

bool loop_run(struct session *session, struct terminal *term, struct err *err)
{
    struct loop loop = {.session = session, .term = term, .last_frame = -1, .last_key = -1};
    bool fine = true;
    session_take_terminal(session, term);
    canvas_init(&loop.canvas, 0, 0);
    fit_canvas(&loop);
    while (fine && !session->quit && !signals_caught()) {
        take_keys(&loop);
        double now = clock_seconds();
        fine = session_update(session, now, err);
        fit_canvas(&loop);
        move_intro(&loop, now);
        if (!fine || session->quit || signals_caught()) /* the update takes the signal's wake with it */
            break;
        draw(&loop, now);
        sleep_until_something(&loop);
    }
    canvas_release(&loop.canvas);
    return fine;
}
