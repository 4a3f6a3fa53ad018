"""Ids grow with time, so that an index on them grows at its end."""

import uuid
from itertools import pairwise

import pytest

from onex.chassis.ids import new_id, new_ids


def test_an_id_is_a_version_7_uuid_of_the_standard_library() -> None:
    made = new_id()
    assert type(made) is uuid.UUID
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_ids_of_one_process_ascend_and_never_repeat() -> None:
    made = [new_id() for _ in range(20_000)] + new_ids(20_000)
    assert all(earlier < later for earlier, later in pairwise(made))


def test_as_many_ids_are_made_as_asked_for() -> None:
    assert new_ids(0) == []
    assert len(new_ids(7)) == 7


def test_a_negative_number_of_ids_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        new_ids(-1)
