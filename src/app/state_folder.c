/* SPDX-License-Identifier: MIT */
#include "app/state_folder.h"

#include "base/check.h"
#include "data/source.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEPT_RUNS = 8 };
static const char prefix[] = "live-";

static bool base_folder(char path[RUN_PATH_SIZE], struct err *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n;
    if (state && state[0] == '/')
        n = snprintf(path, RUN_PATH_SIZE, "%s/nearfar", state);
    else if (home && home[0])
        n = snprintf(path, RUN_PATH_SIZE, "%s/.local/state/nearfar", home);
    else
        return err_set(err, "neither XDG_STATE_HOME nor HOME says where runs are kept");
    return n < RUN_PATH_SIZE - 64 || err_set(err, "the path of the home folder is too long");
}

/* The date comes first, so that names sort by age. */
bool state_folder_new(char path[RUN_PATH_SIZE], struct err *err)
{
    char date[32];
    time_t now = time(NULL);
    struct tm parts;
    if (!base_folder(path, err))
        return false;
    strftime(date, sizeof date, "%Y%m%d-%H%M%S", gmtime_r(&now, &parts));
    size_t used = strlen(path);
    snprintf(path + used, RUN_PATH_SIZE - used, "/%s%s-%ld", prefix, date, (long)getpid());
    return true;
}

/* FNV-1a. */
static unsigned long long hash_of(const char *text)
{
    unsigned long long hash = 0xcbf29ce484222325ULL;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
    return hash;
}

bool state_folder_marks(char place[RUN_PATH_SIZE], const char *path, struct err *err)
{
    const char *base = path_base(path);
    char *folder = base > path ? strndup(path, (size_t)(base - path)) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL;
    bool fine = real && base_folder(place, err);
    size_t used = fine ? strlen(place) : 0;
    int n = fine ? snprintf(place + used, RUN_PATH_SIZE - used, "/marks/%016llx-%s", hash_of(real), base) : 0;
    free(folder);
    free(real);
    return fine && n < (int)(RUN_PATH_SIZE - used);
}

static int is_run(const struct dirent *entry)
{
    return strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0;
}

static int list_runs(char path[RUN_PATH_SIZE], struct dirent ***runs, struct err *err)
{
    return base_folder(path, err) ? scandir(path, runs, is_run, alphasort) : -1;
}

static void free_list(struct dirent **runs, int n)
{
    for (int i = 0; i < n; i++)
        free(runs[i]);
    free(runs);
}

bool state_folder_newest(char path[RUN_PATH_SIZE], struct err *err)
{
    struct dirent **runs = NULL;
    char base[RUN_PATH_SIZE];
    err_set(err, "there is no run to continue");
    int n = list_runs(base, &runs, err);
    bool found = false;
    for (int i = n - 1; i >= 0 && !found; i--) {
        run_path(path, base, runs[i]->d_name);
        found = run_is_there(path);
    }
    free_list(runs, n);
    return found;
}

void state_folder_prune(void)
{
    struct dirent **runs = NULL;
    struct err ignored;
    char base[RUN_PATH_SIZE], path[RUN_PATH_SIZE];
    int n = list_runs(base, &runs, &ignored);
    for (int i = 0; i < n - KEPT_RUNS; i++) {
        run_path(path, base, runs[i]->d_name);
        run_remove(path);
        rmdir(path);
    }
    free_list(runs, n);
}
