"""Inspectors are named, draws committed to and held, visits recorded (PP-28)."""

import secrets
import uuid
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.registry.inspections import draw, queries, rules
from services.registry.inspections.errors import InspectorExists
from services.registry.inspections.models import Inspection, InspectionDraw, InspectionFinding, Inspector
from services.registry.inspections.rules import DRAW, INSPECTION, INSPECTOR
from services.registry.organizations import queries as organizations
from services.registry.rectification import actions as rectification

NAME, SEED = "inspector name", "inspection seed"


def add_inspector(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Inspector:
    """Name an inspector for a pool, with the organizations it is tied to."""
    for organization_id in {*body["interests"], *([body["organization_id"]] if body["organization_id"] else [])}:
        organizations.known(session, organization_id)
    inspector = Inspector(
        code=body["code"],
        sealed_name=vault.seal(body["name"].encode(), NAME),
        province_code=rules.territory(by, body["province_code"]),
        organization_id=body["organization_id"],
        interests=body["interests"],
        state=rules.ACTIVE,
        added_by=by.client_id,
    )
    session.add(inspector)
    try:
        session.flush()
    except IntegrityError:
        raise InspectorExists() from None
    session.refresh(inspector)
    return inspector


def declare_interests(
    session: UnitOfWork, inspector_id: uuid.UUID, interests: list[uuid.UUID], *, by: Caller
) -> Inspector:
    """PP-28: an inspector's interests as they are from now on; draws that were committed to before keep theirs."""
    inspector = queries.inspector_to_change(session, by, inspector_id)
    inspector.state = INSPECTOR.after(inspector.state, "declare")
    for organization_id in interests:
        organizations.known(session, organization_id)
    inspector.interests, inspector.interests_declared_at = interests, clock.now()
    return inspector


def retire(session: UnitOfWork, inspector_id: uuid.UUID, *, by: Caller) -> Inspector:
    """An inspector is drawn no more."""
    inspector = queries.inspector_to_change(session, by, inspector_id)
    inspector.state = INSPECTOR.after(inspector.state, "retire")
    inspector.retired_at = clock.now()
    return inspector


def commit_draw(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> InspectionDraw:
    """PP-28: freeze both lists and publish what binds the seed, before anyone can know what it draws."""
    rules.check_may_draw(by, body["kind"])
    province_code = rules.territory(by, body["province_code"])
    rules.check_draw_day(body["draw_on"], clock.today())
    candidates = queries.candidates(session, body["kind"], province_code)
    inspectors = {
        one.code: rules.recused(_text(one.organization_id), [str(other) for other in one.interests], candidates)
        for one in queries.pool(session, province_code)
    }
    rules.check_lists(candidates, body["count"], inspectors, body["inspectors_each"])
    seed = secrets.token_bytes(draw.SEED_BYTES)
    made = InspectionDraw(
        title=body["title"],
        kind=body["kind"],
        province_code=province_code,
        count=body["count"],
        inspectors_each=body["inspectors_each"],
        draw_on=body["draw_on"],
        public_source=body["public_source"],
        commitment=draw.commitment_to(seed),
        candidates=candidates,
        candidates_digest=draw.digest_of(candidates),
        inspectors=inspectors,
        inspectors_digest=draw.digest_of(lines_of(inspectors)),
        sealed_seed=vault.seal(seed, SEED),
        state=rules.COMMITTED,
        committed_by=by.client_id,
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def reveal(
    session: UnitOfWork, vault: Vault, draw_id: uuid.UUID, public_value: str | None, *, by: Caller
) -> InspectionDraw:
    """PP-28: publish the seed and hold the draw."""
    held = queries.inspection_draw(session, draw_id, lock=True)
    rules.check_territory(by, held.province_code)
    state = DRAW.after(held.state, "reveal")
    rules.check_reveal(held.draw_on, clock.today(), held.public_source, public_value)
    seed = vault.open(held.sealed_seed, SEED)
    context = draw.context_of(held.candidates_digest, held.inspectors_digest, public_value or "")
    visits = draw.draw(seed, context, held.candidates, held.count, held.inspectors, held.inspectors_each)
    for place, visit in enumerate(visits):
        session.add(
            Inspection(
                draw_id=held.id,
                place=place,
                organization_id=uuid.UUID(visit.organization_id),
                province_code=held.province_code,
                inspectors=list(visit.inspectors),
                state=rules.DUE,
            )
        )
    held.state, held.seed, held.public_value = state, seed.hex(), public_value
    held.closed_by, held.closed_at = by.client_id, clock.now()
    session.flush()
    return held


def cancel(session: UnitOfWork, vault: Vault, draw_id: uuid.UUID, because: str, *, by: Caller) -> InspectionDraw:
    """A draw that is not held says why, and publishes its seed too: nobody drops a draw for what it would have drawn."""
    held = queries.inspection_draw(session, draw_id, lock=True)
    rules.check_territory(by, held.province_code)
    held.state = DRAW.after(held.state, "cancel")
    held.seed, held.cancelled_because = vault.open(held.sealed_seed, SEED).hex(), because
    held.closed_by, held.closed_at = by.client_id, clock.now()
    session.flush()
    return held


def record_result(session: UnitOfWork, inspection_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Inspection:
    """PP-28: what a visit found, for everyone to read."""
    inspection = queries.inspection_to_change(session, inspection_id)
    rules.check_territory(by, inspection.province_code)
    state = INSPECTION.after(inspection.state, "record")
    drawn = queries.inspection_draw(session, inspection.draw_id)
    assert drawn.closed_at is not None  # an inspection comes of a draw that was held
    drawn_on = clock.beijing_day(drawn.closed_at)
    rules.check_result(body["outcome"], len(body["findings"]), body["inspected_on"], drawn_on, clock.today())
    inspection.state, inspection.outcome, inspection.summary = state, body["outcome"], body["summary"]
    inspection.inspected_on = body["inspected_on"]
    inspection.recorded_by, inspection.recorded_at = by.client_id, clock.now()
    for finding in body["findings"]:
        session.add(
            InspectionFinding(inspection_id=inspection.id, organization_id=inspection.organization_id, **finding)
        )
    session.flush()
    return inspection


def order_rectification(
    session: UnitOfWork, inspection_id: uuid.UUID, finding_id: uuid.UUID, matter: str, due_on: date, *, by: Caller
) -> Inspection:
    """A finding leads to an order to put it right (PP-28, OP-43)."""
    inspection = queries.inspection_to_change(session, inspection_id)
    rules.check_territory(by, inspection.province_code)
    finding = queries.finding_to_change(session, inspection.id, finding_id)
    rules.check_not_ordered(finding.rectification_id)
    order = rectification.order(session, inspection.organization_id, matter, due_on, by=by)
    finding.rectification_id = order.id
    session.flush()
    return inspection


def lines_of(inspectors: dict[str, list[str]]) -> list[str]:
    """What the inspectors' digest is made of: a line with each code, and after a space each its candidates not to inspect."""
    return [" ".join((code, *sorted(recused))) for code, recused in inspectors.items()]


def _text(one: uuid.UUID | None) -> str | None:
    return str(one) if one else None
