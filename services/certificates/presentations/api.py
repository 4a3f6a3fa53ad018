"""Doors: a learner's links, and what a link shows to programs."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import request

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, public, runtime, session
from services.certificates.inquiry.pages import limits_here
from services.certificates.presentations import actions, queries, rules, showing, tokens
from services.certificates.presentations.errors import NothingShown
from services.certificates.presentations.models import Presentation
from services.certificates.presentations.schemas import (
    MadePresentationSchema,
    NewPresentationSchema,
    PresentationPageSchema,
    PresentationSchema,
    ShownSchema,
    TokenQuery,
)

blp = Blueprint("presentations", "presentations", description="Links by which learners show their certificates")


@blp.route("/presentations", methods=["POST"])
@allow(Role.LEARNER)
@blp.arguments(NewPresentationSchema)
@blp.response(201, MadePresentationSchema)
def make(body: dict[str, Any]) -> dict[str, Any]:
    """PP-45: make a link that shows a chosen part of some of the caller's certificates until a moment. Its address is told
    in this answer only."""
    made, token = actions.make(
        session(), runtime().vault, caller(), chosen=body["certificates"], expires_at=body["expires_at"],
        label=body["label"], now=clock.now(),
    )  # fmt: skip
    return _views([made])[0] | {"url": tokens.address(runtime().settings.public_url, token)}


@blp.route("/presentations")
@allow(Role.LEARNER)
@blp.arguments(PageQuery, location="query")
@blp.response(200, PresentationPageSchema)
def presentations(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's links, with how often each was looked at."""
    found = page(session(), queries.of_learner(caller()), Presentation.id, query["cursor"], query["size"])
    return found | {"items": _views(found["items"])}


@blp.route("/presentations/<uuid:presentation_id>")
@allow(Role.LEARNER)
@blp.response(200, PresentationSchema)
def presentation(presentation_id: uuid.UUID) -> dict[str, Any]:
    """One of the caller's links."""
    return _views([queries.own(session(), caller(), presentation_id)])[0]


@blp.route("/presentations/<uuid:presentation_id>/withdrawal", methods=["POST"])
@allow(Role.LEARNER)
@blp.response(200, PresentationSchema)
def withdraw(presentation_id: uuid.UUID) -> dict[str, Any]:
    """Withdraw a link: from now on it shows nothing."""
    return _views([actions.withdraw(session(), caller(), presentation_id, clock.now())])[0]


@blp.route("/presentations/shown")
@public
@blp.arguments(TokenQuery, location="query")
@blp.response(200, ShownSchema, headers={"Cache-Control": {"schema": {"type": "string"}}})
def shown(query: dict[str, Any]) -> Any:
    """What the link with this token shows, as it stands now. The same 404 for one that never was, ended or was withdrawn."""
    limits = limits_here()
    client, now = limits.client(request.environ), clock.now()
    limits.enter(client)
    try:
        found = actions.view(session(), query["token"], now)
    except NothingShown:
        limits.missed(client)
        raise
    return showing.as_json(runtime().vault, found, now), 200, {"Cache-Control": "no-store"}


def _views(some: Sequence[Presentation]) -> list[dict[str, Any]]:
    """Links as their holder sees them."""
    vault, now, chosen = runtime().vault, clock.now(), queries.chosen(session(), some)
    return [
        {
            "id": one.id,
            "label": tokens.open_label(vault, one.sealed_label) if one.sealed_label else None,
            "state": rules.state(one.expires_at, one.withdrawn_at, now),
            "created_at": one.created_at,
            "expires_at": one.expires_at,
            "withdrawn_at": one.withdrawn_at,
            "views": one.views,
            "last_viewed_at": one.last_viewed_at,
            "certificates": chosen[one.id],
        }
        for one in some
    ]
