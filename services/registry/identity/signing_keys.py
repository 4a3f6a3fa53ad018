"""The keys that sign access tokens, and how one follows another without a token that somewhere is not believed.

A key is (1) made and announced, as an event that every service hears; (2) found to have come round through the broker;
(3) used from its planned moment, but not before everyone had time to hear it; (4) followed by the next, its private half
thrown away; (5) retired when the last token it signed has expired. Each step is taken only after the one before.
"""

from datetime import datetime
from typing import Any

import orjson
from joserfc.jwk import OKPKey
from sqlalchemy import select, text

from onex.chassis import access, clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.registry import AccessKeyPublished
from onex.messaging import outbox
from services.registry.identity import queries, rules
from services.registry.identity.errors import KeyAnnounced
from services.registry.identity.models import SigningKey
from services.registry.tables import AccessKey

TOKEN_LIFETIME_S = int(rules.TOKEN_LIFETIME.total_seconds())
_PURPOSE = "access signing key"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.signing_keys'))")


def ensure_signing_key(session: UnitOfWork, vault: Vault) -> None:
    """Make the first key that signs tokens, and tell every service, unless there is one."""
    if session.scalar(select(SigningKey.key_id).limit(1)) is None:
        now = clock.now()
        _make(session, vault, now, by="migration", reason="the first", signing_since=now)


def sign_token(session: UnitOfWork, vault: Vault, who: Caller, issuer: str) -> str:
    """A token that says who its bearer is, signed with the key of the day."""
    signing_key = queries.current_signing_key(session)
    key = OKPKey.import_key(orjson.loads(vault.open(signing_key.sealed_private_jwk, _PURPOSE)))
    return access.sign(who, key, signing_key.key_id, issuer, int(clock.now().timestamp()), TOKEN_LIFETIME_S)


def look_after(session: UnitOfWork, vault: Vault) -> None:
    """Take the next step of whatever key is to follow, if its time has come."""
    session.execute(_ONE_AT_A_TIME)
    now = clock.now()
    announced = queries.announced_signing_key(session)
    if announced is None:
        if not (in_use := queries.signing_keys_in_use(session)):
            return  # before the first migration has planted one
        signing = in_use[0]
        assert signing.signing_since is not None
        if rules.next_key_is_due(signing.signing_since, now):
            signs_from = rules.next_key_signs_from(signing.signing_since, now)
            _make(session, vault, signs_from, by="registry", reason="its predecessor has signed long enough")
        return
    if announced.heard_at is None and session.get(AccessKey, announced.key_id) is not None:
        announced.heard_at = now
    if rules.key_may_sign(announced.signs_from, announced.heard_at, now):
        for old in queries.signing_keys_in_use(session):
            _retire(session, old, now + rules.KEY_RETIRES_AFTER)
        announced.signing_since = now


def announce(session: UnitOfWork, vault: Vault, reason: str, *, by: Caller) -> SigningKey:
    """An operator wants a new key before its time: it follows as any other does, as soon as everyone knows it."""
    session.execute(_ONE_AT_A_TIME)
    if queries.announced_signing_key(session) is not None:
        raise KeyAnnounced()
    return _make(session, vault, clock.now(), by=by.client_id, reason=reason)


def replace_at_once(session: UnitOfWork, vault: Vault, reason: str, *, by: Caller) -> SigningKey:
    """A private key is in wrong hands: every key retires now, tokens signed with them end with it, a new one signs.

    A service may refuse a new token in the moments before it has heard of the new key.
    """
    session.execute(_ONE_AT_A_TIME)
    now = clock.now()
    compromised = queries.live_signing_keys(session)
    made = _make(session, vault, now, by=by.client_id, reason=reason, signing_since=now)
    for old in compromised:
        _retire(session, old, now)
    return made


def _make(
    session: UnitOfWork, vault: Vault, signs_from: datetime, *, by: str, reason: str,
    signing_since: datetime | None = None,
) -> SigningKey:  # fmt: skip
    key = OKPKey.generate_key("Ed25519")
    made = SigningKey(
        key_id=key.thumbprint(),
        sealed_private_jwk=vault.seal(orjson.dumps(key.as_dict(private=True)), _PURPOSE),
        public_key=str(key.as_dict(private=False)["x"]),
        made_by=by,
        reason=reason,
        created_at=clock.now(),
        signs_from=signs_from,
        signing_since=signing_since,
    )
    session.add(made)
    session.flush()
    outbox.append(session, AccessKeyPublished(key_id=made.key_id, public_key=made.public_key))
    return made


def _retire(session: UnitOfWork, key: SigningKey, retires_at: datetime) -> None:
    key.retires_at = retires_at if key.retires_at is None else min(key.retires_at, retires_at)
    key.sealed_private_jwk = ""
    said = AccessKeyPublished(key_id=key.key_id, public_key=key.public_key, retires_at=key.retires_at)
    outbox.append(session, said)


def shown(key: SigningKey) -> dict[str, Any]:
    """A key as its schema shows it, with how far it is."""
    if key.retires_at is not None:
        state = "retiring" if clock.now() < key.retires_at else "retired"
    else:
        state = "announced" if key.signing_since is None else "signing"
    columns = ("key_id", "public_key", "made_by", "reason", "created_at", "signs_from", "heard_at", "signing_since")
    return {"state": state, "retires_at": key.retires_at} | {name: getattr(key, name) for name in columns}
