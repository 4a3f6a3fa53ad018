"""Who sees which certificates."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot, admitted, published
from tests.harness.service import Service, json_of

LIST = "/certificates/v1/certificates"
OTHER_PERSON = "110105194912310011"


def numbers_in(answer: Any) -> set[str]:
    return {item["number"] for item in json_of(answer)["items"]}


@pytest.fixture
def three(pilot: Pilot) -> dict[str, str]:
    """Numbers of three certificates: the pilot's, one of another college and learner, one of another TEO."""
    other_teo, other_type = new_id(), new_id()
    service = pilot.certificates
    service.hear(admitted(other_teo, code="91110108MA01ABCE0X"))
    service.hear(published(other_type, other_teo, code="005"))
    results = {
        "mine": pilot.result(),
        "elsewhere": pilot.result("李四", OTHER_PERSON, college_id=new_id()),
        "foreign": pilot.result(
            "李四", OTHER_PERSON, college_id=None, teo_id=other_teo, certificate_type_id=other_type
        ),
    }
    service.hear(*results.values())
    by_result = {event.result_id: str(event.number) for event in service.said(CertificateIssued)}
    return {who: by_result[result.result_id] for who, result in results.items()}


def callers(pilot: Pilot) -> dict[str, dict[str, Any]]:
    return {
        "operator": {"role": Role.OPERATOR},
        "ministry": {"role": Role.MINISTRY},
        "teo": {"role": Role.TEO, "organization_id": pilot.teo_id},
        "college": {"role": Role.COLLEGE, "organization_id": pilot.college_id},
        "stranger": {"role": Role.TEO, "organization_id": uuid.uuid4()},
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("operator", {"mine", "elsewhere", "foreign"}),
        ("ministry", {"mine", "elsewhere", "foreign"}),
        ("teo", {"mine", "elsewhere"}),
        ("college", {"mine"}),
        ("stranger", set()),
    ],
)
def test_each_caller_sees_its_own(pilot: Pilot, three: dict[str, str], who: str, sees: set[str]) -> None:
    caller = callers(pilot)[who]
    assert numbers_in(pilot.certificates.call("GET", LIST, expect=200, **caller)) == {three[one] for one in sees}
    for one, number in three.items():
        expect = 200 if one in sees else 404
        pilot.certificates.call("GET", f"{LIST}/{number}", expect=expect, **caller)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.PROVINCE, Role.LEARNER])
def test_other_roles_have_no_list(pilot: Pilot, role: Role) -> None:
    answer = pilot.certificates.call("GET", LIST, role=role, organization_id=uuid.uuid4(), expect=403)
    assert json_of(answer)["code"] == "role_not_allowed"


def test_without_a_token_there_is_no_list(pilot: Pilot) -> None:
    for path in (LIST, f"{LIST}/x", "/certificates/v1/my-certificates", "/certificates/v1/deadlines/timeliness"):
        assert json_of(pilot.certificates.call("GET", path, expect=401))["code"] == "token_missing"


def test_a_learner_sees_the_own_certificates_of_all_issuers(pilot: Pilot, three: dict[str, str]) -> None:
    learner = {"role": Role.LEARNER, "learner_id": pilot.certificates.vault.learner_id("RIC", OTHER_PERSON)}
    answer = pilot.certificates.call("GET", "/certificates/v1/my-certificates", expect=200, **learner)
    assert numbers_in(answer) == {three["elsewhere"], three["foreign"]}
    pilot.certificates.call("GET", f"{LIST}/{three['foreign']}", expect=200, **learner)
    pilot.certificates.call("GET", f"{LIST}/{three['mine']}", expect=404, **learner)


def test_one_certificate_says_everything_but_the_name(pilot: Pilot, three: dict[str, str]) -> None:
    number = three["mine"]
    answer = pilot.certificates.call("GET", f"{LIST}/{numbers.grouped(number)}", role=Role.OPERATOR, expect=200)
    body = json_of(answer)
    assert (body["number"], body["masked_name"], body["certificate_type_code"]) == (number, "张*", "004")
    assert (body["issued_on"], body["entry_due_on"], body["state"]) == ("2026-03-02", "2026-03-11", "valid")
    assert body["credential_url"].endswith(f"/certificates/v1/credentials/{number}")
    assert "张三" not in answer.get_data(as_text=True)


def test_a_list_is_paged_to_its_end_without_a_gap(pilot: Pilot) -> None:
    pilot.certificates.hear(*(pilot.result(f"考生{at}") for at in range(7)))
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        query = {"size": 3} | ({"cursor": cursor} if cursor else {})
        answer = pilot.certificates.call("GET", LIST, role=Role.OPERATOR, query_string=query, expect=200)
        body = json_of(answer)
        seen += [item["number"] for item in body["items"]]
        cursor = body["next"]
    assert len(seen) == len(set(seen)) == 7


def test_a_number_that_cannot_be_is_a_404(pilot: Pilot) -> None:
    service: Service = pilot.certificates
    for number in ("x", "%00", numbers.draw(2026, "004", 2)):
        assert json_of(service.call("GET", f"{LIST}/{number}", role=Role.OPERATOR, expect=404))["code"] == "not_found"
