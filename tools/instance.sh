# One private installation of Code Remote with an nginx of its own: what
# run.sh, test.sh and bench/run.sh have in common.  Sourced, not run.
#
# Everything lives below $DIR.  It is found again there after a crash: the
# processes of an instance are those whose program lies below $DIR, and the
# nginx processes whose working folder does.

NGINX=${NGINX:-/usr/sbin/nginx}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() {
    echo "$*" >&2
}

die() {
    say "$*"
    exit 1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}


# Whom nginx's workers run as.

if ! is_root; then
    WORKER=$(id -un 2>/dev/null || id -u)
    WORKER_GROUP=$(id -g)
elif id -u www-data >/dev/null 2>&1; then
    WORKER=www-data
    WORKER_GROUP=www-data
else
    WORKER=nobody
    WORKER_GROUP=$(id -gn nobody)
fi


# Where it may live: the workers must be able to enter it, programs must run
# from there, and as root nobody else may be able to put another in its place,
# for a setuid program will trust it.

instance_dir() {   # instance_dir FOLDER: makes it and sets DIR
    local folder=$1 part owner options

    mkdir -p "$folder" 2>/dev/null || die "cannot make the folder $folder"
    folder=$(cd "$folder" && pwd -P)

    case $folder in
        *[!A-Za-z0-9._/+@-]*)
            die "the folder's name $folder has signs that nginx's" \
                "configuration would need quotes for; take another RUN_DIR"
            ;;
    esac

    if [ ! -O "$folder" ]; then
        die "$folder belongs to somebody else; take another RUN_DIR"
    fi

    chmod a+x "$folder"

    DIR=$folder/instance
    if [ ${#DIR} -gt 80 ]; then
        die "$folder is too long a name for a Unix socket in it;" \
            "take another RUN_DIR"
    fi

    if [ -L "$DIR" ]; then
        die "$DIR is a link; take another RUN_DIR"
    fi
    mkdir -p -m 755 "$DIR"

    options=,$(findmnt -n -o OPTIONS -T "$DIR" 2>/dev/null || true),
    case $options in
        *,noexec,*) die "$DIR is mounted noexec; take another RUN_DIR" ;;
        *,nosuid,*)
            if is_root; then
                die "$DIR is mounted nosuid, and the helper is setuid;" \
                    "take another RUN_DIR"
            fi
            ;;
    esac

    if ! is_root; then
        return
    fi

    part=$DIR
    while [ "$part" != / ]; do
        part=$(dirname "$part")
        owner=$(stat -c %u "$part")
        if [ "$owner" != 0 ]; then
            die "$part is not root's: whoever it belongs to could put" \
                "another helper in place of the setuid one;" \
                "take another RUN_DIR"
        fi
        if ! setpriv --reuid="$WORKER" --regid="$WORKER_GROUP" \
                --clear-groups test -x "$part"
        then
            die "the workers ($WORKER) cannot enter $part;" \
                "take another RUN_DIR"
        fi
    done
}


# For tests and measurements: a folder that nobody else has, and that goes
# with this shell.

instance_private() {   # instance_private NAME
    local base=${RUN_DIR:-/var/tmp}

    if [ -z "${RUN_DIR:-}" ] && is_root; then
        base=/var/lib
    fi

    mkdir -p "$base" || exit 1
    PRIVATE=$(mktemp -d "$base/coderemote-$1.XXXXXX")
    DIR=

    trap instance_private_end EXIT
    trap 'exit 130' INT TERM HUP

    instance_dir "$PRIVATE"
}

