"""A hundred thousand numbers of RFC 8785's own test file are written as it says, to the last digit.

The file has 100 million lines and is made by a program (cyberphone/json-canonicalization, testdata/numgen.go); what is
published besides are the SHA-256 of its first lines (testdata/README.md). So it is made here again, and its digests compared.
"""

import hashlib
import math
import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from services.certificates.credentials.canonical import canonical

PUBLISHED = {
    1_000: "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687",
    10_000: "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892",
    100_000: "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7",
}
FIRST = Path(__file__).with_name("es6-doubles.txt")
SERIAL = 2_000


def bits() -> Iterator[int]:
    """The doubles: some that are told, then a series of the smallest normal ones, then those in a chain of SHA-256."""
    yield from (int(line, 16) for line in FIRST.read_text(encoding="ascii").splitlines() if not line.startswith("#"))
    yield from range(0x0010000000000000, 0x0010000000000000 + SERIAL)
    block = bytes(32)
    while True:
        block = hashlib.sha256(block).digest()
        yield from struct.unpack("<4Q", block)


def test_the_numbers_of_the_rfcs_file_are_written_as_published() -> None:
    written, lines = hashlib.sha256(), 0
    finite = ((one, double) for one in bits() for (double,) in struct.iter_unpack(">d", one.to_bytes(8)))
    # Of those in the chain what is zero or no number is left out; the zeros that are told come before.
    kept = (pair for at, pair in enumerate(finite) if at < 4 or (math.isfinite(pair[1]) and pair[1] != 0))
    for one, double in islice(kept, max(PUBLISHED)):
        written.update(b"%x,%s\n" % (one, canonical(double)))
        lines += 1
        if lines in PUBLISHED:
            assert written.hexdigest() == PUBLISHED[lines], lines
    assert lines == max(PUBLISHED)
