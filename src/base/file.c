/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *read_stream(FILE *stream, size_t max_bytes, size_t *length, struct err *err)
{
    size_t room = 1 << 16, used = 0;
    char *bytes = xcalloc(room + 1, 1);
    for (;;) {
        used += fread(bytes + used, 1, room - used, stream);
        if (used < room || used > max_bytes)
            break;
        room *= 2;
        bytes = xrealloc(bytes, room + 1, 1);
    }
    if (used > max_bytes || ferror(stream)) {
        if (used > max_bytes)
            err_set(err, "larger than %zu MB, which nearfar does not read", max_bytes >> 20);
        else
            err_set(err, "%s", strerror(errno));
        free(bytes);
        return NULL;
    }
    bytes[used] = '\0';
    *length = used;
    return bytes;
}

char *file_read(const char *path, size_t max_bytes, size_t *length, struct err *err)
{
    struct stat st;
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        err_set(err, "%s: %s", path, strerror(errno));
        return NULL;
    }
    char *bytes = NULL;
    if (fstat(fileno(stream), &st) != 0 || S_ISDIR(st.st_mode))
        err_set(err, "a folder, not a file");
    else
        bytes = read_stream(stream, max_bytes, length, err);
    if (!bytes)
        err_within(err, "%s", path);
    fclose(stream);
    return bytes;
}

size_t file_head(const char *path, char *bytes, size_t size)
{
    struct stat st;
    bool plain = stat(path, &st) == 0 && S_ISREG(st.st_mode);
    FILE *stream = plain ? fopen(path, "rbe") : NULL;
    size_t n = stream ? fread(bytes, 1, size - 1, stream) : 0;
    if (stream)
        fclose(stream);
    bytes[n] = '\0';
    return n;
}

/* /dev/stdout or a pipe: a rename would put a file in its place. */
static bool is_no_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* What a symbolic link leads to is what is written; the link stays. NULL: there is nothing yet. */
static char *target_of(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? realpath(path, NULL) : NULL;
}

static FILE *stream_of(int fd, const char *path)
{
    FILE *stream = fdopen(fd, "wb");
    int why = errno;
    if (!stream) {
        close(fd);
        unlink(path);
    }
    errno = why;
    return stream;
}

/* A name that nobody else has, in this process or another, now or left behind by one that was killed. */
static FILE *open_temporary(const char *path, struct strbuf *name)
{
    for (unsigned i = 0;; i++) {
        name->length = 0;
        strbuf_printf(name, "%s" FILE_PART "%ld-%u", path, (long)getpid(), i);
        int fd = open(name->text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0)
            return stream_of(fd, name->text);
        if (errno != EEXIST)
            return NULL;
    }
}

bool file_begin(struct file_writer *writer, const char *path, struct err *err)
{
    struct strbuf name = {0};
    struct stat st;
    char *target = target_of(path);
    *writer = (struct file_writer){.path = target ? target : xstrdup(path)};
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        errno = EISDIR; /* else seen only at the end, when all the work is done */
    else
        writer->stream = is_no_file(path) ? fopen(path, "wbe") : open_temporary(writer->path, &name);
    if (writer->stream) {
        writer->temporary = name.text;
        return true;
    }
    err_set(err, "%s: cannot be written: %s", path, strerror(errno));
    strbuf_release(&name);
    file_abandon(writer);
    return false;
}

void file_abandon(struct file_writer *writer)
{
    if (writer->stream) {
        fclose(writer->stream);
        if (writer->temporary)
            unlink(writer->temporary);
    }
    free(writer->path);
    free(writer->temporary);
    *writer = (struct file_writer){0};
}

/* A rename is on the disk only once its folder is; failing to sync the folder is not an error worth losing
 * the file for (some file systems refuse it). */
static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

bool file_commit(struct file_writer *writer, struct err *err)
{
    bool fine = fflush(writer->stream) == 0 && !ferror(writer->stream) &&
                (!writer->temporary || fsync(fileno(writer->stream)) == 0);
    int why = errno;
    if (fine && writer->temporary && rename(writer->temporary, writer->path) != 0) {
        fine = false;
        why = errno;
    }
    if (!fine) {
        err_set(err, "%s: cannot be written: %s", writer->path, strerror(why));
        file_abandon(writer);
        return false;
    }
    fclose(writer->stream);
    if (writer->temporary)
        sync_folder_of(writer->path);
    free(writer->path);
    free(writer->temporary);
    *writer = (struct file_writer){0};
    return true;
}

bool file_write(const char *path, const void *bytes, size_t length, struct err *err)
{
    struct file_writer writer;
    if (!file_begin(&writer, path, err))
        return false;
    fwrite(bytes, 1, length, writer.stream); /* a short write shows in ferror at commit */
    return file_commit(&writer, err);
}

bool folder_make(const char *path, struct err *err)
{
    char *copy = xstrdup(path);
    bool fine = true;
    for (char *p = copy + 1; fine; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char kept = *p;
        *p = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            fine = err_set(err, "%s: cannot be made: %s", copy, strerror(errno));
        *p = kept;
        if (kept == '\0')
            break;
    }
    struct stat st;
    if (fine && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
        fine = err_set(err, "%s: is there and is not a folder", path);
    free(copy);
    return fine;
}
