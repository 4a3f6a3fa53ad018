"""The expert pool, and the panels that judge applications (PP-26)."""

import uuid
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork, in_order
from onex.chassis.pii import Vault, mask_name, mask_number
from onex.chassis.problems import there
from services.registry.admission import queries, rules
from services.registry.admission.errors import ExpertExists, ExpertUnknown, NotOfThePanel, ScoreGiven
from services.registry.admission.models import Application, Expert, Interest, PanelMember
from services.registry.organizations import queries as organizations

_PURPOSE = "expert"


def add_expert(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Expert:
    """Take an expert into the pool, once."""
    if body["organization_id"] is not None:
        organizations.known(session, body["organization_id"])
    expert = Expert(
        sealed_person=vault.seal(orjson.dumps({"name": body["name"], "phone": body["phone"]}), _PURPOSE),
        person_hash=vault.blind_index(f"{body['name']}|{body['phone']}", _PURPOSE).hex(),
        sector=body["sector"],
        specialty=body["specialty"],
        organization_id=body["organization_id"],
        added_by=by.client_id,
    )
    session.add(expert)
    try:
        session.flush()
    except IntegrityError:
        raise ExpertExists() from None
    session.refresh(expert)
    return expert


def change_expert(session: UnitOfWork, expert_id: uuid.UUID, body: dict[str, Any]) -> Expert:
    """Put right what an expert does and where he or she works; who now works at an applicant is recused there."""
    expert = _to_change(session, expert_id)
    if body["organization_id"] is not None:
        organizations.known(session, body["organization_id"])
        _recuse(session, expert, body["organization_id"])
    for name, value in body.items():
        setattr(expert, name, value)
    return expert


def retire_expert(session: UnitOfWork, expert_id: uuid.UUID) -> Expert:
    """An expert leaves the pool; seats already taken are kept."""
    expert = _to_change(session, expert_id)
    rules.check_in_pool(expert.retired_at is not None)
    expert.retired_at = clock.now()
    return expert


def declare_interest(session: UnitOfWork, expert_id: uuid.UUID, organization_id: uuid.UUID, *, by: Caller) -> Expert:
    """An expert declares an interest in an organization: no seat on its applications, and no say where one is held."""
    expert = _to_change(session, expert_id)
    organizations.known(session, organization_id)
    if organization_id not in queries.interests_of(session, expert_id):
        session.add(Interest(expert_id=expert_id, organization_id=organization_id, declared_by=by.client_id))
    _recuse(session, expert, organization_id)
    session.flush()
    return expert


def appoint(
    session: UnitOfWork, application_id: uuid.UUID, expert_ids: Iterable[uuid.UUID], *, by: Caller
) -> list[PanelMember]:
    """Give experts a seat in an application's panel; more may follow, in place of those who were recused."""
    application = queries.application_to_change(session, application_id)
    application.state = rules.APPLICATION.after(application.state, "review")
    seated = {seat.expert_id: seat for seat in queries.panel_of(session, application_id)}
    for expert_id in in_order(expert_ids):
        expert = session.get(Expert, expert_id, with_for_update=True)
        if expert is None:
            raise ExpertUnknown()
        rules.check_in_pool(expert.retired_at is not None)
        interests = queries.interests_of(session, expert_id)
        rules.check_recusal(application.teo_id, expert.organization_id, interests)
        if expert_id not in seated:
            session.add(PanelMember(application_id=application_id, expert_id=expert_id, appointed_by=by.client_id))
    session.flush()
    panel = queries.panel_of(session, application_id)
    rules.check_panel_size(len(with_a_say(panel)))
    return panel


def score(session: UnitOfWork, application_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> PanelMember:
    """Record the score of an expert who has a seat and a say, once."""
    application = queries.application_to_change(session, application_id)
    application.state = rules.APPLICATION.after(application.state, "score")
    seats = [one for one in queries.panel_of(session, application_id) if one.expert_id == body["expert_id"]]
    if not seats or seats[0].recused_at is not None:
        raise NotOfThePanel()
    seat = seats[0]
    if seat.score is not None:
        raise ScoreGiven()
    seat.score, seat.opinion = body["score"], body["opinion"]
    seat.scored_at, seat.scored_by = clock.now(), by.client_id
    return seat


def with_a_say(panel: list[PanelMember]) -> list[PanelMember]:
    """The seats that were not recused."""
    return [seat for seat in panel if seat.recused_at is None]


def shown(vault: Vault, experts: list[Expert]) -> list[dict[str, Any]]:
    """Experts with their persons masked."""
    rows = []
    for expert in experts:
        person = orjson.loads(vault.open(expert.sealed_person, _PURPOSE))
        plain = ("id", "sector", "specialty", "organization_id", "added_at", "retired_at")
        masked = {"name": mask_name(person["name"]), "phone": mask_number(person["phone"])}
        rows.append({name: getattr(expert, name) for name in plain} | masked)
    return rows


def _recuse(session: UnitOfWork, expert: Expert, organization_id: uuid.UUID) -> None:
    """Take the expert's say on what the organization has applied for and is still being judged."""
    held = (
        select(PanelMember)
        .join(Application, Application.id == PanelMember.application_id)
        .where(
            PanelMember.expert_id == expert.id,
            PanelMember.recused_at.is_(None),
            Application.teo_id == organization_id,
            Application.state == "under_review",
        )
    )
    for seat in session.scalars(held):
        seat.recused_at = clock.now()


def _to_change(session: UnitOfWork, expert_id: uuid.UUID) -> Expert:
    return there(session.get(Expert, expert_id, with_for_update=True))
