#!/bin/bash
#
# Installs, from Debian and by name, what is missing of the sets it is given:
#
#     deps.sh run test bench fuzz deb deb-test
#
# When nothing is missing nothing is asked of anybody.  As root, or where sudo
# asks for no password, it installs; otherwise it prints what to run.

set -eu

RUN='gcc libc6-dev make pkg-config nginx nginx-dev libjansson-dev
     libseccomp-dev libwslay-dev libjwt-dev libcurl4-openssl-dev
     libssl-dev libpython3-dev liblua5.4-dev curl python3 nodejs npm'
TEST='libcmocka-dev perl libtest-nginx-perl valgrind openssl node-ws
      python3-websockets chromium libnginx-mod-http-lua lua-cjson
      libnginx-mod-http-js prometheus'
# What the profiles run and warm, and the language that docs/PLUGINS.md adds.
LANGUAGES='g++ golang-go rustc default-jdk-headless gawk
           python3-numpy python3-pandas python3-matplotlib'
BENCH='bubblewrap'
FUZZ='clang libclang-rt-dev'
DEB='debhelper dh-apparmor apparmor dpkg-dev fakeroot lintian'

# Packages that are wanted for a command alone.  Where it is there already, from
# whoever, they are not installed: a nodejs from elsewhere brings its own npm,
# and Debian's would be in conflict with it.
COMMANDS='nodejs=node npm=npm'

# Test::Nginx came to Debian after Debian 12; its package holds nothing but
# Perl and is taken from this later release when the machine's own has none.
LATER=forky

work=
policy=/usr/sbin/policy-rc.d
policy_is_ours=

say() {
    echo "deps: $*" >&2
}

clean_up() {
    if [ -n "$policy_is_ours" ]; then
        as_root rm -f "$policy"
    fi
    if [ -n "$work" ]; then
        as_root rm -rf "$work"
    fi
}

trap clean_up EXIT
trap 'exit 130' INT TERM HUP

installed() {
    local pair

    for pair in $COMMANDS; do
        if [ "${pair%%=*}" = "$1" ] && command -v "${pair#*=}" >/dev/null; then
            return 0
        fi
    done

    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" \
        = installed ]
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

apt() {
    # Another apt may be at work: its lock is worth waiting for.
    as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# The running masters of nginx, whoever started them.
nginx_masters() {
    local pid
    for pid in /proc/[0-9]*; do
        case $(tr '\0' ' ' < "$pid/cmdline" 2>/dev/null) in
            'nginx: master process '*) echo "${pid#/proc/}" ;;
        esac
    done
}

# Debian's packages start their services when they are installed.  A program
# that forbids it is the documented way to have it otherwise; one that is
# there already is the administrator's, and stays.
forbid_services() {
    if [ -e "$policy" ]; then
        return
    fi

    policy_is_ours=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

stop_service() {
    if [ -d /run/systemd/system ]; then
        as_root systemctl stop nginx || true
        as_root systemctl disable --quiet nginx || true
    else
        as_root service nginx stop >/dev/null 2>&1 || true
    fi
}

install_packages() {
    local before had_nginx=yes
    before=$(nginx_masters)
    installed nginx || had_nginx=

    forbid_services
    apt install --no-install-recommends "$@"

    if [ -z "$had_nginx" ] && installed nginx; then
        if [ -d /run/systemd/system ]; then
            as_root systemctl disable --quiet nginx || true
        fi
        if [ -z "$before" ] && [ -n "$(nginx_masters)" ]; then
            stop_service
        fi
        if [ -z "$before" ] && [ -n "$(nginx_masters)" ]; then
            say "the nginx service was started and cannot be stopped"
            exit 1
        fi
    fi
}

known() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null \
        | grep -q '^  Candidate: [^(]'
}

# The "Signed-By" of one entry of apt's sources, as deb822 lines: apt names it
# as FILE:N, the Nth stanza of a .sources or the Nth line of a .list.
signed_by() {
    local file=${1%:*} n=${1##*:} keys

    case $file in
        *.sources)
            awk -v n="$n" '
                /^[ \t]*$/ { if (seen) { stanza++; seen = 0 } in_it = 0; next }
                /^#/ { next }
                { seen = 1 }
                /^[^ \t]/ { in_it = tolower($0) ~ /^signed-by:/ }
                stanza + 1 == n && in_it' "$file"
            ;;
        *)
            keys=$(sed -n "${n}s/.*[[ ]signed-by=\([^] ]*\).*/\1/p" "$file")
            if [ -n "$keys" ]; then
                echo "Signed-By: ${keys//,/ }"
            fi
            ;;
    esac
}

