#!/bin/bash
#
# npm.sh FOLDER INTO: installs what FOLDER/package-lock.json names, and nothing
# else, into INTO/node_modules.  What npm would run of a package is not run.

set -eu

from=$1
into=$2

fail() {
    echo "npm: $*" >&2
    exit 1
}

command -v npm >/dev/null || fail "there is no npm; tools/deps.sh installs it"

mkdir -p "$into"
cp "$from/package.json" "$from/package-lock.json" "$into"

(cd "$into" && npm ci --ignore-scripts --no-audit --no-fund \
    --no-update-notifier --loglevel=error >&2) \
    || fail "what $from/package-lock.json names could not be fetched: npm" \
            "says why above; is its registry in reach (npm ping)?"
