#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs one by the system's package manager.
found() {
  [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}
found && exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null && { [ -z "$as_root" ] || sudo -n true 2>/dev/null; }; then
  echo "No Chromium found: installing it (apt-get install chromium) ..."
  log=$(mktemp)
  { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q chromium; } >"$log" 2>&1 ||
    tail -n 3 "$log" >&2
  rm -f "$log"
fi
found || { echo "The browser tests need Chromium: install it, or set CHROMIUM=/path/to/chromium" >&2; exit 1; }
