"""Machine clients: registered, given new secrets, shut out and let in again."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import update

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.registry.identity import hashing, rules, signing_keys
from services.registry.identity.errors import AlreadyDisabled, NotDisabled
from services.registry.identity.models import Client, OutsidePerson, Person
from services.registry.identity.signing_keys import TOKEN_LIFETIME_S, ensure_signing_key
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization

__all__ = ["TOKEN_LIFETIME_S", "ensure_signing_key"]


def register_client(
    session: UnitOfWork, client_id: str, role: Role, *, by: str, organization_id: uuid.UUID | None = None,
    learner_id: uuid.UUID | None = None, secret: str | None = None,
) -> str:  # fmt: skip
    """Register a machine client; returns its secret, which is never shown again."""
    province_code = scope_of(session, role, organization_id, learner_id)
    secret = secret or secrets.token_urlsafe(32)
    session.add(
        Client(
            client_id=client_id,
            secret_hash=hashing.hashed(secret),
            role=role,
            organization_id=organization_id,
            province_code=province_code,
            learner_id=learner_id,
            created_by=by,
        )
    )
    session.flush()
    return secret


def scope_of(
    session: UnitOfWork, role: Role, organization_id: uuid.UUID | None, learner_id: uuid.UUID | None
) -> str | None:
    """The province code to act in, if the role has one: its organization's (OP-01); a TEO's is nowhere in particular.

    Raises what the rules refuse: the scope must be exactly the role's (PP-37).
    """
    province_code = _province_of(session, role, organization_id)
    rules.check_scope(role, organization_id, province_code, learner_id)
    return province_code


def _province_of(session: UnitOfWork, role: Role, organization_id: uuid.UUID | None) -> str | None:
    if role not in rules.KIND_OF_ROLE or organization_id is None:
        return None
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise OrganizationUnknown()
    rules.check_kind(role, organization.kind)
    return None if role == Role.TEO else organization.province_code


def renew_secret(session: UnitOfWork, client: Client, old_valid_until: datetime | None) -> str:
    """Give the client a new secret; the one it had stays valid until the moment stated, the one before that ends."""
    now = clock.now()
    ends = rules.old_secret_ends(old_valid_until, now)
    secret = secrets.token_urlsafe(32)
    client.previous_secret_hash = client.secret_hash if ends > now else None
    client.previous_secret_valid_until = ends if ends > now else None
    client.secret_hash = hashing.hashed(secret)
    client.secret_made_at = now
    return secret


def disable(one: Client | Person | OutsidePerson, *, by: Caller) -> None:
    """Let nobody in with it any more; tokens it was given end within their quarter of an hour."""
    if one.disabled_at is not None:
        raise AlreadyDisabled()
    one.disabled_at, one.disabled_by = clock.now(), by.client_id


def enable(one: Client | Person | OutsidePerson) -> None:
    """Let it in again."""
    if one.disabled_at is None:
        raise NotDisabled()
    one.disabled_at = one.disabled_by = None


def secret_is_right(client: Client | None, secret: str) -> bool:
    """Whether this is one of the client's secrets.

    No client at all costs the same work as a wrong secret and gets the same answer, so that nobody learns which clients
    there are: two hashes are always compared before the answer is no.
    """
    known = client is not None and client.disabled_at is None
    previous = None
    if client is not None and client.previous_secret_valid_until is not None:
        previous = client.previous_secret_hash if clock.now() < client.previous_secret_valid_until else None
    right = hashing.is_right(client.secret_hash if client else None, secret) or hashing.is_right(previous, secret)
    return right and known


def issue_token(session: UnitOfWork, vault: Vault, client: Client, issuer: str) -> str:
    """A token for the client, which was used today."""
    today = clock.today()
    if client.last_used_on != today:  # one write a day, and past the ORM: it is no change of the client's record
        table = Client.__table__
        session.execute(update(table).where(table.c.client_id == client.client_id).values(last_used_on=today))
    who = Caller(client.client_id, Role(client.role), client.organization_id, client.province_code, client.learner_id)
    return signing_keys.sign_token(session, vault, who, issuer)
