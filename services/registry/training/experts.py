"""A TEO's team of experts is put together and reviewed (PP-40, OP-15); governments set what experts may be paid (OP-09)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import OutOfScope
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.training import people, queries, rules
from services.registry.training.errors import ExpertExists, PayStandardExists
from services.registry.training.models import ExpertPayStandard, TrainingExpert
from services.registry.training.states import EXPERT


def propose(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> TrainingExpert:
    """A TEO that takes part proposes an expert for its team; nobody teaches before the review."""
    if by.organization_id is None:
        raise OutOfScope()
    teo = organizations.named(session, by.organization_id, organization_rules.TEO)
    organization_rules.check_admitted(teo.kind, teo.status)
    said = {name: body[name] for name in ("number", "source", "employer", "specialty", "qualification")}
    expert = TrainingExpert(
        teo_id=teo.id,
        sealed_name=people.seal(vault, body["name"], people.EXPERT),
        state="proposed",
        created_by=by.client_id,
        entered_by=by.client_id,
        **said,
    )
    session.add(expert)
    try:
        session.flush()
    except IntegrityError:
        raise ExpertExists() from None
    session.refresh(expert)
    return expert


def correct(
    session: UnitOfWork, vault: Vault, expert_id: uuid.UUID, body: dict[str, Any], *, by: Caller
) -> TrainingExpert:
    """The TEO puts the record of an expert right who is not approved; a rejected one is proposed again."""
    expert = queries.expert_to_change(session, expert_id)
    by.must_be(expert.teo_id)
    expert.state = EXPERT.after(expert.state, "correct")
    expert.sealed_name = people.seal(vault, body["name"], people.EXPERT)
    expert.entered_by = by.client_id
    for name in ("source", "employer", "specialty", "qualification"):
        setattr(expert, name, body[name])
    return expert


def review(session: UnitOfWork, expert_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> TrainingExpert:
    """The TEO's review of an expert's quality, with who reviewed and their opinion, by another than entered it (OP-15)."""
    expert = queries.expert_to_change(session, expert_id)
    by.must_be(expert.teo_id)
    rules.check_reviewed_by_another(by.client_id, expert.created_by, expert.entered_by)
    expert.state = EXPERT.after(expert.state, "approve" if body["approved"] else "reject")
    expert.reviewer, expert.review_opinion = body["reviewer"], body["opinion"]
    expert.reviewed_at, expert.reviewed_by = clock.now(), by.client_id
    return expert


def remove(session: UnitOfWork, expert_id: uuid.UUID, *, by: Caller) -> TrainingExpert:
    """The TEO takes an expert off its team."""
    expert = queries.expert_to_change(session, expert_id)
    by.must_be(expert.teo_id)
    expert.state = EXPERT.after(expert.state, "remove")
    return expert


def set_pay(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> ExpertPayStandard:
    """A province, or the Ministry for the whole country, puts its standard of experts' pay on record (OP-09)."""
    standard = ExpertPayStandard(province_code=government_of(by), created_by=by.client_id, **body)
    session.add(standard)
    try:
        session.flush()
    except IntegrityError:
        raise PayStandardExists() from None
    session.refresh(standard)
    return standard


def government_of(by: Caller) -> str:
    """The two digits of the calling province; 00 stands for the Ministry."""
    if by.role == Role.MINISTRY:
        return rules.NATIONAL
    if by.role != Role.PROVINCE or by.province_code is None:
        raise OutOfScope()
    return by.province_code
