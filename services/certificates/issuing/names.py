"""How a holder's name is looked up: by a blind index of one spelling of it."""

from collections.abc import Sequence

from onex.chassis.pii import Vault
from services.certificates.credentials.holder import folded

MAX_NAME_LENGTH = 200
_INDEX = _SEALED = "certificate name"


def name_index(vault: Vault, name: str) -> bytes:
    """32 bytes that are equal for all spellings of one name (width, white space, case, the kind of dot in it)."""
    return name_indexes(vault, (name,))[0]


def name_indexes(vault: Vault, names: Sequence[str]) -> list[bytes]:
    """`name_index` of each name."""
    return vault.blind_indexes(map(folded, names), _INDEX)


def seal_name(vault: Vault, name: str) -> str:
    """The name, sealed: printing needs it, inquiry does not."""
    return seal_names(vault, (name,))[0]


def seal_names(vault: Vault, names: Sequence[str]) -> list[str]:
    """Each name, sealed."""
    return vault.seal_each([name.encode() for name in names], _SEALED)


def open_name(vault: Vault, sealed: str) -> str:
    """The name in the clear, for who prints a certificate or makes another in its place."""
    return vault.open(sealed, _SEALED).decode()
