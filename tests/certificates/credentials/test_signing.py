"""Proofs are those of `eddsa-jcs-2022`: what the specification signs, we sign, and nothing else verifies."""

import copy
import random
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from services.certificates.credentials import base58, keys
from services.certificates.credentials.canonical import NotCanonical
from services.certificates.credentials.certificate_credential import achievement, certificate_credential, issuer
from services.certificates.credentials.signing import ProofInvalid, Signer, verification_method, verify

# The key pair and the unsigned credential of the test vectors of W3C Data Integrity EdDSA Cryptosuites 1.0
# (w3c/vc-di-eddsa, TestVectors/keyPair.json and TestVectors/eddsa-jcs-2022/).
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
ALUMNI: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)

VECTORS = [
    # signedJCS.json, sigBTC58JCS.txt at commits 369f0f00 and e899f977: the candidate recommendation of 2024.
    (
        f"https://vc.example/issuers/5678#{PUBLIC}",
        "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4",
    ),
    # The recommendation itself (appendix "Representation: eddsa-jcs-2022"): the same with a did:key.
    (
        f"did:key:{PUBLIC}#{PUBLIC}",
        "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
    ),
]


@pytest.mark.parametrize(("method", "proof_value"), VECTORS)
def test_the_credential_of_the_specification_gets_the_proof_of_the_specification(method: str, proof_value: str) -> None:
    signed = Signer(keys.secret_from(SECRET), method).sign(ALUMNI, CREATED)
    assert signed == ALUMNI | {
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
            "@context": ALUMNI["@context"],
            "proofValue": proof_value,
        }
    }
    verify(signed, PUBLIC)
    assert verification_method(signed) == method


def test_the_hashes_are_those_of_the_specification() -> None:
    # docHashJCS.txt (4ced3573) and proofHashJCS.txt (049085c1), the latter of the proof with the did:key.
    signed = Signer(keys.secret_from(SECRET), VECTORS[1][0]).sign(ALUMNI, CREATED)
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    hashes = [sha256(rfc8785.dumps(part)) for part in (options, ALUMNI)]
    assert [digest.hexdigest() for digest in hashes] == [
        "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db",
        "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
    ]
    signature = base58.decode(signed["proof"]["proofValue"][1:])
    SigningKey(keys.secret_from(SECRET)).verify_key.verify(hashes[0].digest() + hashes[1].digest(), signature)


def test_a_proof_without_a_context_of_its_own_holds() -> None:
    # signedJCS.json at commit 4ced3573: an earlier draft did not copy the context; verifiers still take it.
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": VECTORS[0][0],
        "proofPurpose": "assertionMethod",
        "proofValue": "z3P6rHMUaWG6e3Ac6xYFht8aEvoVXndgKTtEY8kzWYXzk8dKmAo2GJeZiJw4qoZ2PGp4ugdaHx3oQiLpeFBLDqP2M",
    }
    verify(ALUMNI | {"proof": proof}, PUBLIC)


KEY = bytes(range(32))
KEY_PUBLIC = keys.public_multibase(keys.public_of(KEY))
SIGNER = Signer(KEY, f"did:web:example.org:issuers:1#{KEY_PUBLIC}")

names = st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=8).filter(
    lambda name: name not in ("proof", "@context")
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)
contexts = (
    st.none()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=20) | st.dictionaries(names, st.text(max_size=5)), max_size=3)
)


@given(
    st.dictionaries(names, values, max_size=6),
    contexts,
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),
)
def test_what_is_signed_verifies_even_after_a_journey_as_json(
    body: dict[str, Any], context: Any, created: datetime
) -> None:
    document = body if context is None else body | {"@context": context}
    before = copy.deepcopy(document)
    signed = SIGNER.sign(document, created)
    assert document == before
    verify(signed, KEY_PUBLIC)
    verify(orjson.loads(orjson.dumps(signed)), KEY_PUBLIC)


@settings(max_examples=50)
@given(st.dictionaries(names, values, max_size=6), names, values)
def test_a_member_added_or_changed_breaks_the_proof(body: dict[str, Any], name: str, value: Any) -> None:
    signed = SIGNER.sign(body, CREATED)
    if name not in body or orjson.dumps(body[name]) != orjson.dumps(value):
        with pytest.raises(ProofInvalid, match="signature_mismatch"):
            verify(signed | {name: value}, KEY_PUBLIC)


