"""Keys, roles, sessions, stacks and trails."""

from __future__ import annotations

import json

from .case import QUERY, Bad, Case, Cases, Good, Pages, World


def identity(w: World) -> Cases:
    def key_policy(*actions: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Action": list(actions),
            "Resource": "*",
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    missing = w["key"][:-1] + ("0" if w["key"][-1] != "0" else "1")
    nobody = w["copyRole"].rpartition("/")[0] + "/no-such-role"
    simulate = {
        "PolicySourceArn": w["copyRole"],
        "ActionNames": [f"backup:Action{n}" for n in range(12)],
        "ResourceArns": ["*"],
    }
    stacks = {"PhysicalResourceId": w["queue"]}
    return {
        "kms:DescribeKey": Case(
            [
                Good({"KeyId": w["key"]}, lambda r: r["KeyMetadata"]["KeyState"] == "Enabled"),
                Good({"KeyId": "alias/witness"}, lambda r: r["KeyMetadata"]["Arn"] == w["key"]),
            ],
            [Bad("NotFoundException", {"KeyId": missing}), Bad("AccessDeniedException", {"KeyId": w["foreignKey"]})],
        ),
        "kms:GetKeyPolicy": Case(
            [Good({"KeyId": w["key"], "PolicyName": "default"}, lambda r: "Statement" in json.loads(r["Policy"]))],
            [
                Bad("NotFoundException", {"KeyId": missing}),
                Bad("NotFoundException", {"KeyId": w["key"], "PolicyName": "other"}),
            ],
        ),
        "kms:PutKeyPolicy": Case(
            [Good({"KeyId": w["key"], "PolicyName": "default", "Policy": key_policy("kms:*")}, lambda r: True)],
            [
                Bad("NotFoundException", {"KeyId": missing, "PolicyName": "default", "Policy": key_policy("kms:*")}),
                Bad("MalformedPolicyDocumentException", {"KeyId": w["key"], "Policy": "no policy"}),
                Bad("MalformedPolicyDocumentException", {"KeyId": w["key"], "Policy": key_policy("kms:DescribeKey")}),
            ],
        ),
        "kms:ListGrants": Case(
            [Good({"KeyId": w["key"], "Limit": 100}, lambda r: len(r["Grants"]) == 60 and r["Truncated"] is False)],
            [
                Bad("NotFoundException", {"KeyId": missing}),
                Bad("InvalidMarkerException", {"KeyId": w["key"], "Marker": "of nobody"}),
            ],
            Pages({"KeyId": w["key"]}, "Grants", 60, 25),
        ),
        "iam:GetRole": Case(
            [
                Good(
                    {"RoleName": "AWSBackupDefaultServiceRole"},
                    lambda r: r["Role"]["AssumeRolePolicyDocument"]["Version"] == "2012-10-17",
                )
            ],
            [Bad("NoSuchEntity", {"RoleName": "no-such-role"}, status=404)],
            refused=QUERY,
        ),
        "iam:SimulatePrincipalPolicy": Case(
            [Good(simulate, lambda r: {one["EvalDecision"] for one in r["EvaluationResults"]} == {"allowed"})],
            [
                Bad("NoSuchEntity", {**simulate, "PolicySourceArn": nobody}, status=404),
                Bad("InvalidInput", {**simulate, "Marker": "of nobody"}),
            ],
            Pages(simulate, "EvaluationResults", 12, 5),
            refused=QUERY,
        ),
        "sts:AssumeRole": Case(
            [
                Good(
                    {"RoleArn": w["reader"], "RoleSessionName": "me", "SourceIdentity": "me"},
                    lambda r: r["AssumedRoleUser"]["Arn"].endswith("/reader/me") and r["SourceIdentity"] == "me",
                )
            ],
            [
                Bad(
                    "AccessDenied", {"RoleArn": w["closed"], "RoleSessionName": "me"}, status=403, says="sts:AssumeRole"
                ),
                Bad("AccessDenied", {"RoleArn": nobody, "RoleSessionName": "me"}, status=403),
                Bad("ValidationError", {"RoleArn": w["reader"], "RoleSessionName": "me", "DurationSeconds": 43200}),
            ],
            refused=QUERY,
        ),
        "sts:GetCallerIdentity": Case(
            [
                Good({}, lambda r: r["Arn"] == "arn:aws:iam::111111111111:user/admin"),
                Good({}, lambda r: ":assumed-role/nobody/" in r["Arn"], who="nobody"),
            ],
            refused=None,
        ),
        "cloudformation:DescribeStacks": Case(
            [
                Good(
                    {"StackName": "CopyDoctor"},
                    lambda r: r["Stacks"][0]["Outputs"] == [{"OutputKey": "Table", "OutputValue": "incidents"}],
                )
            ],
            [Bad("ValidationError", {"StackName": "no-such-stack"}, says="Stack with id no-such-stack does not exist")],
            refused=QUERY,
        ),
        "cloudformation:DescribeStackResources": Case(
            [Good(stacks, lambda r: r["StackResources"][0]["StackId"] == w["stack"])],
            [
                Bad(
                    "ValidationError",
                    {"PhysicalResourceId": "of-no-stack"},
                    says="Stack for of-no-stack does not exist",
                )
            ],
            refused=QUERY,
        ),
        "cloudtrail:DescribeTrails": Case(
            [Good({}, lambda r: r["trailList"][0]["TrailARN"] == w["trail"])],
            [Bad("InvalidTrailNameException", {"trailNameList": ["x"]})],
        ),
        "cloudtrail:GetTrailStatus": Case(
            [Good({"Name": w["trail"]}, lambda r: r["IsLogging"] is True)],
            [Bad("TrailNotFoundException", {"Name": "no-such-trail"})],
        ),
    }
