#!/bin/sh
# Who includes whom (tests/lint/layers.txt), and the headers that only one file may include.
bad=0
for folder in src/*/; do
    name=$(basename "$folder")
    allowed=$(sed -n "s/^$name: *//p" tests/lint/layers.txt)
    grep -q "^$name:" tests/lint/layers.txt || { echo "src/$name: not in tests/lint/layers.txt"; bad=1; }
    for dep in $(grep -hoE '^#include "[a-z]+/' "$folder"*.[ch] 2>/dev/null | sed 's/.*"//; s,/,,' | sort -u); do
        case " $name $allowed " in *" $dep "*) ;; *)
            grep -nE "^#include \"$dep/" "$folder"*.[ch] | sed "s/$/   <- $name may not include $dep/"; bad=1;; esac
    done
done
only() { # header pattern, allowed files (regex)
    hits=$(grep -nE "^#include <($1)>" src/*/*.[ch] | grep -vE "^($2):")
    [ -n "$hits" ] && { echo "$hits"; echo "   <- only $2 may include $1"; bad=1; }
}
only 'curses\.h|ncurses\.h|ncursesw/.*|term\.h' 'src/ui/terminfo\.c'
only 'cblas\.h' 'src/math/blas\.c'
only 'stb/.*|stb_image.*' 'src/data/image\.c|src/data/stb\.c'
only 'jpeglib\.h|jerror\.h' 'src/data/jpeg\.c'
only 'pthread\.h' 'src/base/parallel\.[ch]|src/share/[a-z_]+\.[ch]|src/train/trainer\.c'
only 'stdatomic\.h' 'src/base/parallel\.[ch]|src/share/[a-z_]+\.[ch]|src/train/trainer\.c'
grep -nE '\b(exit|_exit|abort)\(' src/*/*.c | grep -vE '^src/app/|^src/base/check\.c|^src/ui/term_curses\.c' && { echo '   <- no exit outside app'; bad=1; }
exit $bad
