"""Sessions: begun with name and password, kept going with refresh tokens that are each good once, ended."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.acting import work_as
from onex.chassis.database import Database, UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import NotFound
from services.registry.identity import attempts, hashing, passwords, queries, rules, signing_keys
from services.registry.identity.errors import (
    PasswordChangeRequired,
    PasswordUnchanged,
    RoleNotChosen,
    RoleNotHeld,
    SessionOver,
    SignInFailed,
)
from services.registry.identity.models import Person, PersonRole, PersonSession, RefreshToken, SignIn

FORGOTTEN_AT_A_TIME = 1000
LOCK = {"key_share": True}  # a row that is locked so may be referred to meanwhile: nobody waits for anybody in a circle


@dataclass(frozen=True)
class Known:
    """Somebody whose password was right a moment ago."""

    person_id: uuid.UUID
    password_hash: str
    failures: int


@dataclass(frozen=True)
class Tokens:
    """What a person's program goes on with."""

    session: PersonSession
    held: PersonRole
    who: Caller
    access_token: str
    refresh_token: str


def recognize(database: Database, vault: Vault, username: str, password: str) -> Known:
    """Who has this name and password. Raise SignInFailed, for whichever reason, SignInLocked or Busy.

    In transactions of its own: the attempt is counted whatever comes of it, and no connection waits for the hash.
    """
    name, now = attempts.name_index(vault, username), clock.now()
    with database.transaction() as session:
        tries = attempts.count(session, name, now)
        person = queries.person_named(session, username)
    known = person is not None and person.disabled_at is None
    right = hashing.is_right(person.password_hash if person else None, passwords.normal(password))
    if person is not None and known and right:
        with database.transaction() as session:
            attempts.forget(session, name)
        return Known(person.id, person.password_hash, tries.total - 1)
    if tries.locked_until is not None:
        with database.transaction() as session:
            if person is not None:
                work_as(session, "public", None, "identity.sign_in")
                _note(session, person.id, "locked", tries.total, by="public")
    raise SignInFailed()


def begin(session: UnitOfWork, vault: Vault, known: Known, role_id: uuid.UUID | None, issuer: str) -> Tokens:
    """Begin a session with one of the person's roles; which one must be said where there are several."""
    person = _unchanged(session, known)
    if person.password_assigned:
        raise PasswordChangeRequired()
    held = _chosen(session, person, role_id)
    now = clock.now()
    begun = PersonSession(person_id=person.id, role_id=held.id, begun_at=now, expires_at=now + rules.SESSION_LIFETIME)
    session.add(begun)
    session.flush()
    _note(session, person.id, "signed_in", known.failures, by=_name(person.id), session_id=begun.id)
    return _tokens(session, vault, begun, held, issuer)


def change_password(session: UnitOfWork, known: Known, username: str, password: str) -> None:
    """Put the person's own choice in the place of the password that was just given; every session ends."""
    person = _unchanged(session, known)
    passwords.check_password(password, username)
    if hashing.is_right(person.password_hash, passwords.normal(password)):
        raise PasswordUnchanged()
    set_password(session, person, password, assigned=False, by=_name(person.id))


def set_password(session: UnitOfWork, person: Person, password: str, *, assigned: bool, by: str) -> None:
    """Keep the password's hash and end every session."""
    person.password_hash = hashing.hashed(passwords.normal(password))
    person.password_assigned, person.password_set_at = assigned, clock.now()
    end_all(session, person.id, "password_changed", by=by)


def refresh(session: UnitOfWork, vault: Vault, refresh_token: str, issuer: str) -> Tokens | None:
    """Exchange a refresh token, which is spent by it. None when it opens nothing: to be committed all the same.

    A token that comes a second time is in two hands, nobody knows in whose: the whole session ends (RFC 9700 section
    4.14.2). Of several exchanges at once one is the first; the others are such a second time.
    """
    now = clock.now()
    given = _locked(session, refresh_token)
    if given is None:
        return None
    token, one = given
    if one.ended_at is None and token.spent_at is not None:
        work_as(session, "public", None, "identity.refresh")
        _end(one, "reused", by="public")
        _note(session, one.person_id, "reused", 0, by="public", session_id=one.id)
    if one.ended_at is not None or now >= min(token.expires_at, one.expires_at):
        return None
    held = session.get(PersonRole, one.role_id)
    assert held is not None
    spent = update(RefreshToken.__table__).where(RefreshToken.token_hash == token.token_hash).values(spent_at=now)
    session.execute(spent)
    return _tokens(session, vault, one, held, issuer)


def end(session: UnitOfWork, one: PersonSession, *, by: Caller) -> None:
    """End a session from outside it."""
    if one.ended_at is not None or clock.now() >= one.expires_at:
        raise SessionOver()
    _end(one, "ended", by=by.client_id)


def sign_out(session: UnitOfWork, refresh_token: str) -> None:
    """End the session that a refresh token belongs to, spent or not; one of no session is no error (RFC 7009)."""
    given = _locked(session, refresh_token)
    if given is not None and given[1].ended_at is None:
        _end(given[1], "signed_out", by=_name(given[1].person_id))


