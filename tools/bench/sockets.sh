# Idle connections: what each costs nginx's workers, as WebSockets and kept
# alive by nginx itself.  Sourced by run.sh, whose instance it takes over.

SOCKETS=10000
SOCKETS_PING=5
SOCKETS_SECONDS=10

memory() {   # memory PID...: what is theirs alone, in KB
    local pid
    for pid; do
        sed -n 's/^Private_\(Clean\|Dirty\): *\([0-9]*\) kB/\2/p' \
            "/proc/$pid/smaps_rollup"
    done | awk '{ sum += $1 } END { print sum + 0 }'
}

# New workers: what the old ones had is not given back.
sockets_renew() {
    local old

    look
    old=$workers
    kill -HUP "$MASTER"

    for _ in $(seq 200); do
        sleep 0.1
        look
        case " $workers " in
            *" ${old##* } "*) ;;
            *) [ "$(echo $workers | wc -w)" -eq 2 ] && return ;;
        esac
    done

    die "the workers were not renewed"
}

# Says "each KB" and "cpu PERCENT".
sockets_cost() {   # sockets_cost PATH
    local before open ticks pid

    sockets_renew
    before=$(memory $workers)

    coproc sockets { "$ROOT/build/bench/cr_sockets" -n "$SOCKETS" \
        "$PORT" "$1"; }
    pid=$sockets_PID

    read -r _ open <&"${sockets[0]}" || die "no connections to $1"
    echo "open $open"
    echo "each $(calc %.1f "($(memory $workers) - $before) / $open")"

    ticks=$(own_ticks $workers)
    sleep "$SOCKETS_SECONDS"
    ticks=$(($(own_ticks $workers) - ticks))
    echo "cpu $(calc %.1f \
        "100 * $ticks / $(getconf CLK_TCK) / $SOCKETS_SECONDS")"

    eval "exec ${sockets[1]}>&-"
    cat <&"${sockets[0]}"
    wait "$pid" || die "connections to $1 were lost"
}

sockets_measure() {
    ulimit -Sn "$(ulimit -Hn)"

    instance_conf "$PORT" "location = /static { return 200 static; }
        keepalive_timeout 600s;
        coderemote_websocket_ping ${SOCKETS_PING}s;"
    sed -i -e "s/worker_connections .*/worker_connections $((SOCKETS * 2));/" \
        -e "s/worker_processes .*/worker_processes 2;/" \
        -e "\$a worker_rlimit_nofile $(ulimit -Hn);" "$DIR/etc/nginx.conf"

    sockets_cost /static > "$results/sockets.idle"
    sockets_cost /ws > "$results/sockets.ws"

    echo
    echo "$(value sockets.ws open) idle connections on 2 workers," \
        'memory of the workers alone'
    ratio 'kept alive by nginx, KB each' "$(value sockets.idle each)" ''
    ratio 'WebSockets, KB each' "$(value sockets.ws each)" ''
    ratio "  beyond nginx's own" "$(calc %.1f \
        "$(value sockets.ws each) - $(value sockets.idle each)")" \
        'at most 16'
    ratio "CPU, % of a core, with a ping to each every $SOCKETS_PING s" \
        "$(value sockets.ws cpu)" "($(value sockets.ws pings) pings)"
}
