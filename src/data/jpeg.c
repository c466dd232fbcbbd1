/* SPDX-License-Identifier: MIT */
#include "data/jpeg.h"

#include "base/check.h"

#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs FILE */
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

/* libjpeg reports through callbacks and expects them not to return: they jump back to jpeg_decode. */
struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr manager;
    jmp_buf refuse;
    struct err *err;
};

static struct reader *reader_of(j_common_ptr jpeg)
{
    return (struct reader *)jpeg->client_data;
}

static _Noreturn void on_error(j_common_ptr jpeg)
{
    char reason[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, reason);
    err_set(reader_of(jpeg)->err, "the JPEG is damaged (%.120s): fetch it again", reason);
    longjmp(reader_of(jpeg)->refuse, 1);
}

/* Level -1 is damage that libjpeg would paper over with grey; stray bytes between segments are harmless. */
static void on_message(j_common_ptr jpeg, int level)
{
    if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA)
        on_error(jpeg);
}

static void read_rows(struct reader *reader, struct image *image)
{
    size_t row = (size_t)image->width * (size_t)image->channels;
    while (reader->jpeg.output_scanline < reader->jpeg.output_height) {
        JSAMPROW line = image->pixels + reader->jpeg.output_scanline * row;
        jpeg_read_scanlines(&reader->jpeg, &line, 1);
    }
}

static bool decode(struct reader *reader, const unsigned char *bytes, size_t length, struct image *image)
{
    jpeg_create_decompress(&reader->jpeg);
    jpeg_mem_src(&reader->jpeg, bytes, (unsigned long)length);
    jpeg_read_header(&reader->jpeg, TRUE);
    bool grey = reader->jpeg.num_components == 1;
    reader->jpeg.out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    image->channels = grey ? 1 : 3;
    jpeg_start_decompress(&reader->jpeg);
    image->height = (int)reader->jpeg.output_height;
    image->width = (int)reader->jpeg.output_width;
    image->pixels = mem_try((size_t)image->height * (size_t)image->width, (size_t)image->channels, "picture",
                            reader->err);
    if (!image->pixels)
        return false;
    read_rows(reader, image);
    jpeg_finish_decompress(&reader->jpeg);
    return true;
}

bool jpeg_decode(const unsigned char *bytes, size_t length, struct image *image, struct err *err)
{
    struct reader *reader = xcalloc(1, sizeof *reader); /* on the heap: its values survive the jump */
    reader->err = err;
    reader->jpeg.err = jpeg_std_error(&reader->manager);
    reader->manager.error_exit = on_error;
    reader->manager.emit_message = on_message;
    reader->jpeg.client_data = reader;
    volatile bool fine = false;
    if (setjmp(reader->refuse) == 0)
        fine = decode(reader, bytes, length, image);
    jpeg_destroy_decompress(&reader->jpeg);
    free(reader);
    if (!fine)
        image_release(image);
    return fine;
}
