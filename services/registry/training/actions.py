"""Programmes are drafted, announced, served and ended (OP-09, OP-10)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.standards import actions as standard_actions
from services.registry.standards import queries as standards
from services.registry.training import queries, rules
from services.registry.training.errors import ExpertUnknown, NotGovernment, RequestExists
from services.registry.training.experts import government_of
from services.registry.training.models import (
    ProgrammeExpert,
    TrainingExpert,
    TrainingProgramme,
    TrainingRequest,
    TrainingSession,
)
from services.registry.training.states import PROGRAMME, REQUEST

SAID = (
    "trains_for", "title_zh", "title_en", "content", "starts_on", "ends_on", "enrol_until", "places", "fee_fen", "fee_basis",
    "certification_fee_fen",
)  # fmt: skip


def draft(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> TrainingProgramme:
    """A TEO for a type of its own, a province or the Ministry lays down a programme; nobody sees it yet."""
    certificate_type = standards.type_named(session, body["certificate_type_id"])
    standard_actions.must_be_in_force(session, certificate_type)
    if by.role == Role.TEO:
        by.must_be(certificate_type.teo_id)
        owner: dict[str, Any] = {"organizer_kind": rules.TEO, "teo_id": certificate_type.teo_id}
    else:
        owner = {"organizer_kind": rules.GOVERNMENT, "province_code": government_of(by)}
    _check_said(body)
    programme = TrainingProgramme(
        certificate_type_id=certificate_type.id,
        state="draft",
        created_by=by.client_id,
        **owner,
        **{name: body[name] for name in SAID},
    )
    session.add(programme)
    session.flush()
    session.refresh(programme)
    _take_parts(session, programme, body)
    return programme


def correct(session: UnitOfWork, programme_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> TrainingProgramme:
    """Change a programme before it is announced; its sessions and experts are those that are sent now."""
    programme = queries.programme_to_change(session, programme_id)
    must_organize(programme, by)
    programme.state = PROGRAMME.after(programme.state, "correct")
    _check_said(body)
    for name in SAID:
        setattr(programme, name, body[name])
    for part in (*queries.sessions_of(session, programme.id), *queries.experts_of(session, programme.id)):
        session.delete(part)
    session.flush()
    _take_parts(session, programme, body)
    return programme


def announce(session: UnitOfWork, programme_id: uuid.UUID, *, by: Caller) -> TrainingProgramme:
    """Announce a programme with its fees, to everyone; from now on one may enrol (OP-10).

    Before that it must be fit to be held: OP-09, OP-13, OP-14, OP-15, PP-40.
    """
    programme = queries.programme_to_change(session, programme_id)
    must_organize(programme, by)
    programme.state = PROGRAMME.after(programme.state, "announce")
    rules.check_enrolment_open(clock.today(), programme.enrol_until)
    standard_actions.must_be_in_force(session, standards.type_named(session, programme.certificate_type_id))
    sessions = queries.sessions_of(session, programme.id)
    rules.check_has_sessions(len(sessions))
    rules.check_mainly_at_colleges((one.mode, one.venue_kind) for one in sessions)
    agreed = queries.experts_of(session, programme.id)
    experts = queries.experts_by_id(session, (one.expert_id for one in agreed))
    rules.check_reviewed(expert.state for expert in experts.values())
    rules.check_industry_share([expert.source for expert in experts.values()])
    if programme.teo_id is not None:
        _check_teo(session, programme, programme.teo_id)
    else:
        _check_government(session, programme, agreed)
    programme.announced_at, programme.announced_by = clock.now(), by.client_id
    return programme


def cancel(session: UnitOfWork, programme_id: uuid.UUID, reason: str, *, by: Caller) -> TrainingProgramme:
    """The organizer gives a programme up, and says why; TEOs that were asked need not answer any more."""
    programme = queries.programme_to_change(session, programme_id)
    must_organize(programme, by)
    programme.state = PROGRAMME.after(programme.state, "cancel")
    programme.end_reason = reason
    programme.ended_at, programme.ended_by = clock.now(), by.client_id
    for request in queries.open_requests_for(session, programme.id):
        _settle_request(request, "withdraw", None, by)
    return programme


def finish(session: UnitOfWork, programme_id: uuid.UUID, *, by: Caller) -> TrainingProgramme:
    """The organizer ends a programme on its last day or later."""
    programme = queries.programme_to_change(session, programme_id)
    must_organize(programme, by)
    programme.state = PROGRAMME.after(programme.state, "finish")
    rules.check_over(clock.today(), programme.ends_on)
    programme.ended_at, programme.ended_by = clock.now(), by.client_id
    return programme


def replace_teacher(session: UnitOfWork, session_id: uuid.UUID, expert_id: uuid.UUID, *, by: Caller) -> TrainingSession:
    """Another of the programme's experts teaches a session that was announced (OP-15)."""
    held = queries.session_to_change(session, session_id)
    programme = queries.programme_to_change(session, held.programme_id)
    must_organize(programme, by)
    PROGRAMME.after(programme.state, "teach")
    rules.check_teaches(expert_id, {one.expert_id for one in queries.experts_of(session, programme.id)})
    rules.check_reviewed([queries.experts_by_id(session, [expert_id])[expert_id].state])
    held.expert_id = expert_id
    return held


