"""Operators enter the State Council's notices; anyone reads the calendar that comes of them."""

from typing import Any

import pytest

from onex.chassis.access import Role
from tests.certificates.deadlines.notices import ROOT, enter, published
from tests.certificates.given import Pilot
from tests.harness.service import json_of

pytestmark = pytest.mark.rule("OP-32")


def calendar(pilot: Pilot, year: int) -> dict[str, Any]:
    found: dict[str, Any] = json_of(pilot.certificates.call("GET", f"{ROOT}/calendars/{year}", expect=200))
    return found


def due(pilot: Pilot, day: str) -> str | None:
    answer = json_of(pilot.certificates.call("GET", f"{ROOT}/clock?issued_on={day}", expect=200))
    assert answer["issued_on"] == day
    due_on: str | None = answer["due_on"]
    return due_on


def test_the_calendar_that_comes_with_the_platform_is_public(pilot: Pilot) -> None:
    found = calendar(pilot, 2026)
    assert (found["version"], found["source_number"], found["settled"]) == (0, None, True)
    assert {"day": "2026-10-10", "worked": True} in found["days"]
    assert due(pilot, "2026-09-23") == "2026-10-10"


@pytest.mark.parametrize("year", [1999, 2098, 2100, 99999])
def test_a_year_without_a_calendar_is_not_guessed(pilot: Pilot, year: int) -> None:
    answer = pilot.certificates.call("GET", f"{ROOT}/calendars/{year}", expect=404)
    assert json_of(answer)["code"] == "calendar_not_published"
    assert due(pilot, "2098-03-01") is None


@pytest.mark.parametrize("day", ["1999-12-31", "2100-01-01", "9999-12-31", "yesterday", ""])
def test_a_clock_is_told_of_days_on_which_certificates_may_be_issued(pilot: Pilot, day: str) -> None:
    pilot.certificates.call("GET", f"{ROOT}/clock?issued_on={day}", expect=422)


def test_a_notice_is_entered_in_versions_and_the_newest_is_in_force(pilot: Pilot) -> None:
    first = enter(pilot.certificates, 2019)
    assert (first["year"], first["version"], first["settled_at"]) == (2019, 1, None)
    assert due(pilot, "2019-04-29") == "2019-05-10"
    second = enter(pilot.certificates, 2019, "国办发明电〔2019〕1号", d0510=False)
    assert second["version"] == 2
    assert due(pilot, "2019-04-29") == "2019-05-13"
    found = calendar(pilot, 2019)
    assert (found["version"], found["source_number"], found["settled"]) == (2, "国办发明电〔2019〕1号", False)
    assert {"day": "2019-05-10", "worked": False} in found["days"]
    every = json_of(pilot.certificates.call("GET", f"{ROOT}/notices?year=2019", expect=200))["items"]
    assert [one["version"] for one in every] == [2, 1]
    assert every[0]["days"]["2019-05-10"] is False
    assert json_of(pilot.certificates.call("GET", f"{ROOT}/notices?year=2020", expect=200))["items"] == []


def test_a_year_that_the_platform_does_not_know_is_extended_by_data(pilot: Pilot) -> None:
    days = [{"day": f"2098-{month:02}-{day:02}", "worked": False} for month in (1, 5, 10) for day in range(1, 6)]
    body = {"source_number": "国办发〔2097〕1号", "published_on": "2097-11-01", "days": days}
    pilot.certificates.call("POST", f"{ROOT}/calendars/2098/notices", role=Role.OPERATOR, json=body, expect=201)
    assert due(pilot, "2098-03-03") == "2098-03-12"  # a Monday; seven working days are a week and two days
    assert due(pilot, "2098-12-20") is None, "the notice of 2099 may still move the days after Christmas"


def test_the_same_notice_again_changes_nothing(pilot: Pilot) -> None:
    enter(pilot.certificates, 2019)
    body = {"source_number": "国办发明电〔2018〕15号", "published_on": "2018-12-06", "days": published(2019)}
    path = f"{ROOT}/calendars/2019/notices"
    answer = pilot.certificates.call("POST", path, role=Role.OPERATOR, json=body, expect=409)
    assert json_of(answer)["code"] == "calendar_unchanged"


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ([{"day": "2019-05-01", "worked": False}], "calendar_incomplete"),
        ([*published(2019), {"day": "2020-01-01", "worked": False}], "calendar_outside"),
        ([], "invalid"),
        ([{"day": "1 May", "worked": False}], "invalid"),
    ],
)
def test_a_notice_that_is_not_whole_or_of_another_year_is_refused(pilot: Pilot, days: list[Any], code: str) -> None:
    body = {"source_number": "x", "published_on": "2018-12-06", "days": days}
    path = f"{ROOT}/calendars/2019/notices"
    answer = pilot.certificates.call("POST", path, role=Role.OPERATOR, json=body, expect=422)
    assert json_of(answer)["code"] == code
    assert calendar(pilot, 2019)["version"] == 0


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.TEO, Role.COLLEGE, Role.PROVINCE, Role.PARTNER, Role.LEARNER])
def test_only_operators_enter_notices(pilot: Pilot, role: Role) -> None:
    body = {"source_number": "x", "published_on": "2018-12-06", "days": published(2019)}
    path = f"{ROOT}/calendars/2019/notices"
    pilot.certificates.call("POST", path, role=role, organization_id=pilot.teo_id, json=body, expect=403)
    pilot.certificates.call("POST", path, json=body, expect=401)
