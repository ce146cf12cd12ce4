#!/bin/sh
# Install Debian packages as root or through sudo; say what to type where neither is possible.
set -eu

if ! command -v apt-get >/dev/null; then
    echo "Needed and not installed: $*. Install it with this system's package manager, then try again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    root=''
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    root=sudo
else
    echo "Needed and not installed: $*. Type this, then try again:" >&2
    echo "    sudo apt-get update && sudo apt-get install $*" >&2
    exit 1
fi

echo "Installing $* with apt-get ..." >&2
install() { DEBIAN_FRONTEND=noninteractive $root apt-get install -y -q --no-install-recommends "$@" >&2; }
# The package lists of a fresh machine are empty or old: refresh them only when the first attempt fails.
install "$@" || { $root apt-get update -q >&2 && install "$@"; }
