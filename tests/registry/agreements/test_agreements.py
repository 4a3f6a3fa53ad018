"""Agreements: five clauses, days that follow one another, in force from the first to the last day."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.registry import AgreementSigned
from services.registry.agreements import errors, queries, rules
from tests.registry.world import CLAUSES, World

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize("clause", rules.CLAUSES)
@pytest.mark.parametrize("how", ["missing", "empty", "blank"])
def test_an_agreement_has_all_five_clauses(clause: str, how: str) -> None:
    rules.check_clauses(CLAUSES)
    others = {name: text for name, text in CLAUSES.items() if name != clause}
    clauses = {"missing": others, "empty": others | {clause: ""}, "blank": others | {clause: " \n"}}[how]
    with pytest.raises(errors.ClauseMissing) as refused:
        rules.check_clauses(clauses)
    assert refused.value.facts == {"missing": [clause]}


@pytest.mark.rule("OP-36")
def test_nothing_operates_without_an_agreement_in_force() -> None:
    rules.check_in_force(True)
    with pytest.raises(errors.NoAgreementInForce):
        rules.check_in_force(False)


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize(
    ("signed_on", "first", "last", "good"),
    [
        (TODAY, TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, TODAY + 2 * DAY, True),
        (TODAY - 9 * DAY, TODAY - 9 * DAY, TODAY - 8 * DAY, True),
        (TODAY + DAY, TODAY + DAY, TODAY + 2 * DAY, False),
        (TODAY, TODAY - DAY, TODAY + DAY, False),
        (TODAY, TODAY + DAY, TODAY, False),
    ],
)
def test_an_agreement_is_signed_before_it_is_in_force(signed_on: date, first: date, last: date, good: bool) -> None:
    if good:
        rules.check_period(signed_on, first, last, TODAY)
    else:
        with pytest.raises(errors.PeriodWrong):
            rules.check_period(signed_on, first, last, TODAY)


@pytest.mark.rule("OP-36")
def test_an_agreement_is_in_force_from_its_first_to_its_last_day(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    world.post("/agreements", world.agreement_body(teo["id"], from_days=0, to_days=3))
    today, teo_id = clock.today(), uuid.UUID(teo["id"])
    with world.registry.database.session() as session:
        found = [queries.any_in_force(session, teo_id, today + days * DAY) for days in (-1, 0, 3, 4)]
        assert found == [False, True, True, False]
        assert not queries.any_in_force(session, uuid.uuid4(), today)


@pytest.mark.rule("OP-36")
def test_a_signed_agreement_is_said_once_with_its_days(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    body = world.agreement_body(teo["id"])
    made = world.post("/agreements", body)
    assert made["clauses"] == CLAUSES
    assert world.registry.said(AgreementSigned) == [
        AgreementSigned(
            agreement_id=uuid.UUID(made["id"]),
            teo_id=uuid.UUID(teo["id"]),
            in_force_from=date.fromisoformat(body["in_force_from"]),
            in_force_to=date.fromisoformat(body["in_force_to"]),
        )
    ]


@pytest.mark.rule("OP-36")
def test_a_refused_agreement_is_not_said(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    without_exit = world.agreement_body(teo["id"]) | {"clauses": CLAUSES | {"exit": " "}}
    refused = world.post("/agreements", without_exit, expect=422)
    assert (refused["code"], refused["clause"], refused["missing"]) == ("agreement_clause_missing", "OP-36", ["exit"])
    backwards = world.agreement_body(teo["id"], from_days=2, to_days=1)
    assert world.post("/agreements", backwards, expect=422)["code"] == "agreement_period_wrong"
    assert world.registry.said(AgreementSigned) == []


def test_only_a_teo_signs(world: World) -> None:
    college = world.post("/organizations", world.college_body())
    for organization_id in (college["id"], str(uuid.uuid4())):
        refused = world.post("/agreements", world.agreement_body(organization_id), expect=422)
        assert refused["code"] == "organization_unknown"


def test_a_teo_reads_its_own_agreements_and_regulators_all(world: World) -> None:
    one, two = (world.admitted_teo(number)["id"] for number in (1, 2))

    def seen(role: Role, query: str = "", **who: Any) -> set[str]:
        return {agreement["teo_id"] for agreement in world.get(f"/agreements{query}", role, **who)["items"]}

    assert seen(Role.TEO, organization_id=uuid.UUID(one)) == {one}
    assert seen(Role.TEO, f"?teo_id={two}", organization_id=uuid.UUID(one)) == set()
    assert seen(Role.OPERATOR) == seen(Role.MINISTRY) == seen(Role.PROVINCE, province_code="11") == {one, two}
    assert seen(Role.OPERATOR, f"?teo_id={two}") == {two}


@pytest.mark.rule("OP-36")
def test_the_signed_documents_are_known_by_their_digest(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    documents = [{"name": "协议.pdf", "sha256": "0f" * 32}, {"name": "附件一.pdf", "sha256": "a1" * 32}]
    made = world.post("/agreements", world.agreement_body(teo["id"], documents=documents))
    assert world.get(f"/agreements/{made['id']}")["documents"] == documents
    for wrong in ("0F" * 32, "0f" * 31, "0f" * 33, "gg" * 32, ""):
        body = world.agreement_body(teo["id"], documents=[{"name": "协议.pdf", "sha256": wrong}])
        assert world.post("/agreements", body, expect=422)["code"] == "invalid"


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize(
    ("first", "last", "wanted", "ends_on"),
    [
        (TODAY, TODAY + 9 * DAY, TODAY, TODAY),
        (TODAY - 9 * DAY, TODAY + 9 * DAY, TODAY + 8 * DAY, TODAY + 8 * DAY),
        (TODAY + DAY, TODAY + 9 * DAY, TODAY + 3 * DAY, TODAY),
        (TODAY + 5 * DAY, TODAY + 9 * DAY, TODAY, TODAY + 4 * DAY),
    ],
)
def test_an_agreement_may_end_today_or_on_a_later_day_before_its_last(
    first: date, last: date, wanted: date, ends_on: date
) -> None:
    assert rules.last_day_after_termination(first, last, wanted, TODAY, terminated=False) == ends_on


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize(
    ("first", "last", "wanted", "terminated", "refusal"),
    [
        (TODAY, TODAY + 9 * DAY, TODAY - DAY, False, errors.TerminationDayWrong),
        (TODAY - DAY, TODAY + 9 * DAY, TODAY + 9 * DAY, False, errors.TerminationDayWrong),
        (TODAY - DAY, TODAY, TODAY, False, errors.TerminationDayWrong),
        (TODAY - 9 * DAY, TODAY - DAY, TODAY, False, errors.AgreementIsOver),
        (TODAY - 9 * DAY, TODAY + 9 * DAY, TODAY, True, errors.AgreementIsTerminated),
    ],
)
def test_what_is_over_does_not_end_again_and_nothing_ends_in_the_past(
    first: date, last: date, wanted: date, terminated: bool, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        rules.last_day_after_termination(first, last, wanted, TODAY, terminated=terminated)


@pytest.mark.rule("OP-36")
def test_from_the_day_after_a_termination_the_teo_operates_no_more(world: World) -> None:
    teo = world.admitted_teo()
    (agreement,) = world.get("/agreements")["items"]
    path = f"/agreements/{agreement['id']}/termination"
    ended = world.post(path, {"reason": "违约：未按协议更新标准"}, expect=200)
    today = clock.today()
    assert (ended["in_force_to"], ended["signed_to"]) == (str(today), agreement["in_force_to"])
    assert ended["terminated_at"]
    assert ended["termination_reason"] == "违约：未按协议更新标准"
    assert world.post(path, {"reason": "又一次"}, expect=409)["code"] == "agreement_is_terminated"
    world.post("/certificate-types", world.type_body(teo["id"], "001"))
    with time_machine.travel(clock.now() + DAY):
        refused = world.post("/certificate-types", world.type_body(teo["id"], "002"), expect=409)
    assert refused["code"] == "no_agreement_in_force"


@pytest.mark.rule("OP-36")
def test_a_termination_is_said_under_the_same_agreement_with_its_earlier_last_day(world: World) -> None:
    world.admitted_teo()
    (agreement,) = world.get("/agreements")["items"]
    last_day = clock.today() + 10 * DAY
    world.post(f"/agreements/{agreement['id']}/termination", {"reason": "约定", "last_day": str(last_day)}, expect=200)
    first, second = world.registry.said(AgreementSigned)
    assert isinstance(first, AgreementSigned)
    assert isinstance(second, AgreementSigned)
    assert first.agreement_id == second.agreement_id
    assert (str(first.in_force_to), second.in_force_to) == (agreement["in_force_to"], last_day)
    assert first.in_force_from == second.in_force_from


@pytest.mark.rule("OP-36")
def test_a_refused_termination_changes_and_says_nothing(world: World) -> None:
    world.admitted_teo()
    (agreement,) = world.get("/agreements")["items"]
    path = f"/agreements/{agreement['id']}/termination"
    yesterday = {"reason": "追溯", "last_day": str(clock.today() - DAY)}
    assert world.post(path, yesterday, expect=422)["code"] == "termination_day_wrong"
    assert world.post(path, {}, expect=422)["code"] == "invalid"
    missing = world.post(f"/agreements/{uuid.uuid4()}/termination", {"reason": "无"}, expect=404)
    assert missing["code"] == "not_found"
    assert len(world.registry.said(AgreementSigned)) == 1


@pytest.mark.rule("OP-36")
def test_an_agreement_that_has_not_begun_never_begins_once_it_is_terminated(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    made = world.post("/agreements", world.agreement_body(teo["id"], from_days=5, to_days=30))
    world.post(f"/agreements/{made['id']}/termination", {"reason": "撤回"}, expect=200)
    with world.registry.database.session() as session:
        days = [clock.today() + number * DAY for number in (0, 4, 5, 30)]
        assert [queries.any_in_force(session, uuid.UUID(teo["id"]), day) for day in days] == [False] * 4


def test_another_teos_agreement_is_not_there(world: World) -> None:
    one, two = (world.admitted_teo(number)["id"] for number in (1, 2))
    ids = {agreement["teo_id"]: agreement["id"] for agreement in world.get("/agreements")["items"]}
    assert world.get(f"/agreements/{ids[one]}", Role.TEO, organization_id=uuid.UUID(one))["teo_id"] == one
    assert world.get(f"/agreements/{ids[two]}", Role.TEO, 404, organization_id=uuid.UUID(one))["code"] == "not_found"


def test_agreements_are_found_by_their_days(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    for days in ((0, 10), (20, 30)):
        world.post("/agreements", world.agreement_body(teo["id"], *days))
    day = clock.today() + 15 * DAY
    assert len(world.get(f"/agreements?in_force_to_from={day}")["items"]) == 1
    assert len(world.get(f"/agreements?in_force_from_to={day}")["items"]) == 1
    assert len(world.get("/agreements")["items"]) == 2
