"""Proof files as C2SP `tlog-proof` writes them, with their entry and without."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onex.transparency import notes, tree
from onex.transparency.notes import Checkpoint, VerifierKey
from onex.transparency.proofs import ProofFile, ProofFileWrong

ORIGIN = "onex.example/certificates/log"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey.of(ORIGIN, PRIVATE.public_key().public_bytes_raw())
LEFT, RIGHT = tree.leaf_hash(b"one"), tree.leaf_hash(b"two")
NOTE = notes.sign(Checkpoint(ORIGIN, 2, tree.node_hash(LEFT, RIGHT)).text, ORIGIN, PRIVATE)
HASH = base64.b64encode(LEFT).decode()
WITHOUT = f"c2sp.org/tlog-proof@v1\nindex 1\n{HASH}\n\n{NOTE}"
WITH = WITHOUT.replace("index", "extra dHdv\nindex", 1)


def test_a_file_with_its_entry_proves_it() -> None:
    file = ProofFile.parse(WITH)
    assert (file.extra, file.index, file.text) == (b"two", 1, WITH)
    assert file.check([KEY]).size == 2
    with pytest.raises(ProofFileWrong):
        file.check([KEY], entry=b"three")


def test_a_file_without_its_entry_proves_the_one_that_is_given() -> None:
    file = ProofFile.parse(WITHOUT)
    assert (file.extra, file.text) == (None, WITHOUT)
    assert file.check([KEY], entry=b"two").origin == ORIGIN
    with pytest.raises(ProofFileWrong, match="does not hold its entry"):
        file.check([KEY])


@pytest.mark.parametrize(
    "text",
    [
        "", WITH.replace("@v1", "@v2"), WITH.replace("index 1", "index 01"), WITH.replace("index 1", "index -1"),
        WITH.replace("index 1", "index 18446744073709551616"), WITH.replace("index 1\n", ""), WITH.replace(HASH, HASH[:-4]),
        WITH.replace("dHdv", "dHd"), WITH.replace(NOTE, "").rstrip("\n"), WITH.replace("extra ", "Extra "),
    ],
)  # fmt: skip
def test_what_is_no_proof_file_is_refused(text: str) -> None:
    with pytest.raises(ProofFileWrong):
        ProofFile.parse(text)


# What transparency-dev/formats (proof/tlog_proof_test.go) refuses, and what the specification asks for beyond it: decimals
# without leading zeros, base64 in its one canonical form. "ypeB…SLs=" is SHA-256 of "a".
HEAD = "c2sp.org/tlog-proof@v1\n"
OF_A = "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="


@pytest.mark.parametrize(
    "text",
    [
        "wrong-header\nindex 0\n\ncheckpoint\n", HEAD, HEAD + "index -5\n\ncp\n", HEAD + "index 0\n!!notbase64!!\n\ncp\n",
        HEAD + "index 0\n" + base64.b64encode(bytes(64)).decode() + "\n\ncp\n", HEAD + "extra\nindex 0\n\ncp\n",
        HEAD + "index +1\n\ncp\n", HEAD + "index  1\n\ncp\n", HEAD + "index 007\n\ncp\n", HEAD + "index 1\n",
        HEAD + f"index 0\n{OF_A[:-2]}t=\n\ncp\n", HEAD + f"index 0\n{OF_A[:40]}\r{OF_A[40:]}\n\ncp\n",
        HEAD + "extra YR==\nindex 0\n\ncp\n", HEAD.replace("\n", "\r\n") + "index 5\r\n\r\ncp line\r\n",
    ],
)  # fmt: skip
def test_what_others_refuse_or_should_is_refused(text: str) -> None:
    with pytest.raises(ProofFileWrong):
        ProofFile.parse(text)


def test_what_others_write_is_read_and_written_the_same() -> None:
    text = HEAD + f"extra \nindex 18446744073709551615\n{OF_A}\n\norigin\n1\nAAAA\n\n— origin abc=\n"
    file = ProofFile.parse(text)
    assert (file.extra, file.index, file.path[0].hex()[:8]) == (b"", 2**64 - 1, "ca978112")
    assert file.note == "origin\n1\nAAAA\n\n— origin abc=\n"
    assert file.text == text
