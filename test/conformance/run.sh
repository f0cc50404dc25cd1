#!/usr/bin/env bash
# Witnesses that were not written here. README.md says what each proves and how to run one alone.
# It makes its own environments; a tool that cannot be had fails the run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$here/.venv"
python="$venv/bin/python"
templates="$root/dist/conformance"
export AWS_EC2_METADATA_DISABLED=true PYTHONDONTWRITEBYTECODE=1 AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true

environment() {
  if [ -x "$python" ] && cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then return; fi
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
  "$venv/bin/pip" check # what is pinned is all that is needed
  cp "$here/requirements.txt" "$venv/requirements.txt"
}

synth() {
  local name=$1; shift
  rm -rf "${templates:?}/$name"
  npx --no-install cdk synth -q -o "$templates/$name" -c email=you@example.com "$@"
}

# Once as the README says, once with every setting that adds or changes a policy.
synthesize() {
  local vault=arn:aws:backup:eu-west-1:222222222222:backup-vault:dr
  synth plain -c destinations=$vault
  synth everything -c destinations=$vault,arn:aws:backup:eu-central-1:333333333333:backup-vault:dr2 -c autoApply=$vault \
    -c retry=auto -c organizationId=o-example00001 -c organizationAccount=999999999999 -c keyAccounts=333333333333 \
    -c approvers=222222222222,arn:aws:iam::333333333333:role/BackupAdmin -c copyRoles=service-role/Copy,other/Copy2 \
    -c permissionsBoundary=Boundary
}

# All of them, also after one that disagrees.
ask() {
  local disagree=0 one
  for one in "$@"; do "$python" "$here/$one.py" || disagree=1; done
  return $disagree
}
lint() {
  local files=("$templates"/*/*.template.json "$root"/dist/*.template.json)
  # Informational findings count too: no error, no warning, nothing to explain away.
  "$venv/bin/cfn-lint" --non-zero-exit-code informational "${files[@]}" || return 1
  echo "cfn-lint: ${#files[@]} templates, no error, no warning"
}

witness_clients() { ask clients commands; }
witness_schemas() { ask schemas; }
witness_second_implementation() { ask second_implementation event_pattern; }
witness_policies() {
  local disagree=0
  lint || disagree=1
  ask policies || disagree=1
  return $disagree
}
witness_oracle() { bash "$here/oracle.sh"; }

failed=()
witness() {
  local number=$1 what=$2 began=$SECONDS
  echo "== witness $number: $what"
  if "witness_$3"; then echo "== witness $number: agrees, $((SECONDS - began)) s"
  else failed+=("$number"); echo "== witness $number: DISAGREES, $((SECONDS - began)) s"; fi
}

cd "$root"
environment
synthesize
witness 2 "the AWS CLI and boto3 on the embedded AWS" clients
witness 3 "botocore's models against the SDK's schemas" schemas
witness 4 "moto as a second implementation, and for the rules' patterns" second_implementation
witness 5 "cfn-lint on every template, parliament on every policy" policies
witness 1 "iam-simulate as oracle of the evaluator" oracle

if [ ${#failed[@]} -gt 0 ]; then
  echo "conformance: witnesses ${failed[*]} disagree"
  exit 1
fi
echo "conformance: all witnesses agree, $SECONDS s"
