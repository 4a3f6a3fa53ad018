"""The free places of a plan's sittings, while a roster is taken in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from services.assessment.sittings.models import Sitting


@dataclass(eq=False, slots=True)
class Room:
    """The free places of one sitting."""

    sitting_id: uuid.UUID
    free: int


class Places:
    """At each site the earliest sitting is filled first. The caller holds the plan's lock."""

    def __init__(self, sittings: Sequence[Sitting]) -> None:
        self._rooms = [(one, Room(one.id, one.capacity - one.registered)) for one in sittings]
        self._open: dict[str, list[Room]] = {}
        for sitting, room in reversed(self._rooms):  # the earliest is then the last of its list: taken off cheaply
            self._open.setdefault(sitting.site_code, []).append(room)

    @property
    def sites(self) -> frozenset[str]:
        """The codes of the sites where there is a sitting, full or not."""
        return frozenset(self._open)

    def take(self, site_code: str) -> Room | None:
        """Take a place at the site: where it was, None when every sitting there is full. Its `free += 1` gives it back."""
        still_open = self._open[site_code]
        while still_open:
            room = still_open[-1]
            if room.free > 0:
                room.free -= 1
                return room
            still_open.pop()
        return None

    def write_down(self) -> None:
        """Count the taken places in the sittings' rows, in the session they were read in."""
        for sitting, room in self._rooms:
            sitting.registered = sitting.capacity - room.free
