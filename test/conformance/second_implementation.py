"""Witness 4a: the same calls to moto and to the sandbox give answers of the same make, and the same error codes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1", "MOTO_ACCOUNT_ID": "111111111111"}

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox import Sandbox

Json = dict[str, Any]
# Of an answer: each name with its type. Of an error: its code.
Answer = Any

GRANTS, SUBSCRIPTIONS = 60, 230
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "kms:*", "Resource": "*"}]})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}]})

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


def calls(w: Json) -> list[tuple[str, str, Json]]:
    """Operation, what is particular about the call, parameters. `w` names the same things in both worlds."""
    missing = w["key"][:-12] + "0" * 12
    kms = [
        ("kms:DescribeKey", "by ARN", {"KeyId": w["key"]}),
        ("kms:DescribeKey", "by id", {"KeyId": w["key"].rpartition("/")[2]}),
        ("kms:DescribeKey", "by alias", {"KeyId": "alias/witness"}),
        ("kms:DescribeKey", "by the alias' ARN", {"KeyId": w["key"].rpartition(":")[0] + ":alias/witness"}),
        ("kms:DescribeKey", "missing ARN", {"KeyId": missing}),
        ("kms:DescribeKey", "missing id", {"KeyId": missing.rpartition("/")[2]}),
        ("kms:DescribeKey", "missing alias", {"KeyId": "alias/no-such-alias"}),
        ("kms:GetKeyPolicy", "by its name", {"KeyId": w["key"], "PolicyName": "default"}),
        ("kms:GetKeyPolicy", "by id", {"KeyId": w["key"].rpartition("/")[2], "PolicyName": "default"}),
        ("kms:GetKeyPolicy", "of a missing key", {"KeyId": missing, "PolicyName": "default"}),
        ("kms:GetKeyPolicy", "of another name", {"KeyId": w["key"], "PolicyName": "other"}),
        ("kms:PutKeyPolicy", "a good one", {"KeyId": w["key"], "PolicyName": "default", "Policy": POLICY}),
        ("kms:PutKeyPolicy", "without a name", {"KeyId": w["key"], "Policy": POLICY}),
        ("kms:PutKeyPolicy", "of a missing key", {"KeyId": missing, "PolicyName": "default", "Policy": POLICY}),
        ("kms:ListGrants", "first page", {"KeyId": w["key"]}),
        ("kms:ListGrants", "a small page", {"KeyId": w["key"], "Limit": 7}),
        ("kms:ListGrants", "all", {"KeyId": w["key"], "Limit": 100}),
        ("kms:ListGrants", "of a principal", {"KeyId": w["key"], "GranteePrincipal": "arn:aws:iam::111111111111:role/grantee-3"}),
        ("kms:ListGrants", "of nobody", {"KeyId": w["key"], "GranteePrincipal": "arn:aws:iam::111111111111:role/nobody-3"}),
        ("kms:ListGrants", "of a missing key", {"KeyId": missing}),
    ]
    sts = [
        ("sts:GetCallerIdentity", "", {}),
        ("sts:AssumeRole", "plain", {"RoleArn": w["role"], "RoleSessionName": "me"}),
        ("sts:AssumeRole", "for a quarter of an hour", {"RoleArn": w["role"], "RoleSessionName": "me", "DurationSeconds": 900}),
        ("sts:AssumeRole", "with a source identity", {"RoleArn": w["role"], "RoleSessionName": "me", "SourceIdentity": "me"}),
        ("sts:AssumeRole", "with a session policy", {"RoleArn": w["role"], "RoleSessionName": "me", "Policy": POLICY_OF_SESSION}),
        ("sts:AssumeRole", "of a session that is too long", {"RoleArn": w["role"], "RoleSessionName": "me", "DurationSeconds": 43201}),
    ]
    sns = [
        ("sns:Publish", "a text", {"TopicArn": w["topic"], "Message": "x", "Subject": "Copies"}),
        ("sns:Publish", "a text each protocol", {"TopicArn": w["topic"], "MessageStructure": "json", "Message": json.dumps({"default": "x", "email": "y"})}),
        ("sns:Publish", "with attributes", {"TopicArn": w["topic"], "Message": "x", "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "mail"}}}),
        ("sns:Publish", "the longest subject", {"TopicArn": w["topic"], "Message": "x", "Subject": "x" * 100}),
        ("sns:Publish", "a longer subject", {"TopicArn": w["topic"], "Message": "x", "Subject": "x" * 101}),
        ("sns:Publish", "the longest text", {"TopicArn": w["topic"], "Message": "x" * 262_144}),
        ("sns:Publish", "a longer text", {"TopicArn": w["topic"], "Message": "x" * 262_145}),
        ("sns:Publish", "the longest text in bytes", {"TopicArn": w["topic"], "Message": "ä" * 131_072}),
        ("sns:Publish", "a longer text in bytes", {"TopicArn": w["topic"], "Message": "ä" * 131_073}),
        ("sns:Publish", "no text", {"TopicArn": w["topic"], "Message": ""}),
        ("sns:Publish", "no JSON", {"TopicArn": w["topic"], "Message": "x", "MessageStructure": "json"}),
        ("sns:Publish", "no text for the rest", {"TopicArn": w["topic"], "Message": "{}", "MessageStructure": "json"}),
        ("sns:Publish", "to no topic", {"TopicArn": w["topic"] + "-2", "Message": "x"}),
        ("sns:ListSubscriptionsByTopic", "first page", {"TopicArn": w["topic"]}),
        ("sns:ListSubscriptionsByTopic", "of no topic", {"TopicArn": w["topic"] + "-2"}),
        ("sns:ListSubscriptionsByTopic", "none", {"TopicArn": w["quietTopic"]}),
    ]
    organizations = [
        ("organizations:DescribeOrganization", "", {}),
        ("organizations:DescribeAccount", "of a member", {"AccountId": w["member"]}),
        ("organizations:DescribeAccount", "of no member", {"AccountId": "444444444444"}),
    ]
    return [*kms, *sts, *sns, *organizations]


POLICY_OF_SESSION = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "backup:*", "Resource": "*"}]})
OUTSIDE = [
    ("organizations:DescribeOrganization", "of no organization", {}),
    ("organizations:DescribeAccount", "of no organization", {"AccountId": "444444444444"}),
]
PAGINATED = {"kms:ListGrants": "Grants", "sns:ListSubscriptionsByTopic": "Subscriptions"}

Client = Callable[[str], Any]


def outline(value: Any) -> Any:
    """Names and types; lists by their length and the makes of their items."""
    if isinstance(value, dict):
        return {name: outline(one) for name, one in sorted(value.items()) if name not in ("ResponseMetadata", "NextToken", "NextMarker")}
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
            kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::111111111111:role/grantee-{number}", Operations=["Decrypt", "CreateGrant"])
        topic = sns.create_topic(Name="notifications")["TopicArn"]
        for number in range(SUBSCRIPTIONS):
            sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"you+{number}@example.com")
        organizations.create_organization(FeatureSet="ALL")
        member = organizations.create_account(Email="you@example.com", AccountName="member")["CreateAccountStatus"]["AccountId"]
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

        outside = {f"{name} {what}": ask(lambda service: sandbox.client(service, "alone"), name, params) for name, what, params in OUTSIDE}
        world = {"quietTopic": sandbox.world["encryptedTopic"], "role": sandbox.world["reader"], "member": "111111111111"}
        return {**outside, **ask_all(client, {**sandbox.world, **world})}


def differences(moto: Answer, sandbox: Answer, at: str) -> list[str]:
    if isinstance(moto, dict) and isinstance(sandbox, dict):
        own = [f"{at}.{name}: only moto has it" for name in moto if name not in sandbox]
        own += [f"{at}.{name}: only the sandbox has it" for name in sandbox if name not in moto]
        return own + [one for name in moto if name in sandbox for one in differences(moto[name], sandbox[name], f"{at}.{name}")]
    if isinstance(moto, list) and isinstance(sandbox, list) and len(moto) == len(sandbox):
        return [one for number, pair in enumerate(zip(moto, sandbox)) for one in differences(*pair, f"{at}[{number}]" if number == 0 else f"{at}[]")]
    return [] if moto == sandbox else [f"{at}: {json.dumps(moto)[:200]} of moto, {json.dumps(sandbox)[:200]} of the sandbox"]


def main() -> None:
    moto, sandbox = by_moto(), by_sandbox()
    found = [one for what in moto for one in differences(moto[what], sandbox[what], what)]
    unknown = [one for one in found if not any(re.match(known, one) for known in KNOWN)]
    stale = [known for known in KNOWN if not any(re.match(known, one) for one in found)]
    print("\n".join(f"  {one}" for one in unknown + [f"no difference any more: {one}" for one in stale]))
    errors = sum(isinstance(one, str) for one in moto.values())
    print(f"second implementation: {len(moto)} calls ({errors} errors in moto); {len(found)} differences, {len(found) - len(unknown)} of them known, with a reason")
    raise SystemExit(1 if unknown or stale else 0)


if __name__ == "__main__":
    main()
