/* SPDX-License-Identifier: MIT
 *
 * Bytes of a file that may be gzipped. Any thread.
 */
#ifndef NF_DATA_UNPACK_H
#define NF_DATA_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

/* Fills `to` with up to `room` unpacked bytes from the start and gives how many; plain bytes are copied.
 * Of gzip files joined end to end all are unpacked.
 * A stream that is damaged gives what came before the damage, in *whole = false. */
size_t unpack_into(const void *bytes, size_t length, void *to, size_t room, bool *whole);
/* The same of gzipped bytes, no more than `piece` of them handed to zlib at a time, which counts in 32 bits.
 */
size_t unpack_pieces(const void *bytes, size_t length, void *to, size_t room, unsigned piece, bool *whole);

/* How many bytes these could unpack to at most: deflate cannot do better than 1032 to 1. A header that claims
 * more lies, and is refused before anything is allocated. */
size_t unpack_limit(const void *bytes, size_t length);

#endif
