/* SPDX-License-Identifier: MIT */
#include "ui/terminfo.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>
/* last: they define many common words */
#include <curses.h>
#include <term.h>

/* A string without its padding ("$<5>"), "" if there is none. curses wants names it could write to. */
static void capability(const char *name, char *text, size_t size)
{
    char writable[16];
    snprintf(writable, sizeof writable, "%s", name);
    const char *value = tigetstr(writable);
    bool there = value != NULL && value != (const char *)-1;
    size_t used = 0;
    for (const char *p = there ? value : ""; *p && used + 1 < size; p++) {
        const char *end = p[0] == '$' && p[1] == '<' ? strchr(p, '>') : NULL;
        if (end)
            p = end;
        else
            text[used++] = *p;
    }
    text[used] = '\0';
}

static bool has_flag(const char *name)
{
    char writable[16];
    snprintf(writable, sizeof writable, "%s", name);
    return tigetflag(writable) > 0;
}

static bool find_entry(const char *name, int tty)
{
    const char *names[] = {name, "xterm-256color", "xterm", "vt100"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        int found;
        if (setupterm(names[i], tty, &found) == OK)
            return true;
    }
    return false;
}

bool terminfo_read(const char *name, int tty, struct terminfo *info, struct err *err)
{
    char cursor[64], number[] = "colors";
    if (!find_entry(name, tty))
        return err_set(err,
                       "TERM is \"%s\": curses knows neither it nor xterm; install ncurses-base, or use "
                       "`nearfar train`",
                       name);
    capability("cup", cursor, sizeof cursor);
    info->colours = tigetnum(number);
    info->truecolour = has_flag("RGB") || has_flag("Tc");
    capability("smcup", info->enter, sizeof info->enter);
    capability("rmcup", info->leave, sizeof info->leave);
    del_curterm(cur_term);
    if (strncmp(cursor, "\033[", 2) == 0)
        return true;
    return err_set(err, "TERM is \"%s\": not an ANSI terminal; open another one, or use `nearfar train`",
                   name);
}
