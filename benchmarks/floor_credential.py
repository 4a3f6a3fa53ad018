"""The floor's credential: the same bytes under the same signature as the product's, from a template with four holes.

What all certificates of one type and one second share is written out once; each fills in its address, hash, salt and place in the
status lists.
`tests/test_benchmarks_smoke.py` holds the result equal to what the product's own signer makes.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from services.certificates.credentials import base58, keys
from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.certificate_credential import certificate_credential
from services.certificates.credentials.holder import identity
from services.certificates.credentials.signing import Signer
from services.certificates.standing.positions import Position

_NAME, _SALT, _URL, _STATUS = "姓名", "0salt0", "0url0", "0status0"


def status(public_url: str, bit: Position) -> bytes:
    """What a credential says of its place in the status lists, in canonical form."""
    lists = f"{public_url}/certificates/v1/status-lists/{bit.list}/"
    return (
        f'{{"id":"{lists}suspension#{bit.index}","statusListCredential":"{lists}suspension",'
        f'"statusListIndex":"{bit.index}","statusPurpose":"suspension","statusReference":"{lists}revocation",'
        '"type":"BitstringStatusListEntry"}'
    ).encode()


class Template:
    """One TEO, type and second of publication, signed within one second."""

    def __init__(
        self, secret: bytes, issuer: dict[str, Any], achievement: dict[str, Any], issued_at: datetime, created: datetime
    ) -> None:
        """`secret` is the TEO's Ed25519 seed; `issued_at` (of the result) and `created` are written into every one."""
        example = certificate_credential(
            url=_URL,
            issuer=issuer,
            achievement=achievement,
            holder_name=_NAME,
            salt=_SALT,
            issued_at=issued_at,
            status={},
        ) | {"credentialStatus": _STATUS}
        method = f"{issuer['id']}#{keys.public_multibase(keys.public_of(secret))}"
        signed = Signer(secret, method).sign(example, created)
        options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
        text = canonical(example)
        holes = {_STATUS: b"", identity(_NAME, _SALT)["identityHash"]: b'"', _SALT: b'"', _URL: b'"'}
        self._parts: list[bytes] = []
        for hole, quote in holes.items():
            before, found, text = text.partition(f'"{hole}"'.encode())
            if not found:
                raise ValueError(f"the credential has no {hole} where it should be")
            self._parts.append(before + quote)
            text = quote + text
        self._parts.append(text)
        self._options_hash = sha256(canonical(options)).digest()
        self._proof = b',"proof":' + canonical(options)[:-1] + b',"proofValue":"z'
        _, self._key = crypto_sign_seed_keypair(secret)

    def make(self, url: bytes, folded_name: bytes, status: bytes) -> bytes:
        """The signed credential as JSON."""
        salt = secrets.token_hex(16).encode()
        holder = b"sha256$" + sha256(folded_name + salt).hexdigest().encode()
        first, second, third, fourth, last = self._parts
        text = b"".join((first, status, second, holder, third, salt, fourth, url, last))
        signature = crypto_sign(self._options_hash + sha256(text).digest(), self._key)[:64]
        return b"".join((text[:-1], self._proof, base58.encode(signature).encode(), b'"}}'))
