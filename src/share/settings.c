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

/* A list that says how many it has no more room for. */
struct list {
    char *text;
    size_t size, used;
    int left;
};

static void list_add(struct list *list, const char *between, const char *one)
{
    enum { ROOM_FOR_COUNT = 8 };
    if (list->left || list->used + strlen(between) + strlen(one) + ROOM_FOR_COUNT > list->size)
        list->left++;
    else
        list->used += (size_t)snprintf(list->text + list->used, list->size - list->used, "%s%s",
                                       list->used ? between : "", one);
}

static void list_end(const struct list *list)
{
    if (list->left)
        snprintf(list->text + list->used, list->size - list->used, " +%d", list->left);
}

static bool is_another(const struct setting *is, const struct setting *was)
{
    return was && strcmp(was->text, is->text) != 0;
}

void settings_difference(const struct settings *was, const struct settings *now, char *text, size_t size)
{
    struct list list = {text, size, 0, 0};
    text[0] = '\0';
    for (int i = 0; i < now->n; i++) {
        const struct setting *is = &now->item[i], *before = settings_find(was, is->name);
        char one[120];
        if (!is_another(is, before))
            continue;
        snprintf(one, sizeof one, "%s %.32s → %.32s", is->label, before->text, is->text);
        list_add(&list, ", ", one);
    }
    list_end(&list);
}

void settings_had(const struct settings *was, const struct settings *now, char *text, size_t size)
{
    struct list list = {text, size, 0, 0};
    text[0] = '\0';
    for (int i = 0; i < was->n; i++) {
        const struct setting *had = &was->item[i];
        char one[130];
        if (!is_another(had, settings_find(now, had->name)))
            continue;
        snprintf(one, sizeof one, "%s %s", had->label, had->text);
        list_add(&list, "; ", one);
    }
    list_end(&list);
}
