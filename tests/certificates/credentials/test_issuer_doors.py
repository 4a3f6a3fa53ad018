"""Anyone can fetch a credential and its issuer's keys, and verify the one with the other."""

import uuid
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from sqlalchemy import select, text

from onex.chassis.access import Role
from onex.contracts.certificates import CertificateIssued
from services.certificates.credentials import did, genuine, signing
from services.certificates.credentials.actions import rotate_key
from services.certificates.credentials.holder import holder_matches
from services.certificates.credentials.models import IssuerKey
from services.certificates.issuing.issuers import Issuers
from services.certificates.issuing.numbers import grouped
from services.certificates.log.entries import digest_of, digest_of_document
from tests.certificates.given import Pilot, admitted
from tests.harness.service import Service, json_of


def issued(pilot: Pilot, name: str = "张三") -> str:
    """The number of a certificate just issued to `name`."""
    result = pilot.result(name)
    pilot.certificates.hear(result)
    said = pilot.certificates.said(CertificateIssued)
    return next(str(event.number) for event in said if event.result_id == result.result_id)


def path_of(url: str, service: Service) -> str:
    """The path of an address at this service; the address must be ours."""
    assert url.startswith(service.settings.public_url)
    return url.removeprefix(service.settings.public_url)


def verify_as_a_stranger(pilot: Pilot, number: str) -> dict[str, object]:
    """Fetch, resolve, check the key's time and the signature, with nothing but the addresses in the documents."""
    service = pilot.certificates
    answer = service.call("GET", f"/certificates/v1/credentials/{number}", expect=200)
    assert answer.headers["Content-Type"] == "application/vc"
    credential = orjson.loads(answer.get_data())
    method = signing.verification_method(credential)
    document = json_of(service.call("GET", path_of(did.resolve_url(method), service), expect=200))
    assert document["id"] == credential["issuer"]["id"] == method.partition("#")[0]
    assert method in document["assertionMethod"]
    (key,) = (one for one in document["verificationMethod"] if one["id"] == method)
    created = datetime.fromisoformat(credential["proof"]["created"])
    assert "revoked" not in key or created < datetime.fromisoformat(key["revoked"])
    signing.verify(credential, key["publicKeyMultibase"])
    return dict(credential)


@pytest.mark.rule("OP-32", "PP-07")
def test_a_downloaded_credential_verifies_with_the_key_its_issuer_publishes(pilot: Pilot) -> None:
    number = issued(pilot, "欧阳娜娜")
    credential = verify_as_a_stranger(pilot, number)
    assert credential["id"] == f"{pilot.certificates.settings.public_url}/certificates/v1/credentials/{number}"
    assert holder_matches(credential, "欧阳 娜娜")
    assert not holder_matches(credential, "欧阳娜")
    assert "欧阳" not in orjson.dumps(credential).decode()


def test_a_credential_is_found_by_its_number_as_printed(pilot: Pilot) -> None:
    number = issued(pilot)
    pilot.certificates.call("GET", f"/certificates/v1/credentials/{grouped(number).lower()}", expect=200)


def test_a_second_proof_is_there_for_those_who_ask(pilot: Pilot) -> None:
    service, number = pilot.certificates, issued(pilot)
    path = f"/certificates/v1/credentials/{number}"
    plain = service.call("GET", path, expect=200).get_data()
    assert service.call("GET", f"{path}?proof=eddsa-jcs-2022", expect=200).get_data() == plain
    answer = service.call("GET", f"{path}?proof=eddsa-rdfc-2022", expect=200)
    assert answer.headers["Content-Type"] == "application/vc"
    both = orjson.loads(answer.get_data())
    document = json_of(service.call("GET", f"/certificates/v1/issuers/{pilot.teo_id}/did.json", expect=200))
    assert [one.cryptosuite for one in genuine.check(both, document)] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    # What was issued is still in it, and that is what the log holds.
    assert digest_of_document(signing.as_issued(both)) == digest_of(plain)
    # What was signed stays as it was.
    assert service.call("GET", path, expect=200).get_data() == plain


def test_a_second_proof_is_of_the_key_in_force(pilot: Pilot) -> None:
    service, number = pilot.certificates, issued(pilot)
    path = f"/certificates/v1/issuers/{pilot.teo_id}/keys"
    new = json_of(service.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=201))
    both = json_of(service.call("GET", f"/certificates/v1/credentials/{number}?proof=eddsa-rdfc-2022", expect=200))
    assert [proof["verificationMethod"].endswith(new["public_multibase"]) for proof in both["proof"]] == [False, True]


