#!/bin/bash
#
# What can be checked of the style without understanding C: the width, the
# comments, tabs, blanks at line ends, the length of files; then cppcheck,
# where it is installed.

set -u
cd "$(dirname "$0")/.."

failed=0

# The programs of t/hostile/ are data, with what is expected in long lines.
mapfile -t sources < <(git ls-files '*.c' '*.h' ':!t/hostile' 2>/dev/null)

if [ ${#sources[@]} -eq 0 ]; then
    mapfile -t sources < <(find ngx_http_coderemote_module sandbox_helper \
        tools t -name '*.[ch]' -type f -not -path '*/hostile/*')
fi

complain() {   # complain WHAT AWK-CONDITION
    local found
    found=$(awk "FNR == 1 { skip = 0 } $2 "'{
        print FILENAME ":" FNR ": " $0 }' "${sources[@]}")
    if [ -n "$found" ]; then
        printf '%s\n' "$found" | sed "s|^\([^:]*:[0-9]*\): .*|\1: $1|"
        failed=1
    fi
}

complain 'more than 80 columns' 'length($0) > 80'
complain 'a tab' '/\t/'
complain 'blanks at the end' '/[ \t]$/'

# "://" is an address; a // inside quotes is text.
complain 'a // comment' '/(^|[^:"])\/\// && !/"[^"]*\/\/[^"]*"/ && !/^ \*/'

long=$(wc -l "${sources[@]}" | awk '$2 != "total" && $1 > 700 {
    print $2 ": " $1 " lines, more than 700" }')
if [ -n "$long" ]; then
    printf '%s\n' "$long"
    failed=1
fi

if command -v cppcheck >/dev/null; then
    helper=()
    for source in "${sources[@]}"; do
        # Of nginx's and Python's macros cppcheck knows nothing.
        case $source in
            sandbox_helper/runtimes/*) ;;
            sandbox_helper/*.c|tools/*.c) helper+=("$source") ;;
        esac
    done

    if [ ${#helper[@]} -gt 0 ]; then
        cppcheck --quiet --std=c11 --enable=warning,portability \
            --inline-suppr --suppress=missingIncludeSystem \
            --error-exitcode=1 -Isandbox_helper "${helper[@]}" || failed=1
    fi
else
    echo "cppcheck is not installed: left out"
fi

exit $failed
