"""Proofs over statements are those of `eddsa-rdfc-2022`, and leave nothing of the document out."""

import copy
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from services.certificates.credentials import keys, rdf
from services.certificates.credentials.canonical import NotCanonical
from services.certificates.credentials.signing import ProofInvalid, Signer, as_issued, proofs, verify, verify_proof
from tests.certificates.credentials.test_open_badges import NOW, SIGNER, credential
from tests.certificates.credentials.test_signing import ALUMNI, CREATED, PUBLIC, SECRET

OWN_PUBLIC = keys.public_multibase(keys.public_of(bytes(32)))

# w3c/vc-di-eddsa, TestVectors/eddsa-rdfc-2022: signedDataInt.json and combinedHashDataInt.txt at commit 6767a890 (the candidate
# recommendation of 2024), and the recommendation itself (appendix "Representation: eddsa-rdfc-2022"), of the same credential
# with a did:key.
VECTORS = [
    (
        f"https://vc.example/issuers/5678#{PUBLIC}",
        "4c4d3890a157f8d611b13c265c2c22f39aa0a567c7c7dd9ba3e45cd579784eeb",
        "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9",
    ),
    (
        f"did:key:{PUBLIC}#{PUBLIC}",
        "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0",
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
    ),
]
DOCUMENT_HASH = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"


@pytest.mark.parametrize(("method", "options_hash", "proof_value"), VECTORS)
def test_the_credential_of_the_specification_gets_the_proof_of_the_specification(
    method: str, options_hash: str, proof_value: str
) -> None:
    signed = Signer(keys.secret_from(SECRET), method).sign_statements(ALUMNI, CREATED)
    assert signed["proof"] == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "proofValue": proof_value,
    }
    verify(signed, PUBLIC)
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    assert sha256(rdf.statements(options | {"@context": ALUMNI["@context"]})).hexdigest() == options_hash
    assert sha256(rdf.statements(ALUMNI)).hexdigest() == DOCUMENT_HASH


# TestVectors/proof-set-chain/signedProofChain2.json at commit 37853e56: its first two proofs are a set.
PROOF_SET = [
    (
        "z6MktgKTsu1QhX6QPbyqG6geXdw6FQCZBPq7uQpieWbiQiG7",
        "https://vc.example/issuers/56781",
        "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544",
        "z5KTX5yikM4eUukZW9qh66LGT3KZEUCACGpWcT2t4Yd54NMoFRchGmH4778omyNFAD3weSt6sNk5fuaMQmhhzNmEC",
    ),
    (
        "z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E",
        "https://vc.example/issuers/56782",
        "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54",
        "z5KXNyXDcm822dHS37tmS6Xc7FFNo8c73AfeqmfHoywPxnXWNjWKYK3VQzt3CMUoK9uAqsboVHKJXxuYwbdnfxZeA",
    ),
]


def test_a_set_of_proofs_of_several_keys_holds_proof_by_proof() -> None:
    signed = ALUMNI | {
        "proof": [
            {
                "type": "DataIntegrityProof",
                "id": name,
                "cryptosuite": "eddsa-rdfc-2022",
                "created": "2023-02-24T23:36:38Z",
                "verificationMethod": f"{owner}#{public}",
                "proofPurpose": "assertionMethod",
                "proofValue": value,
            }
            for public, owner, name, value in PROOF_SET
        ]
    }
    for proof, (public, *_) in zip(proofs(signed), PROOF_SET, strict=True):
        verify_proof(signed, proof, public)
    with pytest.raises(ProofInvalid, match="signature_mismatch"):
        verify(signed, PROOF_SET[0][0])


def test_a_certificate_gets_a_second_proof_beside_its_own() -> None:
    issued = credential()
    before = copy.deepcopy(issued)
    both = SIGNER.sign_statements(issued, NOW)
    assert issued == before
    assert [one["cryptosuite"] for one in both["proof"]] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    verify(both, OWN_PUBLIC)
    assert as_issued(both) == issued == as_issued(issued)


def test_either_proof_alone_holds() -> None:
    both = SIGNER.sign_statements(credential(), NOW)
    for proof in both["proof"]:
        verify(both | {"proof": proof}, OWN_PUBLIC)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "https://onex.example/certificates/v1/credentials/another"},
        {"name": "another"},
        {"validFrom": "2026-03-02T08:00:01+08:00"},
        {"issuer": "did:web:elsewhere.example"},
        {"type": ["VerifiableCredential"]},
        {"credentialStatus": {"id": "urn:1", "type": "BitstringStatusListEntry"}},
        {"validUntil": "2030-01-01T00:00:00Z"},
    ],
)
def test_a_changed_statement_breaks_the_proof(change: dict[str, Any]) -> None:
    unsigned = {name: value for name, value in credential().items() if name != "proof"}
    signed = SIGNER.sign_statements(unsigned, NOW)
    verify(signed, OWN_PUBLIC)
    with pytest.raises(ProofInvalid, match="signature_mismatch"):
        verify(signed | change, OWN_PUBLIC)


