#!/bin/sh
# make accept / accept-quick: one line a criterion with its figure and its bar; exit 1 on a miss.
# PYTHON=/usr/bin/python3 names one that has numpy, scikit-learn and torch: some criteria compare with them.
export OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
exec "${PYTHON:-python3}" tests/accept/accept.py "$@"
