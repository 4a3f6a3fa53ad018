"""Sittings are set."""

from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from services.assessment.pilot import queries as pilot
from services.assessment.pilot import rules as pilot_rules
from services.assessment.plans import queries as plans
from services.assessment.plans import rules as plan_rules
from services.assessment.sittings import rules
from services.assessment.sittings.errors import SiteNotFiled
from services.assessment.sittings.models import Sitting


def set_sitting(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Sitting:
    """Set a sitting of the caller's published plan at a filed site (OP-22, OP-23, OP-36); none of who has left (OP-41, OP-42)."""
    plan = plans.for_writing(session, body["plan_id"], by)
    plan_rules.check_published(plan.state)
    pilot_rules.check_teo_stays(pilot.has_exited(session, plan.teo_id))
    pilot_rules.check_agreement(pilot.agreement_periods(session, plan.teo_id), clock.today())
    site = pilot.site(session, body["site_id"])
    rules.check_site(site.certificate_type_id if site else None, plan.certificate_type_id)
    if site is None:
        raise SiteNotFiled()
    rules.check_standing(site.standing)
    pilot_rules.check_college_stays(pilot.has_exited(session, site.college_id))
    rules.check_times(body["starts_at"], body["ends_at"])
    sitting = Sitting(
        id=new_id(),
        plan_id=plan.id,
        site_id=site.id,
        site_code=site.code,
        starts_at=body["starts_at"],
        ends_at=body["ends_at"],
        capacity=body["capacity"],
        registered=0,
        created_by=by.client_id,
    )
    session.add(sitting)
    session.flush()
    return sitting
