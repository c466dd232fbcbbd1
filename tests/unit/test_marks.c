/* SPDX-License-Identifier: MIT */
#include "data/marks.h"

#include "base/file.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <string.h>

static void a_pair_has_one_mark_whichever_way_round(void **state)
{
    (void)state;
    struct marks marks = {0};
    marks_put(&marks, 7, 3, MARK_SAME);
    assert_int_equal(marks_find(&marks, 3, 7), MARK_SAME);
    marks_put(&marks, 3, 7, MARK_DIFFERENT);
    assert_int_equal(marks_find(&marks, 7, 3), MARK_DIFFERENT);
    assert_int_equal(marks.n, 1);
    assert_int_equal(marks_find(&marks, 3, -1), MARK_NONE);
    marks_put(&marks, 3, -1, MARK_WRONG_LABEL);
    assert_int_equal(marks_find(&marks, 3, -1), MARK_WRONG_LABEL);
    assert_int_equal(marks_of(&marks, 7)->kind, MARK_DIFFERENT);
    assert_null(marks_of(&marks, 5));
    uint32_t revision = marks.revision;
    marks_put(&marks, 7, 3, MARK_NONE);
    assert_int_equal(marks.n, 1);
    assert_true(marks.revision != revision);
    assert_null(marks_of(&marks, 7));
    marks_release(&marks);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct folder folder;
    struct marks marks = {0}, back = {0};
    struct err err;
    folder_init(&folder);
    const char *path = folder_at(&folder, "marks.csv");
    assert_true(marks_read(path, 100, &back, &err)); /* none yet */
    assert_int_equal(back.n, 0);
    for (int i = 0; i < 60; i++)
        marks_put(&marks, i, i % 3 ? 99 - i : -1, i % 3 ? (enum mark_kind)(1 + i % 3) : MARK_WRONG_LABEL);
    assert_true(marks_write(path, &marks, 100, &err));
    assert_true(marks_read(path, 100, &back, &err));
    assert_int_equal(back.n, marks.n);
    assert_int_equal(back.revision, 0);
    struct marks none = {0};
    assert_false(marks_read(path, 120, &none, &err)); /* the table has grown */
    assert_non_null(strstr(err.text, "line 2: of 100 items, there are 120 now"));
    marks_release(&none);
    for (size_t i = 0; i < back.n; i++)
        assert_true(back.mark[i].kind == marks.mark[i].kind && back.mark[i].a == marks.mark[i].a &&
                    back.mark[i].b == marks.mark[i].b);
    marks_release(&marks);
    marks_release(&back);
    folder_release(&folder);
}

static void damage_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"mark,item,other\nsame,1,2\nsame,1,200\n", "line 3"},
        {"mark,item,other\nalike,1,2\n", "same, different, duplicate, wrong label"},
        {"mark,item,other\nsame,-1,2\n", "line 2"},
        {"mark,item,other\nsame,x,2\n", "line 2"},
        {"mark,item\nsame,1\n", "other"},
        {"mark,item,other,of\nsame,1,2,100\nsame,1,2,99\n", "line 3: of 99 items, there are 100 now"},
        {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct marks marks = {0};
        struct err err = {.text = ""};
        assert_false(marks_parse(cases[i].text, strlen(cases[i].text), 100, &marks, &err));
        assert_non_null(strstr(err.text, cases[i].says));
        marks_release(&marks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_has_one_mark_whichever_way_round),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(damage_is_named_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
