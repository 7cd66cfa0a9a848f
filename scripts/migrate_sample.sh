#!/usr/bin/env bash
# Writes sample_app/client_socket anew from sample_app/client, and its lock file.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
SQLALCHEMY_DATABASE_URI="sqlite:///$fresh/events.db" .venv/bin/fetch2socket client sample_app/client \
  --events sample_app.server.bridged:app --live --to "$fresh/client_socket"
lock=sample_app/client_socket/package-lock.json
[ ! -f "$lock" ] || cp "$lock" "$fresh/client_socket/package-lock.json"
(cd "$fresh/client_socket" && npm install --package-lock-only --silent)
rm -rf sample_app/client_socket/src
cp -R "$fresh/client_socket/." sample_app/client_socket/
