"""Two books differ: is a record lost, or only under way?

The later book is opened before the earlier one, so what it holds was said before, and only the other way round can a record
be under way. Still every difference is a doubt at first, and is looked at again after a moment. What is missing then
counts as missing unless something on its road may still bring it: the outbox, the queue, a delay tier, or its youth.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onex.audit.books import Reader, Road, check_columns, connect
from onex.audit.compare import Difference, differences
from onex.chassis.invariants import Kind
from onex.messaging.heard import PREFIX
from onex.messaging.topology import PLATFORM

KEPT = 100_000
AT_ONCE = 5_000


@dataclass
class Doubts:
    """The records on which the two books of a road differ."""

    road: Road
    open: dict[Any, Difference] = field(default_factory=dict)
    more: int = 0
    """Beyond KEPT they are only counted, so that memory stays bounded."""

    def add(self, difference: Difference) -> None:
        if len(self.open) < KEPT:
            self.open[difference.id] = difference
        else:
            self.more += 1

    @property
    def may_settle(self) -> bool:
        """Whether waiting may help."""
        return any(one.kind is Kind.MISSING for one in self.open.values())

    def look_again(self, urls: Mapping[str, str]) -> None:
        """Read the records in doubt once more, and keep those on which the books still differ."""
        ids = sorted(self.open)
        with closing(Reader(urls, self.road.consumer, self.road.right)) as right:
            with closing(Reader(urls, self.road.contract.producer, self.road.left)) as left:
                for some in _parts(ids):
                    for one in some:
                        del self.open[one]
                    for difference in differences(left.rows_of(some), right.rows_of(some), left.columns):
                        self.open[difference.id] = difference


def compared(urls: Mapping[str, str], road: Road, figures: dict[str, int]) -> Doubts:
    """Compare the two books of a road as they are now; their lengths go into `figures`."""
    doubts = Doubts(road)
    # The right book is opened first: whatever is in it was in the left one before.
    with closing(Reader(urls, road.consumer, road.right)) as right:
        with closing(Reader(urls, road.contract.producer, road.left)) as left:
            check_columns(left, right)
            for difference in differences(left.rows(), right.rows(), left.columns):
                doubts.add(difference)
            figures[left.book.name], figures[right.book.name] = left.count, right.count
    return doubts


@dataclass(frozen=True)
class OnTheRoad:
    """What may still bring a missing record: `busy` says that messages wait in its queue or in a delay tier."""

    unsent: set[str]
    parked: set[str]
    busy: bool
    young_after: datetime

    def is_under_way(self, difference: Difference) -> bool:
        if self.busy or str(difference.id) in self.unsent:
            return True
        return difference.since is not None and difference.since > self.young_after


def on_the_road(urls: Mapping[str, str], doubts: Doubts, *, busy: bool, young_after: datetime) -> OnTheRoad:
    """Look for the missing records in the sender's outbox and among what the receiver has set aside."""
    road = doubts.road
    ids = [str(one.id) for one in doubts.open.values() if one.kind is Kind.MISSING]
    unsent = "SELECT subject FROM outbox WHERE lane = %s AND type = ANY (%s) AND subject = ANY (%s)"
    parked = (
        f"SELECT headers ->> '{PREFIX}subject' FROM parked WHERE outcome IS NULL AND consumer = ANY (%s)"
        f" AND headers ->> '{PREFIX}subject' = ANY (%s)"
    )
    with closing(connect(urls, road.contract.producer)) as connection:
        rows = connection.execute(unsent, [PLATFORM, [one.type() for one in road.contracts], ids]).fetchall()
        waiting = {subject for (subject,) in rows}
    with closing(connect(urls, road.consumer)) as connection:
        rows = connection.execute(parked.encode(), [list(road.queues), ids]).fetchall()
        set_aside = {subject for (subject,) in rows}
    return OnTheRoad(waiting, set_aside, busy, young_after)


def _parts(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
