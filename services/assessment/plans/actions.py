"""Plans are drafted and published."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from services.assessment.pilot import queries as pilot
from services.assessment.pilot import rules as pilot_rules
from services.assessment.plans import queries, rules
from services.assessment.plans.errors import CertificateTypeUnknown, ComponentsNotRight
from services.assessment.plans.models import DRAFT, PUBLISHED, Plan
from services.assessment.results.sheet import results_sheet


def draft(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Plan:
    """Draft a plan for a level of the caller's certificate type (PP-10, PP-18, PP-19, OP-36, OP-41)."""
    kind = pilot.certificate_type(session, body["certificate_type_id"])
    if kind is None:
        raise CertificateTypeUnknown()
    rules.check_teo(kind.teo_id, by.organization_id)
    pilot_rules.check_teo_stays(pilot.has_exited(session, kind.teo_id))
    pilot_rules.check_agreement(pilot.agreement_periods(session, kind.teo_id), clock.today())
    standard_version = rules.standard_in_force(kind.levels, body["level"])
    rules.check_components(body["components"], body["pass_line_hundredths"])
    try:
        results_sheet(body["components"])
    except ValueError:  # a code or name is also the heading of another column of a results file
        raise ComponentsNotRight("A component's code or name is one that a results file uses otherwise.") from None
    plan = Plan(
        id=new_id(),
        certificate_type_id=kind.id,
        level=body["level"],
        standard_version=standard_version,
        teo_id=kind.teo_id,
        title_zh=body["title_zh"],
        title_en=body["title_en"],
        year=body["year"],
        components=body["components"],
        pass_line_hundredths=body["pass_line_hundredths"],
        state=DRAFT,
        registered=0,
        created_by=by.client_id,
    )
    session.add(plan)
    session.flush()
    return plan


def publish(session: UnitOfWork, plan_id: uuid.UUID, *, by: Caller) -> Plan:
    """Publish a plan: colleges see it, and from now on it does not change (OP-22)."""
    plan = queries.for_writing(session, plan_id, by)
    pilot_rules.check_teo_stays(pilot.has_exited(session, plan.teo_id))
    pilot_rules.check_agreement(pilot.agreement_periods(session, plan.teo_id), clock.today())
    rules.check_can_be_published(plan.state)
    plan.state = PUBLISHED
    plan.published_at = clock.now()
    session.flush()
    return plan
