/* SPDX-License-Identifier: MIT
 *
 * Sources: PNG specification (W3C, second edition) 5 and 11; JPEG: ITU-T T.81 annex B; BMP: the
 * BITMAPINFOHEADER family. The walk is stricter than the decoder: a byte it cannot place is a reason to
 * refuse the file.
 */
#include "data/image_walk.h"

#include "data/image.h"

#include <string.h>
#include <zlib.h>

static bool truncated(struct err *err)
{
    return err_set(err, "the picture is truncated or damaged: fetch it again");
}

static bool sane_size(size_t width, size_t height, struct err *err)
{
    if (width == 0 || height == 0)
        return err_set(err, "a picture of %zux%zu pixels: nothing to see", width, height);
    if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE)
        return err_set(err, "a picture of %zux%zu pixels, more than %d a side: make it smaller", width,
                       height, IMAGE_MAX_SIDE);
    return true;
}

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little32(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static size_t big16(const unsigned char *p)
{
    return (size_t)p[0] << 8 | p[1];
}

/* ---- PNG ---- */

static bool png_header(const unsigned char *p, struct image_facts *facts, struct err *err)
{
    static const int channels_of[7] = {1, 0, 3, 3, 2, 0, 4};
    static const unsigned char samples_of[7] = {1, 0, 3, 1, 2, 0, 4}; /* stored a pixel */
    unsigned depth = p[8], colour = p[9];
    facts->width = big32(p);
    facts->height = big32(p + 4);
    if (colour > 6 || channels_of[colour] == 0 || depth > 16 || (depth & (depth - 1)) || depth == 0 ||
        (colour == 3 && depth > 8) || (colour != 0 && colour != 3 && depth < 8) || p[10] || p[11] ||
        p[12] > 1)
        return err_set(err, "the PNG header is damaged: fetch the file again");
    if (!sane_size(facts->width, facts->height, err))
        return false;
    facts->channels = channels_of[colour];
    facts->raw_bytes = facts->height * (1 + (facts->width * samples_of[colour] * depth + 7) / 8);
    return true;
}

/* Chunk by chunk: each fits the file and has the checksum it claims; one IHDR first, IDAT, IEND last. */
static bool walk_png(const unsigned char *bytes, size_t length, struct image_facts *facts, struct err *err)
{
    enum { SIGNATURE = 8, AROUND = 12, HEADER = 13, BEST = 1032 };
    size_t at = SIGNATURE, packed = 0;
    for (bool first = true;; first = false) {
        if (length - at < AROUND)
            return truncated(err);
        size_t size = big32(bytes + at);
        const unsigned char *type = bytes + at + 4;
        if (size > length - at - AROUND)
            return truncated(err);
        if (crc32(crc32(0, NULL, 0), type, (uInt)(size + 4)) != big32(type + 4 + size))
            return err_set(err, "a checksum in the PNG is wrong: the file is damaged, fetch it again");
        bool header = memcmp(type, "IHDR", 4) == 0;
        if (header != first || (header && size != HEADER))
            return err_set(err, "not a PNG inside: its header is missing or doubled");
        if (header && !png_header(type + 4, facts, err))
            return false;
        if (memcmp(type, "IDAT", 4) == 0)
            packed += size;
        if (memcmp(type, "IEND", 4) == 0)
            break;
        at += AROUND + size;
    }
    if (facts->raw_bytes / BEST > packed) /* deflate packs 1032 to 1 at the very best */
        return err_set(err, "the PNG claims %zux%zu pixels and holds %zu bytes of them: it is damaged",
                       facts->width, facts->height, packed);
    return true;
}

/* ---- JPEG ---- */

struct jpeg_walk {
    const unsigned char *bytes;
    size_t length, at;
    bool has_frame;
    size_t n_scans;
};

/* Each table is a class and number, 16 counts and as many symbols: at most 256, all within the segment; and
 * the counts must be those of a prefix code. */
static bool huffman_tables(const unsigned char *p, size_t n, struct err *err)
{
    while (n > 0) {
        size_t symbols = 0, code = 0;
        if (n < 17 || p[0] >> 4 > 1 || (p[0] & 15) > 3)
            return err_set(err, "a Huffman table of the JPEG is damaged: fetch the file again");
        for (int i = 1; i <= 16; i++) {
            symbols += p[i];
            code = (code << 1) + p[i];
            if (symbols > 256 || code > (size_t)1 << i)
                return err_set(
                    err, "a Huffman table of the JPEG claims more codes than there can be: it is damaged");
        }
        if (symbols > n - 17)
            return truncated(err);
        p += 17 + symbols;
        n -= 17 + symbols;
    }
    return true;
}

static bool quantisation_tables(const unsigned char *p, size_t n, struct err *err)
{
    while (n > 0) {
        size_t size = p[0] >> 4 ? 129 : 65;
        if (p[0] >> 4 > 1 || (p[0] & 15) > 3 || n < size)
            return err_set(err, "a quantisation table of the JPEG is damaged: fetch the file again");
        p += size;
        n -= size;
    }
    return true;
}

static bool jpeg_frame(struct jpeg_walk *walk, const unsigned char *p, size_t n, struct image_facts *facts,
                       struct err *err)
{
    if (walk->has_frame || n < 6 || p[0] != 8)
        return err_set(err, "the JPEG has no plain 8-bit frame header: convert it");
    walk->has_frame = true;
    facts->height = big16(p + 1);
    facts->width = big16(p + 3);
    facts->channels = p[5];
    if ((facts->channels != 1 && facts->channels != 3) || n != 6 + 3 * (size_t)facts->channels)
        return err_set(err, "a JPEG of %d colour components; 1 or 3 are read: convert it to RGB", p[5]);
    for (int c = 0; c < facts->channels; c++) {
        unsigned h = p[7 + 3 * c] >> 4, v = p[7 + 3 * c] & 15;
        if (h < 1 || h > 4 || v < 1 || v > 4 || p[8 + 3 * c] > 3)
            return err_set(err, "the JPEG frame header is damaged: fetch the file again");
    }
    facts->raw_bytes = facts->width * facts->height * (size_t)facts->channels;
    return sane_size(facts->width, facts->height, err);
}

static bool scan_header(const struct jpeg_walk *walk, const unsigned char *p, size_t n, struct err *err)
{
    bool sound = walk->has_frame && n >= 1 && p[0] >= 1 && p[0] <= 4 && n == 4 + 2 * (size_t)p[0];
    for (size_t c = 0; sound && c < p[0]; c++)
        sound = p[2 + 2 * c] >> 4 <= 3 && (p[2 + 2 * c] & 15) <= 3;
    return sound ? true : err_set(err, "a scan header of the JPEG is damaged: fetch the file again");
}

/* From behind a scan header to the next marker that is none of 00 (a stuffed FF) and RST0..7. */
static bool skip_coded_data(struct jpeg_walk *walk, struct err *err)
{
    for (; walk->at + 1 < walk->length; walk->at++) {
        unsigned char next = walk->bytes[walk->at + 1];
        if (walk->bytes[walk->at] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7))
            return true;
    }
    return truncated(err);
}

