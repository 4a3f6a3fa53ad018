"""Who gets a certificate's document, and what is in it."""

import uuid
from dataclasses import replace
from typing import Any

import orjson
import pytest

from onex.chassis.access import Role
from onex.transparency.notes import VerifierKey
from onex.transparency.proofs import ProofFile
from services.certificates.credentials import holder, signing
from services.certificates.inquiry import tokens
from services.certificates.issuing import numbers
from services.certificates.log import entries
from tests.certificates.documents.conftest import Issue, learner, stand
from tests.certificates.documents.reading import Reader, code_in, opened
from tests.certificates.given import Pilot, admitted, published
from tests.harness.service import json_of

API = "/certificates/v1"
MINE, ANOTHERS = "11010519491231002X", "110105194912310011"
OPERATOR: dict[str, Any] = {"role": Role.OPERATOR}


def get(pilot: Pilot, number: str, kind: str = "pdf", expect: int = 200, **options: Any) -> Any:
    path = f"{API}/certificates/{number}/document.{kind}"
    return pilot.certificates.call("GET", path, expect=expect, **(options or OPERATOR))


def callers(pilot: Pilot) -> dict[str, dict[str, Any]]:
    return {
        "operator": OPERATOR,
        "teo": {"role": Role.TEO, "organization_id": pilot.teo_id},
        "college": {"role": Role.COLLEGE, "organization_id": pilot.college_id},
        "learner": {"role": Role.LEARNER, "learner_id": learner(pilot, MINE)},
        "another TEO": {"role": Role.TEO, "organization_id": uuid.uuid4()},
        "another college": {"role": Role.COLLEGE, "organization_id": uuid.uuid4()},
        "another learner": {"role": Role.LEARNER, "learner_id": uuid.uuid4()},
    }


@pytest.mark.rule("OP-32")
@pytest.mark.parametrize(
    ("who", "gets"),
    [
        ("operator", {"mine", "another's", "another college's", "another TEO's"}),
        ("teo", {"mine", "another's", "another college's"}),
        ("college", {"mine", "another's"}),
        ("learner", {"mine"}),
        ("another TEO", set()),
        ("another college", set()),
        ("another learner", set()),
    ],
)
def test_a_document_is_for_those_it_concerns(pilot: Pilot, issue: Issue, who: str, gets: set[str]) -> None:
    teo_id, type_id = uuid.uuid4(), uuid.uuid4()
    pilot.certificates.hear(admitted(teo_id, code="91110108MA01ABCE0X"))
    pilot.certificates.hear(published(type_id, teo_id, code="005"))
    foreign = {"teo_id": teo_id, "certificate_type_id": type_id, "college_id": None}
    given = {
        "mine": issue(),
        "another's": issue("李四", ANOTHERS),
        "another college's": issue("李四", ANOTHERS, college_id=uuid.uuid4()),
        "another TEO's": issue("李四", ANOTHERS, **foreign),
    }
    for one, number in given.items():
        for kind in ("pdf", "png"):
            get(pilot, number, kind, 200 if one in gets else 404, **callers(pilot)[who])


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.PROVINCE, Role.PARTNER])
def test_other_roles_get_no_document(pilot: Pilot, issue: Issue, role: Role) -> None:
    number = issue()
    for kind in ("pdf", "png"):
        assert json_of(get(pilot, number, kind, 403, role=role))["code"] == "role_not_allowed"


def test_a_document_shows_a_full_name_so_strangers_get_none(pilot: Pilot, issue: Issue) -> None:
    number = issue()
    for kind in ("pdf", "png"):
        answer = pilot.certificates.call("GET", f"{API}/certificates/{number}/document.{kind}", expect=401)
        assert json_of(answer)["code"] == "token_missing"


def test_a_document_is_kept_by_nobody_in_between_and_its_file_is_named_by_the_number(
    pilot: Pilot, issue: Issue
) -> None:
    number = issue()
    for kind, content_type in (("pdf", "application/pdf"), ("png", "image/png")):
        answer = get(pilot, numbers.grouped(number).lower(), kind)
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}.{kind}"'


@pytest.mark.rule("OP-32", "PP-07")
def test_it_names_the_holder_the_achievement_and_who_answers_for_it(pilot: Pilot, issue: Issue) -> None:
    number = issue("欧阳㛃䶮")
    pdf = Reader(get(pilot, number).get_data())
    assert pdf.size_mm == (297, 210)
    for text in ("欧阳㛃䶮", "Web前端开发", "中级", "某某教育科技有限公司", "2026年3月2日", numbers.grouped(number)):
        assert text in pdf.text
    assert all(pdf.fonts().values())


@pytest.mark.rule("OP-32")
def test_it_names_where_the_holder_studied_once_the_registry_has_told_of_the_college(
    pilot: Pilot, issue: Issue
) -> None:
    student, social = issue(), issue("李四", ANOTHERS, college_id=None, candidate_kind="social")
    assert "就读院校" not in Reader(get(pilot, student).get_data()).text
    zh, en = "某某职业技术学院", "Moumou Vocational College"
    college = admitted(pilot.college_id, kind="college", code="4144010001", province_code="44")
    pilot.certificates.hear(replace(college, name_zh=zh, name_en=en))
    said = Reader(get(pilot, student).get_data()).text
    assert said.index("就读院校") < said.index(zh) < said.index(en)
    assert "就读院校" not in Reader(get(pilot, social).get_data()).text


