"""On what terms a new candidate of a roster may be registered now: who has left, levels, fees, seats."""

from collections.abc import Mapping, Sequence

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from services.assessment.pilot import queries as pilot
from services.assessment.pilot.queries import College
from services.assessment.plans.models import Plan
from services.assessment.registrations import rules
from services.assessment.registrations.places import Room
from services.assessment.registrations.seats import OfCollege, Seats
from services.assessment.sittings.models import Sitting


class Terms:
    """The terms of one plan for the candidates of some colleges, read once a step. The caller holds the plan's lock."""

    def __init__(
        self, session: UnitOfWork, plan: Plan, colleges: Mapping[str, College], sittings: Sequence[Sitting]
    ) -> None:
        self._level = plan.level
        self._teo_exited = pilot.has_exited(session, plan.teo_id)
        standings = pilot.standings(session, {sitting.site_id for sitting in sittings})
        self._standing = {sitting.site_code: standings[sitting.site_id] for sitting in sittings}
        self._day = {sitting.id.bytes: clock.beijing_day(sitting.starts_at) for sitting in sittings}
        of_level = (plan.certificate_type_id, plan.level)
        ids = [college.id for college in colleges.values()]
        self._fees = pilot.fees(session, plan.teo_id, *of_level, ids)
        self._ceilings = pilot.ceilings(session, *of_level)
        self.seats = Seats(session, plan, ids)

    def check_choice(self, college: College | None, site_code: str) -> None:
        """What does not depend on the sitting (OP-41, OP-42, PP-13, OP-23). Raises RowRefused."""
        rules.check_teo_stays(self._teo_exited)
        if college is not None:
            rules.check_college_stays(college.exited)
            rules.check_level_chosen(college.levels, self._level)
        rules.check_site_open(self._standing[site_code])

    def seats_at(self, college: College, room: Room) -> OfCollege:
        """The seats of a college with which a fee is agreed for the sitting's day (OP-28). Raises RowRefused."""
        rules.check_fee(self._fees.get(college.id, ()), self._ceilings, self._day[room.sitting_id])
        return self.seats.of[college.id]