# One package of a later release: fetched with settings of our own, so that
# this machine's apt never hears of that release, from the mirror and under
# the keys that its own sources name.
install_from_later() {
    local package=$1 codename site= entry= options
    local format='$(REPO_URI) $(SOURCESENTRY)'

    format="$format|\$(ORIGIN)|\$(CODENAME)|\$(COMPONENT)"

    codename=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
    read -r site entry < <(apt-get indextargets \
        --format "$format" \
        'Created-By: Packages' \
        | sed -n "s/|Debian|$codename|main\$//p" | head -n 1) || true

    if [ -z "$site" ]; then
        say "found no Debian mirror in this machine's apt sources;" \
            "install $package yourself"
        exit 1
    fi

    work=$(mktemp -d)
    chmod 755 "$work"
    mkdir -p "$work/parts" "$work/lists" "$work/cache"
    {
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' \
            "$site" "$LATER"
        signed_by "$entry"
    } > "$work/parts/later.sources"

    options=(-o Dir::Etc::sourcelist=/dev/null
             -o Dir::Etc::sourceparts="$work/parts"
             -o Dir::State::lists="$work/lists"
             -o Dir::Cache="$work/cache"
             -o Dir::Etc::preferencesparts=/dev/null
             -o APT::Default-Release=
             -o Acquire::Languages=none)

    say "taking $package from Debian $LATER"
    apt "${options[@]}" update
    (cd "$work" && apt "${options[@]}" download "$package")
    install_packages "$work/$package"_*.deb
}

main() {
    local wanted missing=() later=() package

    wanted=
    for package; do
        case $package in
            run) wanted="$wanted $RUN" ;;
            test) wanted="$wanted $TEST $LANGUAGES" ;;
            bench) wanted="$wanted $BENCH" ;;
            fuzz) wanted="$wanted $FUZZ" ;;
            deb) wanted="$wanted $DEB" ;;
            deb-test) wanted="$wanted $DEB debootstrap" ;;
            *) say "no set is called $package"; exit 2 ;;
        esac
    done

    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian; assuming that the likes of these are there:"
        say $wanted
        exit 0
    fi

    for package in $wanted; do
        installed "$package" || missing+=("$package")
    done

    if [ ${#missing[@]} -eq 0 ]; then
        exit 0
    fi

    say "missing: ${missing[*]}"

    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        say "without root they cannot be installed from here; run"
        say "    sudo apt-get install ${missing[*]}"
        exit 1
    fi

    for package in "${missing[@]}"; do
        if ! known "$package"; then
            apt update
            break
        fi
    done

    for package in "${missing[@]}"; do
        if [ "$package" = libtest-nginx-perl ] && ! known "$package"; then
            later+=("$package")
        fi
    done

    for package in ${later[@]+"${later[@]}"}; do
        missing=("${missing[@]/#$package/}")
    done

    missing=($(echo "${missing[@]}"))

    # Lists that are known may still be old: a file that a mirror has no more
    # is found again after an update.
    if [ ${#missing[@]} -gt 0 ]; then
        install_packages "${missing[@]}" \
            || { apt update; install_packages "${missing[@]}"; }
    fi

    for package in ${later[@]+"${later[@]}"}; do
        install_from_later "$package"
    done
}

main "$@"
