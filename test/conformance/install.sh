#!/usr/bin/env bash
# What package-lock.json names, in this folder only: the engine is under the AGPL and never part of the project.
set -euo pipefail
cd "$(dirname "$0")"
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock.json
fi
