/* SPDX-License-Identifier: MIT
 *
 * Replays every file of the corpus through the fuzz target, and every prefix of it (truncation is the
 * commonest damage), so that what a fuzzer once found stays found in a plain build.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of exactly that size, so that a sanitizer sees the first byte read too far. */
static void run_prefix(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static size_t replay_file(const char *path)
{
    static uint8_t data[1 << 20];
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    size_t size = fread(data, 1, sizeof data, f);
    fclose(f);
    size_t step = size < 256 ? 1 : size / 256;
    for (size_t cut = 0; cut < size; cut += step)
        run_prefix(data, cut);
    run_prefix(data, size);
    return 1;
}

int main(void)
{
    size_t n = 0;
    DIR *dir = opendir(CORPUS);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", CORPUS, e->d_name);
        if (e->d_name[0] != '.')
            n += replay_file(path);
    }
    if (dir)
        closedir(dir);
    if (n == 0) {
        fprintf(stderr, "no corpus in %s\n", CORPUS);
        return 1;
    }
    printf("[  PASSED  ] %zu test(s).\n", n);
    return 0;
}
