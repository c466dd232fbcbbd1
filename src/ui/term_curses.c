/* SPDX-License-Identifier: MIT
 *
 * A real terminal. curses tells what it is (ui/terminfo), ui/frame writes cells, ui/link paces them, ui/input
 * reads keys; docs/architecture.md says why curses does not do all of it.
 */
#include "base/check.h"
#include "base/clock.h"
#include "ui/frame.h"
#include "ui/guess.h"
#include "ui/input.h"
#include "ui/link.h"
#include "ui/restore.h"
#include "ui/term.h"
#include "ui/terminfo.h"
#include "ui/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum {
    FRAME_BYTES = 32 << 10, /* a row more is sent after that: 40 KB at most */
    KEYS_WAITING = 64,
    COPY_MAX = 74 << 10 /* base64 bytes of a clipboard many terminals take */
};
static const double probe_seconds = 0.1, escape_seconds = 0.025;

struct curses_term {
    struct terminal term; /* first: a struct terminal * is this */
    struct term_options options;
    int tty;
    bool tty_owned;
    struct termios modes; /* as they were */
    char enter[128], leave[192];
    int width, height;
    bool resized, lost, probing, device_seen;
    int column[2], n_columns; /* where the cursor was after each probed glyph */
    double input_due;         /* when what waits in `input` is late; 0: nothing does */
    struct wake wake;
    struct input input;
    struct frame frame;
    struct link link;
    struct key waiting[KEYS_WAITING];
    size_t n_waiting;
};

static struct curses_term *self_of(struct terminal *term)
{
    return (struct curses_term *)(void *)term;
}

/* ---- asking the terminal itself ---- */

static void set_ground(struct curses_term *self, colour value)
{
    enum ground before = self->term.theme.ground;
    int light = 3 * (int)(value >> 16 & 0xff) + 6 * (int)(value >> 8 & 0xff) + (int)(value & 0xff);
    if (self->options.ground == THEME_AUTO)
        self->term.theme.ground = light > 1275 ? GROUND_LIGHT : GROUND_DARK;
    self->resized |= !self->probing && before != self->term.theme.ground; /* drawn anew */
}

static void take_event(struct curses_term *self, const struct input_event *event)
{
    switch (event->kind) {
    case INPUT_KEY:
        if (self->n_waiting < KEYS_WAITING)
            self->waiting[self->n_waiting++] = event->key;
        break;
    case INPUT_ACK: link_answered(&self->link); break;
    case INPUT_GROUND: set_ground(self, event->ground); break;
    case INPUT_DEVICE: self->device_seen = true; break;
    case INPUT_CURSOR:
        if (self->probing && self->n_columns < 2)
            self->column[self->n_columns++] = event->column;
        break;
    }
}

/* End of file or an error: nobody is there. As if the line had hung up, so that there is one way to end; it
 * ends too where hanging up is ignored. */
static void line_lost(struct curses_term *self)
{
    struct sigaction hangup = {0};
    sigaction(SIGHUP, NULL, &hangup);
    if (!self->lost)
        raise(hangup.sa_handler == SIG_IGN ? SIGTERM : SIGHUP);
    self->lost = true;
    wake_without_tty(&self->wake);
}

static void read_tty(struct curses_term *self)
{
    size_t room = input_room(&self->input);
    if (self->lost || room == 0)
        return;
    ssize_t got = read(self->tty, self->input.bytes + self->input.n, room);
    if (got > 0) {
        self->input.n += (size_t)got;
        self->input_due = clock_seconds() + escape_seconds;
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        line_lost(self);
    }
}

static void read_events(struct curses_term *self)
{
    struct input_event event;
    read_tty(self);
    bool late = self->input_due > 0 && clock_seconds() >= self->input_due;
    while (self->n_waiting < KEYS_WAITING && input_next(&self->input, late, &event))
        take_event(self, &event);
    if (!input_waits(&self->input))
        self->input_due = 0;
}

/* A braille cell and a sign that is wide where East Asian habits rule: how far did the cursor go? */
static void judge_glyphs(struct curses_term *self)
{
    if (self->n_columns < 2)
        return;
    int braille = self->column[0] - 1, sign = self->column[1] - 1;
    bool utf8 = braille <= 1 && sign <= 2, ambiguous = utf8 && sign == 2;
    self->frame.utf8 = utf8;
    if (self->options.glyphs != GLYPHS_AUTO || self->frame.narrow)
        return;
    self->term.theme.glyphs = !utf8 || ambiguous ? GLYPHS_ASCII
                              : braille == 1     ? GLYPHS_BRAILLE
                                                 : GLYPHS_BLOCKS;
}

