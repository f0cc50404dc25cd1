"""What the AWS CLI and boto3 ask of each operation: a success, errors that AWS documents, and several pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Good:
    params: Json
    holds: Callable[[Json], bool]
    who: str = "source"


@dataclass(frozen=True)
class Bad:
    code: str
    params: Json
    who: str = "source"
    status: int = 400
    # Part of the text, where the service reads it.
    says: str = ""


@dataclass(frozen=True)
class Pages:
    params: Json
    # The member that holds the items, and how many there are.
    items: str
    count: int
    # None: AWS takes no size; a page is this many.
    size: int | None
    fixed: int = 0


@dataclass(frozen=True)
class Case:
    good: list[Good]
    bad: list[Bad] = field(default_factory=list)
    pages: Pages | None = None
    # How a caller without any permission is refused; None: it is not.
    refused: tuple[str, int] | None = ("AccessDeniedException", 400)


REST = ("AccessDeniedException", 403)
QUERY = ("AccessDenied", 403)
ITEMS = 25

# Paginated, and never asked for more than one page.
ONE_PAGE = {
    "cloudformation:DescribeStacks": "the source asks for one stack, by its name",
    "ec2:DescribeImages": "the source asks for one image, by its id",
    "ec2:DescribeSnapshots": "the source asks for an image's snapshots, by their ids",
}


def item(n: int) -> Json:
    return {"pk": {"S": "page"}, "sk": {"S": f"{n:04}"}, "due": {"S": "due"}, "at": {"S": f"{n:04}"}, "n": {"N": str(n)}}


def seed(client: Any) -> None:
    for n in range(ITEMS):
        client.put_item(TableName="incidents", Item=item(n))
    for sk in ("update", "get"):
        client.put_item(TableName="incidents", Item={"pk": {"S": "one"}, "sk": {"S": sk}, "n": {"N": "1"}})


def cases(w: dict[str, str]) -> dict[str, Case]:
    return {**_backup(w), **_keys_and_roles(w), **_messages(w), **_table(), **_organization(w), **_images(w)}


def _backup(w: dict[str, str]) -> dict[str, Case]:
    def policy(principal: str = "arn:aws:iam::222222222222:root", action: str = "backup:CopyIntoBackupVault") -> str:
        statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    start = {
        "RecoveryPointArn": w["recoveryPoint"],
        "SourceBackupVaultName": "prod",
        "DestinationBackupVaultArn": w["destinationVault"],
        "IamRoleArn": w["copyRole"],
        "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365},
    }
    none = "99999999-0000-4000-8000-000000000000"
    return {
        "backup:DescribeCopyJob": Case(
            [
                Good({"CopyJobId": w["failedJob"]}, lambda r: r["CopyJob"]["StatusMessage"] == 'Access Denied <&> "ä"'),
                Good({"CopyJobId": w["parentJob"]}, lambda r: r["CopyJob"]["IsParent"] and r["CopyJob"]["NumberOfChildJobs"] == 2),
                Good({"CopyJobId": w["runningJob"]}, lambda r: "CompletionDate" not in r["CopyJob"]),
            ],
            [Bad("ResourceNotFoundException", {"CopyJobId": none}, says=none)],
            refused=REST,
        ),
        "backup:ListCopyJobs": Case(
            [
                Good({"ByState": "FAILED", "ByCompleteAfter": 1}, lambda r: len(r["CopyJobs"]) == 10),
                Good({"ByParentJobId": w["parentJob"]}, lambda r: len(r["CopyJobs"]) == 2),
            ],
            [
                Bad("InvalidParameterValueException", {"NextToken": "of nobody"}),
                Bad("InvalidParameterValueException", {"MaxResults": 1000, "NextToken": "%%%"}),
            ],
            Pages({"ByState": "FAILED"}, "CopyJobs", 10, 3),
            refused=REST,
        ),
        "backup:DescribeRecoveryPoint": Case(
            [
                Good({"BackupVaultName": "prod", "RecoveryPointArn": w["recoveryPoint"]}, lambda r: r["ResourceType"] == "EBS"),
                Good({"BackupVaultName": "prod", "RecoveryPointArn": w["efs"]}, lambda r: r["Lifecycle"]["DeleteAfterDays"] == 365),
            ],
            [Bad("ResourceNotFoundException", {"BackupVaultName": "prod", "RecoveryPointArn": w["efs"] + "0"})],
            refused=REST,
        ),
        "backup:DescribeBackupVault": Case(
            [
                Good({"BackupVaultName": "prod"}, lambda r: r["BackupVaultArn"] == w["vault"] and r["NumberOfRecoveryPoints"] == 9),
                Good({"BackupVaultName": "vault-0"}, lambda r: r["Locked"] is True and r["MaxRetentionDays"] == 90),
            ],
            # Not ResourceNotFoundException, as the service's troubleshooting page says.
            [Bad("AccessDeniedException", {"BackupVaultName": "no-such-vault"}, status=403)],
            refused=REST,
        ),
        "backup:ListBackupVaults": Case(
            [Good({}, lambda r: len(r["BackupVaultList"]) == 8)],
            [Bad("InvalidParameterValueException", {"NextToken": "of nobody"})],
            Pages({}, "BackupVaultList", 8, 3),
            refused=REST,
        ),
        "backup:GetBackupVaultAccessPolicy": Case(
            [Good({"BackupVaultName": "prod"}, lambda r: "CopyIntoBackupVault" in json.loads(r["Policy"])["Statement"][0]["Action"])],
            [
                Bad("ResourceNotFoundException", {"BackupVaultName": "no-such-vault"}),
                Bad("ResourceNotFoundException", {"BackupVaultName": "vault-0"}),
            ],
            refused=REST,
        ),
        "backup:PutBackupVaultAccessPolicy": Case(
            [Good({"BackupVaultName": "vault-1", "Policy": policy()}, lambda r: True)],
            [
                Bad("ResourceNotFoundException", {"BackupVaultName": "no-such-vault", "Policy": policy()}),
                Bad("InvalidParameterValueException", {"BackupVaultName": "vault-1", "Policy": "no policy"}),
                Bad("InvalidParameterValueException", {"BackupVaultName": "vault-1", "Policy": policy("arn:aws:iam::444444444444:root")}),
                Bad("AccessDeniedException", {"BackupVaultName": "vault-1", "Policy": policy(action="backup:*")}, status=403),
            ],
            refused=REST,
        ),
        "backup:DescribeGlobalSettings": Case(
            [Good({}, lambda r: r["GlobalSettings"]["isCrossAccountBackupEnabled"] == "true", who="management")],
            [Bad("InvalidRequestException", {}, who="alone")],
            refused=REST,
        ),
        "backup:DescribeRegionSettings": Case(
            [Good({}, lambda r: r["ResourceTypeManagementPreference"]["DynamoDB"] is True)],
            refused=REST,
        ),
        "backup:ListTags": Case(
            [Good({"ResourceArn": w["vault"]}, lambda r: r["Tags"] == {"team": "backup"})],
            [
                Bad("ResourceNotFoundException", {"ResourceArn": w["vault"] + "0"}),
                Bad("InvalidParameterValueException", {"ResourceArn": w["recoveryPoint"]}),
            ],
            refused=REST,
        ),
        "backup:StartCopyJob": Case(
            [Good(start, lambda r: r["IsParent"] is False and len(r["CopyJobId"]) == 36)],
            [
                Bad("ResourceNotFoundException", {**start, "SourceBackupVaultName": "no-such-vault"}),
                Bad("ResourceNotFoundException", {**start, "RecoveryPointArn": w["efs"] + "0"}),
                Bad("InvalidParameterValueException", {**start, "DestinationBackupVaultArn": "dr"}),
                Bad("InvalidParameterValueException", {**start, "IamRoleArn": w["nobody"]}, says="cannot be assumed"),
                Bad("InvalidRequestException", {**start, "RecoveryPointArn": w["continuous"]}),
            ],
            refused=REST,
        ),
    }


def _keys_and_roles(w: dict[str, str]) -> dict[str, Case]:
    def key_policy(*actions: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": list(actions), "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    missing = w["key"][:-1] + ("0" if w["key"][-1] != "0" else "1")
    nobody = w["copyRole"].rpartition("/")[0] + "/no-such-role"
    simulate = {"PolicySourceArn": w["copyRole"], "ActionNames": [f"backup:Action{n}" for n in range(12)], "ResourceArns": ["*"]}
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
            [Bad("NotFoundException", {"KeyId": missing}), Bad("NotFoundException", {"KeyId": w["key"], "PolicyName": "other"})],
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
            [Bad("NotFoundException", {"KeyId": missing}), Bad("InvalidMarkerException", {"KeyId": w["key"], "Marker": "of nobody"})],
            Pages({"KeyId": w["key"]}, "Grants", 60, 25),
        ),
        "iam:GetRole": Case(
            [Good({"RoleName": "AWSBackupDefaultServiceRole"}, lambda r: r["Role"]["AssumeRolePolicyDocument"]["Version"] == "2012-10-17")],
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
                Bad("AccessDenied", {"RoleArn": w["closed"], "RoleSessionName": "me"}, status=403, says="sts:AssumeRole"),
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
            [Good({"StackName": "CopyDoctor"}, lambda r: r["Stacks"][0]["Outputs"] == [{"OutputKey": "Table", "OutputValue": "incidents"}])],
            [Bad("ValidationError", {"StackName": "no-such-stack"}, says="Stack with id no-such-stack does not exist")],
            refused=QUERY,
        ),
        "cloudformation:DescribeStackResources": Case(
            [Good(stacks, lambda r: r["StackResources"][0]["StackId"] == w["stack"])],
            [Bad("ValidationError", {"PhysicalResourceId": "of-no-stack"}, says="Stack for of-no-stack does not exist")],
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


def _messages(w: dict[str, str]) -> dict[str, Case]:
    attributes = {"kind": {"DataType": "String", "StringValue": "mail"}}
    entries = [{"Id": str(n), "MessageBody": f"{n} ä<&>"} for n in range(10)]
    missing = w["topic"] + "-2"
    return {
        "sns:Publish": Case(
            [
                Good(
                    {"TopicArn": w["topic"], "Subject": "Copies", "Message": "ä<&>", "MessageAttributes": attributes},
                    lambda r: len(r["MessageId"]) == 36,
                ),
                Good(
                    {"TopicArn": w["topic"], "MessageStructure": "json", "Message": json.dumps({"default": "x", "email": "y"})},
                    lambda r: len(r["MessageId"]) == 36,
                ),
            ],
            [
                Bad("NotFound", {"TopicArn": missing, "Message": "x"}, status=404),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "Message": "x", "Subject": "x" * 101}),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "Message": "x" * 262_145}, says="Message too long"),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "Message": "no json", "MessageStructure": "json"}),
                Bad("KMSAccessDenied", {"TopicArn": w["encryptedTopic"], "Message": "x"}, who="sender"),
            ],
            refused=("AuthorizationError", 403),
        ),
        "sns:ListSubscriptionsByTopic": Case(
            [Good({"TopicArn": w["topic"]}, lambda r: len(r["Subscriptions"]) == 100 and r["NextToken"] != "")],
            [
                Bad("NotFound", {"TopicArn": missing}, status=404),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "NextToken": "of nobody"}),
            ],
            Pages({"TopicArn": w["topic"]}, "Subscriptions", 230, None, fixed=100),
            refused=("AuthorizationError", 403),
        ),
        "sqs:SendMessage": Case(
            [Good({"QueueUrl": w["queue"], "MessageBody": "ä<&>", "DelaySeconds": 5}, lambda r: len(r["MD5OfMessageBody"]) == 32)],
            [
                Bad("AWS.SimpleQueueService.NonExistentQueue", {"QueueUrl": w["queue"] + "-2", "MessageBody": "x"}),
                Bad("InvalidParameterValue", {"QueueUrl": w["queue"], "MessageBody": "x", "DelaySeconds": 901}),
                Bad("KMS.AccessDeniedException", {"QueueUrl": w["encryptedQueue"], "MessageBody": "x"}, who="sender"),
            ],
            refused=QUERY,
        ),
        "sqs:SendMessageBatch": Case(
            [Good({"QueueUrl": w["queue"], "Entries": entries}, lambda r: len(r["Successful"]) == 10)],
            [
                Bad("AWS.SimpleQueueService.EmptyBatchRequest", {"QueueUrl": w["queue"], "Entries": []}),
                Bad("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", {"QueueUrl": w["queue"], "Entries": [*entries, {"Id": "x", "MessageBody": "x"}]}),
                Bad("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", {"QueueUrl": w["queue"], "Entries": [entries[0], entries[0]]}),
                Bad("AWS.SimpleQueueService.BatchRequestTooLong", {"QueueUrl": w["queue"], "Entries": [{"Id": n, "MessageBody": "x" * 600_000} for n in "ab"]}),
                Bad("AWS.SimpleQueueService.NonExistentQueue", {"QueueUrl": w["queue"] + "-2", "Entries": entries}),
            ],
            refused=QUERY,
        ),
    }


def _table() -> dict[str, Case]:
    table = {"TableName": "incidents"}
    other = {"TableName": "no-such-table"}
    get = {"pk": {"S": "one"}, "sk": {"S": "get"}}
    page = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "page"}}}
    due = {"IndexName": "due", "KeyConditionExpression": "due = :due", "ExpressionAttributeValues": {":due": {"S": "due"}}}
    update = {
        "Key": {"pk": {"S": "one"}, "sk": {"S": "update"}},
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": {":n": {"N": "2"}},
        "ReturnValues": "ALL_NEW",
    }
    never = {"ConditionExpression": "attribute_exists(no_such_attribute)"}
    return {
        "dynamodb:GetItem": Case(
            [
                Good({**table, "Key": get, "ConsistentRead": True}, lambda r: r["Item"]["n"] == {"N": "1"}),
                Good({**table, "Key": {"pk": {"S": "no"}, "sk": {"S": "no"}}}, lambda r: "Item" not in r),
            ],
            [
                Bad("ResourceNotFoundException", {**other, "Key": get}),
                Bad("ValidationException", {**table, "Key": {"pk": {"S": "one"}}}),
            ],
        ),
        "dynamodb:BatchGetItem": Case(
            [Good({"RequestItems": {"incidents": {"Keys": [get], "ConsistentRead": True}}}, lambda r: len(r["Responses"]["incidents"]) == 1)],
            [
                Bad("ResourceNotFoundException", {"RequestItems": {"no-such-table": {"Keys": [get]}}}),
                Bad("ValidationException", {"RequestItems": {"incidents": {"Keys": [get, get]}}}),
            ],
        ),
        "dynamodb:PutItem": Case(
            [Good({**table, "Item": item(0)}, lambda r: True)],
            [
                Bad("ResourceNotFoundException", {**other, "Item": item(0)}),
                Bad("ConditionalCheckFailedException", {**table, "Item": item(0), "ConditionExpression": "attribute_not_exists(pk)"}),
                Bad("ValidationException", {**table, "Item": {**item(0), "due": {"S": ""}}}),
            ],
        ),
        "dynamodb:UpdateItem": Case(
            [Good({**table, **update}, lambda r: r["Attributes"]["n"] == {"N": "2"})],
            [
                Bad("ResourceNotFoundException", {**other, **update}),
                Bad("ConditionalCheckFailedException", {**table, **update, **never}),
                Bad("ValidationException", {**table, **update, "UpdateExpression": "SET"}),
            ],
        ),
        "dynamodb:DeleteItem": Case(
            [Good({**table, "Key": {"pk": {"S": "one"}, "sk": {"S": "gone"}}}, lambda r: True)],
            [Bad("ResourceNotFoundException", {**other, "Key": get}), Bad("ConditionalCheckFailedException", {**table, "Key": get, **never})],
        ),
        "dynamodb:Query": Case(
            [
                Good({**table, **page}, lambda r: r["Count"] == ITEMS and "LastEvaluatedKey" not in r),
                Good({**table, **due, "ScanIndexForward": False, "Limit": 3}, lambda r: r["Items"][0]["n"] == {"N": str(ITEMS - 1)}),
            ],
            [Bad("ResourceNotFoundException", {**other, **page}), Bad("ValidationException", {**table, **page, "KeyConditionExpression": "n = :pk"})],
            Pages({**table, **page}, "Items", ITEMS, 7),
        ),
        "dynamodb:Scan": Case(
            [Good({**table}, lambda r: r["Count"] == ITEMS + 2)],
            [Bad("ResourceNotFoundException", other)],
            Pages(table, "Items", ITEMS + 2, 7),
        ),
    }


def _organization(w: dict[str, str]) -> dict[str, Case]:
    tags = {"PolicyType": "TAG_POLICY"}
    return {
        "organizations:DescribeOrganization": Case(
            [Good({}, lambda r: r["Organization"]["MasterAccountId"] == "999999999999")],
            [Bad("AWSOrganizationsNotInUseException", {}, who="alone")],
        ),
        "organizations:DescribeAccount": Case(
            [Good({"AccountId": "111111111111"}, lambda r: r["Account"]["Status"] == "ACTIVE", who="management")],
            [
                Bad("AccountNotFoundException", {"AccountId": "444444444444"}, who="management"),
                Bad("AccessDeniedException", {"AccountId": "222222222222"}),
                Bad("AWSOrganizationsNotInUseException", {"AccountId": "222222222222"}, who="alone"),
            ],
        ),
        "organizations:DescribeEffectivePolicy": Case(
            [Good(tags, lambda r: json.loads(r["EffectivePolicy"]["PolicyContent"]) == {"tags": {}})],
            [
                Bad("EffectivePolicyNotFoundException", tags, who="destination"),
                Bad("TargetNotFoundException", {**tags, "TargetId": "444444444444"}, who="management"),
                Bad("AccessDeniedException", {**tags, "TargetId": "222222222222"}),
            ],
        ),
        "resourcegroupstaggingapi:GetResources": Case(
            [Good({"ResourceTypeFilters": ["ec2:snapshot"]}, lambda r: len(r["ResourceTagMappingList"]) == 7)],
            [
                Bad("InvalidParameterException", {"ResourceARNList": [w["recoveryPoint"]], "TagFilters": [{"Key": "index"}]}),
                Bad("PaginationTokenExpiredException", {"PaginationToken": "of nobody"}),
            ],
            Pages({"ResourceTypeFilters": ["ec2:snapshot"]}, "ResourceTagMappingList", 7, 3),
        ),
    }


def _images(w: dict[str, str]) -> dict[str, Case]:
    # The sandbox's snapshots of an image are named after it.
    snapshots = [f"snap-{disk}{w['image'].removeprefix('ami-')[1:]}" for disk in (0, 1)]
    refused = ("UnauthorizedOperation", 403)
    return {
        "ec2:DescribeImages": Case(
            [
                Good(
                    {"ImageIds": [w["image"]]},
                    lambda r: [one["Ebs"]["SnapshotId"] for one in r["Images"][0]["BlockDeviceMappings"]] == snapshots,
                )
            ],
            [Bad("InvalidAMIID.NotFound", {"ImageIds": ["ami-00000000000000000"]})],
            refused=refused,
        ),
        "ec2:DescribeSnapshots": Case(
            [Good({"SnapshotIds": snapshots}, lambda r: [one["KmsKeyId"] for one in r["Snapshots"]] == [w["key"], w["foreignKey"]])],
            [Bad("InvalidSnapshot.NotFound", {"SnapshotIds": ["snap-00000000000000000"]})],
            refused=refused,
        ),
        "ec2:GetAllowedImagesSettings": Case(
            [
                Good({}, lambda r: r["State"] == "disabled"),
                Good({}, lambda r: r["ImageCriteria"][0]["ImageProviders"] == ["amazon", "111111111111"], who="destination"),
            ],
            refused=refused,
        ),
    }
