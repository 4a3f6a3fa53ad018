"""The ways out of a site's main road: corrected, refused, withdrawn, suspended, closed (OP-23)."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.problems import Refusal
from onex.contracts.pilot import SiteStandingChanged
from onex.contracts.registry import SiteFiled
from services.registry.sites import errors, rules
from services.registry.sites.states import SITE
from tests.registry.sites.conftest import Parties
from tests.registry.world import World

WHY = {"reason": "Too far from any station."}


def correction(world: World, **changes: Any) -> dict[str, Any]:
    body = world.site_body("x")
    return {name: body[name] for name in ("address_zh", "division_code", "capacity", "conditions")} | changes


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize(
    ("verb", "from_states"),
    [
        ("correct", {"declared", "refused"}),
        ("settle", {"declared"}),
        ("refuse", {"declared", "settled"}),
        ("withdraw", {"declared", "settled", "refused"}),
        ("file", {"settled"}),
        ("suspend", {"filed"}),
        ("resume", {"suspended"}),
        ("close", {"filed", "suspended"}),
    ],
)
def test_each_step_is_taken_from_its_states_and_a_refusal_names_the_state(verb: str, from_states: set[str]) -> None:
    for state in SITE.states:
        if state in from_states:
            SITE.after(state, verb)
        else:
            with pytest.raises(Refusal) as refused:
                SITE.after(state, verb)
            assert (refused.value.code, refused.value.clause) == (f"site_is_{state}", "OP-23")


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize("side", ["teo", "province"])
def test_either_side_refuses_with_a_reason(world: World, parties: Parties, declared: str, side: str) -> None:
    address = f"/sites/{declared}/refusal"
    assert world.post(address, {}, expect=422, **getattr(parties, side))["code"] == "invalid"
    refused = world.post(address, WHY, expect=200, **getattr(parties, side))
    assert (refused["state"], refused["state_side"], refused["state_reason"]) == ("refused", side, WHY["reason"])
    assert world.post(address, WHY, expect=409, **parties.teo)["code"] == "site_is_refused"
    assert world.settle_as_province(declared, expect=409)["code"] == "site_is_refused"
    assert world.file(declared, expect=409)["code"] == "site_is_refused"


@pytest.mark.rule("OP-23")
def test_a_refused_site_is_corrected_and_both_sides_begin_again(world: World, parties: Parties, declared: str) -> None:
    world.settle_as_teo(declared, parties.teo_id)
    world.post(f"/sites/{declared}/refusal", WHY, expect=200, **parties.province)
    body = correction(world, capacity=80)
    corrected = world.send("PUT", f"/sites/{declared}", body, expect=200, **parties.college)
    assert (corrected["state"], corrected["capacity"], corrected["state_reason"]) == ("declared", 80, None)
    assert (corrected["teo_consented_at"], corrected["province_consented_at"]) == (None, None)
    assert world.settle_as_province(declared)["state"] == "declared"
    assert world.settle_as_teo(declared, parties.teo_id)["state"] == "settled"
    refused = world.send("PUT", f"/sites/{declared}", body, expect=409, **parties.college)
    assert refused["code"] == "site_is_settled"


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"division_code": "320102"}, "division_not_in_province"),
        ({"base_id": str(uuid.UUID(int=1))}, "organization_unknown"),
        ({"capacity": 0}, "invalid"),
        ({"code": "BJ-009"}, "invalid"),
    ],
)
def test_a_wrong_correction_is_refused(
    world: World, parties: Parties, declared: str, change: dict[str, Any], code: str
) -> None:
    body = correction(world, **change)
    assert world.send("PUT", f"/sites/{declared}", body, expect=422, **parties.college)["code"] == code


@pytest.mark.rule("OP-23")
def test_the_college_withdraws_until_the_site_is_filed(world: World, parties: Parties, declared: str) -> None:
    address = f"/sites/{declared}/withdrawal"
    other = world.admitted_college(300)
    theirs: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(other["id"])}
    assert world.post(address, expect=403, **theirs)["code"] == "organization_not_allowed"
    world.settle_as_teo(declared, parties.teo_id)
    world.settle_as_province(declared)
    assert world.post(address, expect=200, **parties.college)["state"] == "withdrawn"
    assert world.post(address, expect=409, **parties.college)["code"] == "site_is_withdrawn"
    assert world.file(declared, expect=409)["code"] == "site_is_withdrawn"
    assert world.registry.said(SiteFiled) == []


@pytest.mark.rule("OP-23")
def test_a_filed_site_is_not_withdrawn_but_closed_by_the_province(world: World, parties: Parties, filed: str) -> None:
    withdrawn = world.post(f"/sites/{filed}/withdrawal", expect=409, **parties.college)
    assert withdrawn["code"] == "site_is_filed"
    address = f"/sites/{filed}/closing"
    assert world.post(address, WHY, Role.PROVINCE, 403, province_code="32")["code"] == "organization_not_allowed"
    closed = world.post(address, WHY, expect=200, **parties.province)
    assert (closed["state"], closed["state_side"], closed["state_reason"]) == ("closed", "province", WHY["reason"])
    for step in ("closing", "suspension", "resumption"):
        assert world.post(f"/sites/{filed}/{step}", WHY, expect=409, **parties.province)["code"] == "site_is_closed"


@pytest.mark.rule("OP-23")
def test_the_side_that_suspended_a_site_lets_it_go_on(world: World, parties: Parties, filed: str) -> None:
    suspended = world.post(f"/sites/{filed}/suspension", WHY, expect=200, **parties.teo)
    assert (suspended["state"], suspended["state_side"]) == ("suspended", "teo")
    refused = world.post(f"/sites/{filed}/resumption", WHY, expect=409, **parties.province)
    assert (refused["code"], refused["suspended_by"]) == ("site_suspended_by_other", "teo")
    assert world.post(f"/sites/{filed}/resumption", WHY, expect=200, **parties.teo)["state"] == "filed"
    assert world.post(f"/sites/{filed}/resumption", WHY, expect=409, **parties.teo)["code"] == "site_is_filed"


@pytest.mark.rule("OP-23")
def test_the_others_hear_how_a_filed_site_stands_under_a_version_that_only_rises(
    world: World, parties: Parties, filed: str
) -> None:
    assert world.registry.said(SiteStandingChanged) == []
    world.post(f"/sites/{filed}/suspension", WHY, expect=200, **parties.teo)
    world.post(f"/sites/{filed}/resumption", WHY, expect=200, **parties.teo)
    world.post(f"/sites/{filed}/closing", WHY, expect=200, **parties.province)
    said = world.registry.said(SiteStandingChanged)
    assert [(one.site_version, one.standing) for one in said if isinstance(one, SiteStandingChanged)] == [
        (2, "suspended"),
        (3, "filed"),
        (4, "closed"),
    ]
    last = said[-1]
    assert isinstance(last, SiteStandingChanged)
    assert (str(last.site_id), last.code, str(last.teo_id)) == (filed, "BJ-001", parties.teo_id)
    assert len(world.registry.said(SiteFiled)) == 1


@pytest.mark.rule("PP-20")
def test_a_suspended_site_goes_on_only_in_a_college_that_still_takes_part(
    world: World, parties: Parties, filed: str
) -> None:
    world.post(f"/sites/{filed}/suspension", WHY, expect=200, **parties.province)
    _exit(world, parties.college_id)
    world.post(f"/sites/{filed}/resumption", WHY, expect=409, **parties.province)


@pytest.mark.rule("PP-20")
def test_no_site_is_declared_or_filed_for_a_college_that_has_exited(
    world: World, parties: Parties, declared: str
) -> None:
    world.settle_as_teo(declared, parties.teo_id)
    world.settle_as_province(declared)
    _exit(world, parties.college_id)
    world.file(declared, expect=409)
    world.post("/sites", world.site_body(parties.type_id, "BJ-002"), expect=409, **parties.college)
    assert world.registry.said(SiteFiled) == []


@pytest.mark.rule("PP-20")
def test_one_open_level_is_enough_and_none_is_too_few() -> None:
    shut = Refusal("shut")
    rules.check_level_open({"primary": shut, "advanced": None})
    with pytest.raises(errors.NoLevelOpen) as refused:
        rules.check_level_open({"primary": shut, "intermediate": shut})
    assert refused.value.facts == {"levels": ["primary", "intermediate"]}


@pytest.mark.rule("PP-20", "PP-13")
def test_a_college_has_no_site_for_a_type_none_of_whose_levels_it_chose(world: World, parties: Parties) -> None:
    with world.registry.database.transaction() as session:
        session.execute(
            text("UPDATE organization SET levels = '{advanced}', college_kind = 'open_university' WHERE id = :id"),
            {"id": parties.college_id},
        )
    refused = world.post("/sites", world.site_body(parties.type_id), expect=409, **parties.college)
    assert (refused["code"], refused["levels"]) == ("site_no_level_open", ["primary"])
    world.reviewed_standard(parties.type_id, "advanced")
    world.post(f"/certificate-types/{parties.type_id}/publication", expect=200)
    assert world.post("/sites", world.site_body(parties.type_id), **parties.college)["state"] == "declared"


@pytest.mark.rule("OP-25")
@pytest.mark.parametrize(
    ("province", "shared", "refusal"),
    [
        ("11", True, None),
        ("11", False, errors.BaseNotShared),
        ("32", True, errors.BaseInOtherProvince),
        (None, True, errors.BaseInOtherProvince),
    ],
)
def test_a_base_is_one_of_the_province_in_which_the_college_has_a_part(
    province: str | None, shared: bool, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_base(province, "11", shared=shared)
    else:
        with pytest.raises(refusal):
            rules.check_base(province, "11", shared=shared)


@pytest.mark.rule("OP-25")
def test_a_site_may_lie_in_a_training_base_that_the_college_shares(world: World, parties: Parties) -> None:
    base = world.post("/organizations", world.teo_body(500) | {"kind": "training_base", "province_code": "11"})["id"]
    body = world.site_body(parties.type_id, base_id=base)
    waiting = world.post("/sites", body, expect=409, **parties.college)
    assert waiting["code"] == "organization_not_admitted"
    world.admit(base)
    refused = world.post("/sites", body, expect=409, **parties.college)
    assert (refused["code"], refused["clause"]) == ("base_not_shared", "OP-25")
    part = {"organization_id": parties.college_id, "part": "uses", "since": str(clock.today())}
    world.send("PUT", f"/training-bases/{base}/shares", part, expect=200, **parties.province)
    assert world.post("/sites", body, **parties.college)["base_id"] == base
    no_base = world.site_body(parties.type_id, "BJ-003", base_id=parties.teo_id)
    assert world.post("/sites", no_base, expect=422, **parties.college)["code"] == "organization_unknown"


@pytest.mark.rule("OP-01")
def test_one_site_is_read_by_those_who_may_see_it_and_is_nothing_to_others(
    world: World, parties: Parties, declared: str
) -> None:
    for who in (parties.teo, parties.college, parties.province, {"role": Role.MINISTRY}, {"role": Role.OPERATOR}):
        assert world.get(f"/sites/{declared}", **who)["code"] == "BJ-001"
    strangers: list[dict[str, Any]] = [
        {"role": role, "organization_id": uuid.uuid4(), "province_code": "32"} for role in Role if role not in
        (Role.MINISTRY, Role.OPERATOR)
    ]  # fmt: skip
    for who in strangers:
        assert world.get(f"/sites/{declared}", expect=404, **who)["code"] == "not_found"


def test_sites_are_filtered_sorted_and_exported(world: World, parties: Parties, filed: str) -> None:
    world.declared_site(parties.college_id, parties.type_id, "BJ-003")
    world.declared_site(parties.college_id, parties.type_id, "AH-002")

    def codes(query: str) -> list[str]:
        return [one["code"] for one in world.get(f"/sites?{query}")["items"]]

    assert codes("sort=code") == ["AH-002", "BJ-001", "BJ-003"]
    assert codes("code=BJ&sort=-code") == ["BJ-003", "BJ-001"]
    assert codes("state=filed") == ["BJ-001"]
    assert codes("state=filed&state=declared&division_code=1101&sort=code") == ["AH-002", "BJ-001", "BJ-003"]
    assert world.get("/sites?state=open", expect=422)["code"] == "invalid"
    answer = world.registry.call("GET", "/registry/v1/sites?format=csv&sort=code", role=Role.OPERATOR, expect=200)
    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert "code" in lines[0].split(",")
    assert len(lines) == 4


def _exit(world: World, college_id: str) -> None:
    with world.registry.database.transaction() as session:
        session.execute(text("UPDATE organization SET status = 'exited' WHERE id = :id"), {"id": college_id})
