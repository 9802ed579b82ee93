#!/bin/bash
#
# The packages under a real systemd: it is booted as the first process of a
# namespace, on a Debian 12 of its own, with cgroups of its own (those of v1; a
# machine with nothing but v2 is not served).  There they are installed, the
# units are tried, and an upgrade under load is made.
#
#     [PREVIOUS=FOLDER] deb_test_systemd.sh [FOLDER]
#
# As root.  Its network is its own and empty, so all packages are fetched first.

set -eu
cd "$(dirname "$0")/.."
. tools/deb_root.sh

booted=
cgroup=coderemote-deb-$$

clean_up() {
    local folder

    if [ -n "$booted" ]; then
        kill -9 "$booted" 2>/dev/null || true
        wait "$booted" 2>/dev/null || true
    fi

    for folder in /sys/fs/cgroup/*/"$cgroup"; do
        find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}

trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# A process's own cgroup of every hierarchy is what systemd will see as the
# root of it.
enter_cgroups() {
    local hierarchy folder file

    for hierarchy in /sys/fs/cgroup/*/; do
        folder=$hierarchy$cgroup
        [ ! -e "$hierarchy/cgroup.controllers" ] || continue
        mkdir -p "$folder"
        for file in cpuset.cpus cpuset.mems; do
            [ ! -e "$folder/$file" ] || cat "$hierarchy$file" > "$folder/$file"
        done
        echo "$BASHPID" > "$folder/cgroup.procs"
    done
}

boot() {
    enter_cgroups
    exec unshare --kill-child --mount --pid --uts --ipc --net --cgroup --fork \
        bash -euc '
        root=$1
        mount --make-rprivate /
        hostname coderemote-deb
        ip link set lo up
        mount --bind "$root" "$root"
        cd "$root"
        mkdir -p old

        mount -t tmpfs -o mode=755 tmpfs run
        touch run/coderemote.uids
        mount --bind /run/coderemote.uids run/coderemote.uids

        mount -t tmpfs -o mode=755 tmpfs dev
        for device in null zero full random urandom tty; do
            touch "dev/$device"
            mount --bind "/dev/$device" "dev/$device"
        done
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd

        # The settings of the machine, which have no namespace, are its own.
        mount -t proc proc proc
        mount --bind proc/sys proc/sys
        mount -o remount,bind,ro proc/sys
        mount -t sysfs -o ro sysfs sys
        mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup

        while IFS=: read -r _ names _; do
            case $names in
                name=systemd)
                    mkdir sys/fs/cgroup/systemd
                    mount -t cgroup -o none,name=systemd,xattr cgroup \
                        sys/fs/cgroup/systemd
                    ;;
                ?*)
                    mkdir -p "sys/fs/cgroup/$names"
                    mount -t cgroup -o "$names" cgroup "sys/fs/cgroup/$names"
                    ;;
            esac
        done < /proc/self/cgroup

        pivot_root . old
        umount -l /old
        rmdir /old
        exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            /lib/systemd/systemd systemd.unified_cgroup_hierarchy=0
    ' boot "$root" < /dev/null > "$root.console" 2>&1
}

# Runs its arguments there.
inside() {
    nsenter -t "$(pgrep -P "$booted" | head -n 1)" \
        -m -p -u -i -n -C -r -w env -i LANG=C HOME=/root \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

# In whose network the load runs.
in_network() {
    nsenter -t "$(pgrep -P "$booted" | head -n 1)" -n "$@"
}

root_make "${1:-}" build/deb

if [ -z "${PREVIOUS:-}" ]; then
    root_lower build/deb build/deb/previous
fi

root_packages "${PREVIOUS:-build/deb/previous}" previous
root_run deb_inside_units.sh fetch

boot &
booted=$!

for _ in $(seq 60); do
    case $(inside systemctl is-system-running 2>/dev/null) in
        running|degraded) break ;;
    esac
    sleep 1
done

load_begin in_network &
load=$!

inside bash /root/deb_inside_upgrade.sh || { kill "$load"; exit 1; }
wait "$load" && lost= || lost=yes

inside bash /root/deb_inside_units.sh
[ -z "$lost" ] || { echo "deb_test: FAILED: jobs were lost"; exit 1; }
echo "deb_test: PASS"
