# What the tests of the packages have in common on the new Debian; they source
# this.

packages='libnginx-mod-http-coderemote coderemote-sandbox coderemote-web'

say() {
    echo "deb_test: $*"
}

fail() {
    say "FAILED: $*"
    tail -n 20 /var/log/nginx/error.log /var/log/coderemote-sandbox.log || true
    exit 1
}

# All files but those of apt and dpkg themselves.
files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /root \
        -o -path /tmp -o -path /run -o -path /var/cache \
        -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/log/apt \
        \) -prune -o -print | sort
}

apt() {
    apt-get -q -y "$@" > /root/apt.log 2>&1 || {
        tail -n 30 /root/apt.log
        fail "apt-get $*"
    }
}

runs_a_job() {
    local answer
    for _ in $(seq 60); do
        answer=$(curl -s '127.0.0.1:8080/execute?wait=true' \
            -H 'Content-Type: application/json' \
            -d '{"code":"print(sum(range(10)))"}') || true
        case $answer in
            *'"stdout":"45\n"'*) say "a job ran: $answer"; return ;;
        esac
        sleep 1
    done
    fail "no job ran: $answer"
}

none_runs() {
    for _ in $(seq 20); do
        pgrep -f 'libexec/coderemote|^zygote' >/dev/null || return 0
        sleep 1
    done
    fail "still there: $(pgrep -fa 'libexec/coderemote|^zygote')"
}

# Without an init Debian's packages start nothing, unless they are told to.
let_start() {
    printf '#!/bin/sh\nexit 0\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
}

# The folder may be that of an earlier run, which was cut short.
only_nginx() {
    apt update
    dpkg --purge $packages nginx nginx-common > /root/apt.log 2>&1 || true
    apt autoremove --purge
    apt install nginx
}

