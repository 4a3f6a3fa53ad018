"""Agreements: five clauses, days that follow one another, in force from the first to the last day."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

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
