"""The code by which whoever sent an opinion finds the answer: 100 random bits, readable aloud (Crockford's base 32)."""

import secrets

from onex.chassis.pii import Vault, fold

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _OF = 4, 5
_PURPOSE = "opinion reference"
_MISREAD = str.maketrans("OIL", "011")


def new() -> str:
    """A new reference, such as `7K2MF-…`; it is shown once and kept nowhere."""
    return "-".join("".join(secrets.choice(_DIGITS) for _ in range(_OF)) for _ in range(_GROUPS))


def index_of(vault: Vault, reference: str) -> bytes:
    """What an opinion is found by; hyphens, blanks, case and the usual misreadings do not matter."""
    return vault.blind_index(fold(reference).replace("-", "").translate(_MISREAD), _PURPOSE)
