"""What an entry says: what happened to which credential, and when. No person, no number, nothing to look a person up with.

The credential is named by its digest. It cannot be guessed from what is known of a holder, because a signature is part of
what is digested; whoever holds the credential can make it again. `row` is the digest of the certificate's row (rows.py).
"""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, get_args

import orjson

from services.certificates.credentials.canonical import canonical

Kind = Literal["issued", "suspended", "reinstated", "revoked", "replaced"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATE_AFTER: dict[Kind, str] = {
    "issued": "valid", "suspended": "suspended", "reinstated": "valid", "revoked": "revoked", "replaced": "replaced",
}  # fmt: skip
"""The state in which an entry leaves its certificate."""
MAY_FOLLOW: dict[Kind | None, tuple[Kind, ...]] = {
    None: ("issued",),
    "issued": ("suspended", "revoked", "replaced"),
    "suspended": ("reinstated", "revoked", "replaced"),
    "reinstated": ("suspended", "revoked", "replaced"),
    "revoked": (),
    "replaced": (),
}
"""What can be said of a certificate next; None before anything was."""


def digest_of(credential: bytes) -> str:
    """SHA-256 of a credential in its canonical form (RFC 8785) with its proof, in hex."""
    return hashlib.sha256(credential).hexdigest()


def digest_of_document(credential: dict[str, Any]) -> str:
    """The same of a credential that was read from a file, however that was laid out."""
    return digest_of(canonical(credential))


def entry(kind: Kind, digest: str, issuer: str, at: datetime, successor: str | None = None) -> bytes:
    """An entry's bytes: JSON in canonical form. `successor` is the digest of the credential that replaces this one."""
    said = {"credential": digest, "issuer": issuer, "kind": kind, "time": _written(at), "version": 1}
    if successor:
        said["successor"] = successor
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def with_row(said: bytes, row: str) -> bytes:
    """The entry with the digest of its certificate's row, as the log takes it."""
    return orjson.dumps(orjson.loads(said) | {"row": row}, option=orjson.OPT_SORT_KEYS)


def time_of(said: bytes) -> datetime:
    """When what an entry says happened."""
    return datetime.fromisoformat(orjson.loads(said)["time"])


@lru_cache(maxsize=16)  # a batch happens at one time
def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
