"""Personal data: sealed at rest and between services, found by blind index, masked whenever shown.

Sealing is AES-256-GCM with a fresh 96-bit nonce (NIST SP 800-38D); the key's id is kept beside the text, so that keys rotate.
The blind index and the learner id are HMAC-SHA-256 under keys of their own: the same input gives the same value to any
service that holds the key, and tells nobody else anything.
"""

import hashlib
import os
import unicodedata
import uuid
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Iterable, Mapping, Sequence

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from onex.chassis.settings import Settings

NONCE_BYTES = 12
RESIDENT_IDENTITY = "RIC"
UUID_BYTES = 16
# A learner id is a UUIDv8 (RFC 9562 section 5.8): four bits of byte 6 say the version, two of byte 8 the variant; the rest is
# the HMAC's. These translate the two bytes.
_VERSION_8 = bytes(0x80 | byte & 0x0F for byte in range(256))
_VARIANT = bytes(0x80 | byte & 0x3F for byte in range(256))


class SealBroken(Exception):
    """A sealed text was altered, is for another purpose, or was sealed with a key this process does not hold."""


class Vault:
    """Seals and opens personal data, and derives what stands for it."""

    def __init__(self, pii_keys: Mapping[str, bytes], index_key: bytes, learner_id_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in pii_keys.items()}
        self._current = list(pii_keys)[-1]
        # Begun with its key and copied for each use: a third of the time of beginning anew.
        self._index_mac = HMAC(index_key, SHA256())
        self._learner_mac = HMAC(learner_id_key, SHA256())

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        return cls(settings.pii_keys, settings.pii_index_key, settings.learner_id_key)

    def seal(self, plain: bytes, purpose: str) -> str:
        """Return `<key id>:<base64>`; the purpose is authenticated, so a text cannot be moved to another field."""
        return self.seal_each((plain,), purpose)[0]

    def seal_each(self, plains: Sequence[bytes], purpose: str) -> list[str]:
        """`seal` each of the texts, every one with a nonce of its own."""
        key_id, encrypt, authenticated = self._current, self._ciphers[self._current].encrypt, purpose.encode()
        nonces = os.urandom(NONCE_BYTES * len(plains))
        sealed = []
        for at, plain in enumerate(plains):
            nonce = nonces[at * NONCE_BYTES : (at + 1) * NONCE_BYTES]
            text = b2a_base64(nonce + encrypt(nonce, plain, authenticated), newline=False)
            sealed.append(f"{key_id}:{text.decode()}")
        return sealed

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
        return self.seal_people(((name, document_number),), document_type)[0]

    def seal_people(self, people: Iterable[tuple[str, str]], document_type: str) -> list[str]:
        """`seal_person` for each name and document number."""
        plains = [
            orjson.dumps({"name": name, "document_type": document_type, "document_number": document_number})
            for name, document_number in people
        ]
        return self.seal_each(plains, "person")

    def open_person(self, sealed: str) -> dict[str, str]:
        """The `name`, `document_type` and `document_number` that `seal_person` sealed."""
        return orjson.loads(self.open(sealed, "person"))

    def blind_index(self, text: str, purpose: str) -> bytes:
        """32 bytes by which `text` can be looked up and not be read."""
        return self.blind_indexes((text,), purpose)[0]

    def blind_indexes(self, texts: Iterable[str], purpose: str) -> list[bytes]:
        """`blind_index` of each text."""
        return _macs(self._index_mac, purpose, texts)

    def learner_id(self, document_type: str, document_number: str) -> uuid.UUID:
        """The learner's id on the platform, the same in every service that is given the document."""
        return uuid.UUID(bytes=self.learner_ids(document_type, (document_number,))[0])

    def learner_ids(self, document_type: str, document_numbers: Iterable[str]) -> list[bytes]:
        """`learner_id` for each number, as its 16 bytes."""
        macs = _macs(self._learner_mac, document_type, document_numbers)
        ids = bytearray(b"".join([mac[:UUID_BYTES] for mac in macs]))  # all at once: half the time of one by one
        ids[6::UUID_BYTES] = ids[6::UUID_BYTES].translate(_VERSION_8)
        ids[8::UUID_BYTES] = ids[8::UUID_BYTES].translate(_VARIANT)
        return [bytes(ids[at : at + UUID_BYTES]) for at in range(0, len(ids), UUID_BYTES)]


def _macs(keyed: HMAC, prefix: str, texts: Iterable[str]) -> list[bytes]:
    """HMAC-SHA-256 of `<prefix>`, a NUL and the folded text, for each of the texts."""
    begun = keyed.copy()
    begun.update(f"{prefix}\0".encode())
    macs = []
    for text in texts:
        mac = begun.copy()
        mac.update(fold(text).encode())
        macs.append(mac.finalize())
    return macs


def fold(text: str) -> str:
    """One spelling for what people write in several: NFKC, no white space at all, upper case."""
    upper = text.upper()
    if text.isalnum() and (text.isascii() or (upper == text and unicodedata.is_normalized("NFKC", text))):
        return upper  # most documents and names: there is nothing to fold
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
