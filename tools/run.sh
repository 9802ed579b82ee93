#!/bin/bash
#
# make run: a private installation, an nginx in the foreground, and no trace
# of them after Ctrl-C.

set -eu
. "$(dirname "$0")/instance.sh"

PORT=${PORT:-8080}

if [ -z "${RUN_DIR:-}" ]; then
    if is_root; then
        RUN_DIR=/var/lib/coderemote-run
    else
        RUN_DIR=/var/tmp/coderemote-run-$(id -u)
    fi
fi

case $PORT in
    ''|*[!0-9]*) die "PORT=$PORT is no port" ;;
esac

instance_dir "$RUN_DIR"
instance_lock
instance_reclaim

if instance_port_taken "$PORT"; then
    die "port $PORT of 127.0.0.1 is taken; try make run PORT=18080"
fi

instance_install
instance_conf "$PORT"

stopping=

stop() {
    trap '' INT TERM HUP
    if [ -z "$stopping" ]; then
        stopping=yes
        instance_stop
    fi
}

trap stop EXIT
trap 'stop; exit 0' INT TERM HUP

instance_start

if ! instance_healthy "$PORT" 30; then
    say "no job can run here: ${HEALTH:-nginx did not start}"
    if kill -0 "$MASTER" 2>/dev/null; then
        say "what the sandbox needs, and has or misses here:"
        "$DIR/libexec/coderemote/coderemote-sandbox" --check >&2 || true
    fi
    say "the log is $DIR/log/error.log"
    exit 1
fi

url=http://127.0.0.1:$PORT

off=$(printf '%s' "$HEALTH" \
    | sed -n 's/.*"layers_off" *: *\[\([^]]*\)\].*/\1/p' \
    | tr -d '"' | sed 's/,/, /g')

cat <<END

Code Remote serves at $url/ (state in $DIR). Try

    curl -s '$url/execute?wait=true' -H 'Content-Type: application/json' \\
        -d '{"code":"print(sum(range(10)))"}'

END

if [ -n "$off" ]; then
    echo "Layers that are off here: $off."
    echo "This is for development: do not run strangers' programs so."
    echo
fi

echo "Ctrl-C stops it."

# A signal ends wait before its trap runs.
wait "$MASTER" || true

say "nginx has gone; its log is $DIR/log/error.log"
exit 1
