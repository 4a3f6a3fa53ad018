"""Signed notes and the checkpoints in them: how a log says in public what it holds (C2SP `signed-note`, `tlog-checkpoint`)."""

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onex.transparency.tree import HASH_SIZE

ED25519 = b"\x01"
MAX_NOTE = 1_000_000
"""Bytes; a longer note is not read."""
LARGEST = 2**64 - 1
"""Sizes and indices are of 64 bits."""
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)


class NoteWrong(ValueError):
    """A note is not well formed, or none of the trusted keys signed it."""


class VerifierKey(NamedTuple):
    """A public key by which notes are checked: its name, its 4-byte id, the key."""

    name: str
    key_id: bytes
    public: bytes

    @classmethod
    def of(cls, name: str, public: bytes) -> "VerifierKey":
        """The key of this name; `public` are the 32 bytes of an Ed25519 key (RFC 8032)."""
        if not _NAME.fullmatch(name):
            raise ValueError("A key's name has neither white space nor a plus sign.")
        return cls(name, hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4], public)

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Read `<name>+<id in hex>+<base64 of algorithm and key>`; raise ValueError when it does not agree with itself."""
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        material = from_base64(encoded)
        if material is None:
            raise ValueError("The key is not in base64.")
        if material[:1] != ED25519 or len(material) != 33:
            raise ValueError("This is no Ed25519 key.")
        key = cls.of(name, material[1:])
        if key.key_id.hex() != key_id:
            raise ValueError("The key's id is another's.")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


class Checkpoint(NamedTuple):
    """What a log holds: its origin, how many entries, and the root hash over them."""

    origin: str
    size: int
    root_hash: bytes

    @property
    def text(self) -> str:
        """The note's text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root_hash).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text; lines after the third are extensions, which are let pass. Raise NoteWrong."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise NoteWrong("A checkpoint has three lines or more, none of them empty: origin, size, root hash.")
        if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > LARGEST:
            raise NoteWrong("The size is no decimal number.")
        root_hash = from_base64(lines[2])
        if root_hash is None or len(root_hash) != HASH_SIZE:
            raise NoteWrong("The root hash is not of 32 bytes.")
        return cls(lines[0], int(lines[1]), root_hash)


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The note: the text, an empty line, and one signature line."""
    if not text.endswith("\n"):
        raise ValueError("A note's text ends with a line end.")
    key = VerifierKey.of(name, private.public_key().public_bytes_raw())
    signature = base64.b64encode(key.key_id + private.sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n"


def open_note(note: bytes, trusted: Iterable[VerifierKey]) -> str:
    """The text of a note that at least one trusted key signed; raise NoteWrong otherwise.

    Signatures of keys that are not known are let pass, as the specification asks; a wrong one of a known key is not.
    """
    if len(note) > MAX_NOTE:
        raise NoteWrong("The note is too long.")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise NoteWrong("The note is not in UTF-8.") from None
    if any(ord(character) < 0x20 and character != "\n" for character in whole):
        raise NoteWrong("There are control characters in the note.")
    before, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteWrong("The note has no signatures.")
    text, known = before + "\n", {(key.name, key.key_id): key for key in trusted}
    good = 0
    for line in lines[:-1].split("\n"):
        name, signature = _signature(line)
        if key := known.get((name, signature[:4])):
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], text.encode())
            except InvalidSignature:
                raise NoteWrong(f"The signature of {name} is wrong.") from None
            good += 1
    if not good:
        raise NoteWrong("No trusted key has signed the note.")
    return text


def from_base64(text: str) -> bytes | None:
    """The bytes that are written so, None where none are: in base64 there is one way only, to the last unused bit."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one
        return None
    return data if base64.b64encode(data).decode() == text else None


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
        raise NoteWrong("A signature line is not well formed.")
    signature = from_base64(parts[2])
    if signature is None:
        raise NoteWrong("A signature is not in base64.")
    if len(signature) < 5:
        raise NoteWrong("A signature is too short.")
    return parts[1], signature
