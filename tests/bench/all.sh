#!/bin/sh
# all.sh PROGRAM [BENCH ...] (make bench): every figure the program gives of itself, one line each. A bench that the
# machine was too busy for (exit 3) is no failure.
export OPENBLAS_NUM_THREADS=1
program=${1:-build/nearfar}
[ $# -gt 0 ] && shift
bad=0
run() { "$@"; [ $? -eq 0 ] || [ $? -eq 3 ] || { echo "FAILED  $*" >&2; bad=1; }; }
echo "== nearfar bench"
run "$program" bench
for bench in "$@"; do
    echo "== ${bench##*/}"
    run "$bench"
done
exit $bad