enum jpeg_marker {
    SOF0 = 0xc0,
    SOF1 = 0xc1,
    SOF2 = 0xc2,
    DHT = 0xc4,
    EOI = 0xd9,
    SOS = 0xda,
    DQT = 0xdb,
    DRI = 0xdd,
    APP0 = 0xe0,
    APP15 = 0xef,
    COM = 0xfe
};

static bool jpeg_segment(struct jpeg_walk *walk, unsigned marker, const unsigned char *p, size_t n,
                         struct image_facts *facts, struct err *err)
{
    if ((marker >= APP0 && marker <= APP15) || marker == COM)
        return true;
    switch (marker) {
    case DHT: return huffman_tables(p, n, err);
    case DQT: return quantisation_tables(p, n, err);
    case DRI: return n == 2 ? true : truncated(err);
    case SOF0:
    case SOF1:
    case SOF2: return jpeg_frame(walk, p, n, facts, err);
    case SOS: walk->n_scans++; return scan_header(walk, p, n, err) && skip_coded_data(walk, err);
    default:
        return err_set(err, "a kind of JPEG that is not read (marker 0x%02x): convert it to a plain one",
                       marker);
    }
}

static bool walk_jpeg(const unsigned char *bytes, size_t length, struct image_facts *facts, struct err *err)
{
    enum { MAX_SCANS = 100, MAX_WORK = 1 << 30 };
    struct jpeg_walk walk = {.bytes = bytes, .length = length, .at = 2};
    for (;;) {
        while (walk.at + 1 < length && bytes[walk.at] == 0xff && bytes[walk.at + 1] == 0xff)
            walk.at++; /* fill bytes */
        if (walk.at + 2 > length || bytes[walk.at] != 0xff)
            return truncated(err);
        unsigned marker = bytes[walk.at + 1];
        if (marker == EOI)
            break;
        if (walk.at + 4 > length)
            return truncated(err);
        size_t size = big16(bytes + walk.at + 2);
        if (size < 2 || size > length - walk.at - 2)
            return truncated(err);
        const unsigned char *payload = bytes + walk.at + 4;
        walk.at += 2 + size;
        if (!jpeg_segment(&walk, marker, payload, size - 2, facts, err))
            return false;
    }
    if (!walk.has_frame || walk.n_scans == 0)
        return err_set(err, "no picture in the JPEG: it ends before the first scan");
    /* each scan goes over the whole picture, however few bytes it has; ten are usual */
    size_t pixels = facts->width * facts->height;
    if (walk.n_scans > MAX_SCANS || pixels > MAX_WORK / walk.n_scans)
        return err_set(err, "a JPEG of %zux%zu pixels in %zu scans, which takes too long: save it anew",
                       facts->width, facts->height, walk.n_scans);
    /* a block of 64 pixels takes at least a bit of the file, flat as it may be */
    if (pixels / (64 * 8) > length)
        return err_set(err, "the JPEG claims %zux%zu pixels in %zu bytes: it is damaged", facts->width,
                       facts->height, length);
    return true;
}

