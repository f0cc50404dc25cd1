#!/usr/bin/env bash
# The policy evaluator against @cloud-copilot/iam-simulate. Installs that engine here if it is not, and nowhere else.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/install.sh"
exec node "$here/oracle.mjs" "$@"
