"""Sites go from declared over settled to filed, in this order, each step by those who may."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.registry import SiteFiled
from services.registry.sites import rules
from tests.registry.sites.conftest import Parties
from tests.registry.world import World

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize(
    ("teo", "province", "both"),
    [(None, None, False), (NOW, None, False), (None, NOW, False), (NOW, NOW, True)],
)
def test_both_sides_settle(teo: datetime | None, province: datetime | None, both: bool) -> None:
    assert rules.both_consented(teo, province) is both


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize("first", ["teo", "province"])
def test_a_site_is_settled_by_both_in_either_order_and_then_filed(
    world: World, parties: Parties, declared: str, first: str
) -> None:
    assert world.file(declared, expect=409)["code"] == "site_is_declared"
    consents = [lambda **k: world.settle_as_teo(declared, parties.teo_id, **k)]
    consents.insert(0 if first == "province" else 1, lambda **k: world.settle_as_province(declared, **k))
    assert consents[0]()["state"] == "declared"
    assert consents[0](expect=409)["code"] == "site_consent_given"
    assert world.file(declared, expect=409)["code"] == "site_is_declared"
    assert consents[1]()["state"] == "settled"
    assert [consent(expect=409)["code"] for consent in consents] == ["site_is_settled", "site_is_settled"]
    assert world.registry.said(SiteFiled) == []
    assert world.file(declared)["state"] == "filed"
    assert world.file(declared, expect=409)["code"] == "site_is_filed"
    assert [consent(expect=409)["code"] for consent in consents] == ["site_is_filed", "site_is_filed"]
    (said,) = world.registry.said(SiteFiled)
    assert isinstance(said, SiteFiled)
    assert (str(said.site_id), said.code, said.division_code) == (declared, "BJ-001", "110108")
    assert (str(said.college_id), str(said.teo_id)) == (parties.college_id, parties.teo_id)


@pytest.mark.rule("OP-23", "OP-01")
def test_only_the_types_teo_and_the_colleges_province_settle_and_file(
    world: World, parties: Parties, declared: str
) -> None:
    other_teo = world.admitted_teo(2)
    assert world.settle_as_teo(declared, other_teo["id"], 403)["code"] == "organization_not_allowed"
    assert world.settle_as_province(declared, "32", 403)["code"] == "organization_not_allowed"
    assert world.file(declared, "32", 403)["code"] == "organization_not_allowed"
    site = world.get("/sites?state=declared")["items"][0]
    assert (site["teo_consented_at"], site["province_consented_at"]) == (None, None)


@pytest.mark.rule("OP-36")
def test_a_teo_without_an_agreement_in_force_consents_to_nothing(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    world.post("/agreements", world.agreement_body(teo["id"], to_days=1))
    world.admit(teo["id"])
    type_id, college = world.published_type(teo["id"])["id"], world.admitted_college()
    site = world.declared_site(college["id"], type_id)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert world.settle_as_teo(site["id"], teo["id"], 409)["code"] == "no_agreement_in_force"
        assert world.settle_as_province(site["id"])["state"] == "declared"


@pytest.mark.rule("PP-20")
def test_only_an_admitted_college_declares_a_site(world: World, parties: Parties) -> None:
    waiting = world.post("/organizations", world.college_body(200))
    body = world.site_body(parties.type_id)
    refused = world.post("/sites", body, Role.COLLEGE, 409, organization_id=uuid.UUID(waiting["id"]))
    assert refused["code"] == "organization_not_admitted"
    world.admit(waiting["id"])
    made = world.post("/sites", body, Role.COLLEGE, organization_id=uuid.UUID(waiting["id"]))
    assert (made["state"], made["college_id"]) == ("declared", waiting["id"])


@pytest.mark.rule("PP-20")
def test_no_other_organization_has_sites(world: World, parties: Parties) -> None:
    for organization_id in (uuid.UUID(parties.teo_id), uuid.uuid4()):
        refused = world.post(
            "/sites", world.site_body(parties.type_id), Role.COLLEGE, 422, organization_id=organization_id
        )
        assert refused["code"] == "organization_unknown"


@pytest.mark.parametrize(
    ("change", "expect", "code"),
    [
        ({"division_code": "320102"}, 422, "division_not_in_province"),
        ({"division_code": "110199"}, 422, "division_unknown"),
        ({"certificate_type_id": str(uuid.uuid4())}, 422, "certificate_type_unknown"),
        ({"capacity": 0}, 422, "invalid"),
        ({"capacity": "60"}, 422, "invalid"),
        ({"code": "BJ 001"}, 422, "invalid"),
        ({"address_zh": ""}, 422, "invalid"),
        ({"conditions": {"rooms": {"a": 1}}}, 422, "invalid"),
        ({"conditions": {"rooms": "\u0000"}}, 422, "invalid"),
        ({"conditions": {"rooms\u0000": 1}}, 422, "invalid"),
        ({"conditions": {str(number): 1 for number in range(101)}}, 422, "invalid"),
    ],
)
def test_a_wrong_declaration_is_refused(
    world: World, parties: Parties, change: dict[str, Any], expect: int, code: str
) -> None:
    refused = world.post("/sites", world.site_body(parties.type_id) | change, expect=expect, **parties.college)
    assert refused["code"] == code


def test_a_sites_code_is_given_once(world: World, parties: Parties, declared: str) -> None:
    refused = world.post("/sites", world.site_body(parties.type_id), expect=409, **parties.college)
    assert refused["code"] == "site_exists"


def test_no_site_is_declared_for_a_type_without_a_standard_in_force(world: World, parties: Parties) -> None:
    waiting = world.post("/certificate-types", world.type_body(parties.teo_id, "002"))
    refused = world.post("/sites", world.site_body(waiting["id"]), expect=409, **parties.college)
    assert refused["code"] == "certificate_type_not_published"


@pytest.mark.rule("OP-01")
def test_everyone_reads_in_their_scope(world: World, parties: Parties, declared: str) -> None:
    other_college = world.admitted_college(300, province_code="32", division_code="320102")
    body = world.site_body(parties.type_id, "NJ-001", division_code="320102")
    filed = world.post("/sites", body, Role.COLLEGE, organization_id=uuid.UUID(other_college["id"]))["id"]
    world.settle_as_teo(filed, parties.teo_id)
    world.settle_as_province(filed, "32")
    world.file(filed, "32")

    def seen(role: Role, query: str = "", **who: Any) -> list[str]:
        return [site["code"] for site in world.get(f"/sites{query}", role, **who)["items"]]

    assert seen(Role.OPERATOR) == seen(Role.MINISTRY) == ["NJ-001", "BJ-001"]
    assert seen(Role.OPERATOR, "?state=filed") == ["NJ-001"]
    assert seen(Role.OPERATOR, f"?certificate_type_id={uuid.uuid4()}") == []
    assert seen(Role.PROVINCE, province_code="11") == ["BJ-001"]
    assert seen(Role.PROVINCE, "?state=filed", province_code="11") == []
    assert seen(Role.TEO, organization_id=uuid.UUID(parties.teo_id)) == ["NJ-001", "BJ-001"]
    assert seen(Role.TEO, organization_id=uuid.uuid4()) == []
    assert seen(Role.COLLEGE, organization_id=uuid.UUID(parties.college_id)) == ["BJ-001"]
    assert seen(Role.LEARNER, learner_id=uuid.uuid4()) == seen(Role.PARTNER) == ["NJ-001"]
