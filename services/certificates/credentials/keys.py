"""Ed25519 keys as Multikey text (W3C Controlled Identifiers 1.0, section 2.2.2): `z6Mk…` public, `z3u2…` secret."""

import secrets
from functools import lru_cache

from nacl.signing import SigningKey

from services.certificates.credentials import base58

KEY_BYTES = 32

# Multicodec prefixes, as unsigned varints: ed25519-pub is 0xed, ed25519-priv is 0x1300.
_PUBLIC = bytes.fromhex("ed01")
_SECRET = bytes.fromhex("8026")
_LONGEST_TEXT = 60  # 34 bytes are at most 47 base58 characters; what is longer is not worth decoding


class NotAKey(ValueError):
    """The text is not an Ed25519 Multikey of the kind asked for. The message never repeats it: it may be a secret."""


def new_secret() -> bytes:
    """A new Ed25519 secret (the 32-byte seed of RFC 8032)."""
    return secrets.token_bytes(KEY_BYTES)


def public_of(secret: bytes) -> bytes:
    """The public key (32 bytes) of `secret` (32 bytes). Raises NotAKey for another length."""
    _check_length(secret)
    return bytes(SigningKey(secret).verify_key)


def public_multibase(public: bytes) -> str:
    """A public key (32 bytes) as `z6Mk…`. Raises NotAKey for another length."""
    _check_length(public)
    return "z" + base58.encode(_PUBLIC + public)


def secret_multibase(secret: bytes) -> str:
    """A secret (32 bytes) as `z3u2…`. Raises NotAKey for another length."""
    _check_length(secret)
    return "z" + base58.encode(_SECRET + secret)


@lru_cache(maxsize=4096)  # there are a few hundred issuers, and each is asked for again and again
def public_from(multibase: str) -> bytes:
    """The 32 bytes of a public key written `z6Mk…`. Raises NotAKey."""
    return _read(multibase, _PUBLIC)


def secret_from(multibase: str) -> bytes:
    """The 32 bytes of a secret written `z3u2…`. Raises NotAKey."""
    return _read(multibase, _SECRET)


def _read(multibase: str, prefix: bytes) -> bytes:
    if not multibase.startswith("z") or len(multibase) > _LONGEST_TEXT:
        raise NotAKey("not a base58 Multikey")
    try:
        data = base58.decode(multibase[1:])
    except ValueError:
        raise NotAKey("not a base58 Multikey") from None
    if not data.startswith(prefix) or len(data) != len(prefix) + KEY_BYTES:
        raise NotAKey("not an Ed25519 Multikey of this kind")
    return data[len(prefix) :]


def _check_length(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise NotAKey(f"an Ed25519 key has {KEY_BYTES} bytes, not {len(key)}")
