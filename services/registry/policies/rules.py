"""The way of a policy document: draft → published → superseded or withdrawn (OP-45)."""

from datetime import date

from onex.chassis.states import Machine
from services.registry.policies.errors import (
    FileTooLarge,
    PolicyFromTheFuture,
    ReasonMissing,
    SuccessorWrong,
    TooManyFiles,
)

KINDS = ("law", "plan", "opinions", "notice", "measures", "interpretation", "other")
DRAFT, PUBLISHED, SUPERSEDED = "draft", "published", "superseded"
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20

POLICY = Machine(
    "policy",
    "OP-45",
    {
        "change": (DRAFT, DRAFT),
        "publish": (DRAFT, PUBLISHED),
        "supersede": (PUBLISHED, SUPERSEDED),
        "withdraw": ((DRAFT, PUBLISHED, SUPERSEDED), "withdrawn"),
    },
)
PUBLIC = (PUBLISHED, SUPERSEDED)
"""What anyone may read: what is in force, and what was, with what came after it."""


def check_issued(issued_on: date, today: date) -> None:
    """OP-45: the library holds what was issued, by the day on the document; today's included."""
    if issued_on > today:
        raise PolicyFromTheFuture()


def check_successor(is_itself: bool, state: str | None) -> None:
    """OP-45: what takes a policy's place is another one, which can be read."""
    if is_itself or state != PUBLISHED:
        raise SuccessorWrong()


def check_withdrawal(state: str, reason: str) -> None:
    """OP-45: a draft goes without a word; what people have read does not."""
    if state in PUBLIC and not reason:
        raise ReasonMissing()


def check_file(size: int, files: int) -> None:
    """OP-45: a file has up to 20 MB (of 1024 × 1024 bytes, included), a policy up to 20 files."""
    if size > MOST_BYTES:
        raise FileTooLarge(f"A file has at most {MOST_BYTES} bytes.")
    if files >= MOST_FILES:
        raise TooManyFiles(f"A policy has at most {MOST_FILES} attachments.")