static void probe(struct curses_term *self)
{
    static const char questions[] =
        "\033]11;?\033\\\033[H\xe2\xa3\xbf\033[6n\033[H\xc2\xb1\033[6n\033[H\033[J\033[c";
    double end = clock_seconds() + probe_seconds;
    self->probing = true;
    link_send(&self->link, questions, sizeof questions - 1);
    for (double left; !self->device_seen && !self->lost && (left = end - clock_seconds()) > 0;) {
        struct pollfd fd = {self->tty, POLLIN, 0};
        if (poll(&fd, 1, (int)(left * 1000) + 1) > 0)
            read_events(self);
    }
    judge_glyphs(self);
    self->probing = false;
}

/* ---- taking the terminal and giving it back ---- */

static void prepare_strings(struct curses_term *self, const struct terminfo *info)
{
    /* without a second screen: clear, and leave below what was drawn */
    const char *enter = *info->enter ? info->enter : "\033[H\033[J";
    const char *leave = *info->leave ? info->leave : "\033[999;1H\r\n";
    snprintf(self->enter, sizeof self->enter, "%s\033[?25l\033[?2004h", enter);
    snprintf(self->leave, sizeof self->leave, "\033[?2026l\033[?1002l\033[?1006l\033[?2004l\033[m\033[?25h%s",
             leave);
}

static void send_text(struct curses_term *self, const char *text)
{
    link_send(&self->link, text, strlen(text));
}

static void curses_mouse(struct terminal *term, bool on)
{
    struct curses_term *self = self_of(term);
    self->options.mouse = on;
    send_text(self, on ? "\033[?1002h\033[?1006h" : "\033[?1002l\033[?1006l");
}

static void read_size(struct curses_term *self)
{
    struct winsize size = {0};
    ioctl(self->tty, TIOCGWINSZ, &size);
    self->width = size.ws_col > 0 ? size.ws_col : 80;
    self->height = size.ws_row > 0 ? size.ws_row : 24;
}

/* Keys come one by one, unechoed, as typed; Ctrl-C and Ctrl-Z are keys, Ctrl-\ still ends a program that
 * hangs. */
static void take_terminal(struct curses_term *self)
{
    struct termios modes = self->modes;
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
    modes.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
    modes.c_oflag &= ~(tcflag_t)OPOST;
    modes.c_cc[VINTR] = modes.c_cc[VSUSP] = _POSIX_VDISABLE;
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    tcsetattr(self->tty, TCSADRAIN, &modes);
    restore_arm(self->tty, &self->modes, self->leave, strlen(self->leave));
    send_text(self, self->enter);
    if (self->options.mouse)
        curses_mouse(&self->term, true);
    frame_forget(&self->frame);
    read_size(self);
}

static void give_terminal_back(struct curses_term *self)
{
    link_drain(&self->link, 0.5);
    self->link.waiting.length = self->link.sent = 0;
    send_text(self, self->leave);
    link_drain(&self->link, 0.5);
    tcsetattr(self->tty, TCSADRAIN, &self->modes);
}

static void curses_suspend(struct terminal *term)
{
    struct curses_term *self = self_of(term);
    bool ignored;
    give_terminal_back(self);
    restore_disarm();
    kill(0, SIGTSTP); /* the whole job, as the terminal itself would: make waits for us */
    take_terminal(self);
    wake_read(&self->wake, &ignored, &ignored);
    self->link.unanswered = 0;
    self->resized = true;
}

/* ---- the operations ---- */

static void curses_size(struct terminal *term, int *width, int *height)
{
    *width = self_of(term)->width;
    *height = self_of(term)->height;
}

/* The timer stands at whatever comes first: a late Esc, a frame that may go though nobody answered. */
static void set_timer(struct curses_term *self)
{
    double frame = link_retry(&self->link), key = self->input_due;
    wake_at(&self->wake, key > 0 && (frame == 0 || key < frame) ? key : frame);
}

static void notice_signals(struct curses_term *self)
{
    bool resized = false, continued = false;
    wake_read(&self->wake, &resized, &continued);
    if (continued)
        take_terminal(self);
    else if (resized)
        read_size(self);
    self->resized |= resized || continued;
}

static bool curses_key(struct terminal *term, struct key *key)
{
    struct curses_term *self = self_of(term);
    notice_signals(self);
    wake_on_writable(&self->wake, !link_flush(&self->link));
    if (self->n_waiting == 0)
        read_events(self);
    set_timer(self);
    if (self->resized) {
        self->resized = false;
        *key = (struct key){.code = KEYC_RESIZE};
        return true;
    }
    if (self->n_waiting == 0)
        return false;
    *key = self->waiting[0];
    memmove(self->waiting, self->waiting + 1, --self->n_waiting * sizeof *self->waiting);
    return true;
}

