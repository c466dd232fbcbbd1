#!/bin/sh
# make accept / accept-quick: one line a criterion with its figure and its bar; exit 1 on a miss.
export OPENBLAS_NUM_THREADS=1
exec /usr/bin/env python3 tests/accept/accept.py "$@"
