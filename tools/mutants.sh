#!/bin/bash
#
# make mutants: takes each layer out of the code, one at a time, and shows the
# test that notices.  t/layers/mutants says how; MUTANTS="seccomp tmp" tries
# only those layers.  A copy of the tree is changed, never the tree.
#
# The tests run in namespaces of their own, where the copy alone can be
# written: what is no longer confined has nothing to harm.

set -eu
. "$(dirname "$0")/instance.sh"

is_root || die "only root can leave a layer out and still be safe"

list=$ROOT/t/layers/mutants

# None of this needs the page; what does builds it.
WEB=
PROFILES='python python-open'
QUICK=yes

instance_private mutants

mkdir "$PRIVATE/tree" "$PRIVATE/unit" "$PRIVATE/t"
tar -C "$ROOT" -c --exclude=./.git --exclude=./build/prefix \
    --exclude=./build/test/prefix . | tar -C "$PRIVATE/tree" -x

kept=$ROOT
ROOT=$PRIVATE/tree

export CR_INSTALL=$DIR
export CR_RUN_DIR=$PRIVATE/t
export CR_SLOW=${CR_SLOW:-2}
export TEST_NGINX_BINARY=$NGINX


# Which block of ids is whose is said on the machine, for all supervisors.
LOCK=/run/coderemote.uids
[ -e $LOCK ] || (umask 077; : >> $LOCK)

yard() {   # yard COMMAND...
    unshare --mount --propagation private --pid --fork --kill-child --ipc \
        --uts --net --mount-proc bash -c '
            set -e
            lock=$1 private=$2
            shift 2
            ip link set lo up
            hostname yard
            mount --bind $lock $lock
            mount --bind $private $private
            while read -r _ _ _ _ point _; do
                case $point in
                    /proc|/sys/fs/cgroup*|$lock|$private) ;;
                    *) mount -o remount,bind,ro "$point" ;;
                esac
            done < /proc/self/mountinfo
            mount -t tmpfs -o mode=1777 yard /tmp
            mount -t devpts -o mode=600 yard /dev/pts
            # Not exec: the first process is to reap what orphans leave.
            "$@" || exit
            ' yard "$LOCK" "$PRIVATE" "$@"
}

# No mutant without a fence.
yard bash -c '
    ! touch /usr/yard 2>/dev/null && ! mkdir /yard 2>/dev/null \
    && mount -t tmpfs yard /mnt && touch "$1/yard" && ! kill -0 "$2" 2>/dev/null
    ' yard "$PRIVATE" $$ \
    && ! findmnt -n -t tmpfs /mnt >/dev/null && [ -e "$PRIVATE/yard" ] \
    || die "the tests could not be fenced in"


build() {   # all that the tests use and do not make themselves
    (instance_install) > "$PRIVATE/log" 2>&1
}

# TEST is t/x.t, t/x.t:WHAT for those that can be told to try but some of what
# they try, or a unit test.
try() {   # try TEST: fails as it does
    local test=${1%%:*} what=

    [ "$test" = "$1" ] || what=${1#*:}

    case $test in
        t/*)
            cd "$ROOT"
            LAYERS=${what//,/ } CR_PROGRAMS=${what//,/ } \
                yard timeout 300 prove -It/lib "$test"
            ;;
        *)
            instance_make "build/unit/$test" || return 1
            install -m 755 "$ROOT/build/unit/$test" "$PRIVATE/unit"
            cd "$ROOT"
            yard timeout 300 "$PRIVATE/unit/$test"
            ;;
    esac > "$PRIVATE/log" 2>&1 < /dev/null
}

# What failed first, in the words of the test.
first() {
    grep -m 1 -oE -e "Failed test '.*'" -e 'no job can run' \
        -e 'the server does not come to rest' \
        -e '^\[  FAILED  \] test_[a-z_]*' "$PRIVATE/log" \
        | sed "s/^Failed test '//; s/'\$//; s/^.*\] //"
}

whole=' '    # tests that pass when nothing is taken out

mutant() {   # sets FOUND
    local name test

    for test in $tests; do
        case $whole in *" $test "*) continue ;; esac
        # What is installed is still the mutant before this one.
        if ! build || ! try "$test"; then
            cat "$PRIVATE/log" >&2
            die "$test fails with all layers"
        fi
        whole="$whole$test "
    done

    for name in $sources; do
        sed -i "$change" "$ROOT/$name"
        if cmp -s "$kept/$name" "$ROOT/$name"; then
            FOUND="NOTHING CHANGES IN $name"
            return 1
        fi
    done

    if ! build; then
        FOUND='IT CANNOT BE BUILT'
        return 1
    fi

    for test in $tests; do
        if ! try "$test"; then
            FOUND="$test: $(first)" || FOUND="$test"
            return 0
        fi
    done

    FOUND='NO TEST FAILS'
    return 1
}

missed=0

one() {
    local name

    [ -n "$layer" ] || return 0

    case " ${MUTANTS:-$layer} " in
        *" $layer "*)
            mutant || missed=1
            echo "| $layer | $where: $out | $FOUND |"
            if [ -n "${TEST_VERBOSE:-}" ]; then
                cat "$PRIVATE/log" >&2
            fi

            for name in $sources; do
                cp "$kept/$name" "$ROOT/$name"
            done
            ;;
    esac

    layer=
}

build || { cat "$PRIVATE/log" >&2; die "the build failed"; }

echo '| layer | taken out | what fails |'
echo '| --- | --- | --- |'

layer=
while IFS= read -r line; do
    value=${line#*: }
    case $line in
        layer:*) layer=$value tests=t/cell.t change= ;;
        out:*) out=$value ;;
        in:*)
            sources= where=
            for name in $value; do
                sources="$sources sandbox_helper/$name"
                where="${where:+$where, }${name##*/}"
            done
            ;;
        sed:*) change="$change$value; " ;;
        test:*) tests=$value ;;
        '') one ;;
    esac
done < "$list"
one

exit $missed
