/* SPDX-License-Identifier: MIT */
#include "support/program.h"

#include "support/cmocka.h"

#include "base/file.h"
#include "data/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void program_init(struct program *program)
{
    *program = (struct program){.folder = "/tmp/nearfar-test-XXXXXX"};
    assert_non_null(mkdtemp(program->folder));
    assert_non_null(getenv("NEARFAR"));
}

void program_release(struct program *program)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", program->folder);
    assert_int_equal(system(command), 0);
}

const char *program_path(const struct program *program, const char *name, char *path, size_t size)
{
    assert_true((size_t)snprintf(path, size, "%s/%s", program->folder, name) < size);
    return path;
}

int program_has(const struct program *program, const char *name)
{
    char path[256];
    return access(program_path(program, name, path, sizeof path), F_OK) == 0;
}

void program_put(const struct program *program, const char *name, const char *text)
{
    char path[256];
    struct err err;
    assert_true(file_write(program_path(program, name, path, sizeof path), text, strlen(text), &err));
}

char *program_get(const struct program *program, const char *name)
{
    char path[256];
    struct err err;
    size_t length;
    char *text = file_read(program_path(program, name, path, sizeof path), 1 << 20, &length, &err);
    assert_non_null(text);
    return text;
}

void program_put_table(const struct program *program, const char *name, const float *rows, size_t n, size_t d)
{
    char path[256];
    struct err err;
    assert_true(npy_write(program_path(program, name, path, sizeof path), rows, n, d, &err));
}

static void slurp(const struct program *program, const char *name, char *text, size_t size)
{
    char path[256];
    FILE *file = fopen(program_path(program, name, path, sizeof path), "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    remove(path);
}

void program_run(struct program *program, const char *arguments)
{
    char command[2048];
    int length = snprintf(command, sizeof command, "cd '%s' && '%s' %s >.out 2>.err </dev/null",
                          program->folder, getenv("NEARFAR"), arguments);
    assert_true(length > 0 && (size_t)length < sizeof command);
    int status = system(command);
    program->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    slurp(program, ".out", program->out, sizeof program->out);
    slurp(program, ".err", program->err, sizeof program->err);
}

void program_ends(struct program *program, int status, const char *arguments)
{
    program_run(program, arguments);
    if (program->status != status)
        fail_msg("%s: %d\n%s%s", arguments, program->status, program->out, program->err);
}
