"""Doors: conditions of sites; declaring, settling, filing, suspending, closing and reading sites; coverage."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, exporting, public, session
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.sites import actions, conditions, coverage, queries
from services.registry.sites.models import Site, SiteConditionList
from services.registry.sites.schemas import (
    SiteConditionListSchema,
    SiteCorrectionSchema,
    SiteGapPageSchema,
    SiteGapQuerySchema,
    SiteReasonSchema,
    SiteSchema,
)
from services.registry.sites.states import SITE

blp = Blueprint("sites", "sites", description="Assessment sites")

SITES = Listing(
    SiteSchema,
    Site.id,
    filters={
        "state": equal(Site.state, SITE.states),
        "certificate_type_id": equal(Site.certificate_type_id),
        "college_id": equal(Site.college_id),
        "code": prefix(Site.code, leads=True),
        "division_code": prefix(Site.division_code, leads=True),
        "filed": span(Site.filed_at, leads=True),
    },
    sorts={"code": Site.code},
)
CONDITION_LISTS = Listing(
    SiteConditionListSchema,
    SiteConditionList.id,
    filters={
        "certificate_type_id": equal(SiteConditionList.certificate_type_id),
        "in_force": span(SiteConditionList.in_force_from),
    },
)


@blp.route("/site-conditions", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(SiteConditionListSchema)
@blp.response(201, SiteConditionListSchema)
def publish_conditions(body: dict[str, Any]) -> SiteConditionList:
    """A TEO publishes what its certificate type asks of sites (OP-23)."""
    return conditions.publish(session(), body, by=caller())


@blp.route("/site-conditions")
@public
@CONDITION_LISTS.door(blp)
def condition_lists(query: dict[str, Any]) -> Any:
    """The published conditions of all types, every version, newest first."""
    return CONDITION_LISTS.answer(session(), queries.condition_lists(), query)


@blp.route("/site-conditions/<uuid:list_id>")
@public
@blp.response(200, SiteConditionListSchema)
def condition_list(list_id: uuid.UUID) -> SiteConditionList:
    """One version of a type's conditions."""
    return queries.condition_list(session(), list_id)


@blp.route("/site-conditions/<uuid:list_id>/withdrawal", methods=["POST"])
@allow(Role.TEO)
@blp.response(200, SiteConditionListSchema)
def withdraw_conditions(list_id: uuid.UUID) -> SiteConditionList:
    """Take conditions back before they come into force."""
    return conditions.withdraw(session(), list_id, by=caller())


@blp.route("/sites", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(SiteSchema)
@blp.response(201, SiteSchema)
def declare(body: dict[str, Any]) -> Site:
    """A college declares a site for a certificate type against its published conditions."""
    return actions.declare(session(), body, by=caller())


@blp.route("/sites")
@allow(*Role)
@SITES.door(blp)
def sites(query: dict[str, Any]) -> Any:
    """The sites the caller may see."""
    return SITES.answer(session(), queries.visible(caller()), query)


@blp.route("/sites/<uuid:site_id>")
@allow(*Role)
@blp.response(200, SiteSchema)
def site(site_id: uuid.UUID) -> Site:
    """One site."""
    return queries.one_visible(session(), caller(), site_id)


@blp.route("/sites/<uuid:site_id>", methods=["PUT"])
@allow(Role.COLLEGE)
@blp.arguments(SiteCorrectionSchema)
@blp.response(200, SiteSchema)
def correct(body: dict[str, Any], site_id: uuid.UUID) -> Site:
    """The college corrects its declaration until it is settled, or declares a refused site again."""
    return actions.correct(session(), site_id, body, by=caller())


@blp.route("/sites/<uuid:site_id>/withdrawal", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(200, SiteSchema)
def withdraw(site_id: uuid.UUID) -> Site:
    """The college takes its declaration back before it is filed."""
    return actions.withdraw(session(), site_id, by=caller())


@blp.route("/sites/<uuid:site_id>/settlement", methods=["POST"])
@allow(Role.TEO, Role.PROVINCE)
@blp.response(200, SiteSchema)
def settle(site_id: uuid.UUID) -> Site:
    """The type's TEO or the college's province consents; both together settle the site."""
    return actions.settle(session(), site_id, by=caller())


@blp.route("/sites/<uuid:site_id>/refusal", methods=["POST"])
@allow(Role.TEO, Role.PROVINCE)
@blp.arguments(SiteReasonSchema)
@blp.response(200, SiteSchema)
def refuse(body: dict[str, str], site_id: uuid.UUID) -> Site:
    """The type's TEO or the college's province does not want the site, and says why."""
    return actions.refuse(session(), site_id, body["reason"], by=caller())


@blp.route("/sites/<uuid:site_id>/filing", methods=["POST"])
@allow(Role.PROVINCE)
@blp.response(200, SiteSchema)
def file(site_id: uuid.UUID) -> Site:
    """The college's province files a settled site."""
    return actions.file(session(), site_id, by=caller())


@blp.route("/sites/<uuid:site_id>/suspension", methods=["POST"])
@allow(Role.TEO, Role.PROVINCE)
@blp.arguments(SiteReasonSchema)
@blp.response(200, SiteSchema)
def suspend(body: dict[str, str], site_id: uuid.UUID) -> Site:
    """The type's TEO or the college's province stops a filed site for a time."""
    return actions.suspend(session(), site_id, body["reason"], by=caller())


@blp.route("/sites/<uuid:site_id>/resumption", methods=["POST"])
@allow(Role.TEO, Role.PROVINCE)
@blp.arguments(SiteReasonSchema)
@blp.response(200, SiteSchema)
def resume(body: dict[str, str], site_id: uuid.UUID) -> Site:
    """Who suspended a site lets it go on."""
    return actions.resume(session(), site_id, body["reason"], by=caller())


@blp.route("/sites/<uuid:site_id>/closing", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(SiteReasonSchema)
@blp.response(200, SiteSchema)
def close(body: dict[str, str], site_id: uuid.UUID) -> Site:
    """The college's province takes a site off its file for good."""
    return actions.close(session(), site_id, body["reason"], by=caller())


@blp.route("/sites/coverage")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE, Role.TEO)
@blp.arguments(SiteGapQuerySchema, location="query")
@blp.response(200, SiteGapPageSchema)
@exporting.offered(blp)
def gaps(query: dict[str, Any]) -> Any:
    """Cities with pilot colleges and no filed site for a certificate type (OP-24)."""
    if not query["format"]:
        return coverage.gaps(session(), caller(), query)
    name = f"site-coverage-{clock.today()}.{query['format']}"
    return exporting.attachment(name, coverage.gaps_file(session(), caller(), query))
