"""Settings come from the environment and fail at boot, naming the variable."""

import base64
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
SERVICES = ("registry", "assessment", "certificates", "creditbank", "notifications")
# Every role but the learner's: whoever is one is known by a document, which no outside issuer has shown us.
OUTSIDE_ROLES = ("ministry", "operator", "province", "teo", "college", "partner")


class SettingError(Exception):
    """A setting is missing or cannot be read; the message names the variable and what it should hold."""


def read(environ: Mapping[str, str], name: str, parse: Callable[[str], T], meaning: str, default: T | None = None) -> T:
    """Return setting `name` as `parse` reads it; raise SettingError that names it when missing or unreadable.

    If `<name>_FILE` is set, the value is what the file it names holds, without white space around it: that is how a
    container is given a secret.
    """
    raw = _given(environ, name, meaning)
    if raw == "":
        if default is not None:
            return default
        raise SettingError(f"{name} is not set: it should hold {meaning}")
    try:
        return parse(raw)
    except (ValueError, KeyError, TypeError) as error:
        raise SettingError(f"{name} cannot be read ({type(error).__name__}): it should hold {meaning}") from None


def _given(environ: Mapping[str, str], name: str, meaning: str) -> str:
    value, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if not file:
        return value
    if value:
        raise SettingError(f"{name} and {name}_FILE are both set: leave one of them out")
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:  # ValueError: not UTF-8
        why = type(error).__name__
        raise SettingError(
            f"{name}_FILE names {file}, which cannot be read ({why}): it should hold {meaning}"
        ) from None
    if not content:
        raise SettingError(f"{name}_FILE names {file}, which is empty: it should hold {meaning}")
    return content


def _key(raw: str) -> bytes:
    key = base64.b64decode(raw, validate=True)
    if len(key) != 32:
        raise ValueError("not 32 bytes")
    return key


def _key_ring(raw: str) -> dict[str, bytes]:
    ring = {key_id: _key(value) for key_id, value in json.loads(raw).items()}
    if not ring:
        raise ValueError("no key")
    return ring


@dataclass(frozen=True, kw_only=True)
class OutsideIssuer:
    """An OpenID Connect issuer whose tokens the registry exchanges for its own."""

    issuer: str
    audience: str
    jwks_url: str | None
    """None: the issuer's discovery document says where its keys are."""
    jwks: dict[str, Any] | None
    """The keys themselves, where they are not to be asked for."""
    role_claim: str
    organization_claim: str
    roles: Mapping[str, str]
    """From a value of the role claim to a role of ours."""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "OutsideIssuer | None":
        """The issuer to trust, None where none is set; raise SettingError that names what is missing or wrong."""
        others = sorted(name for name in environ if name.startswith("ONEX_OIDC_") and environ[name])
        if not others:
            return None
        address = "https address (or http on this very machine)"
        its_name = f"the issuer as its tokens name it, an {address}"
        our_name = "what the outside issuer calls this platform"
        roles = f'JSON, {{"value of the role claim": "role"}}, with roles of: {", ".join(OUTSIDE_ROLES)}'
        given = cls(
            issuer=read(environ, "ONEX_OIDC_ISSUER", _trusted_address, its_name, ""),
            audience=read(environ, "ONEX_OIDC_AUDIENCE", str, our_name, ""),
            jwks_url=read(environ, "ONEX_OIDC_JWKS_URL", _trusted_address, f"the {address} of its keys", "") or None,
            jwks=read(environ, "ONEX_OIDC_JWKS", _jwks, "its keys as a JSON Web Key Set", _NO_KEYS) or None,
            role_claim=read(environ, "ONEX_OIDC_ROLE_CLAIM", str, "the claim that says the role", "onex_role"),
            organization_claim=read(
                environ,
                "ONEX_OIDC_ORGANIZATION_CLAIM",
                str,
                "the claim that names whom one acts for",
                "onex_organization",
            ),
            roles=read(environ, "ONEX_OIDC_ROLES", _outside_roles, roles, {}),
        )
        needed = {
            "ISSUER": (given.issuer, its_name),
            "AUDIENCE": (given.audience, our_name),
            "ROLES": (given.roles, roles),
        }
        for name, (value, meaning) in needed.items():
            if not value:
                raise SettingError(f"ONEX_OIDC_{name} is not set, but {others[0]} is: it should hold {meaning}")
        if given.jwks is not None and given.jwks_url is not None:
            raise SettingError("ONEX_OIDC_JWKS and ONEX_OIDC_JWKS_URL are both set: leave one of them out")
        return given


