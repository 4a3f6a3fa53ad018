"""Who calls: short-lived Ed25519 tokens (RFC 8725, RFC 8037), verified here with keys heard from the registry.

A caller has one role in one scope. The scope is applied inside queries, never after them.
"""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OKPKey
from sqlalchemy import DateTime, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from onex.chassis import clock
from onex.chassis.problems import Forbidden, OutOfScope, TokenExpired, TokenInvalid, Unauthorized

AUDIENCE = "onex"
ALGORITHM = "Ed25519"
LEEWAY_S = 30


class Role(StrEnum):
    MINISTRY = "ministry"
    OPERATOR = "operator"
    PROVINCE = "province"
    TEO = "teo"
    COLLEGE = "college"
    PARTNER = "partner"
    LEARNER = "learner"


EVERYWHERE = frozenset({Role.MINISTRY, Role.OPERATOR})


@dataclass(frozen=True)
class Caller:
    """Who sent the request, as the token says."""

    client_id: str
    role: Role
    organization_id: uuid.UUID | None = None
    province_code: str | None = None
    learner_id: uuid.UUID | None = None

    @property
    def sees_everything(self) -> bool:
        return self.role in EVERYWHERE

    def must_be(self, organization_id: uuid.UUID | None) -> None:
        """Refuse when the caller acts for another organization than this one (operators act for all)."""
        if not self.sees_everything and (organization_id is None or self.organization_id != organization_id):
            raise OutOfScope()

    def must_have(self, roles: frozenset[Role]) -> None:
        if self.role not in roles:
            raise Forbidden(f"The role {self.role} may not do this; it is open to: {', '.join(sorted(roles))}.")


def access_key_table(base: type[DeclarativeBase]) -> type[Any]:
    """The table of the registry's public keys, one in every service's database."""

    class AccessKey(base):  # type: ignore[misc, valid-type]
        __tablename__ = "access_key"
        key_id: Mapped[str] = mapped_column(Text, primary_key=True)
        jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
        retires_at: Mapped[Any] = mapped_column(DateTime(timezone=True), nullable=True)

    return AccessKey


class KeyRing:
    """The public keys tokens may be signed with, read from the service's own database and kept for a while."""

    def __init__(
        self, read: Callable[[], dict[str, dict[str, Any]]], refresh_after_s: float = 10.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._read, self._refresh_after_s, self._seconds = read, refresh_after_s, seconds
        self._keys: dict[str, OKPKey] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def key(self, key_id: str) -> OKPKey:
        """The key, or TokenInvalid. An unknown id looks again, at most once in `refresh_after_s` seconds.

        All are read again after three times as long: by then a key that retired is not believed any more.
        """
        if key_id not in self._keys or self._seconds() - self._read_at > 3 * self._refresh_after_s:
            self._refresh()
        try:
            return self._keys[key_id]
        except KeyError:
            raise TokenInvalid("The token is signed with a key that is not known here.") from None

    def _refresh(self) -> None:
        with self._lock:
            if self._keys and self._seconds() - self._read_at < self._refresh_after_s:
                return
            self._keys = {key_id: OKPKey.import_key(jwk) for key_id, jwk in self._read().items()}
            self._read_at = self._seconds()

    def known(self) -> bool:
        """Whether any key is known: before that no token can be accepted."""
        if not self._keys:
            self._refresh()
        return bool(self._keys)


def stored_keys(session: Session, table: Any) -> dict[str, dict[str, Any]]:
    """Every key that has not retired."""
    live = select(table.key_id, table.jwk).where(table.retires_at.is_(None) | (table.retires_at > clock.now()))
    return {row.key_id: row.jwk for row in session.execute(live)}


def verify(token: str | None, ring: KeyRing, issuer: str) -> Caller:
    """Return who the bearer is; raise Unauthorized, TokenExpired or TokenInvalid."""
    return verified(token, ring, issuer)[0]


def verified(token: str | None, ring: KeyRing, issuer: str) -> tuple[Caller, dict[str, Any]]:
    """Return who the bearer is, with all that the token says; raise Unauthorized, TokenExpired or TokenInvalid."""
    if not token:
        raise Unauthorized()
    try:
        # The header is not yet to be trusted: it only says which key to check with.
        claims = jwt.decode(token, _key_of(ring), algorithms=[ALGORITHM]).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)
        who = Caller(
            client_id=claims["sub"],
            role=Role(claims["role"]),
            organization_id=_uuid(claims.get("org")),
            province_code=claims.get("province"),
            learner_id=_uuid(claims.get("learner")),
        )
        return who, claims
    except ExpiredTokenError:
        raise TokenExpired() from None
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise TokenInvalid() from None


def _key_of(ring: KeyRing) -> Callable[[Any], OKPKey]:
    def find(obj: Any) -> OKPKey:
        return ring.key(str(obj.headers().get("kid", "")))

    return find


def _uuid(value: Any) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None


def sign(caller: Caller, key: OKPKey, key_id: str, issuer: str, issued_at_s: int, lifetime_s: int) -> str:
    """The access token that `verify` reads; only the registry's identity area holds a private key."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": caller.client_id,
        "role": caller.role.value,
        "iat": issued_at_s,
        "exp": issued_at_s + lifetime_s,
        "jti": uuid.uuid4().hex,
    }
    if caller.organization_id:
        claims["org"] = str(caller.organization_id)
    if caller.province_code:
        claims["province"] = caller.province_code
    if caller.learner_id:
        claims["learner"] = str(caller.learner_id)
    return jwt.encode({"alg": ALGORITHM, "kid": key_id, "typ": "at+jwt"}, claims, key, algorithms=[ALGORITHM])
