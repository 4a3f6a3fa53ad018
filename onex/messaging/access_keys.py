"""Every service hears the registry's access keys and verifies tokens by itself."""

from typing import Any

import orjson
from sqlalchemy import text

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import AccessKeyPublished
from onex.messaging.consumer import consumes
from onex.messaging.dead_letters import DeadLetters
from onex.messaging.heard import Heard

_STORE = text(
    "INSERT INTO access_key (key_id, jwk, retires_at) VALUES (:key_id, CAST(:jwk AS jsonb), :retires_at)"
    " ON CONFLICT (key_id) DO UPDATE SET retires_at = LEAST(access_key.retires_at, excluded.retires_at)"
)


def store_keys(session: UnitOfWork, heard: list[Heard[AccessKeyPublished]]) -> None:
    """Keep the keys; a retirement once heard only ever comes closer."""
    for key in (one.event for one in heard):
        jwk: dict[str, Any] = {"kty": "OKP", "crv": "Ed25519", "x": key.public_key, "kid": key.key_id}
        values = {"key_id": key.key_id, "jwk": orjson.dumps(jwk).decode(), "retires_at": key.retires_at}
        session.execute(_STORE, values)


class AccessKeysBus:
    """What every worker has: the door for access keys, and the drain of its dead letters."""

    dead_letters = DeadLetters()

    @consumes(AccessKeyPublished)
    def on_access_keys(self, session: UnitOfWork, heard: list[Heard[AccessKeyPublished]]) -> None:
        store_keys(session, heard)
