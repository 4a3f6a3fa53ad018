"""The 7-working-day clock of each certificate, and what waits for a calendar (OP-32)."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import working_days
from onex.chassis.access import Role
from services.certificates.deadlines.clocks import Clocks
from tests.certificates.given import Pilot, admitted
from tests.harness.service import json_of

PATH = "/certificates/v1/deadlines/timeliness"
LONG_AGO = datetime(2019, 4, 29, 4, 0, tzinfo=UTC)


def clock_of(pilot: Pilot) -> list[tuple[Any, ...]]:
    with pilot.certificates.database.session() as session:
        statement = text("SELECT issued_on, entry_due_on, entered_late FROM certificate ORDER BY issued_on")
        return [tuple(row) for row in session.execute(statement)]


@pytest.fixture
def unpublished(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """No year has a calendar, until what is returned is called."""
    known = working_days.chinese_calendar.is_workday

    def nothing_known(_day: date) -> bool:
        raise NotImplementedError

    monkeypatch.setattr(working_days.chinese_calendar, "is_workday", nothing_known)
    return lambda: monkeypatch.setattr(working_days.chinese_calendar, "is_workday", known)


@pytest.mark.rule("OP-32")
@pytest.mark.parametrize(
    ("issued_on", "entered_on", "due_on", "late"),
    [
        (date(2019, 4, 29), date(2019, 5, 10), date(2019, 5, 10), False),
        (date(2019, 4, 29), date(2019, 5, 11), date(2019, 5, 10), True),
        (date(2026, 2, 12), date(2026, 2, 28), date(2026, 2, 28), False),  # a Saturday that is worked
        (date(2099, 3, 2), date(2099, 3, 2), None, False),  # in time whatever the calendar will say
        (date(2099, 3, 2), date(2099, 3, 9), None, False),
        (date(2099, 3, 2), date(2099, 3, 10), None, None),
    ],
)
def test_the_clock_judges_what_can_be_judged(
    issued_on: date, entered_on: date, due_on: date | None, late: bool | None
) -> None:
    clocks = Clocks()
    assert clocks.judge(issued_on, entered_on) == (due_on, late)
    assert clocks.judge(issued_on, entered_on) == (due_on, late)


@pytest.mark.rule("OP-32")
def test_a_certificate_entered_after_its_deadline_is_recorded_as_late(pilot: Pilot) -> None:
    pilot.certificates.hear(pilot.result(published_at=LONG_AGO))
    assert clock_of(pilot) == [(date(2019, 4, 29), date(2019, 5, 10), True)]


@pytest.mark.rule("OP-32")
def test_what_waits_for_a_calendar_is_settled_when_it_is_published(
    pilot: Pilot, unpublished: Callable[[], None]
) -> None:
    now = datetime.now(UTC)
    pilot.certificates.hear(
        pilot.result(published_at=LONG_AGO),
        pilot.result("李四", published_at=LONG_AGO.replace(month=5, day=6)),
        pilot.result("王五", published_at=now),
    )
    assert [row[1:] for row in clock_of(pilot)] == [(None, None), (None, None), (None, False)]
    assert pilot.certificates.fire("on_the_hour") is False
    assert [row[1] for row in clock_of(pilot)] == [None, None, None]
    unpublished()
    turns = [pilot.certificates.fire("on_the_hour") for _ in range(4)]
    assert turns[:2] == [True, True]
    assert turns[-1] is False
    settled = clock_of(pilot)
    assert settled[:2] == [
        (date(2019, 4, 29), date(2019, 5, 10), True),
        (date(2019, 5, 6), date(2019, 5, 15), True),
    ]
    assert settled[2][2] is False


@pytest.mark.rule("OP-32")
def test_the_day_of_entry_is_the_day_in_beijing(pilot: Pilot, unpublished: Callable[[], None]) -> None:
    pilot.certificates.hear(pilot.result(published_at=LONG_AGO), pilot.result("李四", published_at=LONG_AGO))
    with pilot.certificates.database.transaction() as session:
        in_time, late = "2019-05-10 15:59:59+00", "2019-05-10 16:00:00+00"
        ids = session.scalars(text("SELECT id FROM certificate ORDER BY id")).all()
        for certificate_id, entered_at in zip(ids, (in_time, late), strict=True):
            values = {"at": entered_at, "id": certificate_id}
            session.execute(text("UPDATE certificate SET entered_at = :at WHERE id = :id"), values)
    unpublished()
    pilot.certificates.fire("on_the_hour")
    assert sorted(row[2] for row in clock_of(pilot)) == [False, True]


@pytest.mark.rule("OP-32")
def test_timeliness_is_counted_for_each_teo_within_what_the_caller_sees(
    pilot: Pilot, unpublished: Callable[[], None]
) -> None:
    idle = uuid.uuid4()
    service = pilot.certificates
    service.hear(admitted(idle, code="99"))
    service.hear(pilot.result(published_at=LONG_AGO))
    unpublished()
    service.hear(pilot.result("李四", published_at=LONG_AGO), pilot.result("王五", published_at=datetime.now(UTC)))
    counts = {"on_time": 1, "late": 1, "unknown": 1}
    nothing = {"on_time": 0, "late": 0, "unknown": 0}

    def seen(**caller: Any) -> dict[str, dict[str, int]]:
        items = json_of(service.call("GET", PATH, expect=200, **caller))["items"]
        return {item["teo_id"]: {name: item[name] for name in counts} for item in items}

    both = {str(pilot.teo_id): counts, str(idle): nothing}
    assert seen(role=Role.OPERATOR) == seen(role=Role.MINISTRY) == both
    service.fire("on_the_minute")
    assert seen(role=Role.OPERATOR) == both
    assert seen(role=Role.TEO, organization_id=pilot.teo_id) == {str(pilot.teo_id): counts}
    assert seen(role=Role.TEO, organization_id=idle) == {str(idle): nothing}
    service.call("GET", PATH, role=Role.COLLEGE, organization_id=pilot.college_id, expect=403)
