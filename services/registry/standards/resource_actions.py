"""Textbooks, case banks and question banks are offered, renewed and withdrawn; publishers are listed and struck off."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from services.registry.exits import actions as exits
from services.registry.exits.models import ExitCase
from services.registry.standards import actions, queries, resource_queries
from services.registry.standards import resource_rules as rules
from services.registry.standards.errors import PublisherExists, ResourceExists
from services.registry.standards.resource_models import Publisher, Resource, ResourceUpdate

MOST_NAMED = 50  # in the text of a case; all of them are listed at /organizations/<id>/stale


def list_publisher(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Publisher:
    """Put a publisher on the list of those that qualify (OP-20)."""
    publisher = Publisher(listed_by=by.client_id, **body)
    session.add(publisher)
    _flush_publisher(session)
    session.refresh(publisher)
    return publisher


def correct_publisher(session: UnitOfWork, publisher_id: uuid.UUID, body: dict[str, Any]) -> Publisher:
    """Put right what is known of a publisher that is still on the list."""
    publisher = resource_queries.publisher_to_change(session, publisher_id)
    rules.check_qualified(publisher.struck_at)
    for name, value in body.items():
        setattr(publisher, name, value)
    _flush_publisher(session)
    return publisher


def strike_publisher(session: UnitOfWork, publisher_id: uuid.UUID, reason: str, *, by: Caller) -> Publisher:
    """Take a publisher off the list; it publishes no further textbook (OP-20)."""
    publisher = resource_queries.publisher_to_change(session, publisher_id)
    rules.check_qualified(publisher.struck_at)
    publisher.struck_at, publisher.struck_by, publisher.struck_reason = clock.now(), by.client_id, reason
    return publisher


def offer(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Resource:
    """A TEO offers a textbook (OP-20) or a bank (OP-21) of one of its certificate types, free or at cost."""
    certificate_type = queries.type_named(session, body["certificate_type_id"])
    by.must_be(certificate_type.teo_id)
    actions.must_operate(session, certificate_type.teo_id)
    body = body | _of_a_textbook(session, body["kind"], body)
    rules.check_price(body["price_fen"], body["users"], body["cost_items"])
    rules.check_update(body["updated_on"], None, clock.today())
    interval = body["interval_months"] or rules.USUAL_INTERVAL_MONTHS[body["kind"]]
    resource = Resource(
        teo_id=certificate_type.teo_id,
        state=rules.OFFERED,
        created_by=by.client_id,
        **body | {"interval_months": interval, "due_on": rules.due_on(body["updated_on"], interval)},
    )
    session.add(resource)
    _flush(session)
    session.refresh(resource)
    return resource


def correct(session: UnitOfWork, resource_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Resource:
    """Put right how a resource is described and what it costs; its clock runs on from its last update."""
    resource = _own(session, resource_id, by)
    rules.RESOURCE.after(resource.state, "update")
    rules.check_price(body["price_fen"], body["users"], body["cost_items"])
    interval = body.pop("interval_months") or resource.interval_months
    for name, value in body.items():
        setattr(resource, name, value)
    resource.interval_months, resource.due_on = interval, rules.due_on(resource.updated_on, interval)
    return resource


def update(session: UnitOfWork, resource_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Resource:
    """Record that a resource was renewed; its clock begins anew, and what came late is kept as late (OP-21)."""
    resource = _own(session, resource_id, by)
    resource.state = rules.RESOURCE.after(resource.state, "update")
    rules.check_update(body["updated_on"], resource.updated_on, clock.today())
    if any(body[name] is not None for name in ("isbn", "edition", "publisher_id")):
        for name, value in _of_a_textbook(session, resource.kind, body).items():
            setattr(resource, name, value)
    session.add(
        ResourceUpdate(
            resource_id=resource.id,
            updated_on=body["updated_on"],
            what_changed=body["what_changed"],
            late=rules.is_stale(resource.due_on, body["updated_on"]),
            recorded_by=by.client_id,
        )
    )
    resource.updated_on = body["updated_on"]
    resource.due_on = rules.due_on(resource.updated_on, resource.interval_months)
    _flush(session)
    return resource


def withdraw(session: UnitOfWork, resource_id: uuid.UUID, *, by: Caller) -> Resource:
    """The resource is offered no more."""
    resource = _own(session, resource_id, by)
    resource.state = rules.RESOURCE.after(resource.state, "withdraw")
    resource.withdrawn_at, resource.withdrawn_by = clock.now(), by.client_id
    return resource


def open_case(session: UnitOfWork, teo_id: uuid.UUID, *, by: Caller) -> ExitCase:
    """Open an exit case on what of a TEO is stale today, all of it named as what was found (OP-41 d)."""
    stale = resource_queries.stale_resources(session, teo_id, clock.today())
    rules.check_something_stale(len(stale))
    found = "; ".join(f"{one.kind} {one.title} ({one.id}), due {one.due_on}" for one in stale[:MOST_NAMED])
    if len(stale) > MOST_NAMED:
        found += f"; and {len(stale) - MOST_NAMED} more"
    return exits.open_by_hand(session, {"organization_id": teo_id, "ground": "d", "found": found}, by=by)


def _of_a_textbook(session: UnitOfWork, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """ISBN, edition and publisher, checked; none of them where it is no textbook."""
    isbn, edition, publisher_id = body["isbn"], body["edition"], body["publisher_id"]
    rules.check_textbook(kind, isbn, edition, publisher_id)
    if isbn is not None:
        isbn = rules.isbn13(isbn)
        publisher = resource_queries.publisher_named(session, publisher_id)
        rules.check_qualified(publisher.struck_at)
        rules.check_isbn_of(isbn, publisher.isbn_prefixes)
    return {"isbn": isbn, "edition": edition, "publisher_id": publisher_id}


def _own(session: UnitOfWork, resource_id: uuid.UUID, by: Caller) -> Resource:
    resource = resource_queries.to_change(session, resource_id)
    by.must_be(resource.teo_id)
    return resource


def _flush_publisher(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise PublisherExists() from None


def _flush(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise ResourceExists() from None
