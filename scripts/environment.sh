#!/bin/sh
# environment.sh DIR PIP-ARGUMENTS...: make the virtual environment DIR and install into it from the lock
# (constraints.txt, or the one named in CONSTRAINTS).
# uv (itself from the lock) installs in seconds; it trusts the certificates that this system trusts. Where it
# cannot reach the package index, because only pip knows this network's settings, pip does the same in a minute.
# Compiled here and once: where PYTHONDONTWRITEBYTECODE is set, or the folder cannot be written to later, every start
# of TensorFlow would compile it again, 15 seconds in place of 5.
set -eu

scripts=$(dirname "$0")
lock=${CONSTRAINTS:-constraints.txt}
venv=$1
shift

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    base=$("$scripts/find-python.sh")
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        "$scripts/apt-install.sh" "python$version-venv"
    fi
    echo "Creating $venv with $("$base" --version) ($base)"
    rm -rf "$venv"
    "$base" -m venv "$venv"
fi

echo "Installing the packages of $lock into $venv (some hundred MB the first time) ..."
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$venv/bin/python" -m pip install --quiet --constraint constraints.txt uv
if ! "$venv/bin/python" -m uv pip install --system-certs --compile-bytecode --python "$venv/bin/python" --constraint "$lock" "$@"; then
    echo "uv could not install; trying the same with pip ..."
    "$venv/bin/python" -m pip install --constraint "$lock" "$@"
fi
