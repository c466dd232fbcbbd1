/* SPDX-License-Identifier: MIT */
#include "app/machine.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "build.h"
#include "math/blas.h"

#include <stdio.h>
#include <string.h>

static void cpu_name(char *name, size_t size)
{
    char line[256];
    FILE *f = fopen("/proc/cpuinfo", "r");
    snprintf(name, size, "unknown");
    while (f && fgets(line, sizeof line, f)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !colon)
            continue;
        line[strcspn(line, "\n")] = '\0';
        text_clean(name, size, colon[1] == ' ' ? colon + 2 : colon + 1);
        break;
    }
    if (f)
        fclose(f);
}

void machine_describe(struct record *record)
{
    char cpu[200];
    cpu_name(cpu, sizeof cpu);
    record->machine.cpu = xstrdup(cpu);
    record->machine.blas = xstrdup(blas_config());
    record->machine.blas_core = xstrdup(blas_core());
    record->machine.arch = xstrdup(BUILD_ARCH);
}
