#!/bin/bash
#
# make test: the unit tests, then t/*.t against a private installation that
# is made for this run alone.  TESTS=t/x.t runs only what it names.

set -eu
. "$(dirname "$0")/instance.sh"

base=${RUN_DIR:-}
if [ -z "$base" ]; then
    base=/var/tmp
    if is_root; then
        base=/var/lib
    fi
fi

mkdir -p "$base"
folder=$(mktemp -d "$base/coderemote-test.XXXXXX")
DIR=

clean_up() {
    trap '' INT TERM HUP
    if [ -n "$DIR" ]; then
        instance_reclaim
        rm -rf "$ROOT/build/prefix/$(echo "${DIR#/}" | tr / @)"
    fi
    rm -rf "$folder"
}

trap clean_up EXIT
trap 'exit 130' INT TERM HUP

instance_dir "$folder"
instance_install

failed=0

(
    unset MAKEFLAGS MFLAGS MAKELEVEL
    cd "$ROOT" && "${MAKE:-make}" -s -j"$(nproc)" unit
) || failed=1

# What the harness in t/ finds: a finished installation, nginx, and who its
# workers are to be.
export CR_INSTALL=$DIR
export CR_WORKER=$WORKER
export CR_WORKER_GROUP=$WORKER_GROUP
export TEST_NGINX_BINARY=$NGINX

cd "$ROOT"
prove -r ${TEST_VERBOSE:+-v} -It/lib ${TESTS:-t/} || failed=1

left=$(instance_pids)
if [ -n "$left" ]; then
    say "the tests left processes behind:" $left
    failed=1
fi

exit $failed
