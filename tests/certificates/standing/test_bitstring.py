"""Lists of bits as the Bitstring Status List specification writes them."""

import gzip
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.standing import bitstring
from services.certificates.standing.bitstring import EMPTY, LIST_BYTES, NotAList
from services.certificates.standing.positions import LIST_SIZE

# The `encodedList` of the example in section 3.2 of W3C Bitstring Status List 1.0: no bit is set.
OF_THE_SPECIFICATION = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
# Of another implementation, from its tests: one bit, that with the index 1.
OF_ANOTHER = "uH4sIAAAAAAAA_-3AsQAAAAACsNDypwqjZ2sAAAAAAAAAAAAAAAAAAACAtwE3F1_NAEAAAA"


def test_the_specification_s_example_is_a_list_with_no_bit_set() -> None:
    assert bitstring.decoded(OF_THE_SPECIFICATION) == EMPTY
    assert bitstring.decoded(bitstring.encoded(EMPTY)) == EMPTY
    assert len(EMPTY) * 8 == LIST_SIZE == 131_072
    # What comes after the header of ten bytes is the same to the last bit; the header names who packed it.
    assert bitstring.encoded(EMPTY).startswith("uH4sI")


def test_another_s_list_has_the_bit_that_they_set() -> None:
    bits = bitstring.decoded(OF_ANOTHER)
    assert [index for index in range(64) if bitstring.is_set(bits, index)] == [1]
    assert bits == bitstring.put(EMPTY, 1, True)


@pytest.mark.parametrize(("index", "byte", "value"), [(0, 0, 0x80), (7, 0, 1), (8, 1, 0x80), (131_071, 16_383, 1)])
def test_the_first_index_is_the_leftmost_bit_of_the_first_byte(index: int, byte: int, value: int) -> None:
    bits = bitstring.put(EMPTY, index, True)
    assert bits[byte] == value
    assert sum(bits) == value
    assert bitstring.is_set(bits, index)
    assert bitstring.put(bits, index, False) == EMPTY


@given(st.sets(st.integers(0, LIST_SIZE - 1), max_size=40), st.integers(0, LIST_SIZE - 1))
def test_bits_that_were_put_are_set_and_no_others(indices: set[int], other: int) -> None:
    bits = EMPTY
    for index in indices:
        bits = bitstring.put(bits, index, True)
    read = bitstring.decoded(bitstring.encoded(bits))
    assert {index for index in range(LIST_SIZE) if read[index >> 3] and bitstring.is_set(read, index)} == indices
    assert bitstring.put(read, other, False) == (read if other not in indices else bitstring.put(bits, other, False))


@pytest.mark.parametrize("index", [-1, LIST_SIZE])
def test_there_is_no_bit_beyond_the_list(index: int) -> None:
    with pytest.raises(IndexError):
        bitstring.is_set(EMPTY, index)
    with pytest.raises(IndexError):
        bitstring.put(EMPTY, index, True)


# w3c/vc-bitstring-status-list-test-suite, fixtures/status-credentials/single-purpose-ok.jsonld and short-encoded-list-fail.jsonld
# (which leave out the `u` of Multibase), and digitalbazaar/vc-bitstring-status-list, whose list of 100,000 is below the minimum.
OF_THE_TEST_SUITE = "H4sIACbOo2YC_-3QMREAMAgEsGerLPyrQgFjB-4SCUkWHQAAAAAAAOCwpwAAAADgrFIAAAAAAAAAAAAAAAAA3wxvOeOvqGEAAA"
TOO_SHORT = "H4sIAN7Lo2YC_2NgwAEAjw7P6RkAAAA"
TOO_SHORT_TOO = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQsvoAAAAAAAAAAAAAAAAP4GcwM92tQwAAA"


def test_the_test_suites_lists_are_read_as_it_expects() -> None:
    bits = bitstring.decoded("u" + OF_THE_TEST_SUITE)
    assert bitstring.is_set(bits, 201)  # fixtures/should-be-revoked.jsonld
    for text in (OF_THE_TEST_SUITE, "u" + TOO_SHORT, TOO_SHORT_TOO):
        with pytest.raises(NotAList):
            bitstring.decoded(text)


def _packed(data: bytes) -> str:
    return "u" + urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        OF_THE_SPECIFICATION[1:],
        "z" + OF_THE_SPECIFICATION[1:],
        OF_THE_SPECIFICATION + "==",
        OF_THE_SPECIFICATION[:-8],
        "u§§§§",
        _packed(b"no gzip"),
        _packed(gzip.compress(bytes(LIST_BYTES - 1), mtime=0)),
        _packed(gzip.compress(bytes(2 << 20), mtime=0)),
        OF_ANOTHER + "!",
        OF_ANOTHER.replace("_", "/"),
        OF_ANOTHER[:9] + "\n" + OF_ANOTHER[9:],
        _packed(gzip.compress(EMPTY, mtime=0) + b"and more"),
        _packed(gzip.compress(EMPTY, mtime=0) * 2),
    ],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(NotAList):
        bitstring.decoded(text)


def test_a_list_of_another_length_is_read_whole() -> None:
    assert bitstring.decoded(_packed(gzip.compress(bytes(2 * LIST_BYTES)))) == bytes(2 * LIST_BYTES)
