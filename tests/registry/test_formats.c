/* SPDX-License-Identifier: MIT
 *
 * What every format in the list promises.
 */
#include "base/check.h"
#include "base/file.h"
#include "data/dataset.h"
#include "support/cmocka.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void names_and_help(void **state)
{
    (void)state;
    const struct format *format;
    for (size_t i = 0; (format = format_at(i)); i++) {
        const struct entry *entry = &format->entry;
        assert_true(strspn(entry->name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(entry->name));
        assert_ptr_equal(axis_find(&format_axis, entry->name), entry); /* unique: the first of the name */
        assert_true(strlen(entry->help) > 10 && entry->help[strlen(entry->help) - 1] == '.');
        assert_true(format->sniff && format->load);
    }
}

static void knobs_are_in_range(void **state)
{
    (void)state;
    const struct format *format;
    for (size_t i = 0; (format = format_at(i)); i++)
        for (size_t k = 0; k < knob_count(format->entry.knobs); k++) {
            const struct knob *knob = &format->entry.knobs[k];
            struct data_options options = {.item = {{.value = 1e300}}, .n = 1};
            snprintf(options.item[0].name, sizeof options.item[0].name, "%s", knob->name);
            assert_true(knob->min <= knob->value && knob->value <= knob->max && knob->step > 0);
            assert_true(knob->label && knob->help && knob->unit);
            assert_string_equal(options.item[0].name, knob->name); /* fits an option's name */
            assert_true(data_option(&options, format->entry.knobs, knob->name) == knob->max);
            options.n = 0;
            assert_true(data_option(&options, format->entry.knobs, knob->name) == knob->value);
        }
}

static void nobody_claims_what_is_not_there(void **state)
{
    (void)state;
    char nowhere[] = "no-such-thing";
    struct source source = {.spec = nowhere, .path = nowhere};
    const struct format *format;
    for (size_t i = 0; (format = format_at(i)); i++)
        assert_int_equal(format->sniff(&source), 0);
}

/* Every prefix of what the format reads: refused with a reason or read, never more than memory of its size.
 */
static void cut(const struct format *format, const char *bytes, size_t length)
{
    size_t step = length < 512 ? 1 : length / 256;
    for (size_t n = 0; n <= length; n += step) {
        struct dataset data;
        struct err err = {""};
        char *copy = xcalloc(n, 1);
        memcpy(copy, bytes, n);
        if (dataset_parse(&data, format->entry.name, copy, n, &err)) {
            assert_true(data.n > 0 && data.pixels && strlen(data.sha256) == 64);
            dataset_release(&data);
        } else {
            assert_true(err.text[0] && !data.pixels && !data.column);
        }
        free(copy);
    }
}

static void truncation_is_survived(void **state)
{
    (void)state;
    const struct format *format;
    for (size_t i = 0; (format = format_at(i)); i++) {
        if (!format->parse)
            continue;
        char folder[128];
        size_t n_files = 0;
        snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", format->entry.name);
        DIR *dir = opendir(folder);
        if (!dir)
            fail_msg("%s: a format with parse has a corpus", folder);
        for (struct dirent *e; (e = readdir(dir));) {
            char path[512];
            struct err err;
            size_t length;
            snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
            char *bytes = e->d_name[0] == '.' ? NULL : file_read(path, 1 << 20, &length, &err);
            if (bytes)
                cut(format, bytes, length);
            n_files += bytes != NULL;
            free(bytes);
        }
        closedir(dir);
        assert_true(n_files > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_help),
        cmocka_unit_test(knobs_are_in_range),
        cmocka_unit_test(nobody_claims_what_is_not_there),
        cmocka_unit_test(truncation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
