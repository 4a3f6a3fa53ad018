"""Clients are registered, keys are made, tokens are issued."""

import secrets
import uuid
from functools import cache

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from joserfc.jwk import OKPKey
from sqlalchemy import select

from onex.chassis import access, clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.registry import AccessKeyPublished
from onex.messaging import outbox
from services.registry.identity import queries, rules
from services.registry.identity.models import Client, SigningKey
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization

TOKEN_LIFETIME_S = 900
_PURPOSE = "access signing key"
_hasher = PasswordHasher()  # argon2id, RFC 9106's low-memory recommendation


def ensure_signing_key(session: UnitOfWork, vault: Vault) -> None:
    """Make the first key that signs tokens, and tell every service, unless there is one."""
    if session.scalar(select(SigningKey.key_id).limit(1)) is None:
        key = OKPKey.generate_key("Ed25519")
        key_id = key.thumbprint()
        public = str(key.as_dict(private=False)["x"])
        sealed = vault.seal(orjson.dumps(key.as_dict(private=True)), _PURPOSE)
        session.add(SigningKey(key_id=key_id, sealed_private_jwk=sealed, public_key=public))
        outbox.append(session, AccessKeyPublished(key_id=key_id, public_key=public))


def register_client(
    session: UnitOfWork, client_id: str, role: Role, *, by: str, organization_id: uuid.UUID | None = None,
    learner_id: uuid.UUID | None = None, secret: str | None = None,
) -> str:  # fmt: skip
    """Register a machine client; returns its secret, which is never shown again."""
    province_code = _province_of(session, role, organization_id)
    rules.check_scope(role, organization_id, province_code, learner_id)
    secret = secret or secrets.token_urlsafe(32)
    session.add(
        Client(
            client_id=client_id,
            secret_hash=_hasher.hash(secret),
            role=role,
            organization_id=organization_id,
            province_code=province_code,
            learner_id=learner_id,
            created_by=by,
        )
    )
    session.flush()
    return secret


def _province_of(session: UnitOfWork, role: Role, organization_id: uuid.UUID | None) -> str | None:
    """The territory a client acts in is its organization's (OP-01); a TEO's is nowhere in particular."""
    if role not in rules.KIND_OF_ROLE or organization_id is None:
        return None
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise OrganizationUnknown()
    rules.check_kind(role, organization.kind)
    return None if role == Role.TEO else organization.province_code


def secret_is_right(client: Client | None, secret: str) -> bool:
    """Whether this is the client's secret (argon2id, constant time).

    No client at all costs the same work and gets the same answer, so that nobody learns which clients there are.
    """
    known = client is not None and client.disabled_at is None
    try:
        return _hasher.verify(client.secret_hash if client else _nobodys_hash(), secret) and known
    except Argon2Error:
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def issue_token(session: UnitOfWork, vault: Vault, client: Client, issuer: str) -> str:
    """A token for the client, signed with the newest key that has not retired."""
    signing_key = queries.current_signing_key(session)
    key = OKPKey.import_key(orjson.loads(vault.open(signing_key.sealed_private_jwk, _PURPOSE)))
    who = Caller(client.client_id, Role(client.role), client.organization_id, client.province_code, client.learner_id)
    return access.sign(who, key, signing_key.key_id, issuer, int(clock.now().timestamp()), TOKEN_LIFETIME_S)
