/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "base/check.h"
#include "data/unpack.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

/* Appends the text as a gzip file; the bytes that are there then. */
static size_t add_member(unsigned char *bytes, size_t used, size_t room, const char *text)
{
    enum { GZIP = 16 };
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + GZIP, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)strlen(text);
    z.next_out = bytes + used;
    z.avail_out = (uInt)(room - used);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

/* Whatever piece zlib has come to the end of, and wherever in a member's head the border lies. */
static void joined_files_are_one_wherever_a_piece_ends(void **state)
{
    (void)state;
    static const char whole[] = "near and far, pulled together and pushed apart";
    unsigned char bytes[512];
    char text[sizeof whole];
    size_t n = add_member(bytes, 0, sizeof bytes, "near and far, ");
    n = add_member(bytes, n, sizeof bytes, "pulled together");
    n = add_member(bytes, n, sizeof bytes, " and pushed apart");
    for (unsigned piece = 1; piece <= n + 1; piece++) {
        bool fine = false;
        memset(text, 0, sizeof text);
        assert_int_equal(unpack_pieces(bytes, n, text, sizeof whole - 1, piece, &fine), sizeof whole - 1);
        assert_string_equal(text, whole);
        assert_true(fine);
    }
}

/* What follows the last member and is none; a member cut short; too little room. */
static void what_is_no_member_ends_it(void **state)
{
    (void)state;
    unsigned char bytes[256] = {0};
    char text[32];
    bool fine = false;
    size_t n = add_member(bytes, 0, sizeof bytes, "near and far");
    for (unsigned piece = 1; piece <= n + 2; piece++) {
        memset(bytes + n, 0, 8); /* padding, as tapes have it */
        assert_int_equal(unpack_pieces(bytes, n + 8, text, sizeof text, piece, &fine), 12);
        assert_true(fine);
        bytes[n] = 0x1f; /* the first byte of another, and the end */
        assert_int_equal(unpack_pieces(bytes, n + 1, text, sizeof text, piece, &fine), 12);
        assert_true(fine);
        assert_true(unpack_pieces(bytes, n - 9, text, sizeof text, piece, &fine) <= 12);
        assert_false(fine);
        assert_int_equal(unpack_pieces(bytes, n, text, 5, piece, &fine), 5);
        assert_true(fine && memcmp(text, "near ", 5) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_files_are_one_wherever_a_piece_ends),
        cmocka_unit_test(what_is_no_member_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
