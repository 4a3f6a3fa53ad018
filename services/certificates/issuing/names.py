"""How a holder's name is looked up: by a blind index of one spelling of it."""

from onex.chassis.pii import Vault
from services.certificates.credentials.holder import folded

MAX_NAME_LENGTH = 200


def name_index(vault: Vault, name: str) -> bytes:
    """32 bytes that are equal for all spellings of one name (width, white space, case, the kind of dot in it)."""
    return vault.blind_index(folded(name), "certificate name")


def seal_name(vault: Vault, name: str) -> str:
    """The name, sealed: printing needs it, inquiry does not."""
    return vault.seal(name.encode(), "certificate name")


def open_name(vault: Vault, sealed: str) -> str:
    """The name in the clear, for who prints a certificate or makes another in its place."""
    return vault.open(sealed, "certificate name").decode()
