"""How timely each TEO is: as a report by type and month, as an event, and as a metric (OP-31, OP-32)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from prometheus_client import REGISTRY

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.deadlines import TimelinessReported
from services.certificates.deadlines import reports
from tests.certificates.deadlines.notices import ROOT, enter
from tests.certificates.given import Pilot, admitted, published
from tests.harness.service import json_of

pytestmark = pytest.mark.rule("OP-31", "OP-32")

APRIL = datetime(2019, 4, 29, 4, 0, tzinfo=UTC)
MAY = datetime(2019, 5, 6, 4, 0, tzinfo=UTC)


def entered(pilot: Pilot, day: str, *issued: datetime, **changes: Any) -> None:
    """Certificates issued at these times and entered on this day."""
    with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
        pilot.certificates.hear(*(pilot.result(published_at=one, **changes) for one in issued))


def months(pilot: Pilot, query: str = "", **caller: Any) -> list[tuple[str, str, int, int, int]]:
    caller = caller or {"role": Role.OPERATOR}
    items = json_of(pilot.certificates.call("GET", f"{ROOT}/timeliness/months{query}", expect=200, **caller))["items"]
    rows = [(one["certificate_type_id"], one["month"], one["on_time"], one["late"], one["unknown"]) for one in items]
    return sorted(rows, key=lambda row: (row[1], row[0]))


def reported(pilot: Pilot) -> list[tuple[date, int, int, int]]:
    """Month, version, in time and late of each time it was said."""
    said: list[Any] = list(pilot.certificates.said(TimelinessReported))
    return [(one.month, one.report_version, one.on_time, one.late) for one in said]


def test_timeliness_is_listed_by_teo_type_and_month_of_issue(pilot: Pilot) -> None:
    second = new_id()
    pilot.certificates.hear(published(second, pilot.teo_id, code="005"))
    entered(pilot, "2019-05-10", APRIL, APRIL, MAY)
    entered(pilot, "2019-05-11", APRIL)
    entered(pilot, "2019-05-11", MAY, certificate_type_id=second)
    april, may, mays_second = (
        (str(pilot.type_id), "2019-04-01", 2, 1, 0),
        (str(pilot.type_id), "2019-05-01", 1, 0, 0),
        (str(second), "2019-05-01", 1, 0, 0),
    )
    assert months(pilot) == sorted([april, may, mays_second], key=lambda row: (row[1], row[0]))
    pilot.certificates.fire("on_the_minute")
    pilot.certificates.fire("on_the_minute")
    assert len(months(pilot)) == 3, "folding changes nothing"
    assert months(pilot, "?month_to=2019-04-30") == [april]
    assert months(pilot, f"?certificate_type_id={second}") == [mays_second]
    assert months(pilot, f"?teo_id={pilot.teo_id}&month_from=2019-05-01&certificate_type_id={pilot.type_id}") == [may]
    assert months(pilot, f"?teo_id={new_id()}") == []
    file = pilot.certificates.call("GET", f"{ROOT}/timeliness/months?format=csv", role=Role.OPERATOR, expect=200)
    heading, *lines = file.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert heading == "teo_id,certificate_type_id,month,on_time,late,unknown"
    assert len(lines) == 3


def test_a_page_of_it_leads_to_the_next(pilot: Pilot) -> None:
    entered(pilot, "2019-06-20", *(datetime(2019, month, 6, 4, 0, tzinfo=UTC) for month in (1, 2, 3, 4, 5)))
    seen, cursor = [], ""
    while True:
        answer = json_of(
            pilot.certificates.call("GET", f"{ROOT}/timeliness/months?size=2{cursor}", role=Role.OPERATOR, expect=200)
        )
        seen += [one["month"] for one in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert sorted(seen) == [f"2019-0{month}-01" for month in (1, 2, 3, 4, 5)]


def test_a_teo_sees_its_own_timeliness_only(pilot: Pilot) -> None:
    entered(pilot, "2019-05-10", APRIL)
    assert len(months(pilot, role=Role.TEO, organization_id=pilot.teo_id)) == 1
    assert months(pilot, role=Role.TEO, organization_id=new_id()) == []
    path = f"{ROOT}/timeliness/months"
    pilot.certificates.call("GET", path, role=Role.COLLEGE, organization_id=pilot.college_id, expect=403)


def test_a_months_timeliness_is_said_once_everything_of_it_was_due(pilot: Pilot) -> None:
    entered(pilot, "2019-05-10", APRIL, MAY)
    entered(pilot, "2019-05-11", APRIL)
    # 30 April is the last day of issue of April; seven working days later is 13 May.
    for day, said in (("2019-05-13", []), ("2019-05-14", [(date(2019, 4, 1), 1, 1, 1)])):
        with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
            assert pilot.certificates.fire("report_timeliness") is False
            assert pilot.certificates.fire("report_timeliness") is False
        assert reported(pilot) == said
    with time_machine.travel("2019-06-20T12:00:00+08:00", tick=False):
        pilot.certificates.fire("report_timeliness")
    assert reported(pilot)[1:] == [(date(2019, 5, 1), 1, 1, 0)]


def test_what_changes_after_a_report_is_said_again(pilot: Pilot) -> None:
    entered(pilot, "2019-05-13", APRIL)
    with time_machine.travel("2019-06-20T12:00:00+08:00", tick=False):
        pilot.certificates.fire("report_timeliness")
        enter(pilot.certificates, 2019, d0510=False)
        while pilot.certificates.fire("settle_calendar"):
            pass
        pilot.certificates.fire("report_timeliness")
        pilot.certificates.fire("on_the_minute")
        pilot.certificates.fire("report_timeliness")
    assert reported(pilot) == [(date(2019, 4, 1), 1, 0, 1), (date(2019, 4, 1), 2, 1, 0)]


def test_many_reports_are_said_some_at_a_time(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "STEP", 2)
    entered(pilot, "2019-06-20", *(datetime(2019, month, 6, 4, 0, tzinfo=UTC) for month in (1, 2, 3)))
    with time_machine.travel("2019-06-20T12:00:00+08:00", tick=False):
        assert pilot.certificates.fire("report_timeliness") is True
        assert len(reported(pilot)) == 2
        assert pilot.certificates.fire("report_timeliness") is False
    assert len(reported(pilot)) == 3


def test_every_teos_figures_are_metrics(pilot: Pilot) -> None:
    pilot.certificates.hear(admitted(new_id(), code="91310000MA1FL0000X"))
    entered(pilot, "2019-05-10", APRIL, MAY)
    entered(pilot, "2019-05-11", APRIL)
    with time_machine.travel("2019-05-11T12:00:00+08:00", tick=False):
        pilot.certificates.fire("watch_entries")
    pilot.certificates.fire("on_the_minute")

    def shown(code: str) -> list[float | None]:
        names = [{"teo": code, "entered": entered} for entered in ("on_time", "late", "unknown")]
        counts = [REGISTRY.get_sample_value("onex_certificate_entries", labels) for labels in names]
        return [*counts, REGISTRY.get_sample_value("onex_entry_breaches", {"teo": code})]

    assert shown("91110108MA01ABCD2X") == [2, 1, 0, 1]
    assert shown("91310000MA1FL0000X") == [0, 0, 0, 0]
