"""Witness 4a: the same calls to moto and to the sandbox give answers of the same make, and the same error codes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

os.environ |= {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "MOTO_ACCOUNT_ID": "111111111111",
}

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws

from calls import OUTSIDE, POLICY, calls
from sandbox import Sandbox

Json = dict[str, Any]
# Of an answer: each name with its type. Of an error: its code.
Answer = Any

GRANTS, SUBSCRIPTIONS = 60, 230
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
            }
        ],
    }
)

# Differences that stay, and why. What AWS documents stands on the operation's page of its API reference.
KNOWN: dict[str, str] = {
    r"organizations:DescribeAccount of no organization": "moto looks for the account only; AWS documents AWSOrganizationsNotInUseException",
    r"organizations:DescribeAccount of a member\.Account\.Paths": "newer than moto",
    r"kms:DescribeKey .*\.SigningAlgorithms: only moto": "AWS: present only of keys that sign",
    r"kms:DescribeKey .*\.(KeyUsage|MultiRegion): only the sandbox": "moto leaves out what AWS tells of every key",
    r"kms:GetKeyPolicy .*\.PolicyName: only the sandbox": "moto leaves it out",
    r"kms:PutKeyPolicy without a name": "AWS: optional, and `default` is the only name",
    r"kms:ListGrants (first|a small|page by) page": "moto knows neither Limit nor Marker",
    r"kms:ListGrants of (a principal|nobody)\.Grants": "moto does not know GranteePrincipal",
    r"kms:ListGrants .*\.(CreationDate|IssuingAccount|Name): only the sandbox": "moto leaves them out",
    r"kms:ListGrants of a missing key: .a fault of its own": "moto fails; AWS documents NotFoundException",
    r"sts:AssumeRole .*\.PackedPolicySize: only moto": "moto tells it always, AWS where policies or tags are packed; nothing here reads it",
    r"sts:AssumeRole with a source identity\.SourceIdentity: only the sandbox": "moto does not know it",
    r"sts:AssumeRole of a session that is too long": "moto does not check it against the role",
    r"sns:Publish a longer text in bytes": "moto counts characters; AWS: 262,144 bytes",
    r"sns:Publish no text": "moto takes an empty text; AWS: must not be empty",
}


PAGINATED = {"kms:ListGrants": "Grants", "sns:ListSubscriptionsByTopic": "Subscriptions"}

Client = Callable[[str], Any]


def outline(value: Any) -> Any:
    """Names and types; lists by their length and the makes of their items."""
    if isinstance(value, dict):
        return {
            name: outline(one)
            for name, one in sorted(value.items())
            if name not in ("ResponseMetadata", "NextToken", "NextMarker")
        }
    if isinstance(value, list):
        makes = sorted({json.dumps(outline(one)) for one in value})
        return [len(value), *map(json.loads, makes)]
    return type(value).__name__


def ask(client: Client, name: str, params: Json) -> Answer:
    service, operation = name.split(":")
    try:
        answer = getattr(client(service), xform_name(operation))(**params)
    except ClientError as error:
        return f"{error.response['Error']['Code']} {error.response['ResponseMetadata']['HTTPStatusCode']}"
    except (KeyError, NotImplementedError) as fault:  # moto runs in this process
        return f"a fault of its own: {type(fault).__name__}"
    return {"more": "NextToken" in answer or "NextMarker" in answer, **outline(answer)}


def ask_all(client: Client, world: Json) -> dict[str, Answer]:
    answers = {f"{name} {what}".strip(): ask(client, name, params) for name, what, params in calls(world)}
    for name, items in PAGINATED.items():
        service, operation = name.split(":")
        params = {"KeyId": world["key"]} if service == "kms" else {"TopicArn": world["topic"]}
        pages = client(service).get_paginator(xform_name(operation)).paginate(**params)
        answers[f"{name} page by page"] = [len(page[items]) for page in pages]
    return answers


def by_moto() -> dict[str, Answer]:
    with mock_aws():
        made: dict[str, Any] = {}

        def client(service: str) -> Any:
            return made.setdefault(service, boto3.client(service))

        outside = {f"{name} {what}": ask(client, name, params) for name, what, params in OUTSIDE}
        kms, sns, organizations = client("kms"), client("sns"), client("organizations")
        key = kms.create_key(Policy=POLICY)["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/witness", TargetKeyId=key)
        for number in range(GRANTS):
            kms.create_grant(
                KeyId=key,
                GranteePrincipal=f"arn:aws:iam::111111111111:role/grantee-{number}",
                Operations=["Decrypt", "CreateGrant"],
            )
        topic = sns.create_topic(Name="notifications")["TopicArn"]
        for number in range(SUBSCRIPTIONS):
            sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"you+{number}@example.com")
        organizations.create_organization(FeatureSet="ALL")
        member = organizations.create_account(Email="you@example.com", AccountName="member")["CreateAccountStatus"][
            "AccountId"
        ]
        world = {
            "key": key,
            "topic": topic,
            "quietTopic": sns.create_topic(Name="quiet")["TopicArn"],
            "role": boto3.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"],
            "member": member,
        }
        return {**outside, **ask_all(client, world)}


def by_sandbox() -> dict[str, Answer]:
    with Sandbox() as sandbox:
        # The organization is the management account's.
        def client(service: str) -> Any:
            return sandbox.client(service, "management" if service == "organizations" else "source")

        outside = {
            f"{name} {what}": ask(lambda service: sandbox.client(service, "alone"), name, params)
            for name, what, params in OUTSIDE
        }
        world = {
            "quietTopic": sandbox.world["encryptedTopic"],
            "role": sandbox.world["reader"],
            "member": "111111111111",
        }
        return {**outside, **ask_all(client, {**sandbox.world, **world})}


def differences(moto: Answer, sandbox: Answer, at: str) -> list[str]:
    if isinstance(moto, dict) and isinstance(sandbox, dict):
        own = [f"{at}.{name}: only moto has it" for name in moto if name not in sandbox]
        own += [f"{at}.{name}: only the sandbox has it" for name in sandbox if name not in moto]
        return own + [
            one for name in moto if name in sandbox for one in differences(moto[name], sandbox[name], f"{at}.{name}")
        ]
    if isinstance(moto, list) and isinstance(sandbox, list) and len(moto) == len(sandbox):
        return [
            one
            for number, pair in enumerate(zip(moto, sandbox))
            for one in differences(*pair, f"{at}[{number}]" if number == 0 else f"{at}[]")
        ]
    return (
        []
        if moto == sandbox
        else [f"{at}: {json.dumps(moto)[:200]} of moto, {json.dumps(sandbox)[:200]} of the sandbox"]
    )


def main() -> None:
    moto, sandbox = by_moto(), by_sandbox()
    found = [one for what in moto for one in differences(moto[what], sandbox[what], what)]
    unknown = [one for one in found if not any(re.match(known, one) for known in KNOWN)]
    stale = [known for known in KNOWN if not any(re.match(known, one) for one in found)]
    for one in unknown + [f"no difference any more: {known}" for known in stale]:
        print(f"  {one}")
    errors = sum(isinstance(one, str) for one in moto.values())
    print(
        f"second implementation: {len(moto)} calls ({errors} errors in moto); {len(found)} differences, {len(found) - len(unknown)} of them known, with a reason"
    )
    raise SystemExit(1 if unknown or stale else 0)


if __name__ == "__main__":
    main()
