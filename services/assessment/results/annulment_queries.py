"""Reads of annulments, within the caller's scope."""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.assessment.results.annulment_models import AnnulledResult, Annulment
from services.assessment.results.annulment_rules import IN_FORCE


def visible(who: Caller) -> Select[Annulment]:
    """A TEO its own annulments, operator and Ministry all."""
    return seen_by(who, select(Annulment), {Role.TEO: Annulment.teo_id})


def one_visible(session: Session, annulment_id: uuid.UUID, who: Caller) -> Annulment:
    """The annulment; raises NotFound when there is none that the caller may see."""
    return there(session.scalar(visible(who).where(Annulment.id == annulment_id)))


def to_decide(session: Session, annulment_id: uuid.UUID, who: Caller) -> Annulment:
    """The annulment, locked; raises NotFound when there is none that the caller may see."""
    query = visible(who).where(Annulment.id == annulment_id).with_for_update()
    return there(session.scalar(query.execution_options(populate_existing=True)))


def annulled_results(who: Caller) -> Select[AnnulledResult]:
    """The annulled results that the caller may see: a TEO its own, a college those of its students."""
    return seen_by(
        who, select(AnnulledResult), {Role.TEO: AnnulledResult.teo_id, Role.COLLEGE: AnnulledResult.college_id}
    )


def annulled_of(session: Session, result_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, AnnulledResult]:
    """Those of the results that were annulled."""
    query = select(AnnulledResult).where(AnnulledResult.result_id.in_(list(result_ids)))
    return {one.result_id: one for one in session.scalars(query)}


def annulled_sittings(session: Session, plan_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The plan's sittings that were annulled: nothing of them is published any more."""
    query = select(Annulment.sitting_id).where(
        Annulment.plan_id == plan_id, Annulment.sitting_id.is_not(None), Annulment.state.in_(IN_FORCE)
    )
    return frozenset(one for one in session.scalars(query) if one)
