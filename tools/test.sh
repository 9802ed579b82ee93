#!/bin/bash
#
# make test: the unit tests and the fuzzers' kept inputs, then t/*.t against
# private installations that are made for this run alone: TEST_JOBS of them,
# and as many files at a time.  TESTS=t/x.t runs only what it names.

set -eu
. "$(dirname "$0")/instance.sh"

instance_private test

# One that is finished, and one that can leave layers out, at each place.
LANES=
for lane in $(seq "${TEST_JOBS:-2}"); do
    mkdir -p "$DIR/$lane"
    (DIR=$DIR/$lane && instance_install && instance_install_test)
    LANES="$LANES $DIR/$lane"
done

failed=0

# What the tests find, beside one of these: room for their own folders, nginx.
export LANES CR_INSTALL=$DIR/1
export CR_RUN_DIR=$PRIVATE/t
export TEST_NGINX_BINARY=$NGINX

# Not from build/: the checkout may lie where the confined cannot enter.
instance_make unit UNIT_DIR="$PRIVATE/unit" || failed=1

# What the fuzzers found once, and where they begin.
instance_make fuzz-kept || failed=1

cd "$ROOT"
prove -r -j "${TEST_JOBS:-2}" ${TEST_VERBOSE:+-v} --timer \
    --exec 'bash tools/lane.sh' ${TESTS:-t/} || failed=1

left=$(instance_pids)
if [ -n "$left" ]; then
    say "the tests left processes behind:" $left
    failed=1
fi

exit $failed
