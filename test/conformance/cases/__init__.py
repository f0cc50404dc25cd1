"""What the AWS CLI and boto3 ask of each operation."""

from __future__ import annotations

from .backup import backup
from .case import Bad, Case, Cases, Good, Pages, World
from .identity import identity
from .messages import messages
from .organization import images, organization
from .table import seed, table

__all__ = ["ONE_PAGE", "Bad", "Case", "Good", "Pages", "cases", "seed"]


# Paginated, and never asked for more than one page.
ONE_PAGE = {
    "cloudformation:DescribeStacks": "the source asks for one stack, by its name",
    "ec2:DescribeImages": "the source asks for one image, by its id",
    "ec2:DescribeSnapshots": "the source asks for an image's snapshots, by their ids",
}


def cases(w: World) -> Cases:
    return {**backup(w), **identity(w), **messages(w), **table(w), **organization(w), **images(w)}
