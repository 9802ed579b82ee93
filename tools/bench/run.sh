#!/bin/bash
#
# make bench: what a run of print(1) costs, here and side by side with what
# people use for it; where the time goes; what a parked cell costs.
#
# Every figure is the median of ROUNDS rounds that take turns, so that a
# machine that is busy for a while does not favour anybody.

set -eu
. "$(dirname "$0")/../instance.sh"
. "$(dirname "$0")/sockets.sh"
. "$(dirname "$0")/tokens.sh"

ROUNDS=${ROUNDS:-3}
CORES=$(nproc)
BODY='{"code":"print(1)"}'
WANT='"1\n"'
PYTHON=/usr/bin/python3

# Where it is installed: what it is worth that it is warm.
NUMPY='import numpy; print(1)'
NUMPY_BODY="{\"code\":\"$NUMPY\",\"language\":\"python-open\"}"

# This program itself speaks to the helper, too.
is_root && MORE_CLIENTS=" 0"

# None of this needs the page; what does builds it.
WEB=

# Runtimes that nobody asks would be measured as well.
PROFILES='python python-open'

instance_private bench
instance_make bench-programs || die "the build failed"
instance_install

bench=$ROOT/build/bench/cr_bench
spawn=$ROOT/build/bench/cr_spawn
results=$PRIVATE/results
mkdir "$results"


# Results are files of "key value" lines, one a round.

keep() {   # keep NAME COMMAND...: appends what the command prints
    local name=$1
    shift
    "$@" >> "$results/$name" || die "measuring $name failed: $*"
}

value() {   # value NAME KEY: the median over the rounds; empty: none
    if [ -e "$results/$1" ]; then
        awk -v key="$2" '$1 == key { print $2 }' "$results/$1" \
            | sort -n | awk '{ v[NR] = $1 }
                END { if (NR) print v[int((NR + 1) / 2)] }'
    fi
}

calc() {   # calc FORMAT EXPRESSION; a dash where an operand is missing
    awk "BEGIN { printf \"$1\", $2 }" 2>/dev/null || printf -- '-'
}

ms() {
    if [ -n "$1" ]; then calc %.2f "$1 / 1000"; else printf -- '-'; fi
}


# The peers.  A command that does not work here once is left out, and said.

peers=()
declare -A why=()

declare -A command=(
    [python]="$PYTHON -c print(1)"
    [bubblewrap]="bwrap --unshare-all --die-with-parent --new-session
        --clearenv --cap-drop ALL --ro-bind /usr /usr --symlink usr/lib /lib
        --symlink usr/lib64 /lib64 --symlink usr/bin /bin --proc /proc
        --dev /dev --tmpfs /tmp --chdir /tmp $PYTHON -c print(1)"
    [nsjail]="nsjail -Mo -Q --user 65534 --group 65534 -R /usr -R /lib
        -R /lib64 -- $PYTHON -c print(1)"
    [isolate]="isolate --silent --run -- $PYTHON -c print(1)"
)

for peer in python bubblewrap nsjail isolate; do
    program=${command[$peer]%% *}
    if ! command -v "$program" >/dev/null; then
        why[$peer]="not installed"
        continue
    fi
    if [ "$peer" = isolate ]; then
        for ((box = 0; box < CORES; box++)); do
            isolate --silent --box-id=$box --init >/dev/null 2>&1 || true
        done
    fi
    if [ "$(${command[$peer]} 2>"$PRIVATE/why")" = 1 ]; then
        peers+=("$peer")
    else
        why[$peer]="does not work here: $(head -n 1 "$PRIVATE/why")"
    fi
done

# Isolate's boxes take one run at a time: one loop a box.
isolate_rate() {
    local box
    for ((box = 0; box < CORES; box++)); do
        "$spawn" -n 100 isolate --silent --box-id=$box --run -- \
            "$PYTHON" -c 'print(1)' > "$PRIVATE/box.$box" &
        loops[box]=$!
    done
    for ((box = 0; box < CORES; box++)); do
        wait "${loops[box]}"
    done
    cat "$PRIVATE"/box.* | awk '$1 == "rate" { sum += $2 }
        END { print "rate", sum }'
}


