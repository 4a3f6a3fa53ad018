"""Our base58 is the `base58` package's, only faster."""

import base58 as reference
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.credentials import base58


@given(st.binary(max_size=100))
def test_bytes_are_encoded_and_decoded_as_the_reference_does(data: bytes) -> None:
    text = base58.encode(data)
    assert text == reference.b58encode(data).decode()
    assert base58.decode(text) == data


# The test vectors of the Internet-Draft "The Base58 Encoding Scheme" (draft-msporny-base58, section 5).
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    ],
)
def test_the_vectors_of_the_draft_are_written_and_read(data: bytes, text: str) -> None:
    assert base58.encode(data) == text
    assert base58.decode(text) == data


@pytest.mark.parametrize("zeros", [0, 1, 2, 30])
def test_leading_zero_bytes_are_kept(zeros: int) -> None:
    data = b"\0" * zeros + b"\x01\xff"
    assert base58.decode(base58.encode(data)) == data
    assert base58.encode(data).startswith("1" * zeros)
    assert base58.decode("1" * zeros) == b"\0" * zeros


@given(st.text(alphabet=base58.ALPHABET, max_size=100))
def test_a_text_has_one_meaning_and_bytes_have_one_text(text: str) -> None:
    assert base58.encode(base58.decode(text)) == text


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "z ", "é", "１", "\ud800", "abc+"])
def test_a_character_outside_the_alphabet_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        base58.decode(text)
