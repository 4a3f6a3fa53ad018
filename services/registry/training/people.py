"""The people training names: kept sealed, shown masked."""

from onex.chassis.pii import Vault, fold, mask_name

TEACHER, EXPERT, CONSENT = "teacher name", "training expert name", "training consent"


def seal(vault: Vault, name: str, purpose: str) -> str:
    return vault.seal(name.encode(), purpose)


def opened(vault: Vault, sealed: str, purpose: str) -> str:
    return vault.open(sealed, purpose).decode()


def masked(vault: Vault, sealed: str, purpose: str) -> str:
    """The name as its bearer recognises it."""
    return mask_name(opened(vault, sealed, purpose))


def is_named(vault: Vault, sealed: str, purpose: str, name: str) -> bool:
    """Whether the sealed name is this one, however it is spaced."""
    return fold(opened(vault, sealed, purpose)) == fold(name)
