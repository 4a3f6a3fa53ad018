"""Two sorted lists of ids that should be the same: a pure merge."""

import uuid
from collections.abc import Iterable, Iterator
from enum import StrEnum


class Difference(StrEnum):
    MISSING = "missing"  # on the left only: it never arrived
    ORPHANED = "orphaned"  # on the right only: it came from nowhere
    DOUBLED = "doubled"  # more often on the right than on the left


def differences(left: Iterable[uuid.UUID], right: Iterable[uuid.UUID]) -> Iterator[tuple[Difference, uuid.UUID]]:
    """What keeps two ascending lists from being equal, in ascending order of ids."""
    lefts, rights = iter(left), iter(right)
    one, other = next(lefts, None), next(rights, None)
    last_equal: uuid.UUID | None = None
    while one is not None or other is not None:
        if one is not None and one == other:
            last_equal = one
            one, other = next(lefts, None), next(rights, None)
        elif other is None or (one is not None and one < other):
            assert one is not None
            yield Difference.MISSING, one
            one = next(lefts, None)
        else:
            yield (Difference.DOUBLED if other == last_equal else Difference.ORPHANED), other
            other = next(rights, None)
