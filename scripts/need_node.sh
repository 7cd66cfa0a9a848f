#!/usr/bin/env bash
# Says in one line that Node or npm is missing or too old.
command -v node >/dev/null || { echo "Node 20 or newer is needed: node was not found" >&2; exit 1; }
command -v npm >/dev/null || { echo "npm is needed: it was not found" >&2; exit 1; }
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' ||
  { echo "Node 20 or newer is needed; this is $(node --version)" >&2; exit 1; }