def test_the_credential_in_it_is_the_one_that_was_signed_and_can_be_verified(pilot: Pilot, issue: Issue) -> None:
    number = issue("欧阳娜娜")
    attached = Reader(get(pilot, number).get_data()).attached()
    credential = attached[f"{number}.vc.json"]
    assert credential == pilot.certificates.call("GET", f"{API}/credentials/{number}", expect=200).get_data()
    document = orjson.loads(credential)
    issuer = json_of(pilot.certificates.call("GET", f"{API}/issuers/{pilot.teo_id}/did.json", expect=200))
    keys = {key["id"]: key["publicKeyMultibase"] for key in issuer["verificationMethod"]}
    signing.verify(document, keys[signing.verification_method(document)])
    assert holder.holder_matches(document, "欧阳娜娜")
    assert not holder.holder_matches(document, "欧阳娜")


def test_the_proof_in_it_says_that_the_log_holds_its_issue(pilot: Pilot, issue: Issue) -> None:
    number = issue()
    attached = Reader(get(pilot, number).get_data()).attached()
    told = json_of(pilot.certificates.call("GET", f"{API}/log/keys", expect=200))
    proof = ProofFile.parse(attached[f"{number}.tlog-proof"].decode())
    proof.check([VerifierKey.parse(key["vkey"]) for key in told["keys"]])
    assert proof.extra is not None
    assert orjson.loads(proof.extra)["credential"] == entries.digest_of(attached[f"{number}.vc.json"])


def test_it_is_the_same_file_whenever_it_is_asked_for(pilot: Pilot, issue: Issue) -> None:
    number = issue()
    first = get(pilot, number).get_data()
    for name in ("李四", "王五"):  # the log grows, and its head changes
        issue(name)
    assert get(pilot, number).get_data() == first
    assert get(pilot, number, role=Role.TEO, organization_id=pilot.teo_id).get_data() == first


def test_before_it_is_logged_a_document_has_its_credential_only(pilot: Pilot) -> None:
    pilot.certificates.hear(pilot.result())
    (one,) = json_of(pilot.certificates.call("GET", f"{API}/certificates", expect=200, **OPERATOR))["items"]
    attached = Reader(get(pilot, one["number"]).get_data()).attached()
    assert list(attached) == [f"{one['number']}.vc.json"]


@pytest.mark.rule("PP-44")
def test_its_code_opens_the_certificate_for_whoever_has_the_document_in_hand(pilot: Pilot, issue: Issue) -> None:
    number, settings = issue(), pilot.certificates.settings
    address = tokens.address(settings.public_url, pilot.certificates.vault, number)
    assert code_in(Reader(get(pilot, number).get_data()).picture()) == address
    for form in ("card", "page"):
        answer = get(pilot, number, f"png?form={form}")
        assert code_in(opened(answer.get_data())) == address
    path = address.removeprefix(settings.public_url)
    page = pilot.certificates.call("GET", path, expect=200).get_data(as_text=True)
    assert "张*" in page
    assert "张三" not in page


def test_a_picture_has_one_of_two_forms(pilot: Pilot, issue: Issue) -> None:
    number = issue()
    assert opened(get(pilot, number, "png").get_data()).size == (1200, 630)
    assert opened(get(pilot, number, "png?form=page").get_data()).size == (1754, 1240)
    get(pilot, number, "png?form=poster", 422)


@pytest.mark.parametrize(("state", "said"), [("suspended", "已暂停"), ("revoked", "已撤销")])
def test_a_certificate_that_is_not_valid_is_marked_so(pilot: Pilot, issue: Issue, state: str, said: str) -> None:
    number = issue()
    before = {kind: get(pilot, number, kind).get_data() for kind in ("pdf", "png", "png?form=page")}
    assert said not in Reader(before["pdf"]).text
    stand(pilot, number, state)
    after = {kind: get(pilot, number, kind).get_data() for kind in before}
    assert said in Reader(after["pdf"]).text
    assert all(after[kind] != before[kind] for kind in before)
    stand(pilot, number, "valid")
    assert {kind: get(pilot, number, kind).get_data() for kind in before} == before


def test_a_certificate_that_was_replaced_names_its_successor(pilot: Pilot, issue: Issue) -> None:
    old, new = issue(), issue()
    stand(pilot, old, "replaced")
    stand(pilot, new, "valid", replaces=old)
    said = Reader(get(pilot, old).get_data()).text
    assert "已更换" in said
    assert numbers.grouped(new) in said
    assert numbers.grouped(old) not in Reader(get(pilot, new).get_data()).text


def test_a_name_that_cannot_be_drawn_is_refused_without_repeating_it(pilot: Pilot, issue: Issue) -> None:
    number = issue("王\ue863")
    for kind in ("pdf", "png"):
        answer = get(pilot, number, kind, 409)
        assert json_of(answer)["code"] == "character_not_drawable"
        assert json_of(answer)["characters"] == ["U+E863"]
        assert "王" not in answer.get_data(as_text=True)


def test_there_is_no_document_of_what_was_never_issued(pilot: Pilot) -> None:
    for number in (numbers.draw(2026, "004", 2), "x", "%00"):
        get(pilot, number, "pdf", 404)
