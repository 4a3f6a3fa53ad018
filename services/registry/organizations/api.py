"""Doors: registering, correcting, admitting and reading organizations."""

import uuid
from typing import Any

import services.registry.organizations.base_api
import services.registry.organizations.batch_api
import services.registry.organizations.consortium_api
import services.registry.organizations.field_api
import services.registry.organizations.liaison_api
import services.registry.organizations.quota_api  # noqa: F401  each puts its doors on the area's blueprint
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.organizations import actions, people, queries, rules
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import Organization
from services.registry.organizations.schemas import (
    AdmissionSchema,
    ContactsSchema,
    NewOrganizationSchema,
    OrganizationCorrectionSchema,
    OrganizationSchema,
    OrganizationWithPeopleSchema,
    WorkGroupSchema,
)

ORGANIZATIONS = Listing(
    OrganizationSchema,
    Organization.id,
    filters={
        "kind": equal(Organization.kind, rules.KINDS),
        "status": equal(Organization.status, rules.STATUSES),
        "province_code": equal(Organization.province_code),
        "division_code": prefix(Organization.division_code, leads=True),
        "college_kind": equal(Organization.college_kind, rules.COLLEGE_KINDS),
        "code": equal(Organization.code),
        "school_code": equal(Organization.school_code),
        "demonstration": equal(Organization.demonstration),
        "double_high": equal(Organization.double_high),
        "admitted": span(Organization.admitted_at, leads=True),
    },
    sorts={"code": Organization.code},
)


@blp.route("/organizations", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewOrganizationSchema)
@blp.response(201, OrganizationWithPeopleSchema)
def register(body: dict[str, Any]) -> dict[str, Any]:
    """Put an organization on record."""
    return _with_people(actions.register(session(), runtime().vault, body, by=caller()))


@blp.route("/organizations")
@allow(*Role)
@ORGANIZATIONS.door(blp)
def organizations(query: dict[str, Any]) -> Any:
    """The organizations the caller may see."""
    return ORGANIZATIONS.answer(session(), queries.visible(caller()), query)


@blp.route("/organizations/<uuid:organization_id>")
@allow(*Role)
@blp.response(200, OrganizationWithPeopleSchema)
def organization(organization_id: uuid.UUID) -> dict[str, Any]:
    """One organization."""
    return _with_people(queries.one_visible(session(), caller(), organization_id))


@blp.route("/organizations/<uuid:organization_id>", methods=["PATCH"])
@allow(Role.OPERATOR, Role.PROVINCE)
@blp.arguments(OrganizationCorrectionSchema)
@blp.response(200, OrganizationWithPeopleSchema)
def correct(body: dict[str, Any], organization_id: uuid.UUID) -> dict[str, Any]:
    """Put right what is recorded of an organization; other services hear of it under a higher version."""
    return _with_people(actions.correct(session(), organization_id, body, by=caller()))


@blp.route("/organizations/<uuid:organization_id>/contacts", methods=["PUT"])
@allow(Role.OPERATOR, Role.PROVINCE, Role.TEO, Role.COLLEGE)
@blp.arguments(ContactsSchema)
@blp.response(200, OrganizationWithPeopleSchema)
def set_contacts(body: dict[str, Any], organization_id: uuid.UUID) -> dict[str, Any]:
    """An organization names whom to turn to."""
    contacts = body["contacts"]
    return _with_people(actions.set_contacts(session(), runtime().vault, organization_id, contacts, by=caller()))


@blp.route("/organizations/<uuid:organization_id>/work-group", methods=["PUT"])
@allow(Role.OPERATOR, Role.COLLEGE)
@blp.arguments(WorkGroupSchema)
@blp.response(200, OrganizationWithPeopleSchema)
def set_work_group(body: dict[str, Any], organization_id: uuid.UUID) -> dict[str, Any]:
    """A college's work group and contact (OP-03)."""
    return _with_people(actions.set_work_group(session(), runtime().vault, organization_id, body, by=caller()))


@blp.route("/organizations/<uuid:organization_id>/admission", methods=["POST"])
@allow(Role.OPERATOR, Role.PROVINCE)
@blp.arguments(AdmissionSchema)
@blp.response(200, OrganizationWithPeopleSchema)
def admit(body: dict[str, Any], organization_id: uuid.UUID) -> dict[str, Any]:
    """Admit an organization; a province files the colleges of its territory (PP-33)."""
    who, vault = caller(), runtime().vault
    return _with_people(actions.admit(session(), vault, organization_id, by=who, reason=body["reason"]))


def _with_people(organization: Organization) -> dict[str, Any]:
    view: dict[str, Any] = {name: getattr(organization, name) for name in OrganizationSchema().fields}
    if rules.sees(caller(), organization.id):
        vault = runtime().vault
        view["contacts"] = people.masked_contacts(vault, organization.sealed_contacts)
        view |= {
            "application_id": organization.application_id,
            "outside_round_reason": organization.outside_round_reason,
        }
        view["work_group"] = people.masked_work_group(vault, organization.sealed_work_group)
    return view
