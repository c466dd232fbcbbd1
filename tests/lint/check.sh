#!/bin/sh
# check.sh [PRINTER] (make check): everything about the source that a machine can say. Each part prints what is wrong and all are run.
bad=0
part() { printf '%-16s' "$1"; shift; if out=$("$@" 2>&1); then echo ok; else echo FAILED; echo "$out"; bad=1; fi; }

lone_headers() {
    mkdir -p build/gen && [ -f build/gen/build.h ] || printf '#define BUILD_ARCH "check"\n' > build/gen/build.h
    for h in src/*/*.h; do
        echo "#include \"${h#src/}\"" | gcc -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Isrc -Ibuild/gen -Wall -Wextra -Werror \
            -fsyntax-only -x c - || return 1
    done
}
format() { clang-format --dry-run -Werror src/*/*.c src/*/*.h tests/*/*.c tests/*/*.h; }
tidy() {
    ls src/*/*.c | xargs -P "$(nproc)" -n 8 sh -c 'clang-tidy --quiet "$@" -- -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Isrc -Ibuild/gen -march=native' tidy 2>/dev/null
}
sizes() { wc -l src/*/*.[ch] | awk '$2 != "total" && $1 > 600 {print; bad = 1} END {exit bad}'; }
static_analysis() {
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -Isrc -Ibuild/gen -j "$(nproc)" src
}
part layers tests/lint/layers.sh
part headers lone_headers
part sizes sizes
part format format
part cppcheck static_analysis
part clang-tidy tidy
part oracles tests/lint/oracles.sh
part docs tests/lint/docs.sh "${1:-build/tests/lint/print_docs}" --check
exit $bad
