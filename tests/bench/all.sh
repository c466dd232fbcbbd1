#!/bin/sh
# make bench: every figure the program gives of itself, one line each.
exec "${1:-build/nearfar}" bench