/* ---- BMP ---- */

static bool walk_bmp(const unsigned char *bytes, size_t length, struct image_facts *facts, struct err *err)
{
    enum { FILE_HEADER = 14, INFO = 40, V4 = 108, V5 = 124 };
    if (length < FILE_HEADER + INFO)
        return truncated(err);
    size_t offset = little32(bytes + 10), info = little32(bytes + 14),
           bits = bytes[28] | (size_t)bytes[29] << 8;
    uint32_t height = little32(bytes + 22), packing = little32(bytes + 30);
    facts->width = little32(bytes + 18);
    facts->height = height > INT32_MAX ? 0u - height : height; /* negative: rows from the top */
    if ((info != INFO && info != V4 && info != V5) || (bits != 24 && bits != 32) || packing != 0)
        return err_set(err,
                       "a kind of BMP that is not read (only plain 24 and 32 bits are): convert it to PNG");
    if (!sane_size(facts->width, facts->height, err))
        return false;
    facts->channels = bits == 32 ? 4 : 3;
    facts->raw_bytes = facts->height * ((facts->width * bits / 8 + 3) / 4 * 4);
    if (offset < FILE_HEADER + info || offset > FILE_HEADER + info + 1024 || offset > length ||
        facts->raw_bytes > length - offset)
        return truncated(err);
    return true;
}

/* ---- all ---- */

enum image_kind image_kind_of(const unsigned char *bytes, size_t length)
{
    if (length >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return IMAGE_PNG;
    if (length >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
        return IMAGE_JPEG;
    if (length >= 14 && memcmp(bytes, "BM", 2) == 0)
        return IMAGE_BMP;
    return IMAGE_UNKNOWN;
}

bool image_walk(const unsigned char *bytes, size_t length, struct image_facts *facts, struct err *err)
{
    *facts = (struct image_facts){.kind = image_kind_of(bytes, length)};
    switch (facts->kind) {
    case IMAGE_PNG: return walk_png(bytes, length, facts, err);
    case IMAGE_JPEG: return walk_jpeg(bytes, length, facts, err);
    case IMAGE_BMP: return walk_bmp(bytes, length, facts, err);
    default: return err_set(err, "not a PNG, JPEG or BMP picture, whatever it is called");
    }
}
