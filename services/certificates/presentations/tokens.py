"""The token of a link: 256 random bits, which only the holder and who is given the link know.

It is stored as a hash, so that nobody opens a link with what a database or a backup holds. It stands in the address's
query, which neither nginx nor the services write into a log.
"""

import secrets
from hashlib import sha256

from onex.chassis.pii import Vault

PARAMETER = "t"
PATH = "/certificates/presentation"
MAX_LENGTH = 64


def new() -> str:
    """43 characters of base64url."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> bytes:
    """What is stored of it. No key and no salt: nobody goes through 2^256 tokens."""
    return sha256(token.encode("utf-8", "replace")).digest()


def address(public_url: str, token: str) -> str:
    """The link."""
    return f"{public_url}{PATH}?{PARAMETER}={token}"


def seal_label(vault: Vault, label: str) -> str:
    """What the holder calls the link, sealed: it may name whom they apply to."""
    return vault.seal(label.encode(), "presentation label")


def open_label(vault: Vault, sealed: str) -> str:
    """The opposite; raises SealBroken."""
    return vault.open(sealed, "presentation label").decode()