# The same jobs without nginx and the module: a helper of their own.
direct() {
    "$ROOT/build/bench/cr_direct" \
        "$DIR/libexec/coderemote/coderemote-sandbox" time 1000 1 0 \
        | sed -n 's/^.*: p50 \([0-9]*\) us.* p99 \([0-9]*\) us.*/\1 \2/p' \
        | { read -r p50 p99 && printf 'p50_us %s\np99_us %s\n' $p50 $p99; }
}


# CPU time in ticks: a process's own, or what its ended children had.

own_ticks() {   # own_ticks PID...
    local pid
    for pid; do
        sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null
    done | awk '{ sum += $12 + $13 } END { print sum + 0 }'
}

children_ticks() {
    sed 's/.*) //' "/proc/$1/stat" | awk '{ print $14 + $15 }'
}

# Sorts this instance's processes by what they are: workers, supervisor, and
# those below it, told from one another by the depth of their pid namespaces.
look() {
    local pid exe depth parent

    workers= supervisor= zygotes= cells=

    for pid in $(cat "/proc/$MASTER/task/$MASTER/children"); do
        case $(tr '\0' ' ' < "/proc/$pid/cmdline") in
            'nginx: worker'*) workers="$workers $pid" ;;
        esac
    done

    for pid in $(instance_pids); do
        exe=$(readlink "/proc/$pid/exe" || true)
        parent=$(sed -n 's/^PPid:\t*//p' "/proc/$pid/status")
        if [ "${exe##*/}" = coderemote-sandbox ] \
                && [ "$(sed -n 's/^NSpid:\t*//p' "/proc/$pid/status" \
                    | wc -w)" -eq 1 ]; then
            supervisor=$pid
        fi
    done

    if [ -z "$supervisor" ]; then
        die "found no supervisor"
    fi

    for pid in $(below "$supervisor"); do
        depth=$(sed -n 's/^NSpid:\t*//p' "/proc/$pid/status" 2>/dev/null \
            | wc -w)
        if [ "$depth" -ge 3 ]; then
            cells="$cells $pid"
        elif [ "$depth" -ge 1 ]; then
            zygotes="$zygotes $pid"
        fi
    done
}

below() {   # below PID: all that descend from it
    local child
    for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
        echo "$child"
        below "$child"
    done
}

pss() {   # pss PID...: the mean in KB of those that can be read
    local pid
    for pid; do
        sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup" \
            2>/dev/null || true
    done | awk '{ sum += $1 } END { if (NR) printf "%.0f", sum / NR }'
}


# Start, and let the caches know everybody.

PORT=18100
while instance_port_taken "$PORT"; do
    PORT=$((PORT + 1))
done

tokens_prepare
instance_conf "$PORT" "location = /static { return 200 \"static\"; }
                       $TOKENS_LOCATIONS"
instance_start
instance_healthy "$PORT" 30 || die "no job can run here: $HEALTH"

post="$PORT /execute?wait=true"

$bench -n 200 -b "$BODY" -e "$WANT" $post >/dev/null \
    || die "the first jobs failed; the log: $(tail -n 5 "$DIR/log/error.log")"

