"""Base58 with Bitcoin's alphabet, the `z` form of Multibase (W3C Controlled Identifiers 1.0, section 2.4).

GMP writes and reads numbers in base 58 with digits of its own, a fifth of the time of the `base58` package; here they are
made Bitcoin's. The tests hold the two equal.
"""

from gmpy2 import mpz

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_GMP = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
_TO_BITCOIN = bytes.maketrans(_GMP.encode(), ALPHABET.encode())
# What is no digit of ours becomes a character that GMP refuses, and what GMP would skip (space, underscore) does too.
_TO_GMP = bytes(dict(zip(ALPHABET.encode(), _GMP.encode(), strict=True)).get(code, ord("!")) for code in range(256))


def encode(data: bytes) -> str:
    """`data` in base 58; each leading zero byte becomes a leading `1`."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    if zeros == len(data):
        return "1" * zeros
    digits = mpz(int.from_bytes(data, "big")).digits(58)
    return "1" * zeros + digits.encode().translate(_TO_BITCOIN).decode()


def decode(text: str) -> bytes:
    """The bytes that `encode` makes `text` of. Raises ValueError for a character outside the alphabet.

    The work grows with the length: bound the length of what strangers send.
    """
    zeros = len(text) - len(text.lstrip("1"))
    if zeros == len(text):
        return b"\0" * zeros
    try:
        number = int(mpz(text.encode().translate(_TO_GMP), 58))
    except ValueError:
        raise ValueError("not base58") from None
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
