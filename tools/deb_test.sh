#!/bin/bash
#
# What `make deb` built, on a Debian 12 of its own: debootstrap makes one in a
# folder, the packages are installed there, a job is run by curl, and they are
# removed, installed again and purged.  As root, for it asks for namespaces.
#
#     deb_test.sh [FOLDER]      an empty or new folder; by default a new one

set -eu
cd "$(dirname "$0")/.."

root=${1:-$(mktemp -d /var/tmp/coderemote-deb.XXXXXX)}
release=bookworm
mirror=${MIRROR:-http://deb.debian.org/debian}

if [ ! -x "$root/usr/bin/apt-get" ]; then
    debootstrap --variant=minbase --include=ca-certificates,curl,procps \
        "$release" "$root" "$mirror" > "$root.log"
fi

# What mktemp made is nobody else's, and it will be the workers' "/".
chmod 755 "$root"

# How this machine reaches its mirror.
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

rm -rf "$root/root/debs"
mkdir -p "$root/root/debs"
cp build/deb/*.deb "$root/root/debs/"
rm -f "$root"/root/debs/*-dbgsym_*.deb "$root"/root/debs/*-dev_*.deb
cp tools/deb_test_inside.sh "$root/root/"

# The locks of blocks of uids are shared with this machine's other sandboxes.
touch /run/coderemote.uids "$root/run/coderemote.uids"

exec unshare --mount --pid --fork bash -eu -c '
    mount --make-rprivate /
    mount --bind "$1" "$1"
    cd "$1"
    mkdir -p old
    mount --bind /run/coderemote.uids run/coderemote.uids
    mount --rbind /dev dev
    mount --rbind /sys sys
    mount -t proc proc proc
    cp /etc/resolv.conf etc/resolv.conf 2>/dev/null || true
    pivot_root . old
    umount -l /old
    rmdir /old
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C \
        DEBIAN_FRONTEND=noninteractive bash /root/deb_test_inside.sh
' deb_test "$root"
