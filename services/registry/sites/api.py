"""Doors: declaring, settling, filing and reading sites."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, page, session
from services.registry.sites import actions, queries
from services.registry.sites.models import Site
from services.registry.sites.schemas import SitePageSchema, SiteQuery, SiteSchema

blp = Blueprint("sites", "sites", url_prefix="/sites", description="Assessment sites")


@blp.route("", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(SiteSchema)
@blp.response(201, SiteSchema)
def declare(body: dict[str, Any]) -> Site:
    """A college declares a site for a certificate type."""
    return actions.declare(session(), body, by=caller())


@blp.route("")
@allow(*Role)
@blp.arguments(SiteQuery, location="query")
@blp.response(200, SitePageSchema)
def sites(query: dict[str, Any]) -> dict[str, Any]:
    """The sites the caller may see, newest first."""
    found = queries.visible(caller())
    for column in ("state", "certificate_type_id"):
        if query[column] is not None:
            found = found.where(getattr(Site, column) == query[column])
    return page(session(), found, Site.id, query["cursor"], query["size"])


@blp.route("/<uuid:site_id>/settlement", methods=["POST"])
@allow(Role.TEO, Role.PROVINCE)
@blp.response(200, SiteSchema)
def settle(site_id: uuid.UUID) -> Site:
    """The type's TEO or the college's province consents; both together settle the site."""
    return actions.settle(session(), site_id, by=caller())


@blp.route("/<uuid:site_id>/filing", methods=["POST"])
@allow(Role.PROVINCE)
@blp.response(200, SiteSchema)
def file(site_id: uuid.UUID) -> Site:
    """The college's province files a settled site."""
    return actions.file(session(), site_id, by=caller())