for ((round = 1; round <= ROUNDS; round++)); do
    say "round $round of $ROUNDS"

    for peer in "${peers[@]}"; do
        keep "$peer" "$spawn" -n 70 ${command[$peer]}
        case $peer in
            isolate) keep "$peer.rate" isolate_rate ;;
            *) keep "$peer.rate" "$spawn" -j "$CORES" -n 150 ${command[$peer]}
        esac
    done

    keep static $bench -n 2000 "$PORT" /static
    keep one $bench -n 1000 -b "$BODY" -e "$WANT" -v execution_time_ms \
        -v cpu_time_ms $post
    if "$PYTHON" -c "$NUMPY" >/dev/null 2>&1; then
        keep numpy "$spawn" -n 20 "$PYTHON" -c "$NUMPY"
        keep numpy_warm $bench -n 200 -b "$NUMPY_BODY" -e "$WANT" $post
    fi
    keep open $bench -n 500 -b "${BODY%\}},\"language\":\"python-open\"}" \
        -e "$WANT" $post
    keep idle $bench -n 40 -p 100 -b "$BODY" -e "$WANT" $post

    look
    busy=$(own_ticks $workers) sup=$(own_ticks $supervisor)
    zyg=$(own_ticks $zygotes) cel=$(children_ticks "$supervisor")

    keep many $bench -c 16 -d 3 -b "$BODY" -e "$WANT" $post

    ticks=$(getconf CLK_TCK)
    jobs=$(awk '$1 == "count" { n = $2 } END { print n }' "$results/many")
    {
        echo "worker $(calc %.1f "($(own_ticks $workers) - $busy) \
            * 1e6 / $ticks / $jobs")"
        echo "supervisor $(calc %.1f "($(own_ticks $supervisor) - $sup) \
            * 1e6 / $ticks / $jobs")"
        echo "zygotes $(calc %.1f "($(own_ticks $zygotes) - $zyg) \
            * 1e6 / $ticks / $jobs")"
        echo "cells $(calc %.1f "($(children_ticks "$supervisor") - $cel) \
            * 1e6 / $ticks / $jobs")"
    } >> "$results/cpu"

    keep direct direct
    tokens_round
    keep full $bench -c 640 -d 3 -b "$BODY" -e "$WANT" $post
done


# A program that prints without end, for two seconds.

look
busy=$(own_ticks $workers $supervisor)
curl -s "http://127.0.0.1:${post/ /}" -H 'Content-Type: application/json' \
    -d '{"code":"while True: print(\"x\"*79)","timeout_seconds":2}' \
    | sed -n 's/.*"cpu_time_ms": *\([0-9.]*\).*/cpu_ms \1/p' \
    > "$results/endless"
endless=$(calc %.0f "($(own_ticks $workers $supervisor) - $busy) \
    * 1000 / $(getconf CLK_TCK)")


# What was found.

row() {   # row WHAT P50 P99 RATE
    printf '%-38s %8s %8s %9s\n' "$@"
}

declare -A title=(
    [python]="$PYTHON -c 'print(1)'" [bubblewrap]="the same in bubblewrap"
    [nsjail]="the same in nsjail" [isolate]="the same in isolate"
)

echo
echo "print(1) on $CORES cores, Linux $(uname -r), $(date -u +%F)"
echo
row '' 'p50 ms' 'p99 ms' 'runs/s'
for peer in python bubblewrap nsjail isolate; do
    if [ -n "${why[$peer]:-}" ]; then
        printf '%-38s %s\n' "${title[$peer]}" "${why[$peer]}"
    else
        row "${title[$peer]}" "$(ms "$(value $peer p50_us)")" \
            "$(ms "$(value $peer p99_us)")" "$(value $peer.rate rate)"
    fi
done
row 'POST /execute?wait=true, one client' "$(ms "$(value one p50_us)")" \
    "$(ms "$(value one p99_us)")" "$(value one rate)"
row '  100 ms apart' "$(ms "$(value idle p50_us)")" \
    "$(ms "$(value idle p99_us)")" ''
row '  under python-open' "$(ms "$(value open p50_us)")" \
    "$(ms "$(value open p99_us)")" "$(value open rate)"
row "$PYTHON -c 'import numpy'" "$(ms "$(value numpy p50_us)")" \
    "$(ms "$(value numpy p99_us)")" ''
row '  the same under python-open' "$(ms "$(value numpy_warm p50_us)")" \
    "$(ms "$(value numpy_warm p99_us)")" ''
