/* SPDX-License-Identifier: MIT */
#include "share/settings.h"

#include <string.h>

const struct setting *settings_find(const struct settings *settings, const char *name)
{
    for (int i = 0; i < settings->n; i++)
        if (strcmp(settings->item[i].name, name) == 0)
            return &settings->item[i];
    return NULL;
}
