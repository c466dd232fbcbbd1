#!/bin/sh
# docs/oracles.md: every term and quantity has a row there, and every test that it names exists.
bad=0
page=docs/oracles.md
for list in src/share/terms.def src/share/quantities.def; do
    for id in $(sed -nE 's/^(TERM|QUANTITY)\(([a-z0-9_]+),.*/\2/p' "$list"); do
        grep -q "\`$id\`" "$page" || { echo "$page: $id of $list has no second computation"; bad=1; }
    done
done
# names may be broken over two lines
tr '\n' ' ' <"$page" | grep -oE '`[a-z]+/test_[a-z_]+: +[a-z0-9_]+`' | tr -d '`:' | while read -r file name; do
    grep -q "^static void $name(" "tests/$file.c" 2>/dev/null || echo "$page: tests/$file.c has no test $name"
done | grep . && bad=1
exit $bad
