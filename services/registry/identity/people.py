"""People: registered with an assigned password, given roles in scopes, shut out, let in again."""

import secrets
import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault, mask_name
from services.registry.identity import actions, attempts, hashing, queries, sessions
from services.registry.identity.errors import PersonExists, RoleHeld, RoleRevoked
from services.registry.identity.models import Person, PersonRole, SignIn

_NAME, _EMAIL = "person name", "person email"


def register(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> tuple[Person, str]:
    """Register somebody; returns the person and the password to hand over, which is good for nothing but changing it."""
    password = _password_to_hand_over()
    person = Person(
        username=body["username"],
        sealed_name=vault.seal(body["name"].encode(), _NAME),
        sealed_email=_sealed_email(vault, body["email"]),
        password_hash=hashing.hashed(password),
        password_assigned=True,
        password_set_at=clock.now(),
        created_by=by.client_id,
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError:
        raise PersonExists() from None
    return person, password


def correct(session: UnitOfWork, vault: Vault, person: Person, body: dict[str, Any]) -> None:
    """Put right how somebody is called and reached; the user name stays."""
    person.sealed_name = vault.seal(body["name"].encode(), _NAME)
    person.sealed_email = _sealed_email(vault, body["email"])


def assign_password(session: UnitOfWork, person: Person, *, by: Caller) -> str:
    """A new password to hand over to somebody who forgot the old one; every session ends."""
    password = _password_to_hand_over()
    sessions.set_password(session, person, password, assigned=True, by=by.client_id)
    return password


def disable(session: UnitOfWork, person: Person, *, by: Caller) -> None:
    """Let the person in no more; every session ends."""
    actions.disable(person, by=by)
    sessions.end_all(session, person.id, "disabled", by=by.client_id)


def unlock(session: UnitOfWork, vault: Vault, person: Person, *, by: Caller) -> None:
    """Let a name that was tried too often be tried again now. Nothing happens to one that is not locked."""
    failures = attempts.forget(session, attempts.name_index(vault, person.username))
    if failures:
        outcome = SignIn(
            person_id=person.id, outcome="unlocked", happened_at=clock.now(), failures=failures, by=by.client_id
        )
        session.add(outcome)


def grant(session: UnitOfWork, person: Person, role: Role, organization_id: uuid.UUID | None,
          learner_id: uuid.UUID | None, *, by: Caller) -> PersonRole:  # fmt: skip
    """Let the person sign in with one more role in a scope (PP-37)."""
    province_code = actions.scope_of(session, role, organization_id, learner_id)
    held = PersonRole(
        person_id=person.id,
        role=role,
        organization_id=organization_id,
        province_code=province_code,
        learner_id=learner_id,
        granted_by=by.client_id,
        granted_at=clock.now(),
    )
    session.add(held)
    try:
        session.flush()
    except IntegrityError:
        raise RoleHeld() from None
    return held


def revoke(session: UnitOfWork, held: PersonRole, *, by: Caller) -> None:
    """Take a role back; the sessions with it end."""
    if held.revoked_at is not None:
        raise RoleRevoked()
    held.revoked_at, held.revoked_by = clock.now(), by.client_id
    sessions.end_all(session, held.person_id, "role_revoked", by=by.client_id, role_id=held.id)


def shown(vault: Vault, person: Person, held: list[PersonRole]) -> dict[str, Any]:
    """A person as its schema shows it: the name so that its bearer knows it, with the roles of today."""
    columns = {name: getattr(person, name) for name in ("id", "username", "password_assigned", "password_set_at")}
    email = vault.open(person.sealed_email, _EMAIL).decode() if person.sealed_email else None
    return columns | {
        "name": mask_name(vault.open(person.sealed_name, _NAME).decode()),
        "email": _masked(email) if email else None,
        "created_at": person.created_at,
        "created_by": person.created_by,
        "disabled_at": person.disabled_at,
        "disabled_by": person.disabled_by,
        "roles": [one for one in held if one.person_id == person.id],
    }


def all_shown(session: UnitOfWork, vault: Vault, people: list[Person]) -> list[dict[str, Any]]:
    """Some people, with one question for all their roles."""
    held = queries.roles_of(session, [person.id for person in people])
    return [shown(vault, person, held) for person in people]


def _password_to_hand_over() -> str:
    return secrets.token_urlsafe(18)


def _sealed_email(vault: Vault, email: str | None) -> str | None:
    return vault.seal(email.encode(), _EMAIL) if email else None


def _masked(email: str) -> str:
    box, _, host = email.partition("@")
    return f"{box[:1]}***@{host}"
