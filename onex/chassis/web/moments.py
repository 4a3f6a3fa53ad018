"""A moment that a caller names."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

FIRST, AFTER_LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _of_this_century(moment: datetime) -> None:
    if not FIRST <= moment < AFTER_LAST:
        raise ValidationError("Must be from the year 2000 to 2099.")


class Moment(fields.AwareDateTime):
    """A moment with its offset from UTC, of this century.

    Python's years end with 9999 and PostgreSQL's do not: what is stored from an offset over that edge cannot be read again, nor
    any list in which it stands.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=_of_this_century, **kwargs)
