#!/bin/sh
# Each fuzz target under libFuzzer with ASan and UBSan for so many seconds; findings end up in build/fuzz/.
seconds=${1:-30}
out=build/fuzz
mkdir -p "$out"
found=0
for target in tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c); name=${name#fuzz_}
    sources=$(ls src/*/*.c | grep -v '^src/app/main.c$\|^src/ui/term_curses.c$')
    mkdir -p "$out/corpus-$name" build/fuzz/gen
    printf '#define BUILD_ARCH "fuzz"\n' > build/fuzz/gen/build.h
    # shellcheck disable=SC2086
    clang -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Isrc -Itests -Ibuild/fuzz/gen -g -O1 \
        -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o "$out/$name" "$target" $sources \
        src/ui/term_curses.c -lopenblas -lncursesw -ltinfo -lz -ljpeg -ljansson -lmd -lpthread -lm || exit 1
    echo "fuzz $name for $seconds s"
    "$out/$name" -max_total_time="$seconds" -rss_limit_mb=1024 -malloc_limit_mb=512 -timeout=5 -print_final_stats=0 \
        -artifact_prefix="$out/$name-" "$out/corpus-$name" "tests/fuzz/corpus/$name" >"$out/$name.log" 2>&1 ||
        { found=1; tail -40 "$out/$name.log"; echo "FOUND by $name, see $out"; }
done
exit $found
