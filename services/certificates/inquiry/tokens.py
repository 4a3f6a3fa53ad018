"""The key in a certificate's QR code: who scans it has the document in hand, and need not type the holder's name.

It is a MAC of the number under the vault's index key, so nothing is stored, it is the same for ever, and it cannot be
made without that key. It stands in the address's query, which neither nginx nor the services write into a log.
"""

from base64 import urlsafe_b64encode
from hmac import compare_digest

from onex.chassis.pii import Vault
from services.certificates.credentials.addresses import inquiry_url

PARAMETER = "t"
_BYTES = 12
LENGTH = 16  # characters, of 6 bits each: 96 bits, which nobody guesses at a door


def token(vault: Vault, number: str) -> str:
    """The token of the certificate `number` (clean, as `numbers.clean` gives it): 16 characters of base64url."""
    return urlsafe_b64encode(vault.blind_index(number, "certificate inquiry token")[:_BYTES]).decode()


def is_token_of(vault: Vault, number: str, given: str) -> bool:
    """Whether `given` is the token of `number`. It takes the same time for every wrong one, and asks no database:
    whether the number was ever issued plays no part."""
    return compare_digest(token(vault, number).encode(), given.encode("utf-8", "replace"))


def address(public_url: str, vault: Vault, number: str) -> str:
    """What a document's QR code says: the inquiry page that shows the masked certificate at once."""
    return f"{inquiry_url(public_url, number)}?{PARAMETER}={token(vault, number)}"
