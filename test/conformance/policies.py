"""Witness 5: parliament reads every policy of every template, and every policy that the doctor proposes."""

from __future__ import annotations

import json
import re
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

warnings.filterwarnings("ignore", "pkg_resources is deprecated")  # which parliament still uses

from parliament import analyze_policy_string

from operations import ROOT
from templates import Template, all_files

Json = dict[str, Any]

ITSELF = "in the policy of a key or a vault, * is that key or vault"
OWN_KEY = "AWS's first statement of every key policy: without it nobody could change the policy any more"
READS = (
    "which vault, recovery point, key, role or stack a failed copy names is not known before; reading is all that it is"
)
TAKES = "taking on roles is what it does, and only roles of this deployment's names: see docs/permissions.md"

# Findings that stay: where and which (patterns), and why. A policy is `identity`, `resource` or `trust`.
KNOWN: list[tuple[str, str, str]] = [
    (
        r"^trust ",
        r"CREDENTIALS_EXPOSURE: $",
        "a trust policy says who may take the role on: sts:AssumeRole is its one action",
    ),
    (r"^resource .* (KeyPolicy|plan \d+)$", r"RESOURCE_STAR: \['(kms:|backup:CopyIntoBackupVault'\]$)", ITSELF),
    (r"^resource .* (KeyPolicy|plan \d+)$", r"PERMISSIONS_MANAGEMENT_ACTIONS: $", OWN_KEY),
    (
        r"^identity .*ReaderRole.* read$",
        r"RESOURCE_STAR: \['backup:DescribeBackupVault', 'backup:DescribeRecoveryPoint', 'backup:GetBackupVaultAccessPolicy'\]$",
        READS,
    ),
    (r"^identity .*ReaderRole.* read$", r"RESOURCE_STAR: \['cloudformation:DescribeStackResources'\]$", READS),
    (r"^identity .*ReaderRole.* read$", r"RESOURCE_STAR: \['iam:GetRole'\]$", READS),
    (
        r"^identity .*ReaderRole.* read$",
        r"RESOURCE_STAR: \['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListGrants'\]$",
        READS,
    ),
    (r"^identity .*ReaderRole.* read$", r"RESOURCE_STAR: \['organizations:DescribeEffectivePolicy'\]$", READS),
    (
        r"^identity .*OrganizationReaderRole read$",
        r"RESOURCE_STAR: \['organizations:DescribeAccount'\]$",
        "a member's ARN holds the organization's id, and a policy may name any member; reading is all that it is",
    ),
    (
        r"^identity .*VaultWriter.* change-vault-policies$",
        r"PERMISSIONS_MANAGEMENT_ACTIONS: $",
        "changing the policies of the vaults that the settings list is what it is for",
    ),
    (
        r"^identity .*Retrier.* start-copies$",
        r"PERMISSIONS_MANAGEMENT_ACTIONS: $",
        "iam:PassRole, of the copy roles that the settings list and to AWS Backup only",
    ),
    (
        r"^identity .*Retrier.* start-copies$",
        r"RESOURCE_STAR: \['backup:StartCopyJob'\]$",
        "recovery points have ARNs of many services; which fails is not known before",
    ),
    (r"^identity .* (diagnose|remediate)$", r"CREDENTIALS_EXPOSURE: $", TAKES),
    (
        r"^identity .*(ApproverRole|OperatorPolicy)",
        r"UNKNOWN_CONDITION_FOR_ACTION: Unknown condition lambda:InvokedViaFunctionUrl for action lambda:InvokeFunction$",
        "newer than parliament: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    (
        r"^identity .*OperatorPolicy",
        r"RESOURCE_STAR: \['cloudtrail:GetTrailStatus'\]$",
        "an organization's trail is of another account",
    ),
    (
        r"^identity .*OperatorPolicy",
        r"RESOURCE_STAR: \['cloudwatch:DescribeAlarms'\]$",
        "`drill` looks at the alarms; reading is all that it is",
    ),
]


def kinds_of(resource: Json) -> Iterator[tuple[str, str, Any]]:
    """Kind, where, and document of each policy of a resource."""
    properties = resource["Properties"]
    for name, value in properties.items():
        if name == "AssumeRolePolicyDocument":
            yield "trust", name, value
        elif name == "KeyPolicy":
            yield "resource", name, value
        elif name == "PolicyDocument":
            yield "identity" if resource["Type"].startswith("AWS::IAM::") else "resource", name, value
        elif name == "Policies":
            for policy in value:
                yield "identity", str(policy["PolicyName"]), policy["PolicyDocument"]


def in_templates() -> Iterator[tuple[str, str, Json]]:
    for template in map(Template, all_files()):
        found = 0
        for name, resource in template.resources.items():
            for kind, where, document in kinds_of(resource):
                found += 1
                value = template.value(document)
                yield kind, f"{template.name} {name} {where}", json.loads(value) if isinstance(value, str) else value
        held = len(re.findall(r'\\?"Statement\\?"\s*:', json.dumps(template.document)))
        if held != found:
            raise SystemExit(f"{template.name}: {held} policies are in it, {found} were found")


def proposed() -> Iterator[tuple[str, str, Json]]:
    """What a vault's or key's policy becomes if a plan is carried out."""
    for path in sorted((ROOT / "test/cases").glob("*.json")):
        command = ["node_modules/.bin/tsx", "bin/cli.ts", "diagnose", "--case", str(path), "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        plans = json.loads(done.stdout).get("plans", [])
        for number, plan in enumerate(plans):
            yield "resource", f"{path.name} plan {number}", plan["after"]


def findings(kind: str, document: Json) -> list[str]:
    # parliament wants a resource in every statement; a trust policy has none, so a finding about it is one about this.
    statements = [{**one, "Resource": "*"} if kind == "trust" else one for one in document["Statement"]]
    told = analyze_policy_string(json.dumps({**document, "Statement": statements}), include_community_auditors=True)
    given = {f"{one.issue}: {one.detail}" for one in told.findings}
    return sorted(one for one in given if not (kind == "trust" and one.startswith("RESOURCE_STAR")))


def main() -> None:
    counts: Counter[str] = Counter()
    used: set[int] = set()
    wrong: list[str] = []
    templates, plans = list(in_templates()), list(proposed())
    if not plans:
        wrong.append("no case has a plan")
    for kind, where, document in [*templates, *plans]:
        counts[kind] += 1
        counts["statements"] += len(document["Statement"])
        for finding in findings(kind, document):
            known = [
                number
                for number, (at, what, _) in enumerate(KNOWN)
                if re.search(at, f"{kind} {where}") and re.match(what, finding)
            ]
            used.update(known)
            if not known:
                wrong.append(f"{kind} {where}: {finding}")
    wrong += [f"no finding any more: {KNOWN[number][:2]}" for number in range(len(KNOWN)) if number not in used]
    for one in wrong:
        print(f"  {one}")
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(
        f"policies: {len(templates)} of templates, {len(plans)} proposed ({told}); {len(wrong)} findings without a reason, {len(KNOWN)} reasons"
    )
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
