/* SPDX-License-Identifier: MIT
 *
 * View 5 as a user meets it: numbers of the program's own audit, frozen while training goes on, and the pairs
 * behind them.
 */
#include "support/answers.h"
#include "support/cmocka.h"

#include "base/check.h"

#include <string.h>

static void open_audit(struct fake *fake)
{
    fake_init(fake, FAKE_ITEMS, true, 3);
    fake_embed(fake);
    fake->data.group = dataset_find_column(&fake->data, "light");
    fake->scene.choice.audit.relation = 1;
    fake_key(fake, "5");
    fake_answer(fake);
}

static size_t audits_asked(struct fake *fake)
{
    size_t n = 0;
    fake->posted.n_requests = 0;
    screen_wants(&fake->scene, &fake->post);
    for (size_t i = 0; i < fake->posted.n_requests; i++)
        n += fake->posted.request[i].kind == REQUEST_AUDIT;
    return n;
}

static void groups_and_what_follows_are_shown(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    assert_true(fake_shows(&fake, "same = same shape    groups: light    FMR within a group"));
    assert_true(fake_shows(&fake, "bright × dim"));
    assert_true(fake_shows(&fake, "set at FMR 1 %"));
    assert_true(fake_shows(&fake, "Evidence of a difference:"));
    fake_release(&fake);
}

static void the_audited_step_stays_until_asked_otherwise(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    assert_true(fake_shows(&fake, "step 120, frozen for this audit"));
    fake.now->step = 121;
    assert_int_equal(audits_asked(&fake), 0);
    assert_true(fake_shows(&fake, "step 120, frozen for this audit"));
    fake.scene.choice.audit.follow = 1;
    assert_int_equal(audits_asked(&fake), 1);
    fake.scene.choice.audit.follow = 0;
    fake.scene.choice.audit.target = 4; /* another question is asked of the newest step */
    assert_int_equal(audits_asked(&fake), 1);
    assert_true(fake_shows(&fake, "counting pairs"));
    fake.now->step = 120;
    fake_release(&fake);
}

static void settings_are_turned_and_taken_back(void **state)
{
    (void)state;
    struct fake fake;
    open_audit(&fake);
    fake_key(&fake, "S");
    assert_true(fake_shows(&fake, "threshold at"));
    fake_key(&fake, "Down");
    fake_key(&fake, "Down");
    fake_key(&fake, "Right");
    assert_int_equal(fake.scene.choice.audit.target, 2);
    fake_key(&fake, "Esc");
    fake_answer(&fake);
    assert_true(fake_shows(&fake, "set at FMR 10 %"));
    fake_key(&fake, "u");
    assert_int_equal(fake.scene.choice.audit.target, 1);
    fake_release(&fake);
}

static void enter_shows_the_pairs_behind_a_number(void **state)
{
    (void)state;
    struct fake fake;
    struct pair_ref first, second;
    const struct view *view = view_at(4);
    open_audit(&fake);
    assert_false(view->pair(&fake.scene, &first));
    fake_key(&fake, "Enter");
    assert_true(fake_shows(&fake, "most alike of different in bright"));
    assert_true(view->pair(&fake.scene, &first));
    uint32_t *label = fake.data.column[0].code;
    assert_int_not_equal(label[first.a], label[first.b]);
    fake_key(&fake, "Down");
    assert_true(view->pair(&fake.scene, &second));
    assert_true(first.a != second.a || first.b != second.b);
    fake_key(&fake, "Enter"); /* looks at the pair's first item */
    assert_int_equal(fake.now->item[fake.scene.choice.item], second.a);
    fake_key(&fake, "Esc");
    fake_key(&fake, "Down");
    fake_key(&fake, "Right");
    fake_key(&fake, "Enter");
    assert_true(fake_shows(&fake, "least alike of the same in dim"));
    assert_true(view->pair(&fake.scene, &first));
    assert_int_equal(label[first.a], label[first.b]);
    fake_release(&fake);
}

static void without_anything_to_audit_it_says_why(void **state)
{
    (void)state;
    struct fake fake;
    fake_init(&fake, FAKE_ITEMS, false, 1);
    fake_key(&fake, "5");
    assert_int_equal(audits_asked(&fake), 0);
    assert_true(fake_shows(&fake, "no groups"));
    fake_key(&fake, "Enter");
    fake_key(&fake, "Down");
    fake_release(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_and_what_follows_are_shown),
        cmocka_unit_test(the_audited_step_stays_until_asked_otherwise),
        cmocka_unit_test(settings_are_turned_and_taken_back),
        cmocka_unit_test(enter_shows_the_pairs_behind_a_number),
        cmocka_unit_test(without_anything_to_audit_it_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