instance_private_end() {
    trap '' INT TERM HUP
    if [ -n "$DIR" ]; then
        instance_stop
        rm -rf "$ROOT"/build/{,test/}prefix/"$(echo "${DIR#/}" | tr / @)"*
    fi
    rm -rf "$PRIVATE"
}


# Nobody else may use the same folder while this shell lives.  The lock's
# descriptor is kept from nginx, which may outlive us.

instance_lock() {
    exec 9> "$DIR/lock"
    flock -n 9 || die "$DIR is in use: another make run has it;" \
        "choose another RUN_DIR"
}


# make, with what this make was given and without its job server; one at a
# time, for all instances of a checkout are built in the same folder.

instance_make() {
    (
        unset MAKEFLAGS MFLAGS MAKELEVEL
        cd "$ROOT"
        mkdir -p build
        flock build/lock "${MAKE:-make}" -s -j"$(nproc)" ${CC:+CC="$CC"} \
            ${CFLAGS:+CFLAGS="$CFLAGS"} ${LDFLAGS:+LDFLAGS="$LDFLAGS"} "$@"
    )
}

instance_settings() {   # instance_settings PREFIX ROOTLESS
    {
        echo "clients = $(id -u "$WORKER" || id -u)${MORE_CLIENTS:-}"
        echo "memory_percent = 75"
        echo "rootless = $2"
    } > "$1/etc/coderemote/sandbox.conf"
}

# Packages that take seconds to warm are for who asks for them (QUICK).
instance_quick() {   # instance_quick PREFIX
    if [ -n "${QUICK:-}" ]; then
        sed -i '/^option\.warm_optional/d' \
            "$1/etc/coderemote/runtimes.d/python-open.conf"
    fi
}

# For the tests: an installation below the other that can leave layers out,
# and is allowed to run so.  A worker of root's may use it as well.
instance_install_test() {
    instance_make install-test PREFIX="$DIR/layers" GROUP="$WORKER_GROUP" \
        DESTDIR= PROFILES="$PROFILES" || die "the build failed"

    instance_quick "$DIR/layers"
    MORE_CLIENTS="${MORE_CLIENTS:-} 0" instance_settings "$DIR/layers" on
}

instance_install() {
    # What an earlier run was configured with is not kept.
    rm -rf "$DIR/etc" "$DIR/run" "$DIR/tmp"

    instance_make install PREFIX="$DIR" GROUP="$WORKER_GROUP" DESTDIR= \
        PROFILES="$PROFILES" ${WEB+WEB="$WEB"} || die "the build failed"

    instance_quick "$DIR"
    is_root && instance_settings "$DIR" off || instance_settings "$DIR" on

    install -d -m 755 "$DIR/run" "$DIR/log" "$DIR/tmp"
    if is_root; then
        chown "$WORKER:$WORKER_GROUP" "$DIR/tmp"
    fi
}


instance_conf() {   # instance_conf PORT [MORE]: writes nginx.conf
    local user=
    is_root && user="user  $WORKER $WORKER_GROUP;"

    cat > "$DIR/etc/nginx.conf" <<END
# Made by make; every start writes it anew.

load_module  $DIR/lib/nginx/modules/ngx_http_coderemote_module.so;

$user
worker_processes   auto;
working_directory  $DIR/tmp;
pid                $DIR/run/nginx.pid;
error_log          $DIR/log/error.log notice;
error_log          stderr warn;

events {
    worker_connections  4096;
}

http {
    log_format  coderemote  '\$remote_addr [\$time_iso8601] '
                            '\$request_method \$uri \$status '
                            '\$body_bytes_sent \${request_time}s '
                            '\$coderemote_job_id \$coderemote_status';
    access_log  $DIR/log/access.log  coderemote;
    include     ${MIME_TYPES:-/etc/nginx/mime.types};

    client_body_temp_path  $DIR/tmp/body;
    proxy_temp_path        $DIR/tmp/proxy;
    fastcgi_temp_path      $DIR/tmp/fastcgi;
    scgi_temp_path         $DIR/tmp/scgi;
    uwsgi_temp_path        $DIR/tmp/uwsgi;

    coderemote_zone     coderemote  128m;
    coderemote_sandbox  unix:$DIR/run/sandbox.sock
                        helper=$DIR/libexec/coderemote/coderemote-sandbox;

    server {
        listen  127.0.0.1:$1;
        coderemote_allow  $PROFILES;
        include $DIR/etc/coderemote/coderemote.conf;
        include $DIR/etc/coderemote/web.conf;
        ${2:-}
    }
}
END
}


# A GET without curl: prints the status, then the body.

instance_get() {   # instance_get PORT PATH
    timeout 5 bash -c '
        exec 3<> "/dev/tcp/127.0.0.1/$0" || exit 1
        printf "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n" "$1" >&3
        read -r _ status _ <&3
        echo "$status"
        sed "1,/^\r\$/d" <&3' "$1" "$2" 2>/dev/null
}

instance_port_taken() {
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null
}


# Starts nginx and sets MASTER.  It has a session of its own, so that a Ctrl-C
# reaches this script alone, which then stops it in order; and it is told when
# this shell dies without a word.

instance_start() {
    cd "$DIR/tmp"
    setsid setpriv --pdeathsig QUIT "$NGINX" -p "$DIR" \
        -e "$DIR/log/error.log" -c "$DIR/etc/nginx.conf" -g 'daemon off;' \
        9>&- < /dev/null &
    MASTER=$!
    cd "$ROOT"
}


# Waits until /health answers 200, or nginx has gone, or the time is over, and
# sets HEALTH to the last body.  Not in a subshell: a signal must find us.

instance_healthy() {   # instance_healthy PORT SECONDS
    local deadline=$((SECONDS + $2)) answer

    HEALTH=

    while [ "$SECONDS" -lt "$deadline" ]; do
        kill -0 "$MASTER" 2>/dev/null || return 1
        answer=$(instance_get "$1" /health) || true
        HEALTH=${answer#*$'\n'}
        if [ "${answer%%$'\n'*}" = 200 ]; then
            return 0
        fi
        sleep 0.05
    done

    return 1
}


is_nginx() {
    case $(readlink "/proc/$1/exe" 2>/dev/null) in
        */nginx|*/nginx' (deleted)') return 0 ;;
    esac
    return 1
}

# Processes of this instance.

instance_pids() {
    local pid link

    # Links that lead nowhere are of processes that have just gone.
    find /proc/[0-9]*/exe /proc/[0-9]*/cwd -maxdepth 0 -lname "$DIR/*" \
        -print 2>/dev/null | while IFS=/ read -r _ _ pid link; do
            if [ "$link" = exe ] || is_nginx "$pid"; then
                echo "$pid"
            fi
        done | sort -un

    for pid in ${KIN:-}; do
        if is_supervisor "$pid"; then
            echo "$pid"
        fi
    done
}

is_supervisor() {   # not one that is dead and waits to be reaped
    case $(cat "/proc/$1/stat" 2>/dev/null) in
        *'(coderemote-sand) Z'*) return 1 ;;
        *'(coderemote-sand) '*) return 0 ;;
    esac
    return 1
}

