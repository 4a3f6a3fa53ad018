"""Agreements are signed, may end early, and are asked for wherever a TEO acts."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.contracts.registry import AgreementSigned
from onex.messaging import outbox
from services.registry.agreements import queries, rules
from services.registry.agreements.models import Agreement
from services.registry.organizations import queries as organizations
from services.registry.organizations.rules import TEO


def sign(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Agreement:
    """Put a signed agreement on record and tell the other services (OP-36)."""
    rules.check_clauses(body["clauses"])
    rules.check_period(body["signed_on"], body["in_force_from"], body["in_force_to"], clock.today())
    teo = organizations.named(session, body["teo_id"], TEO)
    agreement = Agreement(
        teo_id=teo.id,
        clauses=body["clauses"],
        documents=body["documents"],
        signed_on=body["signed_on"],
        in_force_from=body["in_force_from"],
        in_force_to=body["in_force_to"],
        signed_to=body["in_force_to"],
        created_by=by.client_id,
    )
    session.add(agreement)
    session.flush()
    session.refresh(agreement)
    _say(session, agreement)
    return agreement


def terminate(session: UnitOfWork, agreement_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Agreement:
    """End an agreement early, for a reason; the TEO operates no more from the day after its last day on (OP-36)."""
    agreement = queries.to_change(session, agreement_id)
    today = clock.today()
    agreement.in_force_to = rules.last_day_after_termination(
        agreement.in_force_from,
        agreement.in_force_to,
        body["last_day"] or today,
        today,
        terminated=agreement.terminated_at is not None,
    )
    agreement.terminated_at, agreement.terminated_by = clock.now(), by.client_id
    agreement.termination_reason = body["reason"]
    _say(session, agreement)
    return agreement


def must_be_in_force(session: UnitOfWork, teo_id: uuid.UUID) -> None:
    """Refuse what the TEO may not do today without an agreement (OP-36)."""
    rules.check_in_force(queries.any_in_force(session, teo_id, clock.today()))


def _say(session: UnitOfWork, agreement: Agreement) -> None:
    """Other services keep what was said last of an agreement."""
    outbox.append(
        session,
        AgreementSigned(
            agreement_id=agreement.id,
            teo_id=agreement.teo_id,
            in_force_from=agreement.in_force_from,
            in_force_to=agreement.in_force_to,
        ),
    )