@pytest.mark.parametrize(
    "change",
    [
        {"remark": "passed with distinction"},
        {"type": ["VerifiableCredential", "AchievementCredential", "OpenBadgeCredential", "Diploma"]},
        {"id": "260042F40ZR1ANEEBA66"},
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https://elsewhere.example/context"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2", {"remark": "https://schema.org/comment"}]},
        {"@context": None},
        {"@graph": []},
        {"issuer": {"@id": "did:web:onex.example"}},
        {"credentialSubject": {"@context": {"remark": "https://schema.org/comment"}, "remark": "distinction"}},
        {"credentialSubject": {"achievement": {"id": "urn:1", "remark": "distinction"}}},
    ],
)
def test_what_makes_no_statement_is_refused_and_not_left_out(change: dict[str, Any]) -> None:
    document = credential() | change
    with pytest.raises(NotCanonical):
        SIGNER.sign_statements(document, NOW)
    proof = SIGNER.sign_statements({**credential(), "proof": []}, NOW)["proof"]
    with pytest.raises(ProofInvalid, match="not_canonical"):
        verify(document | {"proof": proof}, OWN_PUBLIC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        SIGNER.sign_statements(ALUMNI, datetime(2026, 1, 1))


def test_statements_are_the_same_in_whatever_order_they_stand() -> None:
    document = {name: value for name, value in credential().items() if name != "proof"}
    turned = dict(reversed(document.items())) | {"type": document["type"][::-1]}
    assert rdf.statements(turned) == rdf.statements(document)
    assert Signer(bytes(32), "urn:key").sign_statements(turned, datetime(2026, 1, 1, tzinfo=UTC))["proof"]


@pytest.mark.parametrize("number", [0, 2])
def test_what_was_issued_has_one_proof_over_its_bytes(number: int) -> None:
    issued = credential()
    own = issued["proof"]
    statements = SIGNER.sign_statements(issued, NOW)["proof"][1]
    with pytest.raises(ProofInvalid, match="not_as_issued"):
        as_issued(issued | {"proof": [own] * number + [statements]})


def alike(outer: int, inner: int) -> dict[str, Any]:
    """A document whose achievements look alike, each with alignments that do."""
    achievement = {"type": ["Achievement"], "alignment": [{"type": ["Alignment"]}] * inner}
    return {name: value for name, value in credential().items() if name != "proof"} | {
        "credentialSubject": {"type": ["AchievementSubject"], "achievement": [achievement] * outer}
    }


def test_what_was_made_to_keep_a_verifier_busy_is_refused() -> None:
    """Without a limit, thirty that look alike have 10^32 orders (RDF Dataset Canonicalization, section 7.1)."""
    assert rdf.statements(alike(2, 4))
    with pytest.raises(NotCanonical, match="look alike"):
        rdf.statements(alike(2, 30))
    signed = credential()
    signed["proof"] = SIGNER.sign_statements(signed, NOW)["proof"][1]
    with pytest.raises(ProofInvalid, match="not_canonical"):
        verify(signed | alike(2, 30), OWN_PUBLIC)


def test_nodes_are_not_tied_together_by_names_of_their_own() -> None:
    """The clique of the test suite's poisoned graph (w3c/rdf-canon, test074): only such names could make one."""
    clique = [
        {
            "id": f"_:e{at}",
            "type": ["AchievementSubject"],
            "achievement": [{"id": f"_:e{to}"} for to in range(10) if to != at],
        }
        for at in range(10)
    ]
    with pytest.raises(NotCanonical, match="no identifier"):
        rdf.statements(credential() | {"proof": [], "credentialSubject": clique})


def test_a_document_that_is_too_long_is_not_begun_with() -> None:
    with pytest.raises(NotCanonical, match="too long"):
        rdf.statements(credential() | {"proof": [], "name": "x" * rdf.MOST_BYTES})


@pytest.mark.parametrize("character", ["\x00", "\b", "\x0b", "\f", "\x1f", "\x7f", "\ufffe", "\uffff"])
def test_characters_that_are_not_written_as_the_specification_writes_them_are_refused(character: str) -> None:
    """RDFC-1.0 escapes them (N-Quads, canonical form); PyLD does not, so others would not verify what is signed."""
    with pytest.raises(NotCanonical, match="control character"):
        rdf.statements(ALUMNI | {"name": f"a{character}b"})


# Written as in tests/rdfc10/test060 of w3c/rdf-canon, of which this is the part that a document of JSON can say.
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""), ("simple", "simple"), ('"', '\\"'), ("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"),
        ("\\u0039", "\\\\u0039"), ("\\n", "\\\\n"), ('""', '\\"\\"'), ("∞", "∞"), ("🌃", "🌃"),
        ("<>'{}|^`", "<>'{}|^`"), ("\x85\u2028", "\x85\u2028"),
    ],
)  # fmt: skip
def test_characters_are_written_as_the_test_suite_writes_them(text: str, written: str) -> None:
    lines = rdf.statements(ALUMNI | {"description": text}).decode().split("\n")
    assert f'<{ALUMNI["id"]}> <https://schema.org/description> "{written}" .' in lines


@pytest.mark.parametrize(
    "change",
    [
        {"id": 'urn:1> <https://schema.org/name> "Distinction" .\n<urn:1'},
        {"id": "urn:a b"},
        {"issuer": "urn:1> .\n<urn:2"},
        {"type": ["VerifiableCredential", "urn:1> .\n<urn:2"]},
        {'urn:p> "x" .\n<urn:1> <urn:p': "y"},
        {"credentialSubject": {"id": "urn:1\\"}},
    ],
)
def test_an_address_does_not_become_statements_of_its_own(change: dict[str, Any]) -> None:
    """Two documents would make the same statements, and the signature of the one would be the other's."""
    with pytest.raises(NotCanonical, match=r"no address|defined by no context"):
        rdf.statements(ALUMNI | change)