def end_all(session: UnitOfWork, person_id: uuid.UUID, why: str, *, by: str, role_id: uuid.UUID | None = None) -> None:
    """End every session of a person, or those with one role."""
    going = select(PersonSession).where(
        PersonSession.person_id == person_id,
        PersonSession.ended_at.is_(None),
        PersonSession.expires_at > clock.now(),
    )
    if role_id is not None:
        going = going.where(PersonSession.role_id == role_id)
    for one in session.scalars(going.order_by(PersonSession.id).with_for_update(key_share=True)):
        _end(one, why, by=by)


def to_end(session: Session, by: Caller, id_: uuid.UUID) -> PersonSession:
    """A session that the caller may end, locked: operators any, a person its own; raise NotFound otherwise."""
    found = session.get(PersonSession, id_, with_for_update=LOCK)
    if found is None or (by.role != Role.OPERATOR and found.person_id != queries.person_id_of(by)):
        raise NotFound()
    return found


def of_token(session: Session, refresh_token: str) -> tuple[PersonSession, PersonRole] | None:
    """The session that a refresh token can keep going now, with its role; None if there is none."""
    token = session.get(RefreshToken, _hash(refresh_token))
    one = session.get(PersonSession, token.session_id) if token else None
    if token is None or one is None or token.spent_at is not None or one.ended_at is not None:
        return None
    held = session.get(PersonRole, one.role_id)
    return (one, held) if held and clock.now() < min(token.expires_at, one.expires_at) else None


def forget_spent(session: UnitOfWork, now: datetime) -> bool:
    """Throw away tokens of sessions that are over; whether there may be more of them. The sessions stay on record."""
    long_over = RefreshToken.expires_at < now - rules.SESSION_LIFETIME
    some = select(RefreshToken.token_hash).where(long_over).limit(FORGOTTEN_AT_A_TIME)
    gone = session.execute(delete(RefreshToken.__table__).where(RefreshToken.token_hash.in_(some)))
    return gone.rowcount >= FORGOTTEN_AT_A_TIME  # type: ignore[attr-defined, no-any-return]


def _unchanged(session: UnitOfWork, known: Known) -> Person:
    """The person, locked, if nobody has changed its password or shut it out since it was recognized."""
    person = queries.person_to_change(session, known.person_id)
    if person.disabled_at is not None or person.password_hash != known.password_hash:
        raise SignInFailed()
    return person


def _chosen(session: UnitOfWork, person: Person, role_id: uuid.UUID | None) -> PersonRole:
    held = queries.roles_of(session, [person.id], role_id=role_id)
    if not held:
        raise RoleNotHeld()
    if len(held) > 1:
        choice = [{"id": str(one.id), "role": one.role, "organization_id": _text(one.organization_id)} for one in held]
        raise RoleNotChosen(roles=choice)
    return held[0]


def _tokens(session: UnitOfWork, vault: Vault, one: PersonSession, held: PersonRole, issuer: str) -> Tokens:
    refresh_token, ends = secrets.token_urlsafe(32), min(clock.now() + rules.SESSION_IDLE, one.expires_at)
    values = {"token_hash": _hash(refresh_token), "session_id": one.id, "expires_at": ends}
    session.execute(RefreshToken.__table__.insert().values(values))  # type: ignore[attr-defined]
    who = Caller(_name(one.person_id), Role(held.role), held.organization_id, held.province_code, held.learner_id)
    return Tokens(one, held, who, signing_keys.sign_token(session, vault, who, issuer), refresh_token)


def _locked(session: UnitOfWork, refresh_token: str) -> tuple[RefreshToken, PersonSession] | None:
    """The token and its session. The session is locked first and the token read after: of two at once, one waits."""
    session_id = session.scalar(select(RefreshToken.session_id).where(RefreshToken.token_hash == _hash(refresh_token)))
    one = session.get(PersonSession, session_id, with_for_update=LOCK) if session_id else None
    token = session.get(RefreshToken, _hash(refresh_token))
    return (token, one) if token and one else None


def _end(one: PersonSession, why: str, *, by: str) -> None:
    one.ended_at, one.ended_why, one.ended_by = clock.now(), why, by


def _note(
    session: UnitOfWork, person_id: uuid.UUID, outcome: str, failures: int, *, by: str,
    session_id: uuid.UUID | None = None,
) -> None:  # fmt: skip
    row = SignIn(
        person_id=person_id, outcome=outcome, happened_at=clock.now(), failures=failures, by=by, session_id=session_id
    )
    session.add(row)


def _name(person_id: uuid.UUID) -> str:
    return f"{queries.PERSON}{person_id}"


def _hash(refresh_token: str) -> bytes:
    """256 random bits need no slow hash."""
    return hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()


def _text(value: uuid.UUID | None) -> str | None:
    return str(value) if value else None
