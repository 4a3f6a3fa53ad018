"""Doors: batches of the pilot and the colleges in them."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.organizations import batches as actions
from services.registry.organizations import queries
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import Batch, BatchCollege
from services.registry.organizations.schemas import AddedSchema, BatchCollegeSchema, BatchSchema, CollegesSchema

BATCHES = Listing(
    BatchSchema,
    Batch.id,
    filters={"code": equal(Batch.code), "starts": span(Batch.starts_on), "ends": span(Batch.ends_on)},
    sorts={"code": Batch.code},
)
COLLEGES = Listing(BatchCollegeSchema, BatchCollege.id, filters={"college_id": equal(BatchCollege.college_id)})


@blp.route("/batches", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(BatchSchema)
@blp.response(201, BatchSchema)
def open_batch(body: dict[str, Any]) -> Batch:
    """Put a batch of the pilot with its days on record (PP-36)."""
    return actions.open_batch(session(), body, by=caller())


@blp.route("/batches/<uuid:batch_id>", methods=["PUT"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(BatchSchema)
@blp.response(200, BatchSchema)
def change_batch(body: dict[str, Any], batch_id: uuid.UUID) -> Batch:
    """Move a batch's days or fields."""
    return actions.change(session(), batch_id, body, by=caller())


@blp.route("/batches")
@allow(*Role)
@BATCHES.door(blp)
def batches(query: dict[str, Any]) -> Any:
    """The batches of the pilot."""
    return BATCHES.answer(session(), select(Batch), query)


@blp.route("/batches/<uuid:batch_id>")
@allow(*Role)
@blp.response(200, BatchSchema)
def batch(batch_id: uuid.UUID) -> Batch:
    """One batch."""
    return actions.known(session(), batch_id)


@blp.route("/batches/<uuid:batch_id>/colleges", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(CollegesSchema)
@blp.response(200, AddedSchema)
def add_colleges(body: dict[str, Any], batch_id: uuid.UUID) -> dict[str, int]:
    """Name colleges that take part in a batch; those in it already stay."""
    return {"added": actions.add_colleges(session(), batch_id, body["college_ids"], by=caller())}


@blp.route("/batches/<uuid:batch_id>/colleges")
@allow(*Role)
@COLLEGES.door(blp)
def colleges_of_batch(query: dict[str, Any], batch_id: uuid.UUID) -> Any:
    """The colleges of a batch that the caller may see."""
    actions.known(session(), batch_id)
    return COLLEGES.answer(session(), queries.of_batch(caller(), batch_id), query)


@blp.route("/batches/<uuid:batch_id>/colleges/<uuid:college_id>", methods=["DELETE"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(204)
def remove_college(batch_id: uuid.UUID, college_id: uuid.UUID) -> None:
    """Take a college out of a batch."""
    actions.remove_college(session(), batch_id, college_id)