def is_trusted_address(text: Any) -> bool:
    """Whether keys may be asked for there: nobody in between can put others in their place."""
    if not isinstance(text, str):
        return False
    parts = urlsplit(text)
    near = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and near))


def _trusted_address(raw: str) -> str:
    if not is_trusted_address(raw):
        raise ValueError("no address that can be trusted")
    return raw


_NO_KEYS: dict[str, Any] = {}


def _jwks(raw: str) -> dict[str, Any]:
    found = json.loads(raw)
    if not [key["kty"] for key in found["keys"]]:
        raise ValueError("no key")
    return dict(found)


def _outside_roles(raw: str) -> dict[str, str]:
    roles = json.loads(raw)
    if not isinstance(roles, dict) or not roles or not set(roles.values()) <= set(OUTSIDE_ROLES):
        raise ValueError("no role, or one that there is not")
    return roles


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one service's processes need to know; `repr` shows no secret."""

    service: str
    database_url: str
    amqp_url: str
    public_url: str
    worker_port: int
    pii_keys: Mapping[str, bytes]
    pii_index_key: bytes
    learner_id_key: bytes
    database_pool_size: int
    partners_amqp_url: str | None
    webhook_allow_private: bool = False
    outside_issuer: OutsideIssuer | None = None

    def __repr__(self) -> str:
        return f"Settings(service={self.service!r}, public_url={self.public_url!r})"

    @classmethod
    def for_service(cls, service: str, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read every setting of `service`; raise SettingError at the first one that is missing or unreadable."""
        if service not in SERVICES:
            raise SettingError(f"no service is called {service!r}: choose one of {', '.join(SERVICES)}")
        upper = service.upper()
        key = "32 random bytes in base64"
        return cls(
            service=service,
            database_url=read(environ, f"ONEX_DATABASE_URL_{upper}", str, "the address of its PostgreSQL database"),
            amqp_url=read(environ, f"ONEX_AMQP_URL_{upper}", str, "the address of RabbitMQ with the service's user"),
            public_url=read(environ, "ONEX_PUBLIC_URL", lambda v: v.rstrip("/"), "the address people reach us at"),
            worker_port=read(environ, f"ONEX_WORKER_PORT_{upper}", int, "the worker's port for health, metrics", 0),
            pii_keys=read(environ, "ONEX_PII_KEYS", _key_ring, f'JSON, {{"key id": {key}}}; the last one seals'),
            pii_index_key=read(environ, "ONEX_PII_INDEX_KEY", _key, key),
            learner_id_key=read(environ, "ONEX_LEARNER_ID_KEY", _key, key),
            database_pool_size=read(environ, "ONEX_DATABASE_POOL_SIZE", int, "connections a process may hold", 10),
            partners_amqp_url=read(environ, "ONEX_AMQP_PARTNERS_URL", str, "the partners' vhost", "") or None,
            webhook_allow_private=read(
                environ,
                "ONEX_WEBHOOK_ALLOW_PRIVATE",
                {"0": False, "1": True}.__getitem__,
                "1 where webhooks may go to http and private addresses, as on a developer's machine; else 0",
                False,
            ),
            outside_issuer=OutsideIssuer.read(environ) if service == "registry" else None,
        )
