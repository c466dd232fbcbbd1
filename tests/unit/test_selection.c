/* SPDX-License-Identifier: MIT
 *
 * Sets of items against an array of booleans, at sizes around the words they are kept in.
 */
#include "support/cmocka.h"

#include "base/check.h"
#include "base/rng.h"
#include "view/selection.h"

static const size_t sizes[] = {0, 1, 63, 64, 65, 127, 128, 1000};

static void same(const struct selection *set, const bool *member, size_t n)
{
    size_t count = 0, next = n;
    for (size_t i = n; i-- > 0;) {
        assert_int_equal(selection_has(set, i), member[i]);
        count += member[i];
        next = member[i] ? i : next;
        assert_int_equal(selection_next(set, i), next);
    }
    assert_int_equal(set->count, count);
    assert_int_equal(set->n, n);
    assert_false(selection_has(set, n));
    assert_int_equal(selection_next(set, n), n);
}

static void fill(struct selection *set, bool *member, size_t n, uint64_t seed)
{
    selection_init(set, n);
    for (size_t i = 0; i < n; i++) {
        member[i] = rng_hash(i, seed) % 3 == 0;
        selection_put(set, i, member[i]);
        selection_put(set, i, member[i]);
    }
    selection_put(set, n, true);
    same(set, member, n);
}

static void sets_are_what_arrays_of_booleans_say(void **state)
{
    (void)state;
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        size_t n = sizes[s];
        bool a[1001] = {0}, b[1001] = {0}, both[1001] = {0};
        struct selection x, y, z;
        fill(&x, a, n, 1);
        fill(&y, b, n, 2);
        selection_copy(&z, &x);
        selection_flip(&z, &y);
        for (size_t i = 0; i < n; i++)
            both[i] = a[i] != b[i];
        same(&z, both, n);
        selection_flip(&z, &y);
        same(&z, a, n);
        selection_unite(&z, &y);
        for (size_t i = 0; i < n; i++)
            both[i] = a[i] || b[i];
        same(&z, both, n);
        selection_invert(&z);
        for (size_t i = 0; i < n; i++)
            both[i] = !both[i];
        same(&z, both, n);
        selection_clear(&z);
        assert_int_equal(z.count, 0);
        assert_int_equal(selection_next(&z, 0), n);
        selection_release(&x);
        selection_release(&y);
        selection_release(&z);
    }
}

static void members_survive_a_change_of_size(void **state)
{
    (void)state;
    for (size_t from = 0; from < ARRAY_LEN(sizes); from++)
        for (size_t to = 0; to < ARRAY_LEN(sizes); to++) {
            bool member[1001] = {0};
            struct selection set;
            fill(&set, member, sizes[from], 3);
            selection_resize(&set, sizes[to]);
            for (size_t i = sizes[from]; i < sizes[to]; i++)
                member[i] = false;
            same(&set, member, sizes[to]);
            selection_release(&set);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_what_arrays_of_booleans_say),
        cmocka_unit_test(members_survive_a_change_of_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
