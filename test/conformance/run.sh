#!/usr/bin/env bash
# Proofs by programs not written here. The script makes its own Python environment; a missing tool fails the run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$here/.venv"
if [ ! -x "$venv/bin/cfn-lint" ] || ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi

cd "$root"
npx --no-install cdk synth -q -o cdk.out -c email=you@example.com \
  -c destinations=arn:aws:backup:eu-west-1:222222222222:backup-vault:dr

templates=(cdk.out/*.template.json dist/destination.template.json)
# Informational findings count too: no error, no warning, nothing to explain away.
"$venv/bin/cfn-lint" --non-zero-exit-code informational "${templates[@]}"
echo "cfn-lint: ${#templates[@]} templates, no error, no warning"