@pytest.mark.parametrize("query", ["proof=ecdsa-rdfc-2019", "proof="])
def test_another_proof_is_not_made(pilot: Pilot, query: str) -> None:
    answer = pilot.certificates.call("GET", f"/certificates/v1/credentials/{issued(pilot)}?{query}", expect=422)
    assert json_of(answer)["code"] == "invalid"


def test_nothing_is_signed_on_top_of_what_is_not_genuine(pilot: Pilot) -> None:
    number = issued(pilot)
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET credential = replace(credential, '004-2', '004-3')"))
    path = f"/certificates/v1/credentials/{number}?proof=eddsa-rdfc-2022"
    answer = pilot.certificates.call("GET", path, expect=409)
    assert json_of(answer)["code"] == "credential_not_genuine"


@pytest.mark.parametrize("number", ["nothing", "26004200000000000000", "%00", "a" * 500])
def test_no_credential_is_a_404_with_a_code(pilot: Pilot, number: str) -> None:
    for query in ("", "?proof=eddsa-rdfc-2022"):
        answer = pilot.certificates.call("GET", f"/certificates/v1/credentials/{number}{query}", expect=404)
        assert json_of(answer)["code"] == "not_found"


def test_an_issuer_nobody_knows_has_no_document(pilot: Pilot) -> None:
    answer = pilot.certificates.call("GET", f"/certificates/v1/issuers/{uuid.uuid4()}/did.json", expect=404)
    assert json_of(answer)["code"] == "issuer_not_known"


def test_a_certificate_signed_before_a_key_retired_still_verifies_and_the_next_key_signs_the_next(pilot: Pilot) -> None:
    service = pilot.certificates
    before = issued(pilot)
    path = f"/certificates/v1/issuers/{pilot.teo_id}/keys"
    new = json_of(service.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=201))
    after = issued(pilot, "李四")
    old, next_ = verify_as_a_stranger(pilot, before), verify_as_a_stranger(pilot, after)
    assert not signing.verification_method(old).endswith(new["public_multibase"])
    assert signing.verification_method(next_).endswith(new["public_multibase"])
    document = json_of(service.call("GET", f"/certificates/v1/issuers/{pilot.teo_id}/did.json", expect=200))
    assert ["revoked" in key for key in document["verificationMethod"]].count(True) == 1


def test_a_teo_retires_its_own_key_only_and_a_college_none(pilot: Pilot) -> None:
    path = f"/certificates/v1/issuers/{pilot.teo_id}/keys"
    other = pilot.certificates.call("POST", path, role=Role.TEO, organization_id=uuid.uuid4(), expect=403)
    assert json_of(other)["code"] == "organization_not_allowed"
    college = pilot.certificates.call("POST", path, role=Role.COLLEGE, organization_id=pilot.teo_id, expect=403)
    assert json_of(college)["code"] == "role_not_allowed"
    unknown = pilot.certificates.call(
        "POST", f"/certificates/v1/issuers/{uuid.uuid4()}/keys", role=Role.OPERATOR, expect=404
    )
    assert json_of(unknown)["code"] == "issuer_not_known"


def test_a_key_is_retired_only_when_what_it_signs_is_committed(pilot: Pilot) -> None:
    """Rotation waits for a batch that is signing; with a short lock time-out the wait shows as an error."""
    service = pilot.certificates
    with service.database.session() as signing_now, service.database.session() as rotating:
        Issuers(signing_now, service.vault, service.settings.public_url, [pilot.result()])
        rotating.execute(text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            rotate_key(rotating, service.vault, pilot.teo_id)
        rotating.rollback()
        signing_now.rollback()
        rotate_key(rotating, service.vault, pilot.teo_id)
        rotating.commit()


def test_secrets_are_sealed(pilot: Pilot) -> None:
    with pilot.certificates.database.session() as session:
        key = session.scalars(select(IssuerKey)).one()
    assert not key.sealed_secret.startswith("z")
    secret = pilot.certificates.vault.open(key.sealed_secret, "issuer key")
    assert len(secret) == 32
    assert key.valid_from <= datetime.now(UTC) + timedelta(seconds=1)


def test_numbers_name_the_year_of_issue(pilot: Pilot) -> None:
    credential = verify_as_a_stranger(pilot, issued(pilot))
    assert date.fromisoformat(str(credential["validFrom"])[:10]) == date(2026, 3, 2)


def test_a_teo_admitted_twice_keeps_its_key(pilot: Pilot) -> None:
    service = pilot.certificates
    document = service.call("GET", f"/certificates/v1/issuers/{pilot.teo_id}/did.json").get_data()
    service.hear(admitted(pilot.teo_id, organization_version=2))
    assert service.call("GET", f"/certificates/v1/issuers/{pilot.teo_id}/did.json").get_data() == document
