"""Cases are opened, investigated, verified or dismissed, and decided (OP-41, OP-42)."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.pilot import ExitCaseOpened
from onex.messaging import outbox
from services.registry.exits import queries, rules
from services.registry.exits.errors import CaseOpen
from services.registry.exits.models import ExitCase, ExitEvidence, ExitStatement
from services.registry.organizations import actions as organizations
from services.registry.organizations.divisions import PROVINCES
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import ADMITTED
from services.registry.rectification import queries as rectification
from services.registry.rectification import rules as rectification_rules

EVIDENCE, STATEMENT = "exit evidence", "exit statement"
MINISTRY = "教育部"


def open_case(
    session: UnitOfWork,
    organization_id: uuid.UUID,
    ground: str,
    *,
    found: str,
    by: Caller | str,
    by_itself: bool = False,
) -> ExitCase | None:
    """Open a case on a ground; None when one on this ground is open already, or the organization takes no part (any more).

    `found` is what was found, and names no person. `by` is who found it: a caller, or a rule's name with `by_itself`.
    """
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise OrganizationUnknown()
    rules.check_ground(organization.kind, ground)
    if organization.status != ADMITTED or queries.is_open(session, organization_id, ground):
        return None
    case = ExitCase(
        organization_id=organization.id,
        kind=organization.kind,
        province_code=organization.province_code if organization.kind == rules.COLLEGE else None,
        ground=ground,
        state=rules.OPENED,
        found=found,
        opened_by=by.client_id if isinstance(by, Caller) else by,
        opened_by_itself=by_itself,
    )
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError:  # another transaction was faster with the same ground
        return None
    session.refresh(case)
    outbox.append(
        session,
        ExitCaseOpened(
            exit_case_id=case.id,
            organization_id=case.organization_id,
            kind=case.kind,  # type: ignore[arg-type]  # the table allows nothing else
            ground=case.ground,  # type: ignore[arg-type]
            opened_by_itself=by_itself,
            opened_at=case.opened_at,
        ),
    )
    return case


def open_by_hand(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> ExitCase:
    """The Ministry, the operator or a college's province opens a case against an organization that takes part."""
    organization = organizations.must_take_part(session, body["organization_id"])
    rules.check_ground(organization.kind, body["ground"])
    rules.check_may_pursue(by, organization.kind, organization.province_code)
    case = open_case(session, organization.id, body["ground"], found=body["found"], by=by)
    if case is None:
        raise CaseOpen()
    return case


def investigate(session: UnitOfWork, case_id: uuid.UUID, statement_due_on: date | None, *, by: Caller) -> ExitCase:
    """Begin the investigation; from now on until its last day the organization may make its statement."""
    case = _pursued(session, case_id, by)
    case.state = rules.MACHINES[case.kind].after(case.state, "investigate")
    case.statement_due_on = rules.statement_due(statement_due_on, clock.today())
    case.investigated_by, case.investigated_at = by.client_id, clock.now()
    return case


def add_evidence(
    session: UnitOfWork, vault: Vault, case_id: uuid.UUID, body: dict[str, str], *, by: Caller
) -> ExitEvidence:
    """Put something on the case's file, until it is verified or dismissed."""
    case = _pursued(session, case_id, by)
    if case.state != rules.OPENED:  # before and during the investigation
        rules.MACHINES[case.kind].after(case.state, "verify")
    evidence = ExitEvidence(
        exit_case_id=case.id,
        title=body["title"],
        source=body["source"],
        sealed_content=vault.seal(body["content"].encode(), EVIDENCE),
        added_by=by.client_id,
    )
    session.add(evidence)
    session.flush()
    session.refresh(evidence)
    return evidence


def state(session: UnitOfWork, vault: Vault, case_id: uuid.UUID, statement: str, *, by: Caller) -> ExitStatement:
    """The organization speaks, during the investigation and within its term."""
    case = queries.to_change(session, case_id, by)
    by.must_be(case.organization_id)
    rules.MACHINES[case.kind].after(case.state, "verify")
    assert case.statement_due_on is not None  # every investigation begins with one
    rules.check_statement_in_time(case.statement_due_on, clock.today())
    made = ExitStatement(
        exit_case_id=case.id, sealed_statement=vault.seal(statement.encode(), STATEMENT), made_by=by.client_id
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def verify(session: UnitOfWork, case_id: uuid.UUID, finding: str, *, by: Caller) -> ExitCase:
    """The ground is verified: the organization was heard, and there is something to rest on."""
    case = _pursued(session, case_id, by)
    after = rules.MACHINES[case.kind].after(case.state, "verify")
    assert case.statement_due_on is not None
    rules.check_heard(case.kind, queries.has_stated(session, case.id), case.statement_due_on, clock.today())
    missed = [
        one
        for one in rectification.not_put_right(session, case.organization_id)
        if rectification_rules.ground_of(case.kind, one.about) == case.ground
    ]
    evidence = queries.count_evidence(session, case.id)
    rules.check_found(case.kind, case.ground, evidence, case.opened_by_itself, missed)
    case.state, case.finding = after, finding
    case.verified_by, case.verified_at = by.client_id, clock.now()
    return case


def dismiss(session: UnitOfWork, case_id: uuid.UUID, reasons: str, *, by: Caller) -> ExitCase:
    """The ground is not there, or does not carry: the case ends and the organization goes on."""
    case = _pursued(session, case_id, by)
    _end(case, "dismiss", reasons, by)
    return case


def decide(session: UnitOfWork, case_id: uuid.UUID, reasons: str, *, by: Caller) -> ExitCase:
    """The deciding body ends the organization's part; the other services hear of it (OP-41, OP-42).

    Its other open cases have no object any more.
    """
    case = queries.to_decide(session, case_id)
    rules.check_may_decide(by, case.kind, case.province_code)
    _end(case, "decide", reasons, by)
    case.decided_by = MINISTRY if case.kind == rules.TEO else PROVINCES[case.province_code or ""]
    organizations.exit(session, case.organization_id, ground=case.ground, case_id=case.id, decided_by=case.decided_by)
    for other in queries.others_open(session, case):
        _end(other, "dismiss", f"The organization's part has ended by the decision of the case {case.id}.", by)
    session.flush()
    return case


def _end(case: ExitCase, verb: str, reasons: str, by: Caller) -> None:
    case.state = rules.MACHINES[case.kind].after(case.state, verb)
    case.closed_by, case.closed_at, case.reasons = by.client_id, clock.now(), reasons


def _pursued(session: UnitOfWork, case_id: uuid.UUID, by: Caller) -> ExitCase:
    case = queries.to_change(session, case_id, by)
    rules.check_may_pursue(by, case.kind, case.province_code)
    return case
