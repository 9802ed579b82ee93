#!/bin/bash
#
# make fuzz: searches with every target named, each for FUZZ_SECONDS, as many
# at a time as there are processors.  What is found on the way is kept in
# build/fuzz/corpus for the next search; the tree is never written to.
#
#     fuzz.sh FOLDER TARGET...      FOLDER: where the programs are

set -u
cd "$(dirname "$0")/.."

FUZZ_SECONDS=${FUZZ_SECONDS:-60}
JOBS=${FUZZ_JOBS:-$(nproc)}

programs=$1
shift
corpus=build/fuzz/corpus
found=build/fuzz/found
logs=build/fuzz/logs

mkdir -p "$found" "$logs"

# One input may take so long, in seconds, and so much memory, in megabytes.
LIMITS=(-timeout=25 -rss_limit_mb=2048 -max_len=8192)

search() {   # search TARGET
    local target=$1 options=()

    mkdir -p "$corpus/$target"

    if [ -f "t/fuzz/dict_$target" ]; then
        options+=(-dict="t/fuzz/dict_$target")
    fi

    # Paths that sanitizers show are whole, and a finding has its target's name.
    "$programs/fuzz_$target" "${LIMITS[@]}" ${options[@]+"${options[@]}"} \
        -max_total_time="$FUZZ_SECONDS" -print_final_stats=1 \
        -artifact_prefix="$found/$target-" \
        "$corpus/$target" "t/fuzz/seeds/$target" > "$logs/$target" 2>&1
}

# What it came to: runs, runs a second, edges, inputs that reach them.
summary() {   # summary TARGET
    awk -v target="$1" '
        / cov: / {
            for (i = 1; i < NF; i++) {
                if ($i == "cov:") cov = $(i + 1)
                if ($i == "corp:") split($(i + 1), corp, "/")
            }
        }
        /^stat::number_of_executed_units:/ { runs = $2 }
        /^stat::average_exec_per_sec:/ { rate = $2 }
        END {
            printf "fuzz: %-8s %10d runs, %7d a second, %5d edges, " \
                "%5d inputs\n", target, runs, rate, cov, corp[1]
        }' "$logs/$1"
}

tell() {   # tell TARGET
    local input

    input=$(sed -n 's/.*Test unit written to //p' "$logs/$1" | tail -n 1)

    echo "fuzz: $1: a finding"
    grep -E -m 1 -A 12 \
        'must be true|runtime error|ERROR: [A-Za-z]+Sanitizer|ERROR: libFuzzer' \
        "$logs/$1"

    if [ -n "$input" ]; then
        echo "fuzz: the input is $input; to see it again:"
        echo "    $programs/fuzz_$1 $input"
        echo "When it is mended, keep the input in t/fuzz/seeds/$1."
    fi

    echo "fuzz: all that was said is in $logs/$1"
}

# An interrupt ends those that run: they are this shell's own jobs.
trap 'trap - INT TERM; jobs -p | xargs -r kill 2>/dev/null; exit 130' INT TERM

failed=0
pids=()
targets=()

reap() {   # the oldest that runs
    if wait "${pids[0]}"; then
        summary "${targets[0]}"
    else
        summary "${targets[0]}"
        tell "${targets[0]}"
        failed=1
    fi

    pids=("${pids[@]:1}")
    targets=("${targets[@]:1}")
}

for target; do
    if [ "$failed" = 1 ]; then
        break
    fi

    search "$target" &
    pids+=($!)
    targets+=("$target")

    if [ ${#pids[@]} -ge "$JOBS" ]; then
        reap
    fi
done

while [ ${#pids[@]} -gt 0 ]; do
    reap
done

exit "$failed"