def request(session: UnitOfWork, programme_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> TrainingRequest:
    """A government asks a TEO to serve its programme, with what it needs (OP-09)."""
    programme = queries.programme_to_change(session, programme_id)
    must_organize(programme, by)
    if programme.province_code is None:
        raise NotGovernment()
    PROGRAMME.after(programme.state, "cancel")  # what is over needs nobody any more
    teo = organizations.named(session, body["teo_id"], organization_rules.TEO)
    organization_rules.check_admitted(teo.kind, teo.status)
    asked = TrainingRequest(
        programme_id=programme.id,
        teo_id=teo.id,
        province_code=programme.province_code,
        needs=body["needs"],
        state="open",
        requested_by=by.client_id,
    )
    session.add(asked)
    try:
        session.flush()
    except IntegrityError:
        raise RequestExists() from None
    session.refresh(asked)
    return asked


def answer_request(session: UnitOfWork, request_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> TrainingRequest:
    """The TEO serves the government's programme, or says why it cannot (OP-09)."""
    asked = queries.request_to_change(session, request_id)
    by.must_be(asked.teo_id)
    _settle_request(asked, "accept" if body["accepted"] else "decline", body["answer"], by)
    return asked


def withdraw_request(session: UnitOfWork, request_id: uuid.UUID, *, by: Caller) -> TrainingRequest:
    """The government takes its request back."""
    asked = queries.request_to_change(session, request_id)
    if government_of(by) != asked.province_code:
        raise OutOfScope()
    _settle_request(asked, "withdraw", None, by)
    return asked


def must_organize(programme: TrainingProgramme, by: Caller) -> None:
    """Refuse when the caller is not the programme's organizer (OP-01)."""
    if programme.teo_id is not None:
        if by.role != Role.TEO or by.organization_id != programme.teo_id:
            raise OutOfScope()
    elif government_of(by) != programme.province_code:
        raise OutOfScope()


def _settle_request(asked: TrainingRequest, verb: str, answer: str | None, by: Caller) -> None:
    asked.state, asked.answer = REQUEST.after(asked.state, verb), answer
    asked.answered_at, asked.answered_by = clock.now(), by.client_id


def _check_said(body: dict[str, Any]) -> None:
    rules.check_days(body["enrol_until"], body["starts_on"], body["ends_on"])
    rules.check_certification_fee(body["certification_fee_fen"])


def _take_parts(session: UnitOfWork, programme: TrainingProgramme, body: dict[str, Any]) -> None:
    """Put the sessions and experts of a draft on record."""
    listed = [one["expert_id"] for one in body["experts"]]
    known = queries.experts_by_id(session, listed)
    for one in body["experts"]:
        expert = known.get(one["expert_id"])
        if expert is None or not _may_serve(session, programme, expert):
            raise ExpertUnknown()
        session.add(ProgrammeExpert(programme_id=programme.id, **one))
    for number, one in enumerate(body["sessions"], start=1):
        rules.check_session(one["held_on"], programme.starts_on, programme.ends_on, one["mode"], one["venue_kind"])
        rules.check_teaches(one["expert_id"], listed)
        if one["venue_kind"] == rules.COLLEGE:
            rules.check_venue_named(one["venue_id"])
        if one["venue_id"] is not None:
            venue = organizations.named(session, one["venue_id"], rules.kind_of_venue(one["venue_kind"]))
            organization_rules.check_admitted(venue.kind, venue.status)
        session.add(TrainingSession(programme_id=programme.id, number=number, **one))
    session.flush()


def _may_serve(session: UnitOfWork, programme: TrainingProgramme, expert: TrainingExpert) -> bool:
    """A TEO's programme has experts of its own team; a government's those of TEOs that said yes (OP-09)."""
    if programme.teo_id is not None:
        return expert.teo_id == programme.teo_id
    return expert.teo_id in queries.teos_that_serve(session, programme.id)


def _check_teo(session: UnitOfWork, programme: TrainingProgramme, teo_id: uuid.UUID) -> None:
    """OP-36, PP-40, OP-09: the TEO takes part, has a mixed team, and owes no government an answer."""
    standard_actions.must_operate(session, teo_id)
    rules.check_mixed_team(queries.team_sources(session, teo_id))
    rules.check_government_first(programme.starts_on, queries.requested_starts(session, teo_id))


def _check_government(session: UnitOfWork, programme: TrainingProgramme, agreed: list[ProgrammeExpert]) -> None:
    """OP-09: each expert is paid by the standard in force on the programme's first day."""
    assert programme.province_code is not None  # a programme without a TEO is a government's
    most = queries.pay_in_force(session, programme.province_code, programme.starts_on)
    for one in agreed:
        rules.check_pay(one.pay_fen_a_lesson, most.get(one.rank))
