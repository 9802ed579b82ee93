#!/bin/bash
#
# Runs one file of t/ for tools/test.sh, in the first of the installations
# LANES that no other has just now: files change profiles, break programs, and
# tell by what it runs from which process is theirs.

while :; do
    for lane in $LANES; do
        exec 9> "$lane/lane"

        # What the file starts may outlive it, and must not keep the lock.
        # Its status can be any: that of Test::More counts what failed.
        if flock -n 9; then
            CR_INSTALL=$lane CR_INSTALL_TEST=$lane/layers \
                perl -It/lib "$@" 9>&-
            exit
        fi
    done

    sleep 0.1
done
