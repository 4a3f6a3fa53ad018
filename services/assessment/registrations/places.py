"""The free places of a plan's sittings, while a roster is taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.assessment.sittings.models import Sitting


@dataclass(eq=False, slots=True)
class Room:
    """The free places of one sitting."""

    sitting_id: bytes
    """The sitting's id as its 16 bytes."""
    free: int


class Places:
    """At each site the earliest sitting that is still to begin is filled first; one that has begun takes who is left, as whoever
    was assessed may be entered afterwards. The caller holds the plan's lock."""

    def __init__(self, sittings: Sequence[Sitting], now: datetime) -> None:
        in_turn = sorted(sittings, key=lambda one: (one.starts_at <= now, one.starts_at, one.id))
        self._rooms = [(one, Room(one.id.bytes, one.capacity - one.registered)) for one in in_turn]
        self._open: dict[str, list[Room]] = {}
        for sitting, room in reversed(self._rooms):  # the first is then the last of its list: taken off cheaply
            self._open.setdefault(sitting.site_code, []).append(room)

    @property
    def sites(self) -> frozenset[str]:
        """The codes of the sites where there is a sitting, full or not."""
        return frozenset(self._open)

    def first_free(self, site_code: str) -> Room | None:
        """The first sitting in turn at the site that has a place; None when every one is full."""
        still_open = self._open[site_code]
        while still_open and still_open[-1].free <= 0:
            still_open.pop()
        return still_open[-1] if still_open else None

    def write_down(self) -> None:
        """Count the taken places in the sittings' rows, in the session they were read in."""
        for sitting, room in self._rooms:
            sitting.registered = sitting.capacity - room.free
