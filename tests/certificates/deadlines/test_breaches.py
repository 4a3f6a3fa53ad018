"""A warning before, a breach after, each once (OP-32)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.assessment import ResultPublished
from onex.contracts.deadlines import EntryBreached, EntryDueSoon
from onex.contracts.pilot import OrganizationExited
from onex.messaging import parking
from services.certificates.deadlines import breaches
from services.certificates.deadlines.outstanding import CONSUMER
from tests.certificates.deadlines.notices import ROOT, enter
from tests.certificates.given import Pilot, published
from tests.harness.service import json_of

pytestmark = pytest.mark.rule("OP-32")

ISSUED = datetime(2019, 4, 29, 4, 0, tzinfo=UTC)
DUE = date(2019, 5, 10)
At = Callable[[str], Any]


@pytest.fixture
def at() -> At:
    """`with at("2019-05-08"):` it is noon of that day in Beijing."""
    return lambda day: time_machine.travel(f"{day}T12:00:00+08:00", tick=False)


def watch(pilot: Pilot) -> None:
    while pilot.certificates.fire("watch_entries"):
        pass


def warned(pilot: Pilot) -> list[EntryDueSoon]:
    return pilot.certificates.said(EntryDueSoon)  # type: ignore[return-value]


def breached(pilot: Pilot) -> list[tuple[int, bool, int, int]]:
    """Version, whether it stands, how many came late and how many have not come; of each time it was said."""
    said: list[Any] = list(pilot.certificates.said(EntryBreached))
    return [(one.breach_version, one.stands, one.late, one.outstanding) for one in said]


def announce(pilot: Pilot, count: int = 5) -> str:
    body = {"certificate_type_id": str(pilot.type_id), "issued_on": "2019-04-29", "count": count}
    path = "/certificates/v1/elsewhere/announcements"
    made = pilot.certificates.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, json=body, expect=201)
    return str(json_of(made)["id"])


def set_aside(pilot: Pilot, *results: ResultPublished) -> None:
    """These results could not be handled, and wait for an operator."""
    with pilot.certificates.database.transaction() as session:
        for result in results:
            headers = {"cloudEvents_id": str(new_id())}
            parking.park(session, CONSUMER, headers, result.encode(), "retries_exhausted", "not yet known", 5)


def listed(pilot: Pilot, what: str, **caller: Any) -> list[dict[str, Any]]:
    caller = caller or {"role": Role.OPERATOR}
    items: list[dict[str, Any]] = json_of(pilot.certificates.call("GET", f"{ROOT}/{what}", expect=200, **caller))[
        "items"
    ]
    return items


def test_what_was_announced_and_not_entered_is_warned_of_and_then_a_breach(pilot: Pilot, at: At) -> None:
    with at("2019-04-30"):
        announce(pilot)
        watch(pilot)
    assert warned(pilot) == []
    for day in ("2019-05-08", "2019-05-10"):  # two working days are left; and the last day, which is in time
        with at(day):
            watch(pilot)
            watch(pilot)
        assert [(one.due_on, one.outstanding) for one in warned(pilot)] == [(DUE, 5)]
    assert breached(pilot) == []
    for day in ("2019-05-11", "2019-05-20"):
        with at(day):
            watch(pilot)
            watch(pilot)
        assert breached(pilot) == [(1, True, 0, 5)]
    (warning,), (breach,) = listed(pilot, "warnings"), listed(pilot, "breaches")
    assert (warning["issued_on"], warning["due_on"], warning["outstanding"]) == ("2019-04-29", "2019-05-10", 5)
    assert (breach["issued_on"], breach["due_on"], breach["late"], breach["outstanding"]) == (
        "2019-04-29", "2019-05-10", 0, 5,
    )  # fmt: skip


def test_a_pass_that_waits_for_an_operator_is_warned_of_until_it_is_a_certificate(pilot: Pilot, at: At) -> None:
    stuck, failed = pilot.result(published_at=ISSUED), pilot.result("李四", published_at=ISSUED, passed=False)
    set_aside(pilot, stuck, failed, stuck)
    with at("2019-05-09"):
        watch(pilot)
        assert [one.outstanding for one in warned(pilot)] == [1]
    with at("2019-05-14"):
        watch(pilot)
        assert breached(pilot) == [(1, True, 0, 1)]
        pilot.certificates.hear(stuck)
        watch(pilot)
        watch(pilot)
    assert breached(pilot) == [(1, True, 0, 1), (2, True, 1, 0)]


def test_what_became_a_certificate_in_time_or_earns_none_is_no_breach(pilot: Pilot, at: At) -> None:
    done, after_exit = pilot.result(published_at=ISSUED), pilot.result("李四", published_at=ISSUED)
    with at("2019-05-10"):
        pilot.certificates.hear(done)
        exited = OrganizationExited(
            organization_id=pilot.teo_id, organization_version=2, exit_case_id=new_id(), kind="teo", ground="a",
            decided_by="教育部", exited_at=ISSUED,
        )  # fmt: skip
        pilot.certificates.hear(exited)
        set_aside(pilot, done, after_exit)
    with pilot.certificates.database.transaction() as session:
        headers = {"cloudEvents_id": str(new_id())}
        parking.park(session, CONSUMER, headers, b"no event at all", "undecodable", "-", 1)
    with at("2019-05-20"):
        watch(pilot)
    assert (warned(pilot), breached(pilot)) == ([], [])


def test_certificates_that_came_late_are_one_breach_of_their_day(pilot: Pilot, at: At) -> None:
    with at("2019-05-13"):
        pilot.certificates.hear(*(pilot.result(published_at=ISSUED) for _ in range(3)))
        watch(pilot)
        watch(pilot)
        assert breached(pilot) == [(1, True, 3, 0)]
        pilot.certificates.hear(pilot.result(published_at=ISSUED))
        watch(pilot)
    assert breached(pilot) == [(1, True, 3, 0), (2, True, 4, 0)]
    (breach,) = listed(pilot, "breaches")
    assert (breach["version"], breach["late"], breach["stands"]) == (2, 4, True)


def test_a_corrected_calendar_takes_a_breach_back_and_another_sets_it_again(pilot: Pilot, at: At) -> None:
    with at("2019-05-13"):
        pilot.certificates.hear(pilot.result(published_at=ISSUED))
        announce(pilot, 2)
        watch(pilot)
        assert breached(pilot) == [(1, True, 1, 2)]
        enter(pilot.certificates, 2019, "corrected", d0510=False)
        while pilot.certificates.fire("settle_calendar"):
            pass
        watch(pilot)
        watch(pilot)
        assert breached(pilot)[1:] == [(2, False, 0, 0)]
        (breach,) = listed(pilot, "breaches")
        assert (breach["stands"], breach["due_on"]) == (False, "2019-05-13")
        assert [one.due_on for one in warned(pilot)] == [date(2019, 5, 13)], "there is time again, and little"
        enter(pilot.certificates, 2019, "as it was")
        while pilot.certificates.fire("settle_calendar"):
            pass
        watch(pilot)
    assert breached(pilot)[2:] == [(3, True, 1, 2)]
    assert listed(pilot, "breaches?stands=false") == []


def test_many_breaches_are_recorded_some_at_a_time(pilot: Pilot, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaches, "STEP", 2)
    with at("2019-07-01"):
        days = [datetime(2019, 5, day, 4, 0, tzinfo=UTC) for day in (6, 7, 8, 9, 10)]
        pilot.certificates.hear(*(pilot.result(published_at=day) for day in days))
        assert pilot.certificates.fire("watch_entries") is True
        assert len(breached(pilot)) == 2
        watch(pilot)
        watch(pilot)
    assert len(breached(pilot)) == len(listed(pilot, "breaches")) == 5


def test_while_the_calendar_is_not_published_nothing_is_due(pilot: Pilot, at: At) -> None:
    unknown = datetime(2098, 3, 3, 4, 0, tzinfo=UTC)
    set_aside(pilot, pilot.result(published_at=unknown))
    with at("2098-04-01"):
        pilot.certificates.hear(pilot.result("李四", published_at=unknown))
        watch(pilot)
    assert (warned(pilot), breached(pilot)) == ([], [])


def test_events_of_the_clock_name_no_person(pilot: Pilot, at: At) -> None:
    with at("2019-05-13"):
        pilot.certificates.hear(pilot.result(published_at=ISSUED))
        watch(pilot)
    with pilot.certificates.database.session() as session:
        bodies = [bytes(body) for body in session.scalars(text("SELECT body FROM outbox WHERE type LIKE '%breached%'"))]
    assert len(bodies) == 1
    assert "张".encode() not in bodies[0]
    assert b"learner" not in bodies[0]


def test_a_teo_sees_its_own_breaches_and_warnings_only(pilot: Pilot, at: At) -> None:
    other = Pilot(lambda _name: pilot.certificates)
    pilot.certificates.hear(published(other.type_id, other.teo_id, code="005"))
    set_aside(pilot, pilot.result(published_at=ISSUED), other.result(published_at=ISSUED))
    with at("2019-05-09"):
        watch(pilot)
    with at("2019-05-13"):
        watch(pilot)
    for what in ("breaches", "warnings"):
        own = listed(pilot, what, role=Role.TEO, organization_id=other.teo_id)
        assert [one["teo_id"] for one in own] == [str(other.teo_id)]
        assert len(listed(pilot, what)) == len(listed(pilot, what, role=Role.MINISTRY)) == 2
        assert len(listed(pilot, f"{what}?teo_id={pilot.teo_id}")) == 1
        file = pilot.certificates.call("GET", f"{ROOT}/{what}?format=csv", role=Role.OPERATOR, expect=200)
        assert len(file.get_data(as_text=True).splitlines()) == 3
        pilot.certificates.call("GET", f"{ROOT}/{what}", role=Role.COLLEGE, organization_id=new_id(), expect=403)
        pilot.certificates.call("GET", f"{ROOT}/{what}", expect=401)