def certificate(number: int) -> dict[str, Any]:
    return certificate_credential(
        url=f"https://onex.example/certificates/{number:020d}",
        issuer=issuer("did:web:example.org:issuers:1", "某某教育科技有限公司"),
        achievement=achievement(
            url="https://onex.example/types/004/2",
            type_name="Web前端开发",
            type_serial="004",
            level=number % 3 + 1,
            criteria="通过全部考核 Passed every component",
        ),
        holder_name=f"张{number}",
        salt=f"{number:032x}",
        issued_at=CREATED + timedelta(days=number),
        status={"id": f"urn:{number}", "type": "BitstringStatusListEntry"},
    )


def test_no_single_byte_of_a_signed_credential_can_be_changed() -> None:
    chance = random.Random(8785)
    for number in range(100):
        text = orjson.dumps(SIGNER.sign(certificate(number), CREATED + timedelta(seconds=number)))
        verify(orjson.loads(text), KEY_PUBLIC)
        # Every byte of the first, a hundred of each other: one bit, and any other byte.
        places = range(len(text)) if number == 0 else chance.sample(range(len(text)), 100)
        for place in places:
            for byte in (text[place] ^ 1 << chance.randrange(8), (text[place] + chance.randrange(1, 256)) % 256):
                changed = text[:place] + bytes([byte]) + text[place + 1 :]
                with pytest.raises((ProofInvalid, orjson.JSONDecodeError)):
                    verify(orjson.loads(changed), KEY_PUBLIC)


def test_another_key_does_not_verify() -> None:
    other = keys.public_multibase(keys.public_of(bytes(32)))
    with pytest.raises(ProofInvalid, match="signature_mismatch"):
        verify(SIGNER.sign(ALUMNI, CREATED), other)


