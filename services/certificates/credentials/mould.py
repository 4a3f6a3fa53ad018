"""The credentials of one TEO, type, level and standard differ in four texts, so the rest is written out once.

What comes out is what `Signer.sign(certificate_credential(...))` gives, member for member and signature for signature; a
test holds the two equal. It takes a third of the time, the signature aside.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

import orjson

from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.certificate_credential import CONTEXTS, certificate_credential, valid_from
from services.certificates.credentials.holder import identity, new_salt
from services.certificates.credentials.signing import Signer

_HOLES = ("id", "validFrom", "identityHash", "salt")
_UNTIL_FILLED = datetime(2000, 1, 1, tzinfo=UTC)


class Mould:
    """Makes the signed credentials of one issuer's certificates of one achievement."""

    def __init__(self, signer: Signer, issuer: dict[str, Any], achievement: dict[str, Any]) -> None:
        """Raises NotCanonical where what the credentials share has no canonical form."""
        self._signer = signer
        self._contexts = list(CONTEXTS)
        example = certificate_credential(
            url="", issuer=issuer, achievement=achievement, holder_name="x", salt="x", issued_at=_UNTIL_FILLED
        )
        # Random, so that no name of a TEO or a type can hold one.
        marks = {hole: f"{hole}-{secrets.token_hex(16)}" for hole in _HOLES}
        example |= {name: marks[name] for name in ("id", "validFrom")}
        example["credentialSubject"]["identifier"][0] |= {name: marks[name] for name in ("identityHash", "salt")}
        text = canonical(example)
        self._order = sorted(_HOLES, key=lambda hole: text.index(marks[hole].encode()))
        self._between: list[bytes] = []
        for hole in self._order:
            before, text = text.split(orjson.dumps(marks[hole]))
            self._between.append(before)
        self._end = text

    def credential(self, *, url: str, holder_name: str, issued_at: datetime, created: datetime) -> bytes:
        """The JSON of a signed credential. Its members are those of `certificate_credential`, with a salt of its own.

        Raises ValueError for a time without zone or an empty name.
        """
        holder = identity(holder_name, new_salt())
        texts = {"id": url, "validFrom": valid_from(issued_at)} | holder
        parts: list[bytes] = []
        for before, hole in zip(self._between, self._order, strict=True):
            parts += (before, orjson.dumps(texts[hole]))
        unsigned = b"".join((*parts, self._end))
        proof = self._signer.proof(unsigned, self._contexts, created)
        return unsigned[:-1] + b',"proof":' + orjson.dumps(proof) + b"}"