# A process that may not be dumped hides its program from its own user.  So
# the supervisor is also known by its parent, a worker, while there is one.
instance_kin() {
    local worker pid

    KIN=
    for worker in $(cat "/proc/$MASTER/task/$MASTER/children" 2>/dev/null); do
        for pid in $(cat "/proc/$worker/task/$worker/children" 2>/dev/null)
        do
            if is_supervisor "$pid"; then
                KIN="$KIN $pid"
            fi
        done
    done
}

# Folders of cgroups that processes below the given ones live in.
instance_cgroups() {
    local pid file

    for pid; do
        for file in /proc/"$pid"/task/*/children; do
            [ -r "$file" ] || continue
            cat /proc/"$pid"/cgroup 2>/dev/null
            instance_cgroups $(cat "$file" 2>/dev/null)
        done
    done | sed -n 's,^[^/]*\(/.*\(^\|/\)coderemote-[0-9]*\)\(/.*\)\?$,\1,p' \
         | sort -u
}

instance_gone() {   # instance_gone SECONDS: waits until nothing is left
    local deadline=$((SECONDS + $1))

    while [ -n "$(instance_pids)" ]; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}


# Ends what is left without asking it for order: after a crash, or when the
# orderly end took too long.

instance_reclaim() {
    local pids group folder

    pids=$(instance_pids)
    if [ -n "$pids" ]; then
        group=$(instance_cgroups $pids)
        kill -TERM $pids 2>/dev/null || true

        if ! instance_gone 3; then
            kill -KILL $(instance_pids) 2>/dev/null || true
            instance_gone 5 || say "left behind: $(instance_pids)"
        fi

        # Only a supervisor that was killed leaves its cgroups.
        for folder in $group; do
            for folder in /sys/fs/cgroup"$folder" /sys/fs/cgroup/*"$folder"; do
                if [ -d "$folder" ]; then
                    find "$folder" -depth -type d -exec rmdir {} + \
                        2>/dev/null || true
                fi
            done
        done
    fi

    rm -f "$DIR/run/sandbox.sock" "$DIR/run/nginx.pid"
}


# The orderly end: nginx finishes its requests, the supervisor leaves when the
# last worker has gone.

instance_stop() {
    if [ -n "${MASTER:-}" ]; then
        instance_kin
        kill -QUIT "$MASTER" 2>/dev/null || true
    fi

    instance_gone 10 || true
    instance_reclaim

    if [ -n "${MASTER:-}" ]; then
        wait "$MASTER" 2>/dev/null || true
        MASTER=
    fi

    # A setuid program that nobody needs any more is better gone.
    rm -f "$DIR/libexec/coderemote/coderemote-sandbox"
}
