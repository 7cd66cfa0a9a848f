#!/usr/bin/env bash
# Makes .venv with fetch2socket and what its tests need.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

command -v "$python" >/dev/null || { echo "fetch2socket needs Python 3.11 or newer: $python was not found" >&2; exit 1; }
"$python" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("fetch2socket needs Python 3.11 or newer; this is " + sys.version.split()[0])'
if [ ! -x .venv/bin/python ]; then
  "$python" -m venv .venv || { rm -rf .venv; echo "$python has no venv module: install it (Debian: apt-get install python3-venv)" >&2; exit 1; }
fi
echo "Installing Python packages into .venv ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' 2> >(grep -v '^WARNING' >&2)
