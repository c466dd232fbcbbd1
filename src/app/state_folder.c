/* SPDX-License-Identifier: MIT */
#include "app/state_folder.h"

#include "base/check.h"

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
