/* SPDX-License-Identifier: MIT */
#include "data/unpack.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

static bool is_gzip(const void *bytes, size_t length)
{
    const unsigned char *b = bytes;
    return length >= 18 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8;
}

size_t unpack_limit(const void *bytes, size_t length)
{
    enum { DEFLATE_BEST = 1032 };
    if (!is_gzip(bytes, length))
        return length;
    return length > SIZE_MAX / DEFLATE_BEST ? SIZE_MAX : length * DEFLATE_BEST;
}

/* What zlib has not been handed yet. */
struct rest {
    size_t in, out;
    unsigned piece;
};

static uInt take(size_t *rest, unsigned piece)
{
    uInt taken = *rest < piece ? (uInt)*rest : piece;
    *rest -= taken;
    return taken;
}

/* Hands it the next pieces of input, which lies behind what it has, and of room. Two bytes tell whether
 * another member begins: so many are there, unless the input ends. */
static void feed(z_stream *z, struct rest *rest)
{
    while (z->avail_in < 2 && rest->in > 0)
        z->avail_in += take(&rest->in, rest->piece);
    if (z->avail_out == 0)
        z->avail_out = take(&rest->out, rest->piece);
}

/* gzip files may be joined end to end (RFC 1952, 2.2); what follows the last and is none is passed over. */
static bool next_member(z_stream *z)
{
    bool is = z->avail_in >= 2 && z->next_in[0] == 0x1f && z->next_in[1] == 0x8b;
    return is && inflateReset(z) == Z_OK;
}

size_t unpack_pieces(const void *bytes, size_t length, void *to, size_t room, unsigned piece, bool *whole)
{
    enum { GZIP_ONLY = 16 };
    z_stream z = {.next_in =
                      (Bytef *)(uintptr_t)bytes, /* zlib reads only, but older headers lack the const */
                  .next_out = to};
    *whole = false;
    if (inflateInit2(&z, MAX_WBITS + GZIP_ONLY) != Z_OK)
        return 0;
    struct rest rest = {length, room, piece};
    int status = Z_OK;
    while (status == Z_OK) {
        feed(&z, &rest);
        status = inflate(&z, Z_NO_FLUSH);
        feed(&z, &rest);
        if (status == Z_STREAM_END && next_member(&z))
            status = Z_OK;
    }
    size_t used = (size_t)(z.next_out - (unsigned char *)to);
    *whole = status == Z_STREAM_END || used == room;
    inflateEnd(&z);
    return used;
}

size_t unpack_into(const void *bytes, size_t length, void *to, size_t room, bool *whole)
{
    if (is_gzip(bytes, length))
        return unpack_pieces(bytes, length, to, room, UINT_MAX / 2, whole);
    size_t used = length < room ? length : room;
    if (used > 0)
        memcpy(to, bytes, used);
    *whole = true;
    return used;
}
