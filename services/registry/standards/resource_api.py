"""Doors: publishers that qualify, textbooks, case banks and question banks, and what of them is overdue."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.callers import caller_or_none
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.exits.models import ExitCase
from services.registry.exits.schemas import ExitCaseSchema
from services.registry.standards import resource_actions, resource_queries
from services.registry.standards.blueprint import blp
from services.registry.standards.resource_models import Publisher, Resource, ResourceUpdate
from services.registry.standards.resource_rules import KINDS, RESOURCE
from services.registry.standards.resource_schemas import (
    PublisherSchema,
    ResourceDescriptionSchema,
    ResourceSchema,
    ResourceUpdatedSchema,
    ResourceUpdateSchema,
    StaleResourcesSchema,
)
from services.registry.standards.rules import LEVELS
from services.registry.standards.schemas import ReasonGivenSchema

PUBLISHERS = Listing(PublisherSchema, Publisher.id, filters={"name_zh": prefix(Publisher.name_zh)})
RESOURCES = Listing(
    ResourceSchema,
    Resource.id,
    filters={
        "teo_id": equal(Resource.teo_id),
        "certificate_type_id": equal(Resource.certificate_type_id),
        "kind": equal(Resource.kind, KINDS),
        "level": equal(Resource.level, LEVELS),
        "state": equal(Resource.state, RESOURCE.states),
        "isbn": equal(Resource.isbn),
        "due": span(Resource.due_on),
    },
)
UPDATES = Listing(ResourceUpdatedSchema, ResourceUpdate.id)
REGULATORS = (Role.OPERATOR, Role.MINISTRY, Role.PROVINCE)


@blp.route("/publishers", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(PublisherSchema)
@blp.response(201, PublisherSchema)
def list_publisher(body: dict[str, Any]) -> Publisher:
    """Put a publisher on the list of those that qualify (OP-20)."""
    return resource_actions.list_publisher(session(), body, by=caller())


@blp.route("/publishers")
@public
@PUBLISHERS.door(blp)
def publishers(query: dict[str, Any]) -> Any:
    """The publishers that qualify, and those that were struck off."""
    return PUBLISHERS.answer(session(), select(Publisher), query)


@blp.route("/publishers/<uuid:publisher_id>", methods=["PUT"])
@allow(Role.OPERATOR)
@blp.arguments(PublisherSchema)
@blp.response(200, PublisherSchema)
def correct_publisher(body: dict[str, Any], publisher_id: uuid.UUID) -> Publisher:
    """Put right what is known of a publisher that qualifies."""
    return resource_actions.correct_publisher(session(), publisher_id, body)


@blp.route("/publishers/<uuid:publisher_id>/striking", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(ReasonGivenSchema)
@blp.response(200, PublisherSchema)
def strike_publisher(body: dict[str, str], publisher_id: uuid.UUID) -> Publisher:
    """Strike a publisher off the list; textbooks that it published stay on record (OP-20)."""
    return resource_actions.strike_publisher(session(), publisher_id, body["reason"], by=caller())


@blp.route("/resources", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(ResourceSchema)
@blp.response(201, ResourceSchema)
def offer(body: dict[str, Any]) -> Resource:
    """Offer a textbook (OP-20), case bank or question bank (OP-21)."""
    return resource_actions.offer(session(), body, by=caller())


@blp.route("/resources")
@public
@RESOURCES.door(blp)
def resources(query: dict[str, Any]) -> Any:
    """What is taught from."""
    return RESOURCES.answer(session(), resource_queries.visible(caller_or_none()), query)


@blp.route("/resources/overdue")
@allow(*REGULATORS, Role.TEO)
@RESOURCES.door(blp)
def overdue(query: dict[str, Any]) -> Any:
    """What should have been renewed by today and was not (OP-21); a TEO sees its own."""
    return RESOURCES.answer(session(), resource_queries.overdue(caller(), clock.today()), query)


@blp.route("/resources/<uuid:resource_id>")
@public
@blp.response(200, ResourceSchema)
def resource(resource_id: uuid.UUID) -> Resource:
    """One resource."""
    return resource_queries.one_visible(session(), caller_or_none(), resource_id)


@blp.route("/resources/<uuid:resource_id>", methods=["PUT"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(ResourceDescriptionSchema)
@blp.response(200, ResourceSchema)
def correct(body: dict[str, Any], resource_id: uuid.UUID) -> Resource:
    """Put right how a resource is described and what it costs."""
    return resource_actions.correct(session(), resource_id, body, by=caller())


@blp.route("/resources/<uuid:resource_id>/updates", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(ResourceUpdateSchema)
@blp.response(200, ResourceSchema)
def update(body: dict[str, Any], resource_id: uuid.UUID) -> Resource:
    """Record that a resource was renewed; its clock begins anew (OP-21)."""
    return resource_actions.update(session(), resource_id, body, by=caller())


@blp.route("/resources/<uuid:resource_id>/updates")
@public
@UPDATES.door(blp)
def updates(query: dict[str, Any], resource_id: uuid.UUID) -> Any:
    """The renewals of a resource, with those that came late."""
    return UPDATES.answer(session(), resource_queries.updates_of(session(), caller_or_none(), resource_id), query)


@blp.route("/resources/<uuid:resource_id>/withdrawal", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.response(200, ResourceSchema)
def withdraw(resource_id: uuid.UUID) -> Resource:
    """Offer a resource no more."""
    return resource_actions.withdraw(session(), resource_id, by=caller())


@blp.route("/organizations/<uuid:teo_id>/stale")
@allow(*REGULATORS, Role.TEO)
@blp.response(200, StaleResourcesSchema)
def stale(teo_id: uuid.UUID) -> dict[str, Any]:
    """The TEO's standards, textbooks and banks that are stale today: the ground (d) of OP-41."""
    return {"items": resource_queries.stale_visible(session(), caller(), teo_id, clock.today())}


@blp.route("/organizations/<uuid:teo_id>/stale/exit-case", methods=["POST"])
@allow(Role.OPERATOR, Role.MINISTRY)
@blp.response(201, ExitCaseSchema)
def open_case(teo_id: uuid.UUID) -> ExitCase:
    """Open an exit case on what of a TEO is stale today (OP-41 d)."""
    return resource_actions.open_case(session(), teo_id, by=caller())
