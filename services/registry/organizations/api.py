"""Doors: registering, admitting and reading organizations."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, page, runtime, session
from services.registry.organizations import actions, people, queries, rules
from services.registry.organizations.models import Organization
from services.registry.organizations.schemas import (
    NewOrganizationSchema,
    OrganizationPageSchema,
    OrganizationQuery,
    OrganizationSchema,
    OrganizationWithPeopleSchema,
    WorkGroupSchema,
)

blp = Blueprint("organizations", "organizations", url_prefix="/organizations", description="Provinces, TEOs, colleges")


@blp.route("", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewOrganizationSchema)
@blp.response(201, OrganizationWithPeopleSchema)
def register(body: dict[str, Any]) -> dict[str, Any]:
    """Put an organization on record."""
    return _with_people(actions.register(session(), runtime().vault, body, by=caller()))


@blp.route("")
@allow(*Role)
@blp.arguments(OrganizationQuery, location="query")
@blp.response(200, OrganizationPageSchema)
def organizations(query: dict[str, Any]) -> dict[str, Any]:
    """The organizations the caller may see, newest first."""
    found = queries.visible(caller())
    for column in ("kind", "province_code"):
        if query[column] is not None:
            found = found.where(getattr(Organization, column) == query[column])
    return page(session(), found, Organization.id, query["cursor"], query["size"])


@blp.route("/<uuid:organization_id>")
@allow(*Role)
@blp.response(200, OrganizationWithPeopleSchema)
def organization(organization_id: uuid.UUID) -> dict[str, Any]:
    """One organization."""
    return _with_people(queries.one_visible(session(), caller(), organization_id))


@blp.route("/<uuid:organization_id>/work-group", methods=["PUT"])
@allow(Role.OPERATOR, Role.COLLEGE)
@blp.arguments(WorkGroupSchema)
@blp.response(200, OrganizationWithPeopleSchema)
def set_work_group(body: dict[str, Any], organization_id: uuid.UUID) -> dict[str, Any]:
    """A college's work group and contact (OP-03)."""
    return _with_people(actions.set_work_group(session(), runtime().vault, organization_id, body, by=caller()))


@blp.route("/<uuid:organization_id>/admission", methods=["POST"])
@allow(Role.OPERATOR, Role.PROVINCE)
@blp.response(200, OrganizationWithPeopleSchema)
def admit(organization_id: uuid.UUID) -> dict[str, Any]:
    """Admit an organization; a province files the colleges of its territory (PP-33)."""
    return _with_people(actions.admit(session(), runtime().vault, organization_id, by=caller()))


def _with_people(organization: Organization) -> dict[str, Any]:
    view: dict[str, Any] = {name: getattr(organization, name) for name in OrganizationSchema().fields}
    if rules.sees(caller(), organization.id):
        vault = runtime().vault
        view["contacts"] = people.masked_contacts(vault, organization.sealed_contacts)
        view["work_group"] = people.masked_work_group(vault, organization.sealed_work_group)
    return view
