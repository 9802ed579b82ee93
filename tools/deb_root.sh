# A Debian of one's own in a folder, for the tests of the packages; they source
# this.  As root, for it asks for namespaces.

RELEASE=bookworm
MIRROR=${MIRROR:-http://deb.debian.org/debian}

# The folder $1, or a new one, becomes $root and has a fresh Debian in it, with
# the packages of the folder $2 in /root/debs.
root_make() {
    root=${1:-$(mktemp -d /var/tmp/coderemote-deb.XXXXXX)}

    if [ ! -x "$root/usr/bin/apt-get" ]; then
        debootstrap --variant=minbase --include=ca-certificates,curl,procps \
            "$RELEASE" "$root" "$MIRROR" > "$root.log"
    fi

    # What mktemp made is nobody else's, and it will be the workers' "/".
    chmod 755 "$root"

    # How this machine reaches its mirror; what its apt forgets is its own.
    cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
    rm -f "$root/etc/apt/apt.conf.d/docker-clean"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true

    root_packages "$2" debs
    cp tools/deb_inside*.sh "$root/root/"

    # The locks of blocks of uids are shared with this machine's other
    # sandboxes.
    touch /run/coderemote.uids "$root/run/coderemote.uids"
}

# The packages of a folder, but those for developers, go to /root/$2.
root_packages() {
    rm -rf "$root/root/$2"
    mkdir -p "$root/root/$2"
    cp "$1"/*.deb "$root/root/$2/"
    rm -f "$root/root/$2"/*-dbgsym_*.deb "$root/root/$2"/*-dev_*.deb
}

# Runs the script $1 of /root there, with the rest as its arguments.
root_run() {
    local script=$1
    shift

    unshare --mount --pid --fork bash -eu -c '
        root=$1
        shift
        mount --make-rprivate /
        mount --bind "$root" "$root"
        cd "$root"
        mkdir -p old
        mount --bind /run/coderemote.uids run/coderemote.uids
        mount --rbind /dev dev
        mount --rbind /sys sys
        mount -t proc proc proc
        pivot_root . old
        umount -l /old
        rmdir /old
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C \
            DEBIAN_FRONTEND=noninteractive bash "$@"
    ' root_run "$root" "/root/$script" "$@"
}

# The packages of the folder $1 go to $2 under a version that is lower.
root_lower() {
    local deb tree

    rm -rf "$2"
    mkdir -p "$2"
    tree=$2/tree

    for deb in "$1"/*.deb; do
        case $deb in *-dbgsym_*|*-dev_*) continue ;; esac
        dpkg-deb -R "$deb" "$tree"
        sed -i '/^Version:/s/$/~previous/; s/(= \([^)]*\))/(= \1~previous)/' \
            "$tree/DEBIAN/control"
        dpkg-deb --root-owner-group -b "$tree" "$2" > /dev/null
        rm -rf "$tree"
    done
}

# The load of deb_load.pl, once the script inside asks for it.  What is before
# it on the command line says in whose network: load_begin nsenter ...
load_begin() {
    rm -f "$root"/root/load.*

    until [ -e "$root/root/load.go" ]; do
        sleep 0.2
    done

    "$@" perl tools/deb_load.pl 8080 "$root/root" && rc=0 || rc=$?
    touch "$root/root/load.ended"
    return "$rc"
}
