"""The free places of a plan's sittings, while a roster is taken in."""

import uuid
from collections.abc import Sequence

from services.assessment.sittings.models import Sitting


class Places:
    """At each site the earliest sitting is filled first. The caller holds the plan's lock."""

    def __init__(self, sittings: Sequence[Sitting]) -> None:
        self._sittings = sittings
        self._free = {sitting.id: sitting.capacity - sitting.registered for sitting in sittings}
        self._open: dict[str, list[uuid.UUID]] = {}
        for sitting in reversed(sittings):  # the earliest is then the last of its list, where it is taken off cheaply
            self._open.setdefault(sitting.site_code, []).append(sitting.id)

    @property
    def sites(self) -> frozenset[str]:
        """The codes of the sites where there is a sitting, full or not."""
        return frozenset(self._open)

    def take(self, site_code: str) -> uuid.UUID | None:
        """Take a place at the site: the sitting's id, None when every sitting there is full."""
        still_open = self._open[site_code]
        while still_open:
            sitting_id = still_open[-1]
            free = self._free[sitting_id]
            if free > 0:
                self._free[sitting_id] = free - 1
                return sitting_id
            still_open.pop()
        return None

    def give_back(self, sitting_id: uuid.UUID) -> None:
        """Leave the place that was taken last to others."""
        self._free[sitting_id] += 1

    def write_down(self) -> None:
        """Count the taken places in the sittings' rows, in the session they were read in."""
        for sitting in self._sittings:
            sitting.registered = sitting.capacity - self._free[sitting.id]
