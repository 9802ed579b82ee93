#!/bin/bash
#
# make test: the unit tests and the fuzzers' kept inputs, then t/*.t against a
# private installation that is made for this run alone.  TESTS=t/x.t runs only
# what it names.

set -eu
. "$(dirname "$0")/instance.sh"

instance_private test
instance_install
instance_install_test

failed=0

# What the tests find: a finished installation, one that can leave layers out,
# room for their own folders, nginx.
export CR_INSTALL=$DIR
export CR_INSTALL_TEST=$DIR/layers
export CR_RUN_DIR=$PRIVATE/t
export TEST_NGINX_BINARY=$NGINX

# Not from build/: the checkout may lie where the confined cannot enter.
instance_make unit UNIT_DIR="$PRIVATE/unit" || failed=1

# What the fuzzers found once, and where they begin.
instance_make fuzz-kept || failed=1

cd "$ROOT"
prove -r ${TEST_VERBOSE:+-v} -It/lib ${TESTS:-t/} || failed=1

left=$(instance_pids)
if [ -n "$left" ]; then
    say "the tests left processes behind:" $left
    failed=1
fi

exit $failed
