"""The organization, tags and images."""

from __future__ import annotations

import json

from .case import Bad, Case, Cases, Good, Pages, World


def organization(w: World) -> Cases:
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
                Bad(
                    "InvalidParameterException",
                    {"ResourceARNList": [w["recoveryPoint"]], "TagFilters": [{"Key": "index"}]},
                ),
                Bad("PaginationTokenExpiredException", {"PaginationToken": "of nobody"}),
            ],
            Pages({"ResourceTypeFilters": ["ec2:snapshot"]}, "ResourceTagMappingList", 7, 3),
        ),
    }


def images(w: World) -> Cases:
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
            [
                Good(
                    {"SnapshotIds": snapshots},
                    lambda r: [one["KmsKeyId"] for one in r["Snapshots"]] == [w["key"], w["foreignKey"]],
                )
            ],
            [Bad("InvalidSnapshot.NotFound", {"SnapshotIds": ["snap-00000000000000000"]})],
            refused=refused,
        ),
        "ec2:GetAllowedImagesSettings": Case(
            [
                Good({}, lambda r: r["State"] == "disabled"),
                Good(
                    {},
                    lambda r: r["ImageCriteria"][0]["ImageProviders"] == ["amazon", "111111111111"],
                    who="destination",
                ),
            ],
            refused=refused,
        ),
    }
