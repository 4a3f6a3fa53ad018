"""A credential is genuine by its issuer's document, and by the log's time where its key is revoked."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.certificates.credentials import did, genuine, keys
from services.certificates.credentials.signing import ProofInvalid, Signer
from tests.certificates.credentials.test_open_badges import DID, NOW, SIGNER, credential

OLD = keys.public_multibase(keys.public_of(bytes(32)))
NEW_SECRET = bytes(range(32))
NEW = keys.public_multibase(keys.public_of(NEW_SECRET))
RETIRED = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)
SECOND = timedelta(seconds=1)
DOCUMENT = did.did_document(DID, [did.IssuerKey(OLD, NOW, RETIRED), did.IssuerKey(NEW, RETIRED)])
FRESH = did.did_document(DID, [did.IssuerKey(OLD, NOW)])


def both() -> dict[str, Any]:
    """Issued with the old key; a second proof was added with the new one."""
    return Signer(NEW_SECRET, f"{DID}#{NEW}").sign_statements(credential(), LATER)


def test_what_a_key_in_force_signed_is_genuine() -> None:
    (proof,) = genuine.check(credential(), FRESH)
    assert (proof.cryptosuite, proof.verification_method, proof.created) == ("eddsa-jcs-2022", f"{DID}#{OLD}", NOW)
    assert proof.key.revoked_at is None


def test_it_is_so_for_ever_after_its_key_has_retired() -> None:
    (proof,) = genuine.check(credential(), DOCUMENT)
    assert proof.key.revoked_at == RETIRED


def test_a_later_key_may_add_a_proof() -> None:
    assert [proof.verification_method for proof in genuine.check(both(), DOCUMENT)] == [f"{DID}#{OLD}", f"{DID}#{NEW}"]


def test_for_a_revoked_key_it_is_the_logs_time_that_counts() -> None:
    # Whoever has taken a key can date a proof before its revocation, but cannot date the log's entry.
    genuine.check(credential(), DOCUMENT, logged_at=RETIRED - SECOND)
    genuine.check(both(), DOCUMENT, logged_at=RETIRED - SECOND)
    for late in (RETIRED, LATER):
        with pytest.raises(ProofInvalid, match="key_not_in_force"):
            genuine.check(credential(), DOCUMENT, logged_at=late)
    genuine.check(credential(), FRESH, logged_at=LATER)


def changed(path: str, value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(document: dict[str, Any]) -> dict[str, Any]:
        made = copy.deepcopy(document)
        *way, last = path.split(".")
        place: Any = made
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        place[last] = value
        return made

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("id", "did:web:elsewhere.example"), "issuer_mismatch"),
        (changed("assertionMethod", []), "key_not_listed"),
        (changed("verificationMethod", []), "key_not_listed"),
        (changed("verificationMethod.0.type", "JsonWebKey"), "key_not_listed"),
        (changed("verificationMethod.0.controller", "did:web:elsewhere.example"), "key_not_listed"),
        (changed("verificationMethod.0.publicKeyMultibase", NEW), "signature_mismatch"),
        (changed("verificationMethod.0.publicKeyMultibase", "z6Mk"), "malformed_key"),
        (changed("verificationMethod.0.revoked", "2026-03-02T00:00:00Z"), "key_not_in_force"),
        (changed("verificationMethod.0.revoked", "2026-03-02T00:00:00"), "issuer_mismatch"),
        (changed("verificationMethod", None), "issuer_mismatch"),
        (lambda _: {}, "issuer_mismatch"),
    ],
)
def test_another_document_does_not_make_it_genuine(
    change: Callable[[dict[str, Any]], dict[str, Any]], reason: str
) -> None:
    with pytest.raises(ProofInvalid) as refusal:
        genuine.check(credential(), change(DOCUMENT))
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("name", "another"), "signature_mismatch"),
        (changed("issuer.id", "did:web:elsewhere.example"), "issuer_mismatch"),
        (changed("issuer", "did:web:elsewhere.example"), "issuer_mismatch"),
        (changed("issuer", None), "issuer_mismatch"),
        (changed("proof.0.created", "2026-03-02T00:00:01Z"), "signature_mismatch"),
        (changed("proof.1.created", "2026-03-02T00:00:01Z"), "signature_mismatch"),
        (changed("proof.1.verificationMethod", f"{DID}#z6Mk"), "key_not_listed"),
        (changed("proof.0.verificationMethod", f"{DID}#{NEW}"), "signature_mismatch"),
        (changed("proof", []), "malformed_proof"),
    ],
)
def test_a_changed_credential_is_not_genuine(change: Callable[[dict[str, Any]], dict[str, Any]], reason: str) -> None:
    genuine.check(both(), DOCUMENT)
    with pytest.raises(ProofInvalid) as refusal:
        genuine.check(change(both()), DOCUMENT)
    assert refusal.value.reason == reason


def test_statements_alone_are_not_what_was_issued() -> None:
    unsigned = {name: value for name, value in credential().items() if name != "proof"}
    with pytest.raises(ProofInvalid, match="not_as_issued"):
        genuine.check(SIGNER.sign_statements(unsigned, NOW), FRESH)


def test_a_document_is_read_as_it_is_written() -> None:
    read = did.keys_in(DOCUMENT)
    assert {url: key.revoked_at for url, key in read.items()} == {f"{DID}#{OLD}": RETIRED, f"{DID}#{NEW}": None}
    assert all(key.in_force(datetime(2020, 1, 1, tzinfo=UTC)) for key in read.values())
