#!/bin/bash
#
# The half of deb_test.sh that runs on the new Debian.

set -eu
cd /root/debs
. /root/deb_inside.sh

helper=/usr/libexec/coderemote/coderemote-sandbox

mode() {
    stat -c %a "$helper"
}

# nginx starts the helper itself where an administrator has given it the setuid
# bit, which an upgrade then keeps.
nginx_starts_it() {
    [ "$(mode)" = 755 ] || fail "the helper's mode is $(mode)"

    service coderemote-sandbox stop > /dev/null
    none_runs

    dpkg-statoverride --update --add root www-data 4750 "$helper"
    sed -i 's/ external;/;/' /etc/coderemote/http.conf
    service nginx restart > /dev/null
    runs_a_job

    apt install --reinstall ./coderemote-sandbox_*.deb
    [ "$(mode)" = 4750 ] || fail "the setuid bit did not stay: $(mode)"

    service coderemote-sandbox stop > /dev/null
    service nginx stop > /dev/null
    none_runs
    service nginx start > /dev/null
    runs_a_job

    sed -i '/^coderemote_sandbox /s/;/ external;/' /etc/coderemote/http.conf
    dpkg-statoverride --remove "$helper"
    service nginx stop > /dev/null
    none_runs
    apt install --reinstall ./coderemote-sandbox_*.deb
    [ "$(mode)" = 755 ] || fail "the setuid bit did not go: $(mode)"
    service coderemote-sandbox start > /dev/null
    service nginx start > /dev/null
    runs_a_job
    say "nginx starts the helper where dpkg-statoverride says so"
}

let_start
only_nginx
files > /root/before

apt install ./*.deb
runs_a_job
curl -sf 127.0.0.1:8080/ | grep -q '<title>' || fail "there is no page"

nginx_starts_it

apt remove $packages
nginx -t 2>/dev/null || fail "nginx does not start without the packages"
none_runs

apt install ./*.deb
runs_a_job

apt purge $packages
apt autoremove --purge
nginx -t 2>/dev/null || fail "nginx does not start after the purge"
none_runs

files > /root/after
diff /root/before /root/after || fail "the purge left something"

say "PASS"
