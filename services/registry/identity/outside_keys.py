"""The public keys of the outside issuer (OpenID Connect Discovery 1.0, RFC 7517): asked for, kept for a while."""

import threading
import time
from typing import Any, cast

import orjson
import requests
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from onex.chassis import logs
from onex.chassis.settings import OutsideIssuer, is_trusted_address
from services.registry.identity.errors import OutsideIssuerAway

log = logs.get(__name__)

KEPT_FOR_S, ASKED_AGAIN_AFTER_S, ANSWERED_WITHIN_S = 3600.0, 30.0, 5.0
LARGEST_ANSWER = 256 * 1024
# Only keys that cannot sign with what everybody may read.
ASYMMETRIC = frozenset({"RSA", "EC", "OKP"})


class OutsideKeys:
    """One process's copy of the keys; a key id it does not know makes it ask again, now and then."""

    def __init__(self, issuer: OutsideIssuer) -> None:
        self.issuer = issuer
        self._keys: dict[str, Key] = {}
        self._asked_at = self._kept_at = float("-inf")
        self._lock = threading.Lock()
        if issuer.jwks is not None:
            self._keys, self._kept_at = _public_keys(issuer.jwks), float("inf")

    def key(self, key_id: str) -> Key | None:
        """The key of this id, None if the issuer has none; raise OutsideIssuerAway when nothing is known of its keys."""
        if self.issuer.jwks is None and (key_id not in self._keys or time.monotonic() - self._kept_at > KEPT_FOR_S):
            self._ask()
        if not self._keys:
            raise OutsideIssuerAway(retry_after_s=int(ASKED_AGAIN_AFTER_S))
        return self._keys.get(key_id)

    def _ask(self) -> None:
        # With keys at hand nobody waits for another who is asking already.
        if not self._lock.acquire(blocking=not self._keys):
            return
        try:
            if time.monotonic() - self._asked_at < ASKED_AGAIN_AFTER_S:
                return
            self._asked_at = time.monotonic()
            self._keys = _public_keys(_read(self._address()))
            self._kept_at = time.monotonic()
        except (requests.RequestException, ValueError, KeyError, TypeError, JoseError) as error:
            log.warning("outside_issuer_away", error=type(error).__name__)
        finally:
            self._lock.release()

    def _address(self) -> str:
        if self.issuer.jwks_url is not None:
            return self.issuer.jwks_url
        said = _read(f"{self.issuer.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said["issuer"] != self.issuer.issuer:
            raise ValueError("the discovery document is another issuer's")
        address = said["jwks_uri"]
        if not is_trusted_address(address):
            raise ValueError("the keys are at no address that can be trusted")
        return cast(str, address)


def _read(address: str) -> dict[str, Any]:
    """The JSON object at an address: nowhere else, not for long, not of any size."""
    until = time.monotonic() + ANSWERED_WITHIN_S
    body = b""
    with requests.get(address, timeout=ANSWERED_WITHIN_S, stream=True, allow_redirects=False) as answer:
        if answer.status_code != 200:
            raise ValueError(f"status {answer.status_code}")
        for piece in answer.iter_content(16 * 1024):
            body += piece
            if len(body) > LARGEST_ANSWER or time.monotonic() > until:
                raise ValueError("too large or too slow")
    found = orjson.loads(body)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _public_keys(jwks: dict[str, Any]) -> dict[str, Key]:
    """The keys that may verify signatures, by id; those of kinds we do not know are left out."""
    found = {}
    for jwk in jwks["keys"]:
        if jwk.get("kty") in ASYMMETRIC and jwk.get("use", "sig") == "sig":
            try:
                key = next(iter(KeySet.import_key_set({"keys": [jwk]})))
            except (JoseError, ValueError, KeyError, TypeError):
                continue
            found[str(jwk.get("kid") or "")] = key
    return found
