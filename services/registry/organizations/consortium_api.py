"""Doors: consortia of colleges (OP-19)."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.owned import owned_by
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.organizations import consortia as actions
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import Consortium, ConsortiumMember
from services.registry.organizations.schemas import ConsortiumSchema, MemberSchema, NewConsortiumSchema

CONSORTIA = Listing(
    ConsortiumSchema,
    Consortium.id,
    filters={
        "certificate_type_id": equal(Consortium.certificate_type_id),
        "lead_college_id": equal(Consortium.lead_college_id),
        "founded": span(Consortium.founded_at),
    },
)
MEMBERS = Listing(MemberSchema, ConsortiumMember.id, filters={"college_id": equal(ConsortiumMember.college_id)})


@blp.route("/consortia", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(NewConsortiumSchema)
@blp.response(201, ConsortiumSchema)
def found(body: dict[str, Any]) -> Consortium:
    """A college founds a consortium with others for a certificate type, and leads it."""
    return actions.found(session(), body, by=caller())


@blp.route("/consortia")
@allow(*Role)
@CONSORTIA.door(blp)
def consortia(query: dict[str, Any]) -> Any:
    """The consortia; who trains with whom is open to all who take part."""
    return CONSORTIA.answer(session(), select(Consortium), query)


@blp.route("/consortia/<uuid:consortium_id>")
@allow(*Role)
@blp.response(200, ConsortiumSchema)
def consortium(consortium_id: uuid.UUID) -> Consortium:
    """One consortium."""
    return actions.known(session(), consortium_id)


@blp.route("/consortia/<uuid:consortium_id>/members")
@allow(*Role)
@MEMBERS.door(blp)
def members(query: dict[str, Any], consortium_id: uuid.UUID) -> Any:
    """The memberships of a consortium, those that have ended too."""
    actions.known(session(), consortium_id)
    own = owned_by(select(ConsortiumMember), ConsortiumMember.consortium_id, consortium_id)
    return MEMBERS.answer(session(), own, query)


@blp.route("/consortia/<uuid:consortium_id>/members", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(201, MemberSchema)
def join(consortium_id: uuid.UUID) -> ConsortiumMember:
    """The calling college joins."""
    return actions.join(session(), consortium_id, by=caller())


@blp.route("/consortia/<uuid:consortium_id>/members", methods=["DELETE"])
@allow(Role.COLLEGE)
@blp.response(204)
def leave(consortium_id: uuid.UUID) -> None:
    """The calling college leaves."""
    actions.leave(session(), consortium_id, by=caller())


@blp.route("/consortia/<uuid:consortium_id>/dissolution", methods=["POST"])
@allow(Role.COLLEGE, Role.OPERATOR)
@blp.response(200, ConsortiumSchema)
def dissolve(consortium_id: uuid.UUID) -> Consortium:
    """The college that leads it dissolves a consortium."""
    return actions.dissolve(session(), consortium_id, by=caller())
