"""The free seats of colleges' quotas, while a roster is taken in or candidates are released (OP-07)."""

import uuid
from collections import Counter
from collections.abc import Collection

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


class Seats:
    """The seats of a plan's type, level and year. Those of these colleges are locked until the transaction ends."""

    def __init__(self, session: UnitOfWork, plan: Plan, colleges: Collection[uuid.UUID]) -> None:
        self._session = session
        self._of = {"type_id": plan.certificate_type_id, "level": plan.level, "year": plan.year}
        self._free = self._locked(colleges) if colleges else {}
        self._more: Counter[uuid.UUID] = Counter()

    def take(self, college_id: uuid.UUID) -> None:
        """Take a seat of the college; raises RowRefused where no quota was filed, or all of it is taken."""
        free = self._free[college_id]
        if free is None:
            raise rules.quota_not_filed()
        if free <= 0:
            raise rules.quota_full()
        self._free[college_id] = free - 1
        self._more[college_id] += 1

    def give_back(self, college_id: uuid.UUID) -> None:
        """A student of the college leaves their seat to others, whether or not a quota is filed."""
        free = self._free[college_id]
        self._free[college_id] = None if free is None else free + 1
        self._more[college_id] -= 1

    def write_down(self) -> None:
        """Count the seats that were taken, less those that were given back."""
        colleges = [one for one in in_order(self._more) if self._more[one]]
        if colleges:
            values = {"colleges": uuid_array(colleges), "more": [self._more[one] for one in colleges]}
            self._session.execute(_COUNT, self._of | values)

    def _locked(self, colleges: Collection[uuid.UUID]) -> dict[uuid.UUID, int | None]:
        values = self._of | {"colleges": uuid_array(in_order(colleges))}
        rows = self._session.execute(_LOCK, values).all()
        if len(rows) < len(set(colleges)):
            self._session.execute(_BEGIN, values)
            rows = self._session.execute(_LOCK, values).all()
        return {college_id: None if seats is None else seats - taken for college_id, taken, seats in rows}
