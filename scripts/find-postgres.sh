#!/bin/sh
# find-postgres.sh: print the folder of PostgreSQL's programs for the tests; install Debian's if there are none.
# Where neither works, it prints nothing and says so, and the tests that need it are left out.
set -u

installed() {
    if path=$(command -v initdb); then
        dirname "$(readlink -f "$path")"
        return
    fi
    for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin; do
        if [ -x "$folder/initdb" ]; then newest=$folder; fi
    done
    [ -n "${newest:-}" ] && echo "$newest"
}

installed && exit
"$(dirname "$0")/apt-install.sh" postgresql && installed && exit
echo "Without PostgreSQL the tests of a cluster are left out." >&2
exit 0
