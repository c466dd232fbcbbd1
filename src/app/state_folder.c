/* SPDX-License-Identifier: MIT */
#include "app/state_folder.h"

#include "base/check.h"
#include "base/file.h"
#include "data/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
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

struct kept_run {
    struct timespec at; /* when it was written */
    char name[64];
};

static int is_run(const struct dirent *entry)
{
    return strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0 &&
           strlen(entry->d_name) < sizeof((struct kept_run *)0)->name;
}

static int newest_first(const void *a, const void *b)
{
    const struct kept_run *x = a, *y = b;
    if (x->at.tv_sec != y->at.tv_sec)
        return x->at.tv_sec < y->at.tv_sec ? 1 : -1;
    if (x->at.tv_nsec != y->at.tv_nsec)
        return x->at.tv_nsec < y->at.tv_nsec ? 1 : -1;
    return strcmp(y->name, x->name);
}

/* A run is written once it ends, which may be long after its name was made. */
static struct timespec written_at(const char *folder)
{
    char path[RUN_PATH_SIZE];
    struct stat st;
    run_path(path, folder, RUN_CONFIG);
    return stat(path, &st) == 0 || stat(folder, &st) == 0 ? st.st_mtim : (struct timespec){0};
}

/* Newest first; owned: free(). */
static struct kept_run *list_runs(char base[RUN_PATH_SIZE], int *n, struct err *err)
{
    struct dirent **found = NULL;
    char path[RUN_PATH_SIZE];
    *n = base_folder(base, err) ? scandir(base, &found, is_run, NULL) : 0;
    *n = *n > 0 ? *n : 0;
    struct kept_run *runs = xcalloc((size_t)*n + 1, sizeof *runs);
    for (int i = 0; i < *n; i++) {
        snprintf(runs[i].name, sizeof runs[i].name, "%s", found[i]->d_name);
        run_path(path, base, runs[i].name);
        runs[i].at = written_at(path);
        free(found[i]);
    }
    free(found);
    qsort(runs, (size_t)*n, sizeof *runs, newest_first);
    return runs;
}

enum { HELD_BY_ANOTHER = -1, NO_LOCKS_HERE = -2 }; /* else a descriptor */

/* Made if it is not there. */
static int hold(const char *folder)
{
    char path[RUN_PATH_SIZE];
    run_path(path, folder, RUN_LOCK);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    int why = errno;
    if (fd >= 0)
        close(fd);
    return fd >= 0 && why == EWOULDBLOCK ? HELD_BY_ANOTHER : NO_LOCKS_HERE;
}

bool state_folder_hold(int *held, const char *folder, struct err *err)
{
    if (!folder_make(folder, err))
        return false;
    int fd = hold(folder);
    *held = fd >= 0 ? fd : -1;
    return fd != HELD_BY_ANOTHER ||
           err_set(err, "%s: is open in another nearfar; end that first, or begin a new run", folder);
}

void state_folder_let_go(int *held)
{
    if (*held >= 0)
        close(*held);
    *held = -1;
}

static bool is_held(const char *folder)
{
    int fd = hold(folder);
    if (fd >= 0)
        close(fd);
    return fd == HELD_BY_ANOTHER;
}

/* Both: one that was killed while it was written for the first time may have one of them. */
static bool can_be_continued(const char *folder)
{
    char config[RUN_PATH_SIZE], checkpoint[RUN_PATH_SIZE];
    run_path(config, folder, RUN_CONFIG);
    run_path(checkpoint, folder, RUN_CHECKPOINT);
    return access(config, R_OK) == 0 && access(checkpoint, R_OK) == 0;
}

bool state_folder_newest(char path[RUN_PATH_SIZE], struct err *err)
{
    int n;
    char base[RUN_PATH_SIZE];
    err_set(err, "there is no run to continue");
    struct kept_run *runs = list_runs(base, &n, err);
    bool found = false;
    for (int i = 0; i < n && !found; i++) {
        run_path(path, base, runs[i].name);
        found = can_be_continued(path) && !is_held(path);
    }
    free(runs);
    return found;
}

static bool written_in(const char *folder)
{
    static const char *const files[] = {RUN_MARKS, RUN_SESSION, RUN_EXPLORED};
    char path[RUN_PATH_SIZE];
    bool any = false;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        run_path(path, folder, files[i]);
        any |= access(path, F_OK) == 0;
    }
    return any;
}

/* While it is held nobody can begin to go on with it. */
static void remove_held(const char *folder)
{
    int fd = hold(folder);
    if (fd < 0)
        return;
    run_remove_folder(folder);
    close(fd);
}

void state_folder_prune(void)
{
    int n, kept = 0;
    struct err ignored;
    char base[RUN_PATH_SIZE], path[RUN_PATH_SIZE];
    struct kept_run *runs = list_runs(base, &n, &ignored);
    for (int i = 0; i < n; i++) {
        run_path(path, base, runs[i].name);
        if (written_in(path))
            continue;
        if (kept >= KEPT_RUNS)
            remove_held(path);
        else if (run_is_there(path))
            kept++;
    }
    free(runs);
}
