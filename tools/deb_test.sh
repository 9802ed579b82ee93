#!/bin/bash
#
# What `make deb` built, on a Debian 12 of its own: debootstrap makes one in a
# folder, the packages are installed there, a job is run by curl, and they are
# removed, installed again and purged.  As root, for it asks for namespaces.
#
#     deb_test.sh [FOLDER]      an empty or new folder; by default a new one

set -eu
cd "$(dirname "$0")/.."
. tools/deb_root.sh

root_make "${1:-}" build/deb
root_run deb_inside_test.sh
