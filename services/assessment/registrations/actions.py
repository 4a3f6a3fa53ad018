"""Rosters are accepted; `roster_import.py` takes them in."""

import uuid

from onex.chassis import clock, jobs
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.assessment.pilot import queries as pilot
from services.assessment.pilot import rules as pilot_rules
from services.assessment.plans import queries as plans
from services.assessment.plans import rules as plan_rules
from services.assessment.registrations.errors import CollegeNotAdmitted


def send_roster(
    session: UnitOfWork, vault: Vault, plan_id: uuid.UUID, source: bytes, file_name: str | None, *, by: Caller
) -> uuid.UUID:
    """Accept a roster for a published plan from its TEO or from a pilot college; returns the job's id (OP-22, OP-36).

    OP-41, OP-42: neither from a TEO or college that has left, nor for a plan of a TEO that has.
    """
    plan = (
        plans.one_visible(session, plan_id, by) if by.role is Role.COLLEGE else plans.for_writing(session, plan_id, by)
    )
    plan_rules.check_published(plan.state)
    pilot_rules.check_teo_stays(pilot.has_exited(session, plan.teo_id))
    pilot_rules.check_agreement(pilot.agreement_periods(session, plan.teo_id), clock.today())
    parameters = {"plan_id": str(plan.id)}
    if by.role is Role.COLLEGE:
        if pilot.college(session, by.organization_id) is None:
            raise CollegeNotAdmitted()
        pilot_rules.check_college_stays(pilot.has_exited(session, by.organization_id))
        parameters["college_id"] = str(by.organization_id)
    return jobs.accept(
        session,
        vault,
        "roster",
        owner_id=by.organization_id,
        created_by=by.client_id,
        parameters=parameters,
        source=source,
        file_name=file_name,
    )
