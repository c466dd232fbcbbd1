#!/bin/sh
# Runs test binaries one after the other; a quiet line each, the whole output of those that fail; ends with the count.
# A binary that crashes or prints no count fails as one test.
export LC_ALL=C.UTF-8 ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1} TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1}
export OPENBLAS_NUM_THREADS=1
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
passed=0 failed=0
for bin in "$@"; do
    timeout "${TEST_TIMEOUT:-900}" "$bin" >"$out" 2>&1 </dev/null
    status=$?
    p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$out" | awk '{n += $1} END {print n + 0}')
    f=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$out" | awk '{n += $1} END {print n + 0}')
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    if [ "$status" -eq 0 ] && [ "$p" -eq 0 ]; then f=1; fi
    passed=$((passed + p)) failed=$((failed + f))
    if [ "$f" -gt 0 ]; then
        cat "$out"
        echo "FAILED  ${bin##*/tests/}  (exit $status)"
    else
        printf 'ok %4d  %s\n' "$p" "${bin##*/tests/}"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
