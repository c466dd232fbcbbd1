/* SPDX-License-Identifier: MIT */
#include "share/settings.h"

#include <stdio.h>
#include <string.h>

const struct setting *settings_find(const struct settings *settings, const char *name)
{
    for (int i = 0; i < settings->n; i++)
        if (strcmp(settings->item[i].name, name) == 0)
            return &settings->item[i];
    return NULL;
}

void settings_difference(const struct settings *was, const struct settings *now, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < now->n; i++) {
        const struct setting *is = &now->item[i], *before = settings_find(was, is->name);
        char one[120];
        if (!before || strcmp(before->text, is->text) == 0)
            continue;
        int n = snprintf(one, sizeof one, "%s%s %.32s -> %.32s", used ? ", " : "", is->label, before->text,
                         is->text);
        if (used + (size_t)n >= size)
            return;
        memcpy(text + used, one, (size_t)n + 1);
        used += (size_t)n;
    }
}
