#!/bin/sh
# find-browser.sh PYTHON [--shell]: print the path of a Chromium; install one if there is none.
# Debian's own package comes first; elsewhere Playwright downloads its build.
# --shell: rather Chromium without its windows, the same engine for an eighth less of the processor.
set -eu

python=$1
packages=chromium
[ "${2:-}" != --shell ] || packages='chromium-headless-shell chromium'
apt_install="$(dirname "$0")/apt-install.sh"
mac='/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

installed() {
    # Each candidate is run: Ubuntu's chromium-browser, for one, may be a stub that only asks for a snap.
    for candidate in "${BATCHVIZ_CHROMIUM:-}" $packages chromium-browser google-chrome google-chrome-stable "$mac"; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

bundled() {
    "$python" - <<'PYTHON'
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
if not Path(path).exists():
    raise SystemExit(1)
print(path)
PYTHON
}

# Playwright's driver is a Node.js that needs libatomic, which a minimal Debian or Ubuntu lacks.
"$python" -m playwright --version >/dev/null 2>&1 || "$apt_install" libatomic1

installed && exit
bundled && exit
if grep -qs '^ID=debian' /etc/os-release; then
    for package in $packages; do
        "$apt_install" "$package" && installed && exit
    done
fi
echo "Downloading Chromium with Playwright ..." >&2
# With the system libraries it needs where this user may install them, else alone: they may well be there.
"$python" -m playwright install --with-deps chromium >&2 || "$python" -m playwright install chromium >&2
bundled
