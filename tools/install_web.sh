#!/bin/bash
#
# Copies the page that `make web` built, and nginx's configuration for it.

set -eu

conf=$DESTDIR$CONFDIR
html=$DESTDIR$HTMLDIR

# The configuration is there without the page, too: another build's files, or
# a later one's, are then put in that folder.
install -d -m 755 "$conf" "$html"

if [ ! -e "$conf/web.conf" ]; then
    sed "s|/usr/share/coderemote/html|$HTMLDIR|g" conf/web.conf \
        > "$conf/web.conf.new"
    chmod 644 "$conf/web.conf.new"
    mv -f "$conf/web.conf.new" "$conf/web.conf"
fi

if [ -z "$WEB" ]; then
    exit 0
fi

# New files have new names, so those who have the old page open keep theirs:
# what it loads late stays for a month.  The pages themselves go last.
(cd "$WEB" && find . -type f) | while read -r file; do
    case $file in
        *.html) continue ;;
    esac
    install -D -m 644 "$WEB/$file" "$html/$file"
done

for page in "$WEB"/*.html; do
    install -m 644 "$page" "$html/$(basename "$page").new"
    mv -f "$html/$(basename "$page").new" "$html/$(basename "$page")"
done

find "$html/assets" -type f -mtime +30 | while read -r file; do
    if [ ! -e "$WEB/assets/$(basename "$file")" ]; then
        rm -f "$file"
    fi
done
