"""Reads of sittings, within the caller's scope."""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from services.assessment.plans import queries as plans
from services.assessment.plans.models import Plan
from services.assessment.sittings.models import Sitting


def visible(who: Caller, plan_id: uuid.UUID | None) -> Select[Sitting]:
    """The sittings of the plans the caller may see."""
    query = select(Sitting).join(Plan, Plan.id == Sitting.plan_id).where(plans.in_scope(who))
    return query.where(Sitting.plan_id == plan_id) if plan_id else query


def of_plan(session: Session, plan_id: uuid.UUID) -> list[Sitting]:
    """The plan's sittings, the earliest first."""
    query = select(Sitting).where(Sitting.plan_id == plan_id).order_by(Sitting.starts_at, Sitting.id)
    return list(session.scalars(query))


def site_codes(session: Session, sitting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where these sittings are."""
    query = select(Sitting.id, Sitting.site_code).where(Sitting.id.in_(list(sitting_ids)))
    return dict(iter(session.execute(query)))
