#!/bin/bash
#
# make test: the unit tests and the fuzzers' kept inputs, then t/*.t against
# private installations that are made for this run alone: TEST_JOBS of them,
# and as many files at a time.  TESTS=t/x.t runs only what it names.

set -eu
. "$(dirname "$0")/instance.sh"

# None of this needs the page; what does builds it.
WEB=

# A test that wants others takes them (CodeRemote::Profile).
PROFILES='python python-open'
QUICK=yes

instance_private test

# Not those of the installations alone: whatever the tests and what they start
# have started.  That is known by its program, a zygote by what its own is
# mounted from; by the environment, which has this run's folder and goes on to
# all; and nginx, which writes over both, by its log.  The folder is this
# run's alone, and so is what is found.
instance_pids() (
    local run=${DIR%/instance} pid link

    export -n CR_RUN_DIR

    {
        find /proc/[0-9]*/exe /proc/[0-9]*/fd -maxdepth 1 \
            -lname "$run/*" || true
        grep -lszxF "CR_RUN_DIR=$PRIVATE/t" /proc/[0-9]*/environ || true
        grep -ls "/${run##*/}/[^ ]* /zygote " /proc/[0-9]*/mountinfo \
            || true
    } 2>/dev/null | while IFS=/ read -r _ _ pid link _; do
        if [ "$link" != fd ] || is_nginx "$pid"; then
            echo "$pid"
        fi
    done | sort -un
)

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

# Without them the tests that need them fail.
instance_make npm-clients || failed=1
export CR_NODE_MODULES=$ROOT/build/npm/t/clients/node_modules

cd "$ROOT"
prove -r -j "${TEST_JOBS:-2}" ${TEST_VERBOSE:+-v} --timer \
    --exec 'bash tools/lane.sh' ${TESTS:-t/} || failed=1

# What is about to end has its time.
if ! instance_gone 5; then
    for pid in $(instance_pids); do
        say "the tests left process $pid behind:" \
            "$(readlink "/proc/$pid/exe")," \
            "$(tr '\0' ' ' < "/proc/$pid/cmdline")"
    done
    failed=1
fi

exit $failed
