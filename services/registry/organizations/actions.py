"""Organizations are registered, name their work group, and are admitted."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import outbox
from services.registry.agreements import actions as agreements
from services.registry.organizations import people, queries, rules
from services.registry.organizations.errors import NotOfACollege, OrganizationExists
from services.registry.organizations.models import Organization


def register(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Organization:
    """Put an organization on record; it takes part only once it is admitted."""
    kind = body["kind"]
    rules.check_college_kind(kind, body["college_kind"])
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
        sealed_contacts=people.seal_contacts(vault, body["contacts"]),
        sealed_work_group=people.seal_work_group(vault, body["work_group"]),
        status=rules.REGISTERED,
        created_by=by.client_id,
    )
    session.add(organization)
    try:
        session.flush()
    except IntegrityError:
        raise OrganizationExists() from None
    session.refresh(organization)
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


def admit(session: UnitOfWork, vault: Vault, organization_id: uuid.UUID, *, by: Caller) -> Organization:
    """Admit an organization to the pilot and tell the other services."""
    organization = queries.to_change(session, organization_id)
    rules.check_may_admit(by, organization.kind, organization.province_code)
    rules.check_not_admitted(organization.status)
    if organization.kind == rules.COLLEGE:
        group = people.open_work_group(vault, organization.sealed_work_group)
        rules.check_work_group(group["leader_name"], group["contact_name"])
    if organization.kind == rules.TEO:
        agreements.must_be_in_force(session, organization.id)
    organization.status = rules.ADMITTED
    organization.version += 1
    organization.admitted_at = clock.now()
    organization.admitted_by = by.client_id
    outbox.append(
        session,
        OrganizationAdmitted(
            organization_id=organization.id,
            organization_version=organization.version,
            kind=organization.kind,  # type: ignore[arg-type]  # the table allows nothing else
            code=rules.code_for_others(organization.kind, organization.code),
            name_zh=organization.name_zh,
            name_en=organization.name_en,
            division_code=organization.division_code,
            admitted_at=organization.admitted_at,
        ),
    )
    return organization
