#!/bin/sh
# Print the newest Python on this machine that can run BatchViz (3.11, 3.12 or 3.13).
# Each candidate is run, not just looked up: a version manager's shim may be on the PATH and still not start.
# A Python without venv (Debian packs it apart) is the second choice: it is printed when nothing better is there.
set -eu

probe='
import sys, ctypes, sqlite3, ssl
if not (3, 11) <= sys.version_info < (3, 14): raise SystemExit(2)
try: import ensurepip, venv
except ImportError: print("without-venv")
else: print("complete")
'
second=''
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    case "$("$candidate" -c "$probe" 2>/dev/null || true)" in
        complete) command -v "$candidate"; exit ;;
        without-venv) second=${second:-$(command -v "$candidate")} ;;
    esac
done
if [ -n "$second" ]; then
    echo "$second"
    exit
fi

{
    if [ -n "${PYTHON:-}" ]; then
        echo "BatchViz cannot use PYTHON=$PYTHON: it needs a working Python 3.11, 3.12 or 3.13."
    else
        echo "BatchViz needs Python 3.11, 3.12 or 3.13, and this machine has none that works."
        echo "Found: $(python3 --version 2>&1 || echo 'no python3')"
    fi
    echo "Install one, for example:  sudo apt-get install python3 python3-venv   (Debian 12, Ubuntu 24.04 or newer)"
    echo "or name one you have:      make run PYTHON=/path/to/python3.12"
} >&2
exit 1