def test_one_signer_signs_many_documents_of_many_times_and_contexts() -> None:
    for n in range(30):
        context = ALUMNI["@context"][: n % 3]
        signed = SIGNER.sign(ALUMNI | {"id": f"urn:{n}", "@context": context}, CREATED + timedelta(seconds=n // 5))
        assert signed["proof"]["@context"] == context
        assert signed["proof"]["created"] == f"2023-02-24T23:36:{38 + n // 5}Z"
        verify(signed, KEY_PUBLIC)


def test_a_change_to_a_signed_document_does_not_reach_the_next() -> None:
    document = copy.deepcopy(ALUMNI)
    first = SIGNER.sign(document, CREATED)
    first["proof"]["@context"].append("https://elsewhere.example")
    assert document == ALUMNI
    first["proof"]["cryptosuite"] = "none"
    verify(SIGNER.sign(ALUMNI, CREATED), KEY_PUBLIC)
    longer = ALUMNI | {"@context": [*ALUMNI["@context"], "https://elsewhere.example"]}
    verify(SIGNER.sign(longer, CREATED), KEY_PUBLIC)


def test_the_time_is_written_in_utc() -> None:
    beijing = CREATED.astimezone(timezone(timedelta(hours=8)))
    assert SIGNER.sign(ALUMNI, beijing)["proof"]["created"] == "2023-02-24T23:36:38Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        SIGNER.sign(ALUMNI, datetime(2023, 2, 24))


def test_a_document_is_not_signed_twice() -> None:
    with pytest.raises(ValueError):
        SIGNER.sign(SIGNER.sign(ALUMNI, CREATED), CREATED)


def test_what_has_no_canonical_form_is_not_signed() -> None:
    with pytest.raises(NotCanonical):
        SIGNER.sign(ALUMNI | {"score": 2**53}, CREATED)


def test_contexts_may_follow_those_of_the_proof_but_not_precede_or_replace_them() -> None:
    # Section 3.3.2 of the specification, steps 4 and 5 of Verify Proof.
    signed = SIGNER.sign(ALUMNI, CREATED)
    verify(signed | {"@context": [*ALUMNI["@context"], "https://later.example"]}, KEY_PUBLIC)
    contexts: list[Any] = [
        ["https://first.example", *ALUMNI["@context"]],
        ALUMNI["@context"][::-1],
        ALUMNI["@context"][:1],
        ALUMNI["@context"][0],
        [],
        None,
    ]
    for context in contexts:
        with pytest.raises(ProofInvalid, match="wrong_context"):
            verify(signed | {"@context": context}, KEY_PUBLIC)
    without = {name: value for name, value in signed.items() if name != "@context"}
    with pytest.raises(ProofInvalid, match="wrong_context"):
        verify(without, KEY_PUBLIC)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "Ed25519Signature2020"}, "unknown_proof_type"),
        ({"type": None}, "unknown_proof_type"),
        ({"cryptosuite": "ecdsa-jcs-2019"}, "unknown_cryptosuite"),
        ({"cryptosuite": ["eddsa-jcs-2022"]}, "unknown_cryptosuite"),
        ({"cryptosuite": "eddsa-rdfc-2022"}, "unsupported_option"),
        ({"previousProof": "urn:1"}, "unsupported_option"),
        ({"proofPurpose": "authentication"}, "wrong_purpose"),
        ({"expires": "2024-01-01T00:00:00Z"}, "unsupported_option"),
        ({"domain": "example.org"}, "unsupported_option"),
        ({"created": "2023-02-24"}, "malformed_proof"),
        ({"created": "2023-02-30T00:00:00Z"}, "malformed_proof"),
        ({"created": "2023-02-24T23:36:38"}, "malformed_proof"),
        ({"created": 1}, "malformed_proof"),
        ({"verificationMethod": ""}, "malformed_proof"),
        ({"verificationMethod": {"id": "x"}}, "malformed_proof"),
        ({"@context": [2**53]}, "not_canonical"),
        ({"proofValue": None}, "malformed_signature"),
        ({"proofValue": ""}, "malformed_signature"),
        ({"proofValue": "z"}, "malformed_signature"),
        ({"proofValue": "u" + VECTORS[0][1][1:]}, "malformed_signature"),
        ({"proofValue": VECTORS[0][1] + "0"}, "malformed_signature"),
        ({"proofValue": "z1" + VECTORS[0][1][1:]}, "malformed_signature"),
        ({"proofValue": "z" * 1_000_000}, "malformed_signature"),
        ({"proofValue": VECTORS[0][1]}, "signature_mismatch"),
        ({"created": "2023-02-24T23:36:39Z"}, "signature_mismatch"),
        ({"verificationMethod": "did:web:elsewhere.example#key"}, "signature_mismatch"),
    ],
)
def test_a_changed_proof_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    signed = SIGNER.sign(ALUMNI, CREATED)
    signed["proof"] |= change
    with pytest.raises(ProofInvalid) as refusal:
        verify(signed, KEY_PUBLIC)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        (None, "malformed_proof"),
        ([], "malformed_proof"),
        ([None], "malformed_proof"),
        ([[]], "malformed_proof"),
        ([{}] * 11, "malformed_proof"),
        ("z", "malformed_proof"),
        ({}, "unknown_proof_type"),
        ([{}], "unknown_proof_type"),
    ],
)
def test_what_is_no_proof_is_refused(proof: Any, reason: str) -> None:
    with pytest.raises(ProofInvalid, match=reason):
        verify(ALUMNI | {"proof": proof}, KEY_PUBLIC)


@pytest.mark.parametrize("document", [{}, ALUMNI, [], "text", None, 1])
def test_what_has_no_proof_is_refused(document: Any) -> None:
    for question in (lambda: verify(document, KEY_PUBLIC), lambda: verification_method(document)):
        with pytest.raises(ProofInvalid, match="no_proof"):
            question()


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ProofInvalid, match="malformed_key"):
        verify(SIGNER.sign(ALUMNI, CREATED), "z6Mk")


@given(values, st.none() | values)
def test_whatever_is_sent_is_answered_with_a_reason(document: Any, proof: Any) -> None:
    sent = document | {"proof": proof} if isinstance(document, dict) and proof is not None else document
    with pytest.raises(ProofInvalid):
        verify(sent, KEY_PUBLIC)


def test_a_signature_with_its_scalar_raised_by_the_group_order_is_refused() -> None:
    # Malleability: s + L verifies in careless implementations and would make a second proof out of one.
    order = 2**252 + 27742317777372353535851937790883648493
    signed = SIGNER.sign(ALUMNI, CREATED)
    signature = base58.decode(signed["proof"]["proofValue"][1:])
    raised = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    signed["proof"]["proofValue"] = "z" + base58.encode(signature[:32] + raised)
    with pytest.raises(ProofInvalid, match="signature_mismatch"):
        verify(signed, KEY_PUBLIC)
