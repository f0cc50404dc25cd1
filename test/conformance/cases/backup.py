"""AWS Backup."""

from __future__ import annotations

import json

from .case import REST, Bad, Case, Cases, Good, Pages, World


def backup(w: World) -> Cases:
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
                Good(
                    {"CopyJobId": w["parentJob"]},
                    lambda r: r["CopyJob"]["IsParent"] and r["CopyJob"]["NumberOfChildJobs"] == 2,
                ),
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
                Good(
                    {"BackupVaultName": "prod", "RecoveryPointArn": w["recoveryPoint"]},
                    lambda r: r["ResourceType"] == "EBS",
                ),
                Good(
                    {"BackupVaultName": "prod", "RecoveryPointArn": w["efs"]},
                    lambda r: r["Lifecycle"]["DeleteAfterDays"] == 365,
                ),
            ],
            [Bad("ResourceNotFoundException", {"BackupVaultName": "prod", "RecoveryPointArn": w["efs"] + "0"})],
            refused=REST,
        ),
        "backup:DescribeBackupVault": Case(
            [
                Good(
                    {"BackupVaultName": "prod"},
                    lambda r: r["BackupVaultArn"] == w["vault"] and r["NumberOfRecoveryPoints"] == 9,
                ),
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
            [
                Good(
                    {"BackupVaultName": "prod"},
                    lambda r: "CopyIntoBackupVault" in json.loads(r["Policy"])["Statement"][0]["Action"],
                )
            ],
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
                Bad(
                    "InvalidParameterValueException",
                    {"BackupVaultName": "vault-1", "Policy": policy("arn:aws:iam::444444444444:root")},
                ),
                Bad(
                    "AccessDeniedException",
                    {"BackupVaultName": "vault-1", "Policy": policy(action="backup:*")},
                    status=403,
                ),
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
