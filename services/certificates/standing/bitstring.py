"""A list of bits as W3C Bitstring Status List 1.0 writes it: GZIP, then base64url without padding, after the `u` of Multibase.

The first index is the leftmost bit of the first byte.
"""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from services.certificates.standing.positions import LIST_SIZE

LIST_BYTES = LIST_SIZE // 8
EMPTY = bytes(LIST_BYTES)
_GZIP = 31  # zlib's word for GZIP (RFC 1952) with the largest window
_BASE64URL = re.compile("u[A-Za-z0-9_-]+")
_LONGEST_LIST = 1 << 20  # bytes: a few kilobytes of zeros could be packed into nothing


class NotAList(ValueError):
    """The text is no list of bits that is long enough."""


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit is set. Raises IndexError beyond the list's end."""
    if not 0 <= index < 8 * len(bits):
        raise IndexError(f"the list has {8 * len(bits)} bits, none with the index {index}")
    return bool(bits[index >> 3] & 0x80 >> (index & 7))


def put(bits: bytes, index: int, value: bool) -> bytes:
    """The bits with the one at `index` set, or not. Raises IndexError beyond the list's end."""
    if is_set(bits, index) is value:
        return bits
    changed = bytearray(bits)
    changed[index >> 3] ^= 0x80 >> (index & 7)
    return bytes(changed)


def encoded(bits: bytes) -> str:
    """The bits as `encodedList`."""
    packer = zlib.compressobj(wbits=_GZIP)
    packed = packer.compress(bits) + packer.flush()
    return "u" + urlsafe_b64encode(packed).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bits of an `encodedList`. Raises NotAList where it is none, has fewer than 131,072 bits or more than 8 million."""
    if not _BASE64URL.fullmatch(text):  # Python's decoder skips what is no character of it
        raise NotAList("not base64url in Multibase")
    try:
        unpacker = zlib.decompressobj(wbits=_GZIP)
        bits = unpacker.decompress(urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)), _LONGEST_LIST)
    except (NotBase64, ValueError, zlib.error):
        raise NotAList("not GZIP in base64url") from None
    if not unpacker.eof or unpacker.unused_data:
        raise NotAList("cut off, too long, or with something behind it")
    if len(bits) < LIST_BYTES:
        raise NotAList(f"shorter than {LIST_SIZE} bits")
    return bits
