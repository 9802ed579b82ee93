#!/bin/bash
#
# The copying half of `make install`; the Makefile says what goes where.
#
# As root the helper becomes setuid root for the workers' group alone.  As
# anybody else, or into a DESTDIR, it is installed without that bit: a package
# sets it with what its system has for the purpose.

set -eu

lib=$DESTDIR$LIBEXECDIR
conf=$DESTDIR$CONFDIR
modules=$DESTDIR$MODULESDIR
include=$DESTDIR$INCLUDEDIR

install -d -m 755 "$lib" "$conf" "$conf/runtimes.d" "$modules" "$include"

# A file is put beside its place and renamed, so that a running process keeps
# the old one and nobody meets half of a new one.
place() {   # place MODE SOURCE TARGET [install's options]
    local mode=$1 source=$2 target=$3
    shift 3
    install -m "$mode" "$@" "$source" "$target.new"
    mv -f "$target.new" "$target"
}

place 644 "$MODULE" "$modules/ngx_http_coderemote_module.so"
place 644 "$PLUGIN_HEADER" "$include/$(basename "$PLUGIN_HEADER")"

for zygote in $ZYGOTES; do
    place 755 "$zygote" "$lib/$(basename "$zygote")"
done

# What the tools of some languages need beside them; their profiles show it to
# the cells.
for preload in $PRELOADS; do
    place 644 "$preload" "$lib/$(basename "$preload")"
done

install -d -m 755 "$lib/java"
place 644 sandbox_helper/runtimes/java/Compile.java "$lib/java/Compile.java"

if [ "$(id -u)" -eq 0 ] && [ -z "$DESTDIR" ]; then
    # Owner and group first: a change of owner clears the setuid bit.
    place 4750 "$SUPERVISOR" "$lib/coderemote-sandbox" -o root -g "$GROUP"
else
    place 755 "$SUPERVISOR" "$lib/coderemote-sandbox"
fi

# An operator's configuration is never overwritten.  What it names of itself
# is where it is installed.
keep() {   # keep SOURCE TARGET
    if [ ! -e "$2" ]; then
        sed "s|/etc/coderemote/|$CONFDIR/|g
             s|/usr/libexec/coderemote/|$LIBEXECDIR/|g" "$1" > "$2.new"
        chmod 644 "$2.new"
        mv -f "$2.new" "$2"
    fi
}

keep conf/sandbox.conf "$conf/sandbox.conf"
keep conf/coderemote.conf "$conf/coderemote.conf"
keep conf/headers.conf "$conf/headers.conf"
keep conf/analyze.prompt "$conf/analyze.prompt"

install -d -m 755 "$conf/njs"
keep conf/njs/coderemote.js "$conf/njs/coderemote.js"

for profile in $PROFILES; do
    keep "conf/runtimes.d/$profile.conf" "$conf/runtimes.d/$profile.conf"
done

if [ -n "$TMPFILES" ]; then
    install -d -m 755 "$DESTDIR$TMPFILES"
    place 644 conf/coderemote.tmpfiles "$DESTDIR$TMPFILES/coderemote.conf"

    if [ "$(id -u)" -eq 0 ] && [ -z "$DESTDIR" ]; then
        install -d -m 755 /run/coderemote
    fi
fi
