/* SPDX-License-Identifier: MIT */
#include "support/folder.h"

#include "base/check.h"
#include "base/file.h"
#include "data/image.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void folder_init(struct folder *folder)
{
    snprintf(folder->path, sizeof folder->path, "/tmp/nearfar-test-XXXXXX");
    CHECK(mkdtemp(folder->path));
}

static void remove_all(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char inner[512];
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && remove(inner) != 0)
            remove_all(inner); /* a folder that is not empty */
    }
    if (dir)
        closedir(dir);
    remove(path);
}

void folder_release(struct folder *folder)
{
    remove_all(folder->path);
}

const char *folder_at(struct folder *folder, const char *name)
{
    snprintf(folder->joined, sizeof folder->joined, "%s/%s", folder->path, name);
    return folder->joined;
}

static void make_parents(struct folder *folder, const char *name)
{
    struct err err;
    const char *slash = strrchr(name, '/');
    char *parent = slash ? xstrndup(name, (size_t)(slash - name)) : xstrdup("");
    CHECK(folder_make(folder_at(folder, parent), &err));
    free(parent);
}

void folder_put(struct folder *folder, const char *name, const void *bytes, size_t length)
{
    struct err err;
    make_parents(folder, name);
    CHECK(file_write(folder_at(folder, name), bytes, length, &err));
}

void folder_put_text(struct folder *folder, const char *name, const char *text)
{
    folder_put(folder, name, text, strlen(text));
}

void folder_put_png(struct folder *folder, const char *name, int width, int height, int channels)
{
    struct err err;
    size_t n = (size_t)width * (size_t)height * (size_t)channels;
    struct image image = {.width = width, .height = height, .channels = channels, .pixels = xcalloc(n, 1)};
    for (size_t i = 0; i < n; i++)
        image.pixels[i] = (uint8_t)(i * 3);
    make_parents(folder, name);
    CHECK(image_save_png(folder_at(folder, name), &image, &err));
    image_release(&image);
}

static void put32(uint8_t *to, uint32_t value)
{
    for (int k = 0; k < 4; k++)
        to[k] = (uint8_t)(value >> (24 - 8 * k));
}

size_t png_chunk(uint8_t *bytes, size_t length, const char *type, const void *data, size_t n)
{
    uint8_t *chunk = bytes + length;
    put32(chunk, (uint32_t)n);
    memcpy(chunk + 4, type, 4);
    if (n > 0)
        memcpy(chunk + 8, data, n);
    put32(chunk + 8 + n, (uint32_t)crc32(crc32(0, NULL, 0), chunk + 4, (uInt)(n + 4)));
    return length + 12 + n;
}
