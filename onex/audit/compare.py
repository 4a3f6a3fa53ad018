"""Two sorted lists that should say the same: a pure merge."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from onex.chassis.invariants import Kind

Row = tuple[Any, ...]
FACTS_FROM = 2  # before them: id, since


class Difference(NamedTuple):
    """A record on which the lists differ. `since` is when the list that has it says it came to be."""

    kind: Kind
    id: Any
    since: datetime | None
    detail: str


def differences(left: Iterable[Row], right: Iterable[Row], columns: Sequence[str]) -> Iterator[Difference]:
    """What keeps two lists in ascending order of ids from being equal, in that order.

    Rows are (id, since, *facts) as `columns` names them. Where a fact is called `version`, a lower one on the right
    is not an alteration: the newer version is missing.
    """
    lefts, rights = iter(left), iter(right)
    version = columns.index("version") if "version" in columns else None
    one, other = next(lefts, None), next(rights, None)
    last_equal: Any = None
    while one is not None or other is not None:
        if one is not None and other is not None and one[0] == other[0]:
            if one[FACTS_FROM:] != other[FACTS_FROM:]:
                yield _unlike(one, other, columns, version)
            last_equal = one[0]
            one, other = next(lefts, None), next(rights, None)
        elif other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield Difference(Kind.MISSING, one[0], one[1], "")
            one = next(lefts, None)
        else:
            kind = Kind.DOUBLED if other[0] == last_equal else Kind.ORPHANED
            yield Difference(kind, other[0], other[1], "")
            other = next(rights, None)


def _unlike(one: Row, other: Row, columns: Sequence[str], version: int | None) -> Difference:
    if version is not None and other[version] < one[version]:
        return Difference(Kind.MISSING, one[0], one[1], f"version {one[version]}; known is {other[version]}")
    unequal = [name for name, a, b in zip(columns, one, other, strict=True) if a != b and name not in ("id", "since")]
    return Difference(Kind.ALTERED, one[0], one[1], f"not the same {', '.join(unequal)}")
