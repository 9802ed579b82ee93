#!/bin/bash
#
# Runs one file of t/ for tools/test.sh, in the first of the installations
# LANES that no other has just now: files change profiles, break programs, and
# tell by what it runs from which process is theirs.

taken=75

while :; do
    for lane in $LANES; do
        rc=0
        flock -n -o -E "$taken" "$lane/lane" env CR_INSTALL="$lane" \
            CR_INSTALL_TEST="$lane/layers" perl -It/lib "$@" || rc=$?

        if [ "$rc" -ne "$taken" ]; then
            exit "$rc"
        fi
    done

    sleep 0.1
done
