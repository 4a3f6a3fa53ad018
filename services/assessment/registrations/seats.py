"""The free seats of colleges' quotas, while a roster is taken in or candidates are released (OP-07)."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text

from onex.chassis.database import UnitOfWork, in_order, uuid_array
from services.assessment.plans.models import Plan
from services.assessment.registrations import rules

# Locked in the order of the colleges, so that two rosters wait for each other and never deadlock. Where a quota was filed under
# more than one id, the highest version counts.
_LOCK = text(
    "SELECT seats_taken.college_id, seats_taken.taken,"
    " (SELECT seats FROM quota WHERE quota.college_id = seats_taken.college_id AND certificate_type_id = :type_id"
    " AND quota.level = :level AND quota.year = :year ORDER BY version DESC, id DESC LIMIT 1)"
    " FROM seats_taken WHERE seats_taken.college_id = ANY(CAST(:colleges AS uuid[])) AND certificate_type_id = :type_id"
    " AND level = :level AND year = :year ORDER BY seats_taken.college_id FOR UPDATE"
)
_BEGIN = text(
    "INSERT INTO seats_taken (college_id, certificate_type_id, level, year, taken)"
    " SELECT college_id, :type_id, :level, :year, 0 FROM unnest(CAST(:colleges AS uuid[])) AS new (college_id)"
    " ORDER BY college_id ON CONFLICT DO NOTHING"
)
_COUNT = text(
    "UPDATE seats_taken SET taken = taken + new.more"
    " FROM unnest(CAST(:colleges AS uuid[]), CAST(:more AS integer[])) AS new (college_id, more)"
    " WHERE seats_taken.college_id = new.college_id AND certificate_type_id = :type_id AND level = :level AND year = :year"
)


@dataclass(eq=False, slots=True)
class OfCollege:
    """The free seats of one college, None where no quota was filed; and how many more are taken than before."""

    free: int | None
    more: int = 0

    def take(self) -> None:
        """Take a seat; raises RowRefused where no quota was filed, or all of it is taken."""
        if self.free is None:
            raise rules.quota_not_filed()
        if self.free <= 0:
            raise rules.quota_full()
        self.free -= 1
        self.more += 1

    def give_back(self) -> None:
        """A student of the college leaves their seat to others, whether or not a quota is filed."""
        if self.free is not None:
            self.free += 1
        self.more -= 1


class Seats:
    """The seats, by college, of a plan's type, level and year. Those of these colleges are locked until the transaction ends."""

    def __init__(self, session: UnitOfWork, plan: Plan, colleges: Collection[uuid.UUID]) -> None:
        self._session = session
        self._kind = {"type_id": plan.certificate_type_id, "level": plan.level, "year": plan.year}
        self.of = self._locked(colleges) if colleges else {}

    def write_down(self) -> None:
        """Count the seats that were taken, less those that were given back."""
        more = {college_id: seats.more for college_id, seats in self.of.items() if seats.more}
        if more:
            values = {"colleges": uuid_array(more), "more": list(more.values())}
            self._session.execute(_COUNT, self._kind | values)

    def _locked(self, colleges: Collection[uuid.UUID]) -> dict[uuid.UUID, OfCollege]:
        values = self._kind | {"colleges": uuid_array(in_order(colleges))}
        rows = self._session.execute(_LOCK, values).all()
        if len(rows) < len(set(colleges)):
            self._session.execute(_BEGIN, values)
            rows = self._session.execute(_LOCK, values).all()
        return {college_id: OfCollege(None if seats is None else seats - taken) for college_id, taken, seats in rows}
