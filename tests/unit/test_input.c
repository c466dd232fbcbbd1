/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"
#include "support/cmocka.h"
#include "ui/input.h"

#include <stdio.h>
#include <string.h>

/* An event as a word: a key's name, "ack", "column-7" ... */
static void add_word(const struct input_event *event, struct strbuf *words)
{
    char name[32];
    key_name(event->key, name, sizeof name);
    struct mouse m = event->key.mouse;
    if (words->length)
        strbuf_puts(words, " ");
    if (event->kind == INPUT_ACK)
        strbuf_puts(words, "ack");
    else if (event->kind == INPUT_CURSOR)
        strbuf_printf(words, "column-%d", event->column);
    else if (event->kind == INPUT_DEVICE)
        strbuf_puts(words, "device");
    else if (event->kind == INPUT_GROUND)
        strbuf_printf(words, "ground-%06x", (unsigned)event->ground);
    else if (event->key.code == KEYC_MOUSE)
        strbuf_printf(words, "mouse-%d@%d,%d", (int)m.what, m.x, m.y);
    else
        strbuf_puts(words, name);
}

/* All events of the bytes, fed in pieces; after the last, silence. */
static void words_of(const char *bytes, size_t n, size_t piece, struct strbuf *words)
{
    struct input input = {.n = 0};
    struct input_event event;
    for (size_t at = 0; at < n; at += piece) {
        size_t now = n - at < piece ? n - at : piece;
        assert_true(now <= input_room(&input));
        memcpy(input.bytes + input.n, bytes + at, now);
        input.n += now;
        while (input_next(&input, false, &event))
            add_word(&event, words);
    }
    while (input_next(&input, true, &event))
        add_word(&event, words);
}

static void expect(const char *bytes, const char *wanted)
{
    for (size_t piece = 1; piece < 8; piece++) {
        struct strbuf words = {0};
        words_of(bytes, strlen(bytes), piece, &words);
        assert_string_equal(strbuf_text(&words), wanted);
        strbuf_release(&words);
    }
}

static void keys_in_all_their_dialects(void **state)
{
    (void)state;
    expect("aZ?", "a Z ?");
    expect("\033[A\033OA\033[1;5A", "Up Up Up");
    expect("\033[B\033[C\033[D\033[H\033[F\033OH\033OF", "Down Right Left Home End Home End");
    expect("\033[1~\033[4~\033[7~\033[8~\033[3~\033[5~\033[6~", "Home End Home End Delete PgUp PgDn");
    expect("\033OP\033[11~\033[[A", "F1 F1 F1");
    expect("\t\033[Z\r\n\x7f\b", "Tab Shift-Tab Enter Enter Backspace Backspace");
    expect("\x03\x12\x1a\x0c", "Ctrl-C Ctrl-R Ctrl-Z Ctrl-L");
    expect(" é日", "Space é 日");
}

static void a_lone_escape_is_a_key(void **state)
{
    (void)state;
    expect("\033", "Esc");
    expect("\033\033", "Esc Esc");
    expect("\033\033[A", "Esc Up");
}

static void what_is_unknown_is_swallowed_whole(void **state)
{
    (void)state;
    expect("\033[200;300;400zq", "q");
    expect("\033[>1;2cq\033[?2026;2$yq", "q q");
    expect("\033[38:2:1mq", "q");
    expect("\033xq\033éq", "q q"); /* Alt and a key */
    expect("\033P1$r0m\033\\q\033_secret\033\\q", "q q");
    expect("\033]52;c;cXVpdA==\aq", "q");
    expect("\033[24~\033[57u\033OYq", "q");
    expect("\033[12;", "");       /* broken off */
    expect("\xff\xc3q\x1c", "q"); /* no character */
    char longest[3000] = "\033]0;", csi[3000] = "\033[";
    memset(longest + 4, 'q', 2000);
    strcpy(longest + 2004, "\033\\x");
    expect(longest, "x");
    memset(csi + 2, '5', 2000);
    strcpy(csi + 2002, "~x");
    expect(csi, "x");
}

static void answers_are_told_from_keys(void **state)
{
    (void)state;
    expect("\033[0n", "ack");
    expect("\033[1;3R\033[?62;4c", "column-3 device");
    expect("\033]11;rgb:ffff/8080/0000\033\\", "ground-ff8000");
    expect("\033]11;rgb:f/8/0\a", "ground-ff8800");
    expect("\033]11;rgb:zz/8/0\a", "");
}

static void mice(void **state)
{
    (void)state;
    expect("\033[<0;10;5M\033[<32;11;5M\033[<0;300;5m", "mouse-0@9,4 mouse-1@10,4 mouse-2@299,4");
    expect("\033[<64;1;1M\033[<65;1;1M", "mouse-3@0,0 mouse-4@0,0");
    expect("\033[<2;3;3M\033[<35;3;3M\033[<0;0;0M", ""); /* right button, hovering, nonsense */
    expect("\033[M !!", "mouse-0@0,0");
}

static void a_paste_is_no_command(void **state)
{
    (void)state;
    expect("\033[200~a\rb\x03\tc\033[201~\r", "Paste a Space b Space c Paste Enter");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_in_all_their_dialects),
        cmocka_unit_test(a_lone_escape_is_a_key),
        cmocka_unit_test(what_is_unknown_is_swallowed_whole),
        cmocka_unit_test(answers_are_told_from_keys),
        cmocka_unit_test(mice),
        cmocka_unit_test(a_paste_is_no_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
