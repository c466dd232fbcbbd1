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

/* zlib counts in 32 bits: hands it the next piece of input and of room. */
static void feed(z_stream *z, const unsigned char **from, size_t *left, size_t *room)
{
    if (z->avail_in == 0 && *left > 0) {
        z->next_in = (Bytef *)(uintptr_t)*from; /* zlib reads only, but older headers lack the const */
        z->avail_in = *left > UINT_MAX / 2 ? UINT_MAX / 2 : (uInt)*left;
        *from += z->avail_in;
        *left -= z->avail_in;
    }
    if (z->avail_out == 0 && *room > 0) {
        z->avail_out = *room > UINT_MAX / 2 ? UINT_MAX / 2 : (uInt)*room;
        *room -= z->avail_out;
    }
}

/* gzip files may be joined end to end (RFC 1952, 2.2); what follows the last and is none is passed over. */
static bool next_member(z_stream *z)
{
    bool is = z->avail_in >= 2 && z->next_in[0] == 0x1f && z->next_in[1] == 0x8b;
    return is && inflateReset(z) == Z_OK;
}

static size_t inflate_into(const unsigned char *bytes, size_t length, unsigned char *to, size_t room,
                           bool *whole)
{
    enum { GZIP_ONLY = 16 };
    z_stream z = {.next_out = to};
    *whole = false;
    if (inflateInit2(&z, MAX_WBITS + GZIP_ONLY) != Z_OK)
        return 0;
    size_t left = length, to_give = room;
    int status = Z_OK;
    while (status == Z_OK) {
        feed(&z, &bytes, &left, &to_give);
        status = inflate(&z, Z_NO_FLUSH);
        feed(&z, &bytes, &left, &to_give);
        if (status == Z_STREAM_END && next_member(&z))
            status = Z_OK;
    }
    size_t used = (size_t)(z.next_out - to);
    *whole = status == Z_STREAM_END || used == room;
    inflateEnd(&z);
    return used;
}

size_t unpack_into(const void *bytes, size_t length, void *to, size_t room, bool *whole)
{
    if (is_gzip(bytes, length))
        return inflate_into(bytes, length, to, room, whole);
    size_t used = length < room ? length : room;
    if (used > 0)
        memcpy(to, bytes, used);
    *whole = true;
    return used;
}
