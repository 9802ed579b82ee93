#!/bin/bash
#
# Builds Debian's packages into build/deb: `make deb`.  They are built from a
# copy of the checkout, and of the page, which was built before: its tools
# come from npm, which dpkg knows nothing of.

set -eu
cd "$(dirname "$0")/.."

out=build/deb
tree=$out/coderemote

rm -rf "$out"
mkdir -p "$tree/build"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tree"
cp -r build/web "$tree/build/web"

(cd "$tree" && DEB_BUILD_OPTIONS="parallel=$(nproc)" \
    dpkg-buildpackage --build=binary --no-sign) > "$out/build.log" 2>&1 \
    || { tail -n 40 "$out/build.log" >&2; exit 1; }

rm -rf "$tree"
ls "$out"/*.deb
