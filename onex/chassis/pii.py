"""Personal data: sealed at rest and between services, found by blind index, masked whenever shown.

Sealing is AES-256-GCM with a fresh 96-bit nonce (NIST SP 800-38D); the key's id is kept beside the text, so that keys rotate.
The blind index and the learner id are HMAC-SHA-256 under keys of their own: the same input gives the same value to any
service that holds the key, and tells nobody else anything.
"""

import hashlib
import hmac
import os
import unicodedata
import uuid
from base64 import b64decode, b64encode
from collections.abc import Mapping

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onex.chassis.settings import Settings

NONCE_BYTES = 12
RESIDENT_IDENTITY = "RIC"


class SealBroken(Exception):
    """A sealed text was altered, is for another purpose, or was sealed with a key this process does not hold."""


class Vault:
    """Seals and opens personal data, and derives what stands for it."""

    def __init__(self, pii_keys: Mapping[str, bytes], index_key: bytes, learner_id_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in pii_keys.items()}
        self._current = list(pii_keys)[-1]
        self._index_key = index_key
        self._learner_id_key = learner_id_key

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        return cls(settings.pii_keys, settings.pii_index_key, settings.learner_id_key)

    def seal(self, plain: bytes, purpose: str) -> str:
        """Return `<key id>:<base64>`; the purpose is authenticated, so a text cannot be moved to another field."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, purpose.encode())
        return f"{self._current}:{b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, purpose: str) -> bytes:
        """Return the bytes that were sealed; raise SealBroken when they cannot be trusted."""
        key_id, _, text = sealed.partition(":")
        try:
            raw = b64decode(text, validate=True)
            return self._ciphers[key_id].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
        except (KeyError, ValueError, InvalidTag):
            raise SealBroken(f"sealed {purpose} cannot be opened") from None

    def seal_person(self, name: str, document_type: str, document_number: str) -> str:
        """Seal who a candidate is, for the services that need it."""
        person = {"name": name, "document_type": document_type, "document_number": document_number}
        return self.seal(orjson.dumps(person), "person")

    def open_person(self, sealed: str) -> dict[str, str]:
        """The `name`, `document_type` and `document_number` that `seal_person` sealed."""
        return orjson.loads(self.open(sealed, "person"))

    def blind_index(self, text: str, purpose: str) -> bytes:
        """32 bytes by which `text` can be looked up and not be read."""
        return hmac.digest(self._index_key, f"{purpose}\0{fold(text)}".encode(), "sha256")

    def learner_id(self, document_type: str, document_number: str) -> uuid.UUID:
        """The learner's id on the platform, the same in every service that is given the document."""
        message = f"{document_type}\0{fold(document_number)}".encode()
        number = int.from_bytes(hmac.digest(self._learner_id_key, message, "sha256")[:16], "big")
        # UUIDv8 (RFC 9562 section 5.8); before Python 3.14 uuid.UUID does not set this version by itself.
        number = number & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62
        return uuid.UUID(int=number)


def fold(text: str) -> str:
    """One spelling for what people write in several: NFKC, no white space at all, upper case."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return unicodedata.normalize("NFKC", folded)  # without its white space an accent may have found its letter


def mask_name(name: str) -> str:
    """Keep what lets its bearer recognise it: 张三 → 张*, 欧阳娜娜 → 欧**娜."""
    shown = "".join(name.split())
    if len(shown) <= 1:
        return "*"
    if len(shown) == 2:
        return shown[0] + "*"
    return shown[0] + "*" * (len(shown) - 2) + shown[-1]


def mask_number(number: str) -> str:
    """Keep the first three and the last two characters of an identity number."""
    return number[:3] + "*" * max(0, len(number) - 5) + number[-2:] if len(number) > 5 else "*" * len(number)


def fingerprint(data: bytes) -> str:
    """SHA-256 in hexadecimal, to tell whether two bodies are the same."""
    return hashlib.sha256(data).hexdigest()
