"""A moment that a caller names is of this century, whatever its offset."""

import pytest
from marshmallow import Schema

from onex.chassis.web.moments import Moment

SCHEMA = Schema.from_dict({"at": Moment(required=True)})()


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        ("2000-01-01T00:00:00Z", True),
        ("2000-01-01T00:00:00+00:01", False),
        ("2100-01-01T07:59:59+08:00", True),
        ("2100-01-01T08:00:00+08:00", False),
        ("9999-12-31T23:59:59-14:00", False),  # PostgreSQL would keep it, as a day of the year 10000
        ("0001-01-01T00:00:00+14:00", False),
        ("2026-06-06T09:00:00", False),
    ],
)
def test_a_moment_is_of_this_century(at: str, taken: bool) -> None:
    assert (SCHEMA.validate({"at": at}) == {}) is taken