static bool curses_present(struct terminal *term, const struct canvas *canvas)
{
    struct curses_term *self = self_of(term);
    if (canvas->width != self->width || canvas->height != self->height)
        return true; /* drawn before a resize was read: the next one fits */
    double now = clock_seconds();
    bool whole = false;
    if (link_ready(&self->link, now)) {
        struct strbuf bytes = {0};
        whole = frame_write(&self->frame, canvas, FRAME_BYTES, &bytes);
        if (bytes.length > 0)
            link_frame(&self->link, &bytes, now);
        strbuf_release(&bytes);
    }
    wake_on_writable(&self->wake, !link_flush(&self->link));
    set_timer(self);
    return whole;
}

static int curses_fd(struct terminal *term)
{
    return self_of(term)->wake.poll;
}

static void curses_redraw(struct terminal *term)
{
    frame_forget(&self_of(term)->frame);
}

static void curses_copy(struct terminal *term, const char *text)
{
    size_t n = strlen(text), most = COPY_MAX / 4 * 3;
    struct strbuf out = {0};
    strbuf_puts(&out, "\033]52;c;");
    strbuf_base64(&out, text, n < most ? n : most);
    strbuf_puts(&out, "\a");
    link_send(&self_of(term)->link, out.text, out.length);
    strbuf_release(&out);
}

static void release(struct curses_term *self)
{
    if (self->tty_owned)
        close(self->tty);
    frame_release(&self->frame);
    link_release(&self->link);
    free(self);
}

static void curses_free(struct terminal *term)
{
    struct curses_term *self = self_of(term);
    give_terminal_back(self);
    restore_disarm();
    wake_close(&self->wake);
    release(self);
}

static const struct term_ops curses_ops = {
    .size = curses_size,
    .key = curses_key,
    .present = curses_present,
    .fd = curses_fd,
    .suspend = curses_suspend,
    .redraw = curses_redraw,
    .free = curses_free,
    .copy = curses_copy,
    .mouse = curses_mouse,
};

/* ---- opening ---- */

/* A description of our own, so that O_NONBLOCK does not reach the shell's. */
static bool open_tty(struct curses_term *self, struct err *err)
{
    const char *names[] = {ttyname(STDOUT_FILENO), "/dev/tty"};
    self->tty = -1;
    for (size_t i = 0; i < ARRAY_LEN(names) && self->tty < 0; i++)
        if (names[i])
            self->tty = open(names[i], O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    self->tty_owned = self->tty >= 0;
    if (self->tty < 0)
        return err_set(err, "the terminal: %s; `nearfar train` works without one", strerror(errno));
    if (tcgetattr(self->tty, &self->modes) == 0)
        return true;
    return err_set(err, "the terminal: %s; `nearfar train` works without one", strerror(errno));
}

static bool usable(struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(err, "standard %s is not a terminal; `nearfar train` works without one",
                       isatty(STDIN_FILENO) ? "output" : "input");
    const char *name = getenv("TERM");
    if (!name || !*name || strcmp(name, "dumb") == 0)
        return err_set(
            err, "TERM is \"%s\": this terminal cannot place text; open another one, or use `nearfar train`",
            name ? name : "");
    return true;
}

static bool describe(struct curses_term *self, const char *name, struct err *err)
{
    const char *codeset =
        setlocale(LC_CTYPE, "") || setlocale(LC_CTYPE, "C.UTF-8") ? nl_langinfo(CODESET) : "";
    bool utf8 = strcasecmp(codeset, "UTF-8") == 0;
    struct terminfo info;
    if (!terminfo_read(name, self->tty, &info, err))
        return false;
    self->term.theme = guess_theme(&self->options, name, &info, utf8);
    self->frame.depth = self->term.theme.depth;
    self->frame.colours = self->frame.depth == DEPTH_16 && info.colours < 16 ? 8 : 0;
    self->frame.utf8 = utf8;
    self->frame.narrow = guess_console(name);
    prepare_strings(self, &info);
    return true;
}

struct terminal *term_curses_open(const struct term_options *options, struct err *err)
{
    if (!usable(err))
        return NULL;
    struct curses_term *self = xcalloc(1, sizeof *self);
    self->term.ops = &curses_ops;
    self->options = *options;
    frame_init(&self->frame);
    if (!open_tty(self, err) || !describe(self, getenv("TERM"), err)) {
        release(self);
        return NULL;
    }
    if (!wake_open(&self->wake, self->tty)) {
        err_set(err, "the terminal: %s", strerror(errno));
        release(self);
        return NULL;
    }
    link_init(&self->link, self->tty);
    take_terminal(self);
    probe(self);
    return &self->term;
}
