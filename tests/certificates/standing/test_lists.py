"""Status lists as anyone gets them: signed by the platform, 131,072 certificates of all TEOs in one."""

import threading
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from services.certificates.credentials import signing
from services.certificates.standing import bitstring, lists, platform_keys
from services.certificates.standing.positions import LIST_SIZE, Position
from tests.certificates.given import admitted, published
from tests.certificates.standing.conftest import V1, Office
from tests.harness.service import json_of


def test_a_list_is_what_the_specification_asks_for(office: Office) -> None:
    """Members as in the example of section 3.2 of W3C Bitstring Status List 1.0."""
    office.certificate()
    document = office.list_of(0, "revocation")
    url = f"{office.service.settings.public_url}{V1}/status-lists/0/revocation"
    assert document["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["id"] == url
    subject = document["credentialSubject"]
    assert (subject["id"], subject["type"], subject["statusPurpose"]) == (
        f"{url}#list",
        "BitstringStatusList",
        "revocation",
    )
    assert subject["ttl"] == 60_000
    assert bitstring.decoded(subject["encodedList"]) == bytes(LIST_SIZE // 8)
    begins, ends = (datetime.fromisoformat(document[name]) for name in ("validFrom", "validUntil"))
    assert begins <= clock.now() < ends
    assert ends - begins == lists.GOOD_FOR


def test_anyone_gets_a_list_and_may_keep_it_for_a_minute(office: Office) -> None:
    number = office.certificate()
    path = f"{V1}/status-lists/0/suspension"
    first = office.service.call("GET", path, expect=200)
    assert first.content_type == "application/vc"
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    kept = {"If-None-Match": first.headers["ETag"]}
    again = office.service.call("GET", path, headers=kept, expect=304)
    assert again.get_data() == b""
    assert office.service.call("GET", path, expect=200).get_data() == first.get_data()
    office.change("suspend", number)
    changed = office.service.call("GET", path, headers=kept, expect=200)
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    "path", ["1/revocation", "0/message", "0/", "-1/revocation", "x/revocation", "99999999999/revocation"]
)
def test_a_list_that_is_not_there_is_a_404(office: Office, path: str) -> None:
    office.certificate()
    office.service.call("GET", f"{V1}/status-lists/{path}", expect=404)


def test_before_the_first_certificate_there_is_no_list(office: Office) -> None:
    office.service.call("GET", f"{V1}/status-lists/0/revocation", expect=404)


def test_certificates_of_different_teos_share_a_list(office: Office) -> None:
    other, kind = new_id(), new_id()
    office.service.hear(admitted(other, code="91110108MA01ABCE0X"))
    office.service.hear(published(kind, other, code="005"))
    office.certificate()
    office.certificate("李四", teo_id=other, certificate_type_id=kind)
    assert {row.status_list for row in office.rows("SELECT status_list FROM certificate")} == {0}


def test_a_list_is_signed_again_only_when_it_changed_or_grows_old(office: Office) -> None:
    numbers = [office.certificate(f"考生{at}") for at in range(2)]
    office.change("suspend", numbers[0])

    def shown() -> Any:
        with office.service.database.transaction() as session:
            settings = office.service.settings
            row = lists.shown(session, office.service.vault, settings.public_url, 0, "suspension")
            assert row is not None
            return row.credential

    first = shown()
    assert shown() == first
    with office.service.database.transaction() as session:
        left = {"left": lists.RENEWED_BEFORE - timedelta(minutes=1)}
        aged = "UPDATE status_list SET credential = 'old', valid_until = now() + CAST(:left AS interval)"
        session.execute(text(aged), left)
    renewed = shown()
    assert renewed != "old"
    assert shown() == renewed
    assert orjson.loads(first)["credentialSubject"] == orjson.loads(renewed)["credentialSubject"]
    assert datetime.fromisoformat(orjson.loads(renewed)["validUntil"]) > clock.now() + lists.RENEWED_BEFORE
    office.change("suspend", numbers[1])
    assert shown() != renewed


def test_marking_a_bit_as_it_is_signs_nothing(office: Office) -> None:
    office.certificate()
    service = office.service

    def mark() -> Any:
        with service.database.transaction() as session:
            lists.mark(session, service.vault, service.settings.public_url, Position(0, 5), {"suspension": True})
            return session.scalar(text("SELECT xmin FROM status_list"))

    assert mark() == mark()


def test_bits_marked_by_many_at_once_are_all_there(office: Office) -> None:
    """Four threads set 60 bits each of two lists that do not exist yet, and take some of them back."""
    office.certificate()
    service, failures = office.service, []
    office.list_of(0, "revocation")
    begun = threading.Barrier(4)

    def work(part: int) -> None:
        try:
            begun.wait(30)
            for at in range(part, 240, 4):
                with service.database.transaction() as session:
                    both = {"suspension": True, "revocation": at % 3 == 0}
                    place = Position(7 + at % 2, at * 500)
                    lists.mark(session, service.vault, service.settings.public_url, place, both)
                if at % 5 == 0:
                    with service.database.transaction() as session:
                        back = {"suspension": False}
                        lists.mark(session, service.vault, service.settings.public_url, place, back)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    found = {
        (row.list, row.purpose): bytes(row.bits) for row in office.rows("SELECT * FROM status_list WHERE list > 0")
    }
    for which in (7, 8):
        for purpose, marked in (("suspension", lambda at: at % 5 != 0), ("revocation", lambda at: at % 3 == 0)):
            expected = bitstring.EMPTY
            for at in range(240):
                if 7 + at % 2 == which and marked(at):
                    expected = bitstring.put(expected, at * 500, True)
            assert found[which, purpose] == expected
    for row in office.rows("SELECT * FROM status_list"):
        said = orjson.loads(row.credential)["credentialSubject"]["encodedList"]
        assert bitstring.decoded(said) == bytes(row.bits)


def test_the_first_to_ask_at_once_get_the_same_list_and_one_key(office: Office) -> None:
    office.certificate()
    office.service.call("GET", f"{V1}/log/keys", expect=200)
    begun, answers = threading.Barrier(4), []

    def ask() -> None:
        begun.wait(30)
        answers.append(office.service.call("GET", f"{V1}/status-lists/0/revocation").get_data())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert len(office.rows("SELECT * FROM platform_key")) == 1


def test_a_list_signed_before_its_key_was_retired_is_still_verified(office: Office) -> None:
    number = office.certificate()
    office.change("suspend", number)
    old = office.list_of(0, "suspension")
    made = json_of(office.call("operator", "POST", "/issuers/platform/keys", expect=201))
    assert office.list_of(0, "suspension") == old
    office.change("reinstate", number)
    new = office.list_of(0, "suspension")
    assert new["proof"]["verificationMethod"].endswith(made["public_multibase"])
    assert old["proof"]["verificationMethod"] != new["proof"]["verificationMethod"]
    document = json_of(office.service.call("GET", f"{V1}/issuers/platform/did.json", expect=200))
    assert sorted("revoked" in one for one in document["verificationMethod"]) == [False, True]


def test_the_platform_s_key_is_made_by_who_is_asked_for_it_first_and_changed_by_the_operator_only(
    office: Office,
) -> None:
    document = json_of(office.service.call("GET", f"{V1}/issuers/platform/did.json", expect=200))
    assert document["id"] == platform_keys.platform_did(office.service.settings.public_url)
    assert len(document["verificationMethod"]) == 1
    for role in (Role.TEO, Role.COLLEGE, Role.LEARNER, Role.MINISTRY):
        office.service.call("POST", f"{V1}/issuers/platform/keys", role=role, expect=403)
    office.service.call("POST", f"{V1}/issuers/platform/keys", expect=401)


def test_a_key_is_not_retired_while_it_signs(office: Office) -> None:
    """Who rotates waits for who signs, so that no proof is dated after its key's retirement."""
    service = office.service
    with service.database.transaction() as session:
        platform_keys.signer(session, service.vault, service.settings.public_url)
    with service.database.session() as signing_, signing_.begin():
        platform_keys.signer(signing_, service.vault, service.settings.public_url)
        with service.database.session() as rotating, rotating.begin():
            rotating.execute(text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                platform_keys.rotate(rotating, service.vault)


def test_a_list_that_was_altered_is_not_verified(office: Office) -> None:
    office.change("revoke", office.certificate())
    document = office.list_of(0, "revocation")
    key = office.rows("SELECT public_multibase FROM platform_key")[0].public_multibase
    signing.verify(document, key)
    document["credentialSubject"]["encodedList"] = bitstring.encoded(bitstring.EMPTY)
    with pytest.raises(signing.ProofInvalid, match="signature_mismatch"):
        signing.verify(document, key)
