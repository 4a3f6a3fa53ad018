"""A TEO's public identity as a `did:web` and the document that lists its keys (W3C DID 1.0, the did:web method).

`did:web:example.org%3A8443:issuers:7` is found at `https://example.org:8443/issuers/7/did.json`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from services.certificates.credentials.times import moment

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")

# did:web is always https; only a machine that talks to itself, as in a trial, is asked without.
_LOOPBACK = {"localhost", "127.0.0.1"}


class IssuerKey(NamedTuple):
    """A key of an issuer. It signs from `valid_from` until it is revoked; both times are aware."""

    multibase: str
    valid_from: datetime
    revoked_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether a proof made at `at` may rest on this key. Proofs made before the revocation stay good."""
        return self.valid_from <= at and (self.revoked_at is None or at < self.revoked_at)


def did_web(public_url: str, teo_id: str) -> str:
    """The DID of a TEO whose document is served below `public_url` at `issuers/<teo_id>/did.json`.

    A port is written %3A as the method asks; a path in `public_url` is kept. Raises ValueError where `public_url` is no
    http(s) address or `teo_id` is not one plain path segment.
    """
    address = urlsplit(public_url)
    if address.scheme not in ("https", "http") or not address.hostname or address.query or address.fragment:
        raise ValueError(f"not a public address: {public_url!r}")
    if ":" in address.hostname:
        raise ValueError("did:web has no room for an IPv6 address")
    if not teo_id or quote(teo_id, safe="") != teo_id:
        raise ValueError(f"not a path segment: {teo_id!r}")
    host = address.hostname if address.port is None else f"{address.hostname}%3A{address.port}"
    path = [quote(segment, safe="") for segment in address.path.split("/") if segment]
    return ":".join(["did", "web", host, *path, "issuers", teo_id])


def resolve_url(did: str) -> str:
    """The address of the DID's document. A key's URL (`did:web:…#z6Mk…`) is taken as its DID. Raises ValueError."""
    parts = did.partition("#")[0].split(":")
    if parts[:2] != ["did", "web"] or len(parts) < 3 or not all(parts[2:]):
        raise ValueError(f"not a did:web: {did!r}")
    host, path = unquote(parts[2]), parts[3:]
    if any(character in host for character in "/?#@\\") or any(unquote(segment) in (".", "..") for segment in path):
        raise ValueError(f"not a did:web: {did!r}")  # it would lead to another host or another path than it shows
    scheme = "http" if host.partition(":")[0] in _LOOPBACK else "https"
    return f"{scheme}://{host}/{'/'.join(path or ['.well-known'])}/did.json"


def key_url(did: str, multibase: str) -> str:
    """The URL of one key of `did`: what a proof names as its verification method."""
    return f"{did}#{multibase}"


_NOT_SAID = datetime.min.replace(tzinfo=UTC)


def keys_in(document: dict[str, Any]) -> dict[str, IssuerKey]:
    """The keys that a DID document lets make assertions, by their URL; a document does not say since when.

    Raises ValueError for what is no DID document of this form, and for one that says two things of a key.
    """
    try:
        did, allowed = document["id"], document["assertionMethod"]
        methods = document["verificationMethod"]
        if not isinstance(allowed, list) or len({method["id"] for method in methods}) != len(methods):
            raise ValueError("not a DID document: a key is listed twice")
        return {
            method["id"]: IssuerKey(method["publicKeyMultibase"], _NOT_SAID, _ended(method))
            for method in methods
            if method["id"] in allowed
            and method["id"].startswith(f"{did}#")
            and method["controller"] == did
            and method["type"] == "Multikey"
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a DID document: {error}") from None


def _ended(method: dict[str, Any]) -> datetime | None:
    """From when the key signs no more (Controlled Identifiers 1.0, section 2.2: `revoked`, `expires`)."""
    return min([moment(method[name]) for name in ("revoked", "expires") if name in method], default=None)


def did_document(did: str, keys: Sequence[IssuerKey]) -> dict[str, Any]:
    """The document that says which keys sign for `did`, oldest first.

    A retired key stays listed, with the time from which it signs no more (`revoked`), because the certificates it signed before
    stay valid.
    """
    # Times are to the second, in which more than one may begin: the one that is not retired is the last.
    ordered = sorted(keys, key=lambda key: (key.valid_from, key.revoked_at is None, key.multibase))
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": [_verification_method(did, key) for key in ordered],
        "assertionMethod": [key_url(did, key.multibase) for key in ordered],
    }


def _verification_method(did: str, key: IssuerKey) -> dict[str, Any]:
    method = {
        "id": key_url(did, key.multibase),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key.multibase,
    }
    if key.revoked_at is not None:
        method["revoked"] = key.revoked_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return method
