#!/bin/bash
#
# The half of deb_test_upgrade.sh that runs on the new Debian: the previous
# packages are installed, a load begins outside, the new ones take their place.

set -eu
. /root/deb_inside.sh

jobs_ended() {
    cat /root/load.log 2>/dev/null | wc -l
}

load_has() {   # load_has JOBS
    for _ in $(seq 600); do
        [ "$(jobs_ended)" -lt "$1" ] || return 0
        sleep 0.1
    done
    fail "the load does not go on"
}

version() {
    dpkg-query -W -f '${Version}' coderemote-sandbox
}

# The process that serves, whoever started it.
supervisor() {
    pgrep -f '^/usr/libexec/coderemote/coderemote-sandbox$|^coderemote-sandbox$' \
        | head -n 1
}

if [ ! -d /run/systemd/system ]; then
    let_start
    only_nginx
fi

(cd /root/previous && apt install ./*.deb)
runs_a_job
old=$(version)
before=$(supervisor)

touch /root/load.go
load_has 100

(cd /root/debs && apt install ./*.deb)
say "$old became $(version)"

[ "$(version)" != "$old" ] || fail "the version stayed $old"
[ "$(supervisor)" != "$before" ] || fail "the old supervisor still serves"

load_has $(($(jobs_ended) + 100))
touch /root/load.stop

# Who began the load says when its last job has ended.
for _ in $(seq 120); do
    [ ! -e /root/load.ended ] || break
    sleep 1
done

runs_a_job
[ -d /run/systemd/system ] || { apt purge $packages; none_runs; }
