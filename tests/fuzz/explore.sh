#!/bin/sh
# explore.sh SECONDS [TARGET...]: each fuzz target (or those named) under libFuzzer with ASan and UBSan for so many
# seconds; findings end up in build/fuzz/.
seconds=${1:-30}
[ $# -gt 0 ] && shift
out=build/fuzz
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Isrc -Itests -I$out/gen -g -O1 -fno-sanitize-recover=undefined"
mkdir -p "$out/gen" "$out/obj"
printf '#define BUILD_ARCH "fuzz"\n' > "$out/gen/build.h"

# The program is compiled once, for all targets; file names have no blanks.
rm -f "$out/obj/"*
compile="clang $flags -fsanitize=fuzzer-no-link,address,undefined -c"
ls src/*/*.c | grep -v '^src/app/main.c$' |
    xargs -P "$(nproc)" -I {} sh -c "$compile {} -o $out/obj/\$(echo {} | tr / -).o" || exit 1

found=0
for target in tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c); name=${name#fuzz_}
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    mkdir -p "$out/corpus-$name"
    # shellcheck disable=SC2086
    clang $flags -fsanitize=fuzzer,address,undefined -o "$out/$name" "$target" "$out/obj/"*.o \
        -lopenblas -ltinfo -lz -ljpeg -ljansson -lmd -lpthread -lm || exit 1
    echo "fuzz $name for $seconds s"
    "$out/$name" -max_total_time="$seconds" -rss_limit_mb=1024 -malloc_limit_mb=512 -timeout=5 -print_final_stats=0 \
        -artifact_prefix="$out/$name-" "$out/corpus-$name" "tests/fuzz/corpus/$name" >"$out/$name.log" 2>&1 ||
        { found=1; tail -40 "$out/$name.log"; echo "FOUND by $name, see $out"; }
done
exit $found
