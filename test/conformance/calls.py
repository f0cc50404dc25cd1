"""What moto and the sandbox are both asked."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Own",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)
POLICY_OF_SESSION = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "backup:*", "Resource": "*"}]}
)
OUTSIDE = [
    ("organizations:DescribeOrganization", "of no organization", {}),
    ("organizations:DescribeAccount", "of no organization", {"AccountId": "444444444444"}),
]


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
        (
            "kms:ListGrants",
            "of a principal",
            {"KeyId": w["key"], "GranteePrincipal": "arn:aws:iam::111111111111:role/grantee-3"},
        ),
        (
            "kms:ListGrants",
            "of nobody",
            {"KeyId": w["key"], "GranteePrincipal": "arn:aws:iam::111111111111:role/nobody-3"},
        ),
        ("kms:ListGrants", "of a missing key", {"KeyId": missing}),
    ]
    sts = [
        ("sts:GetCallerIdentity", "", {}),
        ("sts:AssumeRole", "plain", {"RoleArn": w["role"], "RoleSessionName": "me"}),
        (
            "sts:AssumeRole",
            "for a quarter of an hour",
            {"RoleArn": w["role"], "RoleSessionName": "me", "DurationSeconds": 900},
        ),
        (
            "sts:AssumeRole",
            "with a source identity",
            {"RoleArn": w["role"], "RoleSessionName": "me", "SourceIdentity": "me"},
        ),
        (
            "sts:AssumeRole",
            "with a session policy",
            {"RoleArn": w["role"], "RoleSessionName": "me", "Policy": POLICY_OF_SESSION},
        ),
        (
            "sts:AssumeRole",
            "of a session that is too long",
            {"RoleArn": w["role"], "RoleSessionName": "me", "DurationSeconds": 43201},
        ),
    ]
    sns = [
        ("sns:Publish", "a text", {"TopicArn": w["topic"], "Message": "x", "Subject": "Copies"}),
        (
            "sns:Publish",
            "a text each protocol",
            {"TopicArn": w["topic"], "MessageStructure": "json", "Message": json.dumps({"default": "x", "email": "y"})},
        ),
        (
            "sns:Publish",
            "with attributes",
            {
                "TopicArn": w["topic"],
                "Message": "x",
                "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "mail"}},
            },
        ),
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
