#!/bin/bash
#
# An upgrade of the packages under load, on a Debian 12 of its own: whatever was
# accepted before, while and after ends with its right output.
#
#     [PREVIOUS=FOLDER] deb_test_upgrade.sh [FOLDER]
#
# PREVIOUS has the .deb files of an earlier version.  That one must drain when
# it is told to stop (SIGQUIT) and speak the same version of the protocol.
# Without it, what `make deb` built is taken, under a lower version.

set -eu
cd "$(dirname "$0")/.."
. tools/deb_root.sh

root_make "${1:-}" build/deb

if [ -z "${PREVIOUS:-}" ]; then
    root_lower build/deb build/deb/previous
fi

root_packages "${PREVIOUS:-build/deb/previous}" previous

load_begin &
load=$!

root_run deb_inside_upgrade.sh || { kill "$load"; exit 1; }
wait "$load" || { echo "deb_test: FAILED: jobs were lost"; exit 1; }
echo "deb_test: PASS"
