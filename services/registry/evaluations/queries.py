"""Reads of evaluations."""

import uuid
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.registry.evaluations import rules
from services.registry.evaluations.models import Evaluation


def visible(by: Caller) -> Select[Evaluation]:
    """A draft is its author's; what is submitted the regulators see; whom it is about sees it once it is published."""
    query = select(Evaluation)
    submitted = Evaluation.state != rules.DRAFT
    if by.sees_everything:
        return query.where(or_(submitted, (Evaluation.kind != rules.SELF) & Evaluation.made_by_province.is_(None)))
    if by.role == Role.PROVINCE:
        query = owned_by(query, Evaluation.province_code, by.province_code)
        return query.where(or_(submitted, Evaluation.made_by_province == by.province_code))
    if by.role in (Role.TEO, Role.COLLEGE):
        query = owned_by(query, Evaluation.organization_id, by.organization_id)
        return query.where(or_(Evaluation.kind == rules.SELF, Evaluation.state.in_((rules.PUBLISHED, rules.ANNULLED))))
    return query.where(false())


def one_visible(session: Session, by: Caller, evaluation_id: uuid.UUID) -> Evaluation:
    """The evaluation; raise NotFound when there is none that the caller may see."""
    return _one(session, visible(by).where(Evaluation.id == evaluation_id))


def to_change(session: Session, by: Caller, evaluation_id: uuid.UUID) -> Evaluation:
    """The evaluation, locked until the transaction ends; raise NotFound where the caller may not see it."""
    return _one(session, visible(by).where(Evaluation.id == evaluation_id).with_for_update())


def _one(session: Session, query: Select[Any]) -> Evaluation:
    return there(session.scalars(query.execution_options(populate_existing=True)).first())
