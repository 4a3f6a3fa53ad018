"""An issuer's public identity: a did:web and the document that lists its keys."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.certificates.credentials import keys
from services.certificates.credentials.did import IssuerKey, did_document, did_web, key_url, resolve_url

FIRST = keys.public_multibase(keys.public_of(bytes(32)))
SECOND = keys.public_multibase(keys.public_of(bytes(range(32))))
T1, T2, T3 = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027, 2028))


@pytest.mark.parametrize(
    ("public_url", "did", "address"),
    [
        ("https://onex.example", "did:web:onex.example:issuers:7", "https://onex.example/issuers/7/did.json"),
        ("https://onex.example/", "did:web:onex.example:issuers:7", "https://onex.example/issuers/7/did.json"),
        (
            "https://onex.example:8443",
            "did:web:onex.example%3A8443:issuers:7",
            "https://onex.example:8443/issuers/7/did.json",
        ),
        (
            "https://Onex.Example/certificates/v1/",
            "did:web:onex.example:certificates:v1:issuers:7",
            "https://onex.example/certificates/v1/issuers/7/did.json",
        ),
        ("http://127.0.0.1:8080", "did:web:127.0.0.1%3A8080:issuers:7", "http://127.0.0.1:8080/issuers/7/did.json"),
        ("http://localhost:8080", "did:web:localhost%3A8080:issuers:7", "http://localhost:8080/issuers/7/did.json"),
    ],
)
def test_a_did_leads_back_to_the_address_it_was_made_of(public_url: str, did: str, address: str) -> None:
    assert did_web(public_url, "7") == did
    assert resolve_url(did) == address
    assert resolve_url(key_url(did, FIRST)) == address


# The examples of the did:web method specification, section 3.2 "Read (Resolve)".
@pytest.mark.parametrize(
    ("did", "address"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
    ],
)
def test_the_examples_of_the_method_resolve_as_it_says(did: str, address: str) -> None:
    assert resolve_url(did) == address


@pytest.mark.parametrize(
    "public_url",
    ["", "onex.example", "ftp://onex.example", "https://", "https://[::1]:8080", "https://a?b=c", "https://a#b"],
)
def test_what_is_no_public_address_has_no_did(public_url: str) -> None:
    with pytest.raises(ValueError):
        did_web(public_url, "7")


@pytest.mark.parametrize("teo_id", ["", "a/b", "a:b", "..%2f", "a b", "某"])
def test_an_id_that_is_no_plain_path_segment_has_no_did(teo_id: str) -> None:
    with pytest.raises(ValueError):
        did_web("https://onex.example", teo_id)


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:key:z6Mk",
        "web:a",
        "did:web:a::b",
        "did:web:good%2Fevil",
        "did:web:u%40evil",
        "did:web:a:..",
        "did:web:a:%2e%2e:b",
    ],
)
def test_what_is_no_did_web_does_not_resolve(did: str) -> None:
    with pytest.raises(ValueError):
        resolve_url(did)


def test_the_document_lists_every_key_as_a_multikey_that_makes_assertions() -> None:
    did = "did:web:onex.example:issuers:7"
    document = did_document(did, [IssuerKey(SECOND, T2), IssuerKey(FIRST, T1, revoked_at=T2)])
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#{FIRST}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": FIRST,
                "revoked": "2027-01-01T00:00:00Z",
            },
            {"id": f"{did}#{SECOND}", "type": "Multikey", "controller": did, "publicKeyMultibase": SECOND},
        ],
        "assertionMethod": [f"{did}#{FIRST}", f"{did}#{SECOND}"],
    }


def test_of_keys_that_began_in_one_second_the_one_in_force_is_the_last() -> None:
    made = [IssuerKey(FIRST, T1), IssuerKey(SECOND, T1, revoked_at=T2)]
    for keys_given in (made, made[::-1]):
        listed = did_document("did:web:a:issuers:1", keys_given)["verificationMethod"]
        assert [method["publicKeyMultibase"] for method in listed] == [SECOND, FIRST]


def test_a_key_is_in_force_from_its_first_moment_until_it_is_revoked() -> None:
    key = IssuerKey(FIRST, T1, revoked_at=T3)
    moment = timedelta(microseconds=1)
    asked = {T1 - moment: False, T1: True, T2: True, T3 - moment: True, T3: False}
    assert {at: key.in_force(at) for at in asked} == asked
    assert IssuerKey(FIRST, T1).in_force(T3)


def test_the_time_of_revocation_is_written_in_utc() -> None:
    beijing = T2.astimezone(timezone(timedelta(hours=8)))
    document = did_document("did:web:a:issuers:1", [IssuerKey(FIRST, T1, revoked_at=beijing)])
    assert document["verificationMethod"][0]["revoked"] == "2027-01-01T00:00:00Z"
