"""On what terms a new candidate of a roster may be registered now: who has left, levels, fees, seats."""

import uuid
from collections.abc import Mapping, Sequence

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from services.assessment.pilot import queries as pilot
from services.assessment.pilot.queries import College
from services.assessment.plans.models import Plan
from services.assessment.registrations import rules
from services.assessment.registrations.seats import Seats
from services.assessment.sittings.models import Sitting


class Terms:
    """The terms of one plan for the candidates of some colleges, read once a step. The caller holds the plan's lock.

    Few choices differ, so a roster asks for each of them once.
    """

    def __init__(
        self, session: UnitOfWork, plan: Plan, colleges: Mapping[str, College], sittings: Sequence[Sitting]
    ) -> None:
        self._level = plan.level
        self._teo_exited = pilot.has_exited(session, plan.teo_id)
        self._colleges = {college.id: college for college in colleges.values()}
        standings = pilot.standings(session, {sitting.site_id for sitting in sittings})
        self._standing = {sitting.site_code: standings[sitting.site_id] for sitting in sittings}
        self._day = {sitting.id: clock.beijing_day(sitting.starts_at) for sitting in sittings}
        of_level = (plan.certificate_type_id, plan.level)
        self._fees = pilot.fees(session, plan.teo_id, *of_level, self._colleges)
        self._ceilings = pilot.ceilings(session, *of_level)
        self.seats = Seats(session, plan, self._colleges)

    def check_choice(self, college_id: uuid.UUID | None, site_code: str) -> None:
        """What does not depend on the sitting (OP-41, OP-42, PP-13, OP-23). Raises RowRefused."""
        rules.check_teo_stays(self._teo_exited)
        if college_id is not None:
            college = self._colleges[college_id]
            rules.check_college_stays(college.exited)
            rules.check_level_chosen(college.levels, self._level)
        rules.check_site_open(self._standing[site_code])

    def check_fee(self, college_id: uuid.UUID, sitting_id: uuid.UUID) -> None:
        """OP-28: a fee is agreed with the college for the sitting's day. Raises RowRefused."""
        rules.check_fee(self._fees.get(college_id, ()), self._ceilings, self._day[sitting_id])
