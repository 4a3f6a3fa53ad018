"""Signed notes and checkpoints as C2SP `signed-note` and `tlog-checkpoint` write them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from onex.transparency import notes
from onex.transparency.notes import Checkpoint, NoteWrong, VerifierKey

# The verifier key and the note of the specification's reference implementation (golang.org/x/mod/sumdb/note, its example).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The key of the checksum database that Go's module tools trust (cmd/go/internal/modfetch/key.go).
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
# The examples of C2SP `signed-note` and `tlog-checkpoint`, whose keys are not published with them.
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
ORIGIN = "onex.example/certificates/log"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey.of(ORIGIN, PRIVATE.public_key().public_bytes_raw())
CHECKPOINT = Checkpoint(ORIGIN, 20852163, bytes(range(32)))


def test_a_note_of_the_reference_implementation_is_read() -> None:
    key = VerifierKey.parse(PETER)
    assert str(key) == PETER
    assert notes.open_note(NOTE.encode(), [key]) == NOTE.partition("\n\n")[0] + "\n"


def test_the_key_of_gos_checksum_database_has_the_id_that_it_says() -> None:
    assert str(VerifierKey.parse(GO)) == GO


@pytest.mark.parametrize("note", [POEM, SOFA])
def test_the_examples_of_the_specification_are_well_formed_and_signed_by_nobody_known(note: str) -> None:
    with pytest.raises(NoteWrong, match="No trusted key"):
        notes.open_note(note.encode(), [KEY])


def test_the_checkpoint_of_the_specification_is_read() -> None:
    root = bytes.fromhex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
    assert Checkpoint.parse(SOFA.partition("\n\n")[0] + "\n") == Checkpoint(
        "example.com/behind-the-sofa", 20852163, root
    )


def test_sixteen_signatures_of_others_are_let_pass() -> None:
    """As many as a verifier must accept at least (C2SP `signed-note`)."""
    note = notes.sign(CHECKPOINT.text, ORIGIN, PRIVATE)
    for number in range(16):
        other = Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32)
        note += notes.sign(CHECKPOINT.text, f"witness{number}.example", other).rpartition("\n\n")[2]
    assert notes.open_note(note.encode(), [KEY]) == CHECKPOINT.text


def test_a_checkpoint_goes_into_a_note_and_comes_out_of_it() -> None:
    note = notes.sign(CHECKPOINT.text, ORIGIN, PRIVATE)
    assert Checkpoint.parse(notes.open_note(note.encode(), [KEY])) == CHECKPOINT
    assert note.splitlines()[:2] == [ORIGIN, "20852163"]


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_note_with_any_byte_altered_is_refused(place: int, turn: int) -> None:
    note = bytearray(notes.sign(CHECKPOINT.text, ORIGIN, PRIVATE).encode())
    note[place % len(note)] ^= turn
    with pytest.raises(NoteWrong):
        notes.open_note(bytes(note), [KEY])


def test_signatures_of_unknown_keys_are_let_pass_and_are_not_enough() -> None:
    witness = Ed25519PrivateKey.generate()
    both = (
        notes.sign(CHECKPOINT.text, ORIGIN, PRIVATE)
        + notes.sign(CHECKPOINT.text, "witness.example", witness).rpartition("\n\n")[2]
    )
    assert notes.open_note(both.encode(), [KEY]) == CHECKPOINT.text
    with pytest.raises(NoteWrong, match="No trusted key"):
        notes.open_note(notes.sign(CHECKPOINT.text, "witness.example", witness).encode(), [KEY])
    with pytest.raises(NoteWrong, match="No trusted key"):
        notes.open_note(notes.sign(CHECKPOINT.text, ORIGIN, witness).encode(), [KEY])


def test_a_wrong_signature_of_a_known_key_is_not_let_pass_beside_a_right_one() -> None:
    note = notes.sign(CHECKPOINT.text, ORIGIN, PRIVATE)
    forged = base64.b64encode(KEY.key_id + bytes(64)).decode()
    with pytest.raises(NoteWrong, match="is wrong"):
        notes.open_note(f"{note}— {ORIGIN} {forged}\n".encode(), [KEY])


@pytest.mark.parametrize(
    "note",
    [b"", b"text\n", b"text\n\n", b"text\n\nno signature\n", b"\xff\n\n", b"a\tb\n\n\xe2\x80\x94 n AAAAAAA=\n",
     "text\n\n— n A\n".encode(), "text\n\n— n AAAA\n".encode(), "text\n\n— n+m AAAAAAA=\n".encode(), b"x" * 1_000_001],
)  # fmt: skip
def test_what_is_no_note_is_refused(note: bytes) -> None:
    with pytest.raises(NoteWrong):
        notes.open_note(note, [KEY])


@pytest.mark.parametrize(
    "text",
    ["", "o\n1\n", "o\n01\nAAAA\n", "o\n-1\nAAAA\n", "o\n1\nAAAA\n", "o\n1\n!\n", "\n1\n" + "A" * 43 + "=\n",
     "o\n1\n" + "A" * 43 + "=",
     "o\n1\n" + "A" * 43 + "=\n\n", "o\n1\n" + "A" * 43 + "=\n\nx\n", "o\n18446744073709551616\n" + "A" * 43 + "=\n",
     "o\n1\n" + "A" * 42 + "B=\n", "o\n٣\n" + "A" * 43 + "=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteWrong):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "vkey",
    ["", "n", "n+00000000+AA==", "n+00000000+!", PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("Peter", "Per"),
     PETER.replace("+AR", "+Ah")],
)  # fmt: skip
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match=r"key|name"):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_a_keys_name_has_no_white_space_and_no_plus(name: str) -> None:
    with pytest.raises(ValueError, match="white space"):
        VerifierKey.of(name, bytes(32))


def test_a_text_that_does_not_end_its_line_is_not_signed() -> None:
    with pytest.raises(ValueError, match="line end"):
        notes.sign("text", ORIGIN, PRIVATE)


def test_lines_after_the_third_and_the_largest_size_are_let_pass() -> None:
    text = "o\n18446744073709551615\n" + "A" * 43 + "=\nan extension\n"
    assert Checkpoint.parse(text) == Checkpoint("o", 2**64 - 1, bytes(32))


def test_a_signature_is_in_base64_as_it_is_written_in_one_way_only() -> None:
    note = notes.sign(CHECKPOINT.text, ORIGIN, PRIVATE)
    assert note.endswith("=\n")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".index(note[-3])
    same_bytes = note[:-3] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[last ^ 1] + "=\n"
    with pytest.raises(NoteWrong, match="base64"):
        notes.open_note(same_bytes.encode(), [KEY])
