"""Reads of exit cases."""

import uuid

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.exits.models import ExitCase, ExitEvidence, ExitStatement
from services.registry.exits.rules import OPEN


def visible(by: Caller) -> Select[ExitCase]:
    """Ministry and operator see all, a province its colleges', TEO and college their own."""
    own = {
        Role.PROVINCE: ExitCase.province_code,
        Role.TEO: ExitCase.organization_id,
        Role.COLLEGE: ExitCase.organization_id,
    }
    return seen_by(by, select(ExitCase), own)


def one_visible(session: Session, by: Caller, case_id: uuid.UUID) -> ExitCase:
    """The case; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(ExitCase.id == case_id)).first())


def to_change(session: Session, case_id: uuid.UUID, by: Caller) -> ExitCase:
    """The case of a request's address, locked until the transaction ends; raise NotFound where `by` may not see it."""
    query = visible(by).where(ExitCase.id == case_id).with_for_update()
    return there(session.scalars(query.execution_options(populate_existing=True)).first())


def to_decide(session: Session, case_id: uuid.UUID) -> ExitCase:
    """Any case, locked: whoever may not decide it is told who may. Raise NotFound without one."""
    return there(session.get(ExitCase, case_id, with_for_update=True))


def is_open(session: Session, organization_id: uuid.UUID, ground: str) -> bool:
    """Whether the organization has an open case on this ground."""
    one = (ExitCase.organization_id == organization_id) & (ExitCase.ground == ground) & ExitCase.state.in_(OPEN)
    return session.scalar(select(ExitCase.id).where(one)) is not None


def others_open(session: Session, case: ExitCase) -> list[ExitCase]:
    """The organization's other open cases, locked."""
    query = select(ExitCase).where(
        ExitCase.organization_id == case.organization_id, ExitCase.state.in_(OPEN), ExitCase.id != case.id
    )
    return list(session.scalars(query.order_by(ExitCase.id).with_for_update()))


def evidence_of(session: Session, case_id: uuid.UUID) -> list[ExitEvidence]:
    """The evidence of a case, oldest first."""
    query = select(ExitEvidence).where(ExitEvidence.exit_case_id == case_id)
    return list(session.scalars(query.order_by(ExitEvidence.id)))


def count_evidence(session: Session, case_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(ExitEvidence.exit_case_id == case_id)) or 0


def statements_of(session: Session, case_id: uuid.UUID) -> list[ExitStatement]:
    """The organization's statements, oldest first."""
    query = select(ExitStatement).where(ExitStatement.exit_case_id == case_id)
    return list(session.scalars(query.order_by(ExitStatement.id)))


def has_stated(session: Session, case_id: uuid.UUID) -> bool:
    return bool(session.scalar(select(exists().where(ExitStatement.exit_case_id == case_id))))
