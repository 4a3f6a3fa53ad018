"""TEO, province and college agree on what a candidate costs (OP-28): proposed by one, agreed when the third consents."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.contracts.pilot import FeeAgreed
from onex.messaging import outbox
from services.registry.fees import queries, rules
from services.registry.fees.models import FeeAgreement
from services.registry.organizations import queries as organizations
from services.registry.organizations.rules import COLLEGE
from services.registry.standards import actions as standards
from services.registry.standards import queries as standard_queries


def propose(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> FeeAgreement:
    """One of the three sides proposes a fee, and so consents to it; it is at or under the ceiling in force (OP-28)."""
    college = organizations.named(session, body["college_id"], COLLEGE)
    certificate_type = standard_queries.type_named(session, body["certificate_type_id"])
    assert college.province_code is not None  # no college is registered without
    side = rules.side_of(by, certificate_type.teo_id, college.province_code, college.id)
    rules.check_period(body["in_force_from"], body["in_force_to"], clock.today())
    agreement = FeeAgreement(
        teo_id=certificate_type.teo_id,
        province_code=college.province_code,
        state=rules.PROPOSED,
        agreed_to=body["in_force_to"],
        proposed_by_side=side,
        proposed_by=by.client_id,
        **body,
    )
    _check_may_be(session, agreement)
    _consent(agreement, side, by)
    session.add(agreement)
    session.flush()
    session.refresh(agreement)
    return agreement


def consent(session: UnitOfWork, agreement_id: uuid.UUID, *, by: Caller) -> FeeAgreement:
    """A side consents to what another proposed. With the third consent the fee is agreed, if it may still be (OP-28)."""
    agreement: FeeAgreement = queries.to_change(session, FeeAgreement, agreement_id)
    side = rules.side_of(by, agreement.teo_id, agreement.province_code, agreement.college_id)
    agreement.state = rules.FEE.after(agreement.state, "consent")
    rules.check_consent(getattr(agreement, f"{side}_consented_at"))
    # Locked, so that neither its ceiling nor another fee for the same days is agreed at the same moment.
    standard_queries.type_to_change(session, agreement.certificate_type_id)
    _check_may_be(session, agreement)
    _consent(agreement, side, by)
    if all(getattr(agreement, f"{one}_consented_at") is not None for one in rules.SIDES):
        agreement.state = rules.FEE.after(agreement.state, "agree")
        agreement.agreed_at = clock.now()
        _say(session, agreement)
    return agreement


def withdraw(session: UnitOfWork, agreement_id: uuid.UUID, reason: str, *, by: Caller) -> FeeAgreement:
    """A side takes its proposal back, or declines another's."""
    agreement: FeeAgreement = queries.to_change(session, FeeAgreement, agreement_id)
    rules.side_of(by, agreement.teo_id, agreement.province_code, agreement.college_id)
    agreement.state = rules.FEE.after(agreement.state, "withdraw")
    _close(agreement, reason, by)
    return agreement


def end(session: UnitOfWork, agreement_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> FeeAgreement:
    """A side, or the operator, ends what was agreed; it holds until its last day, which others are told (OP-28)."""
    agreement: FeeAgreement = queries.to_change(session, FeeAgreement, agreement_id)
    if by.role != Role.OPERATOR:
        rules.side_of(by, agreement.teo_id, agreement.province_code, agreement.college_id)
    state, today = rules.FEE.after(agreement.state, "end"), clock.today()
    agreement.in_force_to = rules.last_day_when_ended(
        agreement.in_force_from, agreement.in_force_to, body["last_day"] or today, today
    )
    agreement.state = state
    _close(agreement, body["reason"], by)
    _say(session, agreement)
    return agreement


def _check_may_be(session: UnitOfWork, agreement: FeeAgreement) -> None:
    """What must hold when a fee is proposed and again whenever a side consents."""
    college = organizations.pilot_college(session, agreement.college_id)
    standards.must_operate(session, agreement.teo_id)
    standards.must_have_level(session, agreement.certificate_type_id, agreement.level)
    standards.must_be_open(session, college, agreement.level)
    first, last = agreement.in_force_from, agreement.in_force_to
    steps = queries.ceiling_steps(session, agreement.certificate_type_id, agreement.level, last)
    rules.check_ceiling_known(steps, first)
    ceilings = rules.in_force_between(steps, first, last)
    ceilings += queries.provincial_ceilings(
        session, agreement.province_code, agreement.certificate_type_id, agreement.level, first, last
    )
    rules.check_under_ceilings(agreement.amount_fen, ceilings)
    rules.check_no_overlap(queries.overlapping(session, agreement))


def _consent(agreement: FeeAgreement, side: str, by: Caller) -> None:
    setattr(agreement, f"{side}_consented_at", clock.now())
    setattr(agreement, f"{side}_consented_by", by.client_id)


def _close(agreement: FeeAgreement, reason: str, by: Caller) -> None:
    agreement.closed_at, agreement.closed_by, agreement.closing_reason = clock.now(), by.client_id, reason


def _say(session: UnitOfWork, agreement: FeeAgreement) -> None:
    """Other services keep what was said last of a fee agreement."""
    outbox.append(
        session,
        FeeAgreed(
            fee_agreement_id=agreement.id,
            teo_id=agreement.teo_id,
            college_id=agreement.college_id,
            province_code=agreement.province_code,
            certificate_type_id=agreement.certificate_type_id,
            level=agreement.level,  # type: ignore[arg-type]  # the table allows nothing else
            amount_fen=agreement.amount_fen,
            in_force_from=agreement.in_force_from,
            in_force_to=agreement.in_force_to,
        ),
    )
