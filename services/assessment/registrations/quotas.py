"""What colleges have to expect of a plan: their quotas, how much of them is taken, and the fees that are agreed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from services.assessment.pilot import queries as pilot
from services.assessment.pilot.models import Quota
from services.assessment.plans.models import Plan
from services.assessment.registrations.models import SeatsTaken


def of_plan(plan: Plan, who: Caller) -> Select[Quota]:
    """The quotas for the plan's type, level and year that the caller may see: a college its own, others who see the plan all."""
    query = select(Quota).where(
        Quota.certificate_type_id == plan.certificate_type_id, Quota.level == plan.level, Quota.year == plan.year
    )
    return query.where(Quota.college_id == who.organization_id) if who.role is Role.COLLEGE else query


def shown(session: Session, plan: Plan, quotas: Sequence[Quota]) -> list[dict[str, Any]]:
    """The quotas as their door shows them."""
    colleges = [one.college_id for one in quotas]
    codes = pilot.codes_of(session, colleges)
    fees = pilot.fees(session, plan.teo_id, plan.certificate_type_id, plan.level, colleges)
    count = select(SeatsTaken.college_id, SeatsTaken.taken).where(
        SeatsTaken.college_id.in_(colleges),
        SeatsTaken.certificate_type_id == plan.certificate_type_id,
        SeatsTaken.level == plan.level,
        SeatsTaken.year == plan.year,
    )
    taken = dict(iter(session.execute(count)))
    return [
        {
            "college_id": one.college_id,
            "college_code": codes.get(one.college_id),
            "seats": one.seats,
            "taken": taken.get(one.college_id, 0),
            "fees": [fee._asdict() for fee in fees.get(one.college_id, [])],
        }
        for one in quotas
    ]