row '  16 clients' "$(ms "$(value many p50_us)")" \
    "$(ms "$(value many p99_us)")" "$(value many rate)"
row '  without nginx: a client of the helper' \
    "$(ms "$(value direct p50_us)")" "$(ms "$(value direct p99_us)")" ''
row '  640 clients' "$(ms "$(value full p50_us)")" \
    "$(ms "$(value full p99_us)")" "$(value full rate)"
row '  refused (429) meanwhile' "$(ms "$(value full refused_p50_us)")" \
    "$(ms "$(value full refused_p99_us)")" ''

python=$(value python p50_us)
one=$(value one p50_us)
many=$(value many rate)

ratio() {   # ratio WHAT VALUE BUDGET
    printf '%-50s %8s   %s\n' "$1" "$2" "$3"
}

echo
ratio 'Ratios' 'measured' 'budget'
ratio 'p50, one client, to bare python3' "$(calc %.3f "$one / $python")" \
    'at most 0.08'
ratio 'p50, 100 ms apart, to bare python3' \
    "$(calc %.3f "$(value idle p50_us) / $python")" 'at most 0.15'
ratio 'p50 of importing numpy, to bare python3' \
    "$(calc %.3f "$(value numpy_warm p50_us) / $(value numpy p50_us)")" \
    'told'
for peer in bubblewrap nsjail isolate; do
    rate=$(value $peer.rate rate)
    budget='at least 10'
    [ "$peer" = bubblewrap ] && budget='at least 8'
    if [ -n "$rate" ]; then
        ratio "runs/s, 16 clients, to $peer on all cores" \
            "$(calc %.1f "$many / $rate")" "$budget"
    fi
done
ratio 'finished runs/s with a full queue, to 16 clients' \
    "$(calc %.3f "$(value full rate) / $many")" 'at least 0.95'
ratio 'refused with a full queue, p50 ms' \
    "$(ms "$(value full refused_p50_us)")" 'at most 1'
ratio "printing without end: our CPU to the job's" \
    "$(calc %.3f "$endless / $(value endless cpu_ms)")" \
    'below 1'

static=$(value static p50_us)
direct=$(value direct p50_us)
run=$(value one execution_time_ms_p50_us)

part() {   # part LIST WHAT US
    local us=${3:-0}

    # A difference of medians can be less than nothing when it is small.
    case $us in -*) us=0 ;; esac

    printf '%-56s %8.0f us\n' "$2" "$us"
    echo "$us $2" >> "$results/$1"
}

dearest() {   # dearest LIST
    sort -rn "$results/$1" | head -n 1 | cut -d ' ' -f 2-
}

echo
echo 'Where one job spends its time (p50, one client)'
part parts 'round trip through nginx (a static answer)' "$static"
part parts 'in the cell: from hand-over to its result' "$run"
part parts 'the helper around it, and its socket' \
    "$(calc %.0f "$direct - $run")"
part parts 'the rest: the module, and the next cells being forked' \
    "$(calc %.0f "$one - $static - $direct")"

echo
echo 'CPU of one job (16 clients)'
part cpu_parts "nginx's workers" "$(value cpu worker)"
part cpu_parts 'the supervisor' "$(value cpu supervisor)"
part cpu_parts 'the zygotes: forking cells' "$(value cpu zygotes)"
part cpu_parts 'the cells: from their fork to their end' "$(value cpu cells)"
echo
echo "The dearest, and so the next to make cheaper:"
echo "  for one client: $(dearest parts)"
echo "  for many: $(dearest cpu_parts)"

look
echo
echo "Memory: $(echo $cells | wc -w) parked cells of" \
    "$(pss $cells) KB each (PSS), zygotes of $(pss $zygotes) KB" \
    "($(echo $zygotes | wc -w) processes)," \
    "workers of $(pss $workers) KB, supervisor $(pss $supervisor) KB."

tokens_tell
sockets_measure
