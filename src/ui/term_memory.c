/* SPDX-License-Identifier: MIT */
#include "base/check.h"
#include "ui/term.h"

#include <stdlib.h>
#include <string.h>

struct memory {
    struct terminal term; /* first: a struct terminal * is this */
    struct canvas shown;
    struct key *queue;
    size_t first, last, room; /* waiting keys are queue[first..last) */
    char *copied;
};

static struct memory *memory_of(struct terminal *term)
{
    return (struct memory *)(void *)term;
}

static void memory_size(struct terminal *term, int *width, int *height)
{
    *width = memory_of(term)->shown.width;
    *height = memory_of(term)->shown.height;
}

static bool memory_key(struct terminal *term, struct key *key)
{
    struct memory *memory = memory_of(term);
    if (memory->first == memory->last)
        return false;
    *key = memory->queue[memory->first++];
    return true;
}

/* A canvas of another size is one drawn before a resize was read: as on a real terminal it is dropped. */
static bool memory_present(struct terminal *term, const struct canvas *canvas)
{
    struct canvas *shown = &memory_of(term)->shown;
    if (canvas->width == shown->width && canvas->height == shown->height)
        memcpy(shown->cell, canvas->cell, (size_t)shown->width * (size_t)shown->height * sizeof *shown->cell);
    return true;
}

static int memory_fd(struct terminal *term)
{
    (void)term;
    return -1;
}

static void memory_nothing(struct terminal *term)
{
    (void)term;
}

static void memory_free(struct terminal *term)
{
    struct memory *memory = memory_of(term);
    canvas_release(&memory->shown);
    free(memory->queue);
    free(memory->copied);
    free(memory);
}

static void memory_copy(struct terminal *term, const char *text)
{
    struct memory *memory = memory_of(term);
    free(memory->copied);
    memory->copied = xstrdup(text);
}

static void memory_mouse(struct terminal *term, bool on)
{
    (void)term;
    (void)on;
}

static const struct term_ops memory_ops = {
    .size = memory_size,
    .key = memory_key,
    .present = memory_present,
    .fd = memory_fd,
    .suspend = memory_nothing,
    .redraw = memory_nothing,
    .free = memory_free,
    .copy = memory_copy,
    .mouse = memory_mouse,
};

struct terminal *term_memory_open(int width, int height, struct theme theme)
{
    struct memory *memory = xcalloc(1, sizeof *memory);
    memory->term = (struct terminal){&memory_ops, theme};
    canvas_init(&memory->shown, width, height);
    return &memory->term;
}

void term_memory_type(struct terminal *term, struct key key)
{
    struct memory *memory = memory_of(term);
    if (memory->first == memory->last)
        memory->first = memory->last = 0;
    if (memory->last == memory->room) {
        memory->room = memory->room ? 2 * memory->room : 16;
        memory->queue = xrealloc(memory->queue, memory->room, sizeof *memory->queue);
    }
    memory->queue[memory->last++] = key;
}

void term_memory_resize(struct terminal *term, int width, int height)
{
    canvas_resize(&memory_of(term)->shown, width, height);
    term_memory_type(term, (struct key){.code = KEYC_RESIZE});
}

const struct canvas *term_memory_canvas(struct terminal *term)
{
    return &memory_of(term)->shown;
}

const char *term_memory_copied(struct terminal *term)
{
    return memory_of(term)->copied;
}
