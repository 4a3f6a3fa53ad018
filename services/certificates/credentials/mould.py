"""The credentials of one TEO, type, level and standard differ in six texts, so the rest is written out once.

What comes out is what `Signer.sign(certificate_credential(...))` gives, member for member and signature for signature, in
canonical form; a test holds the two equal. It takes a third of the time, the signature aside.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

import orjson

from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.certificate_credential import CONTEXTS, certificate_credential, valid_from
from services.certificates.credentials.holder import identity, new_salt
from services.certificates.credentials.signing import Signer
from services.certificates.standing.entries import credential_status
from services.certificates.standing.positions import Position

_VALUES = ("id", "validFrom", "credentialStatus", "identityHash", "salt")
"""The members whose value differs."""
_LICENSE = "licenseNumber"
"""The member that is there or not."""
_PROOF = b'"proof":'
_NO_INDEX = secrets.randbits(128)
"""Stands for an index that is filled in later; no address and no list's number holds it."""
_UNTIL_FILLED = datetime(2000, 1, 1, tzinfo=UTC)


class Mould:
    """Makes the signed credentials of one issuer's certificates of one achievement."""

    def __init__(
        self,
        signer: Signer,
        issuer: dict[str, Any],
        achievement: dict[str, Any],
        *,
        public_url: str,
        evidence: list[dict[str, Any]] | None = None,
    ) -> None:
        """`public_url` is where the status lists are; `evidence` is that of Open Badges, the same for all.

        Raises NotCanonical where what the credentials share has no canonical form.
        """
        self._signer = signer
        self._public_url = public_url
        self._statuses: dict[int, list[bytes]] = {}
        self._contexts = list(CONTEXTS)
        # Random, so that no name of a TEO or a type can hold one.
        marks = {hole: f"{hole}-{secrets.token_hex(16)}" for hole in (*_VALUES, _LICENSE, "proof")}
        example = certificate_credential(
            url=marks["id"],
            issuer=issuer,
            achievement=achievement,
            holder_name="x",
            salt=marks["salt"],
            issued_at=_UNTIL_FILLED,
            status={},
            license_number=marks[_LICENSE],
            evidence=evidence,
        )
        example |= {name: marks[name] for name in ("validFrom", "credentialStatus")}
        example["credentialSubject"]["identifier"][0]["identityHash"] = marks["identityHash"]
        # With a place for each of them, as `%` of bytes fills it.
        text = canonical(example | {"proof": marks["proof"]}).replace(b"%", b"%%")
        for hole in _VALUES:
            text = text.replace(orjson.dumps(marks[hole]), b"%%(%s)b" % hole.encode())
        text = text.replace(_license(marks[_LICENSE]), b"%%(%s)b" % _LICENSE.encode())
        self._before, self._after = text.split(_PROOF + orjson.dumps(marks["proof"]) + b",")

    def credential(
        self,
        *,
        url: str,
        holder_name: str,
        issued_at: datetime,
        created: datetime,
        status: Position,
        license_number: str | None = None,
    ) -> bytes:
        """The JSON of a signed credential. Its members are those of `certificate_credential`, with a salt of its own.

        Raises ValueError for a time without zone or an empty name.
        """
        holder = identity(holder_name, new_salt())
        texts = {
            b"id": orjson.dumps(url),
            b"validFrom": orjson.dumps(valid_from(issued_at)),
            b"credentialStatus": str(status.index).encode().join(self._status(status.list)),
            b"identityHash": orjson.dumps(holder["identityHash"]),
            b"salt": orjson.dumps(holder["salt"]),
            _LICENSE.encode(): _license(license_number) if license_number is not None else b"",
        }
        before, after = self._before % texts, self._after % texts
        proof = self._signer.proof_text(before + after, self._contexts, created)
        return b"".join((before, _PROOF, proof, b",", after))

    def _status(self, which: int) -> list[bytes]:
        """What a credential says of its place in a status list, in canonical form, cut where the index belongs."""
        if which not in self._statuses:
            (entry,) = credential_status(self._public_url, Position(which, _NO_INDEX))
            self._statuses[which] = canonical(entry).split(str(_NO_INDEX).encode())
        return self._statuses[which]


def _license(number: str) -> bytes:
    """The member with the comma behind it: `type` always follows."""
    return b'"%s":%s,' % (_LICENSE.encode(), orjson.dumps(number))
