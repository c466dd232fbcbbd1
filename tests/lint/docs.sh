#!/bin/sh
# docs.sh PRINTER [--check]: writes the generated pages of docs/ (keys.md, options.md, terms.md, nearfar.1) with
# tests/lint/print_docs.c, built; with --check compares them and fails where one is not what `make docs` would write.
set -u
printer=${1:?usage: docs.sh PRINTER [--check]}
[ -x "$printer" ] || { echo "$printer: not built; \`make docs\` builds it"; exit 2; }
bad=0
new=$(mktemp) || exit 2
trap 'rm -f "$new"' EXIT
page() { # name, file
    "$printer" "$1" >"$new" || { echo "$printer $1 failed"; exit 2; }
    if cmp -s "$new" "$2"; then return; fi
    if [ "${check:-}" ]; then
        diff -u "$2" "$new" | head -20
        echo "$2 is not what the lists say: make docs"
        bad=1
    else
        cat "$new" >"$2"
        echo "wrote $2"
    fi
}
[ "${2:-}" = --check ] && check=yes
for name in keys options terms; do page "$name" "docs/$name.md"; done
page man docs/nearfar.1
exit $bad
