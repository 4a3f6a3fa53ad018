"""Doors: people, their roles, and those whom the outside issuer vouched for."""

import uuid
from typing import Any

from marshmallow import fields
from sqlalchemy import Select, select

from onex.chassis.access import Role
from onex.chassis.problems import NotFound
from onex.chassis.web import allow, caller, runtime, session
from onex.chassis.web.listing import Filter, Listing, equal
from services.registry.identity import actions, people, queries
from services.registry.identity.doors import NO_STORE, blp
from services.registry.identity.models import OutsidePerson, Person, PersonRole
from services.registry.identity.people_schemas import (
    AssignedPasswordSchema,
    HeldRoleSchema,
    NewPersonSchema,
    OutsidePersonSchema,
    PersonBodySchema,
    PersonSchema,
    RegisteredPersonSchema,
)
from services.registry.identity.schemas import RoleInScopeSchema


def _of_organization(query: Select[Any], given: Any) -> Select[Any]:
    held = select(PersonRole.person_id).where(PersonRole.organization_id == given[""], PersonRole.revoked_at.is_(None))
    return query.where(Person.id.in_(held))


PEOPLE = Listing(
    PersonSchema,
    Person.id,
    filters={
        "username": equal(Person.username),
        "organization_id": Filter({"": lambda: fields.UUID(load_default=None)}, _of_organization),
    },
)
OUTSIDE = Listing(
    OutsidePersonSchema,
    OutsidePerson.id,
    filters={"organization_id": equal(OutsidePerson.organization_id)},
)


@blp.route("/people", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewPersonSchema)
@blp.response(201, RegisteredPersonSchema)
def register_person(body: dict[str, Any]) -> Any:
    """Register somebody; the password to hand over is in the answer and nowhere else."""
    vault = runtime().vault
    person, password = people.register(session(), vault, body, by=caller())
    return people.shown(vault, person, []) | {"password": password}, 201, NO_STORE


@blp.route("/people")
@allow(Role.OPERATOR, Role.MINISTRY)
@PEOPLE.door(blp)
def people_list(query: dict[str, Any]) -> Any:
    """Everybody who may sign in with a password."""
    unit, vault = session(), runtime().vault
    return PEOPLE.answer(unit, select(Person), query, view=lambda rows: people.all_shown(unit, vault, rows))


@blp.route("/people/<uuid:person_id>")
@allow(*Role)
@blp.response(200, PersonSchema)
def person(person_id: uuid.UUID) -> dict[str, Any]:
    """One of them; everybody may look at themselves."""
    return _shown(queries.one_person(session(), caller(), person_id))


@blp.route("/people/<uuid:person_id>", methods=["PUT"])
@allow(Role.OPERATOR)
@blp.arguments(PersonBodySchema)
@blp.response(200, PersonSchema)
def correct_person(body: dict[str, Any], person_id: uuid.UUID) -> dict[str, Any]:
    """Put right how somebody is called and reached."""
    one = queries.person_to_change(session(), person_id)
    people.correct(session(), runtime().vault, one, body)
    return _shown(one)


@blp.route("/people/<uuid:person_id>/disabling", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, PersonSchema)
def disable_person(person_id: uuid.UUID) -> dict[str, Any]:
    """Let somebody in no more; every session ends."""
    one = queries.person_to_change(session(), person_id)
    people.disable(session(), one, by=caller())
    return _shown(one)


@blp.route("/people/<uuid:person_id>/enabling", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, PersonSchema)
def enable_person(person_id: uuid.UUID) -> dict[str, Any]:
    """Let somebody in again."""
    one = queries.person_to_change(session(), person_id)
    actions.enable(one)
    return _shown(one)


@blp.route("/people/<uuid:person_id>/unlocking", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, PersonSchema)
def unlock_person(person_id: uuid.UUID) -> dict[str, Any]:
    """Let somebody whose name was tried too often try again now."""
    one = queries.person_to_change(session(), person_id)
    people.unlock(session(), runtime().vault, one, by=caller())
    return _shown(one)


@blp.route("/people/<uuid:person_id>/password", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(201, AssignedPasswordSchema)
def assign_password(person_id: uuid.UUID) -> Any:
    """Make a new password to hand over to somebody who forgot the old one; every session ends."""
    one = queries.person_to_change(session(), person_id)
    return {"password": people.assign_password(session(), one, by=caller())}, 201, NO_STORE


@blp.route("/people/<uuid:person_id>/roles", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(RoleInScopeSchema)
@blp.response(201, HeldRoleSchema)
def grant_role(body: dict[str, Any], person_id: uuid.UUID) -> PersonRole:
    """Let somebody sign in with one more role (PP-37)."""
    learner, one = body["learner"], queries.person_to_change(session(), person_id)
    learner_id = runtime().vault.learner_id(learner["document_type"], learner["document_number"]) if learner else None
    return people.grant(session(), one, body["role"], body["organization_id"], learner_id, by=caller())


@blp.route("/people/<uuid:person_id>/roles/<uuid:role_id>/revocation", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, PersonSchema)
def revoke_role(person_id: uuid.UUID, role_id: uuid.UUID) -> dict[str, Any]:
    """Take a role back; the sessions with it end."""
    one = queries.person_to_change(session(), person_id)
    held = session().get(PersonRole, role_id)
    if held is None or held.person_id != person_id:
        raise NotFound()
    people.revoke(session(), held, by=caller())
    session().flush()
    return _shown(one)


@blp.route("/outside-people")
@allow(Role.OPERATOR, Role.MINISTRY)
@OUTSIDE.door(blp)
def outside_people(query: dict[str, Any]) -> Any:
    """Everybody whom the outside issuer vouched for."""
    return OUTSIDE.answer(session(), select(OutsidePerson), query)


@blp.route("/outside-people/<uuid:id_>/disabling", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, OutsidePersonSchema)
def disable_outside_person(id_: uuid.UUID) -> OutsidePerson:
    """Exchange no more tokens of this person, whatever the outside issuer says."""
    one = queries.outside_person_to_change(session(), id_)
    actions.disable(one, by=caller())
    return one


@blp.route("/outside-people/<uuid:id_>/enabling", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, OutsidePersonSchema)
def enable_outside_person(id_: uuid.UUID) -> OutsidePerson:
    """Exchange tokens of this person again."""
    one = queries.outside_person_to_change(session(), id_)
    actions.enable(one)
    return one


def _shown(one: Person) -> dict[str, Any]:
    return people.all_shown(session(), runtime().vault, [one])[0]
