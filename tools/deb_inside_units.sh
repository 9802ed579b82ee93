#!/bin/bash
#
# The half of deb_test_systemd.sh that runs on the new Debian: `fetch`, before
# systemd is booted, and afterwards without an argument: what the units do.

set -eu
. /root/deb_inside.sh

# What would change the machine that all this runs on, or waits for devices.
masked='systemd-sysctl.service systemd-modules-load.service
        systemd-journald-audit.socket systemd-remount-fs.service
        systemd-logind.service systemd-timesyncd.service console-getty.service
        getty.target apt-daily.timer apt-daily-upgrade.timer
        dpkg-db-backup.timer e2scrub_all.timer fstrim.timer'

fetch() {
    local unit

    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    only_nginx
    apt install --no-install-recommends systemd-sysv dbus iproute2
    apt -o APT::Keep-Downloaded-Packages=true --download-only install \
        /root/debs/*.deb
    rm /usr/sbin/policy-rc.d

    for unit in $masked; do
        ln -sf /dev/null "/etc/systemd/system/$unit"
    done

    : > /etc/machine-id
}

property() {
    systemctl show -p "$2" --value "$1"
}

active() {
    [ "$(systemctl is-active "$1")" = active ] || fail "$1 is not active"
}

supervisor() {
    property coderemote-sandbox.service MainPID
}

# What the service keeps of what its unit gives it.
unit_is_bounded() {
    local pid caps

    pid=$(supervisor)
    caps=$(sed -n 's/^Cap\(Eff\|Bnd\):\t*//p' "/proc/$pid/status" | sort -u)

    # SETUID and SETGID alone
    [ "$caps" = 00000000000000c0 ] || fail "its capabilities: $caps"
    grep -q '^NoNewPrivs:.1' "/proc/$pid/status" || fail 'it may gain more'

    curl -s 127.0.0.1:8080/health | grep -q '"layers_off":\[\]' \
        || fail "layers are off: $(curl -s 127.0.0.1:8080/health)"
    say "every layer is on, with the capabilities $caps alone"
}

# A socket of systemd's starts the service as soon as nginx wants it.
socket_activates() {
    systemctl --quiet stop coderemote-sandbox.service 2>/dev/null
    active coderemote-sandbox.socket
    runs_a_job
    active coderemote-sandbox.service
    say 'the socket starts the service'
}

comes_back() {
    local before
    before=$(supervisor)
    kill -9 "$before"
    runs_a_job
    [ "$(supervisor)" != "$before" ] || fail "$before was killed and is there"
    say 'a service that was killed comes back'
}

restarts() {
    local before
    before=$(supervisor)
    systemctl restart coderemote-sandbox.service
    runs_a_job
    [ "$(supervisor)" != "$before" ] || fail 'it was not restarted'
    systemctl restart nginx
    runs_a_job
    systemctl reload nginx
    runs_a_job
    say 'both can be restarted, and nginx reloaded'
}

gone() {
    apt purge $packages
    [ ! -e /run/coderemote ] || fail '/run/coderemote stayed'
    [ -z "$(systemctl list-units --all --plain --no-legend \
        'coderemote-sandbox*')" ] || fail 'units of it stayed'
    none_runs
    say 'nothing of it runs after the purge'
}

if [ "${1:-}" = fetch ]; then
    fetch
    exit
fi

# What it says of a manual page is about man, which is not there.
wrong=$(systemd-analyze verify coderemote-sandbox.service \
    coderemote-sandbox.socket 2>&1 | grep -v "'man coderemote" || true)
[ -z "$wrong" ] || fail "systemd-analyze verify: $wrong"

active coderemote-sandbox.socket
active coderemote-sandbox.service
unit_is_bounded
socket_activates
comes_back
restarts
systemd-analyze security --no-pager coderemote-sandbox.service | tail -n 1
journalctl --no-pager -q -t coderemote-sandbox | tail -n 5
gone
