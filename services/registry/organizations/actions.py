"""Organizations are registered, corrected and admitted, and their part ends."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.pilot import OrganizationExited
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import outbox
from services.registry.admission import queries as admission
from services.registry.admission import rules as admission_rules
from services.registry.agreements import actions as agreements
from services.registry.organizations import people, queries, rules
from services.registry.organizations.errors import (
    BodyOfProvinceExists,
    NothingToCorrect,
    NotOfACollege,
    OrganizationExists,
)
from services.registry.organizations.models import Organization

# Operators admit TEOs that came in before there were rounds; whoever gives no reason of his own gives this one.
OUTSIDE_A_ROUND = "admitted by the operator outside a recruitment round"


def register(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Organization:
    """Put an organization on record; it takes part only once it is admitted."""
    kind = body["kind"]
    rules.check_college_kind(kind, body["college_kind"])
    rules.check_leading(body["college_kind"], body["demonstration"], body["double_high"])
    rules.check_school_code(kind, body["school_code"])
    if body["work_group"] and kind != rules.COLLEGE:
        raise NotOfACollege("Only a college has a work group.")
    place = rules.settle_place(kind, body["code"], body["division_code"], body["province_code"])
    organization = Organization(
        kind=kind,
        code=place.code,
        name_zh=body["name_zh"],
        name_en=body["name_en"],
        division_code=body["division_code"],
        province_code=place.province_code,
        college_kind=body["college_kind"],
        school_code=body["school_code"],
        demonstration=body["demonstration"],
        double_high=body["double_high"],
        sealed_contacts=people.seal_contacts(vault, body["contacts"]),
        sealed_work_group=people.seal_work_group(vault, body["work_group"]),
        status=rules.REGISTERED,
        created_by=by.client_id,
    )
    session.add(organization)
    _written(session)
    session.refresh(organization)
    return organization


def correct(session: UnitOfWork, organization_id: uuid.UUID, changes: dict[str, Any], *, by: Caller) -> Organization:
    """Put right what is recorded of an organization; what others know of it, they are told again."""
    organization = queries.to_change(session, organization_id)
    rules.check_may_correct(by, organization.kind, organization.province_code)
    rules.check_not_exited(organization.status)
    after = {name: changes.get(name, getattr(organization, name)) for name in rules.CORRECTED}
    rules.check_college_kind(organization.kind, after["college_kind"])
    rules.check_leading(after["college_kind"], after["demonstration"], after["double_high"])
    rules.check_school_code(organization.kind, after["school_code"])
    rules.settle_place(organization.kind, organization.code, after["division_code"], organization.province_code)
    if all(getattr(organization, name) == value for name, value in after.items()):
        raise NothingToCorrect()
    if after["college_kind"] != organization.college_kind:
        organization.levels = []  # what it chose, it chose as a college of the kind it was (PP-13)
    for name, value in after.items():
        setattr(organization, name, value)
    _written(session)
    if organization.status == rules.ADMITTED:
        _tell(session, organization)
    return organization


def choose_levels(session: UnitOfWork, college: Organization, levels: Sequence[str]) -> None:
    """Keep the levels that a college chose (PP-13; who may choose is for the standards' rules to say), and tell."""
    if college.levels != list(levels):
        college.levels = list(levels)
        if college.status == rules.ADMITTED:
            _tell(session, college)


def set_contacts(
    session: UnitOfWork, vault: Vault, organization_id: uuid.UUID, contacts: list[dict[str, str]], *, by: Caller
) -> Organization:
    """An organization names whom to turn to."""
    organization = queries.to_change(session, organization_id)
    by.must_be(organization.id)
    organization.sealed_contacts = people.seal_contacts(vault, contacts)
    return organization


def set_work_group(
    session: UnitOfWork, vault: Vault, organization_id: uuid.UUID, work_group: dict[str, str], *, by: Caller
) -> Organization:
    """A college names its work group; once it is admitted it is never without one (OP-03)."""
    college = queries.to_change(session, organization_id)
    by.must_be(college.id)
    if college.kind != rules.COLLEGE:
        raise NotOfACollege("Only a college has a work group.")
    if college.status == rules.ADMITTED:
        rules.check_work_group(work_group["leader_name"], work_group["contact_name"])
    college.sealed_work_group = people.seal_work_group(vault, work_group)
    return college


def admit(
    session: UnitOfWork, vault: Vault, organization_id: uuid.UUID, *, by: Caller, reason: str | None = None
) -> Organization:
    """Admit an organization to the pilot and tell the other services.

    `reason` is why a TEO without an accepted application is admitted all the same, outside a round (PP-04).
    """
    organization = queries.to_change(session, organization_id)
    rules.check_may_admit(by, organization.kind, organization.province_code)
    rules.check_not_admitted(organization.status)
    if organization.kind == rules.COLLEGE:
        group = people.open_work_group(vault, organization.sealed_work_group)
        rules.check_work_group(group["leader_name"], group["contact_name"])
    if organization.kind == rules.TEO:
        agreements.must_be_in_force(session, organization.id)
        if organization.application_id is None:
            admission_rules.check_outside_a_round(admission.newest_state(session, organization.id))
            organization.outside_round_reason = reason or OUTSIDE_A_ROUND
    organization.status = rules.ADMITTED
    organization.admitted_at = clock.now()
    organization.admitted_by = by.client_id
    _tell(session, organization)
    return organization


def exit(
    session: UnitOfWork, organization_id: uuid.UUID, *, ground: str, case_id: uuid.UUID, decided_by: str
) -> Organization:
    """End an organization's part by the decision of a case, and tell the other services (OP-41, OP-42)."""
    organization = queries.to_change(session, organization_id)
    rules.check_may_exit(organization.kind, organization.status)
    organization.status = rules.EXITED
    organization.exited_at, organization.exited_by = clock.now(), decided_by
    organization.exit_ground, organization.exit_case_id = ground, case_id
    organization.version += 1
    outbox.append(
        session,
        OrganizationExited(
            organization_id=organization.id,
            organization_version=organization.version,
            exit_case_id=case_id,
            kind=organization.kind,  # type: ignore[arg-type]  # nobody else exits
            ground=ground,  # type: ignore[arg-type]  # the case allows nothing else
            decided_by=decided_by,
            exited_at=organization.exited_at,
        ),
    )
    return organization


def must_take_part(session: UnitOfWork, organization_id: uuid.UUID) -> Organization:
    """The organization; refuse one that is not admitted or whose part has ended (PP-02)."""
    organization = queries.known(session, organization_id)
    rules.check_admitted(organization.kind, organization.status)
    return organization


def _tell(session: UnitOfWork, organization: Organization) -> None:
    """Say what the other services keep of an organization, under a new version."""
    if organization.kind not in rules.HEARD_OF:
        return
    assert organization.admitted_at is not None
    organization.version += 1
    outbox.append(
        session,
        OrganizationAdmitted(
            organization_id=organization.id,
            organization_version=organization.version,
            kind=organization.kind,  # type: ignore[arg-type]  # one of HEARD_OF
            code=rules.code_for_others(organization.kind, organization.code),
            name_zh=organization.name_zh,
            name_en=organization.name_en,
            division_code=organization.division_code,
            admitted_at=organization.admitted_at,
            province_code=organization.province_code,
            college_kind=organization.college_kind,
            levels=tuple(organization.levels),
        ),
    )


def _written(session: UnitOfWork) -> None:
    """Write what is pending; raise OrganizationExists or BodyOfProvinceExists for a code or a place that is taken."""
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_organization_coordinating_body" in str(error.orig):
            raise BodyOfProvinceExists() from None
        raise OrganizationExists() from None
