"""What of a certificate a holder may show, and for how long. Each names PP-45: employers see what the holder gives them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

FIELDS = (
    "certificate_type", "level", "teo", "issued_on", "standard_version", "number", "masked_name", "name", "credential",
)  # fmt: skip
"""In the order in which they are shown. The state is no choice: it is always shown."""
NAMES = frozenset({"masked_name", "name"})
# Who has the credential has the number, and with it whatever the platform tells of a number; so it goes with all the rest.
WITH_CREDENTIAL = frozenset(FIELDS) - {"masked_name"}
LONGEST = timedelta(days=365)
MOST_IN_FORCE = 100
MOST_CERTIFICATES = 20


def why_not(fields: Sequence[str]) -> str | None:
    """Why these fields cannot be shown together; None when they can.

    A certificate is shown with its type at least. The name is shown masked, whole or not at all. The signed credential
    cannot be cut: it says everything but the name, and lets the name be checked, so it goes only with all the rest.
    """
    chosen = set(fields)
    if len(chosen) != len(fields) or not chosen <= set(FIELDS):
        return "A field is unknown or named twice."
    if "certificate_type" not in chosen:
        return "A certificate is shown with its type at least."
    if chosen >= NAMES:
        return "The name is shown masked or whole, not both."
    if "credential" in chosen and not chosen >= WITH_CREDENTIAL:
        return "The signed credential says everything, so it is shown only with every other field and the whole name."
    return None


def state(expires_at: datetime, withdrawn_at: datetime | None, now: datetime) -> str:
    """`withdrawn`, `expired` or `in_force`: only the last shows anything."""
    if withdrawn_at is not None:
        return "withdrawn"
    return "in_force" if now < expires_at else "expired"


def ends_in_time(expires_at: datetime, now: datetime) -> bool:
    """Whether a link may be made that ends then: in the future, within a year."""
    return now < expires_at <= now + LONGEST
