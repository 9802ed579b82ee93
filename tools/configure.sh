#!/bin/bash
#
# Configures the module, or others, against an nginx source tree as Debian
# configured its nginx: the loader compares a signature of the options and
# refuses others.
#
#     configure.sh NGINX_SOURCES BUILD_FOLDER [MODULE_FOLDER ...]

set -eu

src=$1
build=$2
root=$(cd "$(dirname "$0")/.." && pwd)
shift 2

if [ $# -eq 0 ]; then
    set -- "$root"
fi

if [ ! -x "$src/configure" ]; then
    echo "$src has no nginx sources: install nginx-dev," \
        "or set NGX_SRC" >&2
    exit 1
fi

mkdir -p "$build"
cd "$src"

# nginx would take them instead of its own flags, -Wall and -Werror included.
unset CFLAGS LDFLAGS

NGX_CONF_FLAGS=()
if [ -r ./conf_flags ]; then
    . ./conf_flags
fi

cc_opt="${CR_CFLAGS:--O2 -g} -fstack-protector-strong -D_FORTIFY_SOURCE=2"
cc_opt="$cc_opt -Wdate-time -fPIC"
ld_opt="${CR_LDFLAGS:-} -Wl,-z,relro -Wl,-z,now -fPIC"

if ! ./configure --with-cc="${CC:-cc}" --with-cc-opt="$cc_opt" \
        --with-ld-opt="$ld_opt" \
        ${NGX_CONF_FLAGS[@]+"${NGX_CONF_FLAGS[@]}"} \
        "${@/#/--add-dynamic-module=}" --builddir="$build" \
        > "$build/configure.log" 2>&1
then
    # The last lines name the feature that is missing and its package.
    tail -n 20 "$build/configure.log" >&2
    rm -f "$build/Makefile"
    exit 1
fi
