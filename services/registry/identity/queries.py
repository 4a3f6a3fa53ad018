"""Reads of clients, people, sessions and keys."""

import uuid
from typing import TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.problems import Forbidden, NotFound
from services.registry.identity.models import (
    Client,
    OutsidePerson,
    Person,
    PersonRole,
    PersonSession,
    SignIn,
    SigningKey,
)

# Who reads of everybody's access (PP-01: regulators read; the Ministry's scope is everywhere).
READERS = frozenset({Role.OPERATOR, Role.MINISTRY})
PERSON, OUTSIDE = "person:", "outside:"
Row = TypeVar("Row")


def client(session: Session, client_id: str) -> Client | None:
    return session.get(Client, client_id)


def visible_clients(by: Caller) -> Select[Client]:
    """Regulators see all clients, everyone else those of the same organization, a client at least itself."""
    return select(Client) if by.role in READERS else _own_clients(by)


def _own_clients(by: Caller) -> Select[Client]:
    if by.organization_id is None:
        return select(Client).where(Client.client_id == by.client_id)
    return select(Client).where(Client.organization_id == by.organization_id, Client.role == by.role)


def one_client(session: Session, by: Caller, id_: uuid.UUID) -> Client:
    """The client; raise NotFound when there is none that the caller may see."""
    return _found(session.scalars(visible_clients(by).where(Client.id == id_)).first())


def client_to_change(session: Session, by: Caller, id_: uuid.UUID) -> Client:
    """A client that the caller may change, locked: operators any, everyone else those of its own organization.

    The Ministry reads all of them and changes its own. Who was disabled changes none, though its token may still be good.
    """
    if by.role != Role.OPERATOR and _is_disabled(session, by):
        raise Forbidden("The caller is disabled.")
    query = select(Client) if by.role == Role.OPERATOR else _own_clients(by)
    return _found(session.scalars(query.where(Client.id == id_).with_for_update()).first())


def person_id_of(by: Caller) -> uuid.UUID | None:
    """The person who calls; None for a machine or somebody from outside."""
    if not by.client_id.startswith(PERSON):
        return None
    return uuid.UUID(by.client_id.removeprefix(PERSON))


def _is_disabled(session: Session, by: Caller) -> bool:
    """Columns only: a client that changes itself is read whole when it is locked, and not before."""
    if (person_id := person_id_of(by)) is not None:
        query = select(Person.disabled_at).where(Person.id == person_id)
    elif by.client_id.startswith(OUTSIDE):
        query = select(OutsidePerson.disabled_at).where(
            OutsidePerson.id == uuid.UUID(by.client_id.removeprefix(OUTSIDE))
        )
    else:
        query = select(Client.disabled_at).where(Client.client_id == by.client_id)
    return session.scalar(query) is not None


def person_named(session: Session, username: str) -> Person | None:
    return session.scalars(select(Person).where(Person.username == username)).first()


def one_person(session: Session, by: Caller, person_id: uuid.UUID) -> Person:
    """The person; raise NotFound when there is none, or it is not the caller and the caller is no regulator."""
    if by.role not in READERS and person_id_of(by) != person_id:
        raise NotFound()
    return _found(session.get(Person, person_id))


def person_to_change(session: Session, person_id: uuid.UUID) -> Person:
    """The person, locked until the transaction ends; raise NotFound without one."""
    return _found(session.get(Person, person_id, with_for_update={"key_share": True}, populate_existing=True))


def roles_of(session: Session, person_ids: list[uuid.UUID], *, role_id: uuid.UUID | None = None) -> list[PersonRole]:
    """The roles these people hold now, oldest first; one of them, if one is asked for."""
    held = select(PersonRole).where(PersonRole.person_id.in_(person_ids), PersonRole.revoked_at.is_(None))
    if role_id is not None:
        held = held.where(PersonRole.id == role_id)
    return list(session.scalars(held.order_by(PersonRole.id)))


def visible_sessions(by: Caller) -> Select[PersonSession]:
    """Regulators see everybody's sessions, a person its own, a machine none."""
    query = select(PersonSession)
    return query if by.role in READERS else query.where(PersonSession.person_id == person_id_of(by))


def visible_sign_ins(by: Caller) -> Select[SignIn]:
    """Regulators see everybody's sign-ins, a person its own, a machine none."""
    query = select(SignIn)
    return query if by.role in READERS else query.where(SignIn.person_id == person_id_of(by))


def outside_person_to_change(session: Session, id_: uuid.UUID) -> OutsidePerson:
    return _found(session.get(OutsidePerson, id_, with_for_update=True))


def live_signing_keys(session: Session) -> list[SigningKey]:
    """The keys that tokens are or will be signed with, or may have been, newest first."""
    live = or_(SigningKey.retires_at.is_(None), SigningKey.retires_at > clock.now())
    return list(session.scalars(select(SigningKey).where(live).order_by(SigningKey.created_at.desc())))


def all_signing_keys(session: Session) -> list[SigningKey]:
    """Every key there ever was, newest first: a handful a year."""
    return list(session.scalars(select(SigningKey).order_by(SigningKey.created_at.desc())))


def signing_keys_in_use(session: Session) -> list[SigningKey]:
    """The key that signs now; after a database was put together from two, maybe several, the newest first."""
    in_use = SigningKey.signing_since.is_not(None) & SigningKey.retires_at.is_(None)
    return list(session.scalars(select(SigningKey).where(in_use).order_by(SigningKey.signing_since.desc())))


def current_signing_key(session: Session) -> SigningKey:
    """The one that signs; migrating made the first."""
    return signing_keys_in_use(session)[0]


def announced_signing_key(session: Session) -> SigningKey | None:
    """The one that is to follow, if it is known already."""
    waiting = SigningKey.signing_since.is_(None) & SigningKey.retires_at.is_(None)
    return session.scalars(select(SigningKey).where(waiting).with_for_update()).first()


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound()
    return row
