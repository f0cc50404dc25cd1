"""What is asked of one operation: successes, errors that AWS documents, and several pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
World = dict[str, str]
Cases = dict[str, "Case"]


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
