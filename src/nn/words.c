/* SPDX-License-Identifier: MIT */
#include "nn/words.h"

#include "base/check.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <string.h>

/* One word of at most `size` - 1 characters from *text; false when none is left or it is too long. */
static bool next_word(const char **text, char *word, size_t size)
{
    *text += strspn(*text, " \t");
    size_t length = strcspn(*text, " \t");
    if (length == 0 || length >= size)
        return false;
    memcpy(word, *text, length);
    word[length] = '\0';
    *text += length;
    return true;
}

static bool take_number(const char *word, int low, int high, int *number)
{
    long value;
    if (!text_to_long(word, &value) || value < low || value > high)
        return false;
    *number = (int)value;
    return true;
}

static bool take_word(const char *word, const struct words_rule *rule, struct words *words)
{
    if (word[0] == '/')
        return rule->stride && take_number(word + 1, 1, 4, &words->stride);
    if (word[0] == 'x')
        return rule->repeat && take_number(word + 1, 1, WORDS_MAX_REPEAT, &words->repeat);
    if (words->n_numbers == rule->max_numbers)
        return false;
    return take_number(word, 1, WORDS_MAX_CHANNELS, &words->number[words->n_numbers++]);
}

bool words_parse(const char *text, const struct words_rule *rule, struct words *words, struct err *err)
{
    *words = (struct words){.stride = 1, .repeat = 1};
    char word[16];
    bool fine = true;
    while (fine && text[strspn(text, " \t")])
        fine = next_word(&text, word, sizeof word) && take_word(word, rule, words);
    if (fine && words->n_numbers >= rule->min_numbers)
        return true;
    return err_set(err, "write '%s' (numbers from 1 to %d)", rule->usage, WORDS_MAX_CHANNELS);
}

bool layer_weights_fit(size_t in, size_t out, struct err *err)
{
    const size_t most = (size_t)1 << 26;
    if (in <= most / out)
        return true;
    return err_set(err, "%zu x %zu weights are too many: take fewer channels, or pool before it", in, out);
}

void layer_add_tensor(struct layer *layer, struct params *params, const char *prefix, const char *name,
                      const int dims[4], enum tensor_role role, enum tensor_init init, size_t fan_in)
{
    CHECK(layer->n_tensors < LAYER_MAX_TENSORS);
    char full[sizeof params->tensor->name];
    int length = snprintf(full, sizeof full, "%s.%s", prefix, name);
    CHECK(length > 0 && (size_t)length < sizeof full);
    size_t fan_out = 0;
    for (int i = 0; i < 4 && dims[i]; i++)
        fan_out = (size_t)dims[i]; /* the last: tensors are (..., in, out) */
    size_t index = params_add(params, full, dims, role, init, fan_in, fan_out);
    layer->tensor[layer->n_tensors] = index;
    layer->offset[layer->n_tensors++] = params->tensor[index].offset;
}
