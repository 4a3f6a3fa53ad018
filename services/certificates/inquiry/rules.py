"""Who learns what from an inquiry: whoever knows number and name learns that they belong together, and nobody more."""

from hmac import compare_digest

# Compared with when there is no certificate of the number, so that the same work is done either way.
_NOBODY = bytes(32)


def belongs_to(name_index: bytes | None, asked_index: bytes) -> bool:
    """OP-32, PP-44: whether the certificate found by its number is of the name asked for; None when none was found.

    A wrong name and an absent number look alike, in the answer and in the time it takes to compare.
    """
    same = compare_digest(name_index if name_index is not None else _NOBODY, asked_index)
    return same and name_index is not None
