"""When the calendar changes, every certificate is judged again: due days, late or not, and the counts (OP-32)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis.working_days import PUBLISHED
from services.certificates.deadlines import actions
from services.certificates.issuing import actions as issuing
from tests.certificates.deadlines.notices import ROOT, enter
from tests.certificates.given import Pilot
from tests.harness.service import json_of

pytestmark = pytest.mark.rule("OP-32")

ISSUED = datetime(2019, 4, 29, 4, 0, tzinfo=UTC)
DUE = date(2019, 5, 10)


def certificates(pilot: Pilot) -> list[tuple[Any, ...]]:
    with pilot.certificates.database.session() as session:
        query = text("SELECT issued_on, entry_due_on, entered_late FROM certificate ORDER BY entered_at, id")
        return [tuple(row) for row in session.execute(query)]


def counts(pilot: Pilot) -> list[tuple[Any, ...]]:
    """The counts as they are kept, by month."""
    with pilot.certificates.database.session() as session:
        query = "SELECT month, sum(on_time), sum(late), sum(unknown) FROM entry_tally GROUP BY month ORDER BY month"
        return [(row[0], *(int(count) for count in row[1:])) for row in session.execute(text(query))]


def settle(pilot: Pilot) -> int:
    """Run the timer until it has nothing left to do; how often it had."""
    turns = 0
    while pilot.certificates.fire("settle_calendar"):
        turns += 1
    return turns


def entered(pilot: Pilot, day: str, *, how_many: int = 1, issued: datetime = ISSUED) -> None:
    """Certificates issued on 29 April 2019 and entered on this day."""
    with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
        pilot.certificates.hear(*(pilot.result(published_at=issued) for _ in range(how_many)))


def test_a_calendar_that_is_corrected_turns_late_into_in_time_and_back(pilot: Pilot) -> None:
    entered(pilot, "2019-05-10")
    entered(pilot, "2019-05-13")
    entered(pilot, "2019-05-14")
    late = [(date(2019, 4, 29), DUE, False), (date(2019, 4, 29), DUE, True), (date(2019, 4, 29), DUE, True)]
    assert certificates(pilot) == late
    enter(pilot.certificates, 2019, "corrected", d0510=False)
    assert settle(pilot) == 1
    monday = date(2019, 5, 13)
    in_time = [
        (date(2019, 4, 29), monday, False),
        (date(2019, 4, 29), monday, False),
        (date(2019, 4, 29), monday, True),
    ]
    assert certificates(pilot) == in_time
    assert counts(pilot) == [(date(2019, 4, 1), 2, 1, 0)]
    enter(pilot.certificates, 2019, "as it was")
    settle(pilot)
    assert certificates(pilot) == late
    assert counts(pilot) == [(date(2019, 4, 1), 1, 2, 0)]


def test_it_is_done_in_bounded_steps_and_a_step_run_again_changes_nothing(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(pilot, "2019-05-13", how_many=7)
    entered(pilot, "2019-05-13", how_many=2, issued=datetime(2019, 4, 28, 4, 0, tzinfo=UTC))
    monkeypatch.setattr(actions, "STEP", 3)
    enter(pilot.certificates, 2019, d0510=False)
    assert pilot.certificates.fire("settle_calendar") is True
    half_way = certificates(pilot)
    assert 0 < sum(row[1] == date(2019, 5, 13) for row in half_way) <= 3
    assert settle(pilot) == 2, "three, three and one; those of the day before are due as they were"
    done, counted = certificates(pilot), counts(pilot)
    assert [row[2] for row in done].count(False) == 7
    assert counted == [(date(2019, 4, 1), 7, 2, 0)]
    for timer in ("settle_calendar", "on_the_hour"):
        assert pilot.certificates.fire(timer) is False
    pilot.certificates.fire("on_the_minute")
    assert (certificates(pilot), counts(pilot)) == (done, counted)


def test_a_notice_says_when_everything_was_judged_by_it(pilot: Pilot) -> None:
    entered(pilot, "2019-05-13")
    enter(pilot.certificates, 2019, d0510=False)

    def settled() -> bool:
        found = json_of(pilot.certificates.call("GET", f"{ROOT}/calendars/2019", expect=200))
        return bool(found["settled"])

    assert not settled()
    assert pilot.certificates.fire("settle_calendar") is True
    assert not settled()
    assert pilot.certificates.fire("settle_calendar") is False
    assert settled()


def test_a_batch_that_was_judged_by_the_calendar_before_is_found_on_the_hour(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read the calendar, the notice was entered and settled, and then it was committed."""
    enter(pilot.certificates, 2019, d0510=False)
    settle(pilot)
    with monkeypatch.context() as earlier:
        earlier.setattr(issuing.calendars, "in_force", lambda _session: PUBLISHED)
        entered(pilot, "2019-05-13")
    assert certificates(pilot) == [(date(2019, 4, 29), DUE, True)]
    assert pilot.certificates.fire("settle_calendar") is False
    assert pilot.certificates.fire("on_the_hour") is True
    assert pilot.certificates.fire("on_the_hour") is False
    assert certificates(pilot) == [(date(2019, 4, 29), date(2019, 5, 13), False)]
    assert counts(pilot) == [(date(2019, 4, 1), 1, 0, 0)]


def test_a_certificate_entered_after_the_correction_is_judged_by_it(pilot: Pilot) -> None:
    enter(pilot.certificates, 2019, d0510=False)
    entered(pilot, "2019-05-13")
    assert certificates(pilot) == [(date(2019, 4, 29), date(2019, 5, 13), False)]


def test_a_calendar_that_is_known_no_more_leaves_open_what_it_had_decided(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as when an older version of the platform is put in place again."""
    entered(pilot, "2019-05-06")
    entered(pilot, "2019-05-13")

    def nothing_known(_day: date) -> bool:
        raise NotImplementedError

    with monkeypatch.context() as older:
        older.setattr("chinese_calendar.is_workday", nothing_known)
        assert pilot.certificates.fire("on_the_hour") is True
        assert pilot.certificates.fire("on_the_hour") is False
        assert [row[1:] for row in certificates(pilot)] == [(None, False), (None, None)]
        assert counts(pilot) == [(date(2019, 4, 1), 1, 0, 1)]
    assert pilot.certificates.fire("on_the_hour") is True
    assert [row[1:] for row in certificates(pilot)] == [(DUE, False), (DUE, True)]
    assert counts(pilot) == [(date(2019, 4, 1), 1, 1, 0)]
