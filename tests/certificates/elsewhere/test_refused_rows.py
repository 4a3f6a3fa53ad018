"""Which rows are refused, and that the good ones beside them go in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.pilot import OrganizationExited
from services.certificates.elsewhere import rules
from services.certificates.elsewhere.errors import RowRefused
from tests.certificates.elsewhere.sending import (
    ROOT,
    Row,
    as_csv,
    as_json,
    entered,
    outcome,
    row,
    send,
    send_file,
)
from tests.certificates.given import Pilot, admitted, published
from tests.harness.service import json_of

EXITED_AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def exited(pilot: Pilot) -> OrganizationExited:
    return OrganizationExited(
        organization_id=pilot.teo_id, organization_version=2, exit_case_id=new_id(), kind="teo", ground="a",
        decided_by="教育部", exited_at=EXITED_AT,
    )  # fmt: skip


@pytest.mark.rule("OP-32")
@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"document_number": "110105194912310021"}, "document_number", "wrong_check_digit"),
        ({"document_number": ""}, "document_number", "empty_cell"),
        ({"document_type": "passport"}, "document_type", "not_a_choice"),
        ({"name": ""}, "name", "empty_name"),
        ({"name": "张3"}, "name", "illegal_character"),
        ({"certificate_type": "999"}, "certificate_type", "unknown_certificate_type"),
        ({"level": "expert"}, "level", "not_a_choice"),
        ({"standard_version": ""}, "standard_version", "empty_cell"),
        ({"issued_on": "2026-02-30"}, "issued_on", "not_a_day"),
        ({"issued_on": "yesterday"}, "issued_on", "not_a_day"),
        ({"issued_on": "46083"}, "issued_on", "not_a_day"),
        ({"issued_on": ""}, "issued_on", "empty_cell"),
        ({"issued_on": "2019-04-03"}, "issued_on", "issued_before_the_pilot"),
        ({"issued_on": "2098-03-02"}, "issued_on", "issued_in_the_future"),
        ({"foreign_number": ""}, "foreign_number", "empty_cell"),
        ({"foreign_number": "9" * 65}, "foreign_number", "too_long"),
        ({"college_code": "0000"}, "college_code", "unknown_college"),
    ],
)
def test_a_wrong_row_comes_back_and_the_others_go_in(pilot: Pilot, changes: Row, column: str, code: str) -> None:
    rows = [row(1), row(0, **changes), row(2)]
    job = send_file(pilot, as_csv(rows))
    assert outcome(job) == ("done", 2, 0, 1)
    # The person's title of the column stands in the report; the heading of the file is row 1.
    assert [(line[0], line[2]) for line in job["why"]] == [("3", code)]
    assert job["why"][0][1] == column
    again = send(pilot, *rows)
    assert outcome(again) == ("done", 0, 2, 1)
    assert [(line[0], line[2]) for line in again["why"]] == [("2", code)]


@pytest.mark.rule("OP-32")
def test_the_day_of_issue_may_be_today_and_the_day_of_the_pilot_plan(pilot: Pilot) -> None:
    today = clock.today()
    tomorrow = today + timedelta(days=1)
    rows = [row(0, issued_on=str(today)), row(1, issued_on="2019-04-04"), row(2, issued_on=str(tomorrow))]
    job = send(pilot, *rows)
    assert outcome(job) == ("done", 2, 0, 1)
    assert job["why"] == [["3", "issued_on", "issued_in_the_future"]]


@pytest.mark.parametrize(
    "written", ["2026-03-02", "2026/3/2", "2026.3.2", "20260302", "2026年3月2日", "２０２６-03-02", "2026-3-2"]
)
def test_a_day_may_be_written_as_people_write_it(pilot: Pilot, written: str) -> None:
    assert outcome(send(pilot, row(issued_on=written))) == ("done", 1, 0, 0)
    assert [one.issued_on for one in entered(pilot)] == [date(2026, 3, 2)]


@pytest.mark.rule("PP-18")
def test_only_the_types_teo_enters_its_certificates(pilot: Pilot) -> None:
    other = new_id()
    pilot.certificates.hear(admitted(other, code="91310000MA1FL0000X"))
    pilot.certificates.hear(published(new_id(), other, code="005"))
    job = send(pilot, row(0), row(1, certificate_type="005"))
    assert outcome(job) == ("done", 1, 0, 1)
    assert job["why"] == [["2", "certificate_type", "not_the_types_teo"]]
    theirs = send_file(pilot, as_csv([row(0)]), role=Role.TEO, organization_id=other)
    assert theirs["why"] == [["2", "certificate_type", "not_the_types_teo"]]
    assert [one.teo_id for one in entered(pilot)] == [pilot.teo_id]


@pytest.mark.rule("PP-10")
def test_a_level_that_was_never_published_has_no_certificates(pilot: Pilot) -> None:
    kind = published(new_id(), pilot.teo_id, code="006")
    primary_alone = tuple(level for level in kind.levels if level.level == "primary")
    pilot.certificates.hear(published(kind.certificate_type_id, pilot.teo_id, code="006", levels=primary_alone))
    rows = [row(0, certificate_type="006", level="primary"), row(1, certificate_type="6", level="advanced")]
    job = send(pilot, *rows)
    assert outcome(job) == ("done", 1, 0, 1)
    assert job["why"] == [["2", "level", "level_not_published"]]


@pytest.mark.rule("PP-22")
def test_a_number_is_one_certificate(pilot: Pilot) -> None:
    send(pilot, row(0))
    for changes in ({"name": "张四"}, {"issued_on": "2026-03-03"}, {"level": "advanced"}, {"standard_version": "2.0"}):
        job = send(pilot, row(0, **changes))
        assert job["why"] == [["1", "foreign_number", "number_taken"]], changes
    in_one_file = send(pilot, row(5), row(5, issued_on="2026-03-03"))
    assert in_one_file["why"] == [["2", "foreign_number", "number_taken"]]
    assert len(entered(pilot)) == 2


@pytest.mark.rule("PP-22")
def test_a_person_has_one_certificate_of_a_type_level_and_day(pilot: Pilot) -> None:
    send(pilot, row(0))
    again = send(pilot, row(0, foreign_number="another"))
    assert again["why"] == [["1", "", "entered_already"]]
    in_one_file = send(pilot, row(1), row(1, foreign_number="another"))
    assert in_one_file["why"] == [["2", "", "entered_already"]]
    others = [row(0, foreign_number="a", level="advanced"), row(0, foreign_number="b", issued_on="2026-03-03")]
    assert outcome(send(pilot, *others)) == ("done", 2, 0, 0)


@pytest.mark.rule("PP-22")
def test_what_the_platform_issued_is_not_entered_again(pilot: Pilot) -> None:
    pilot.certificates.hear(pilot.result(published_at=datetime(2026, 3, 2, 4, 0, tzinfo=UTC)))
    job = send(pilot, row(0))
    assert job["why"] == [["1", "", "entered_already"]]
    assert [one.source for one in entered(pilot)] == ["platform"]


@pytest.mark.rule("OP-41")
def test_what_a_teo_issued_before_it_left_stays_valid_and_an_operator_enters_it(pilot: Pilot) -> None:
    pilot.certificates.hear(exited(pilot))
    rows = [row(0, issued_on="2026-03-09"), row(1, issued_on="2026-03-10"), row(2, issued_on="2026-03-11")]
    path = f"{ROOT}/certificates"
    sent: dict[str, Any] = {"data": as_json(rows), "content_type": "application/json"}
    answer = pilot.certificates.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=409, **sent)
    assert json_of(answer)["code"] == "sender_left"
    job = send_file(pilot, as_csv(rows), role=Role.OPERATOR)
    assert outcome(job) == ("done", 1, 0, 2)
    assert [line[2] for line in job["why"]] == ["issued_after_exit", "issued_after_exit"]
    assert [one.issued_on for one in entered(pilot)] == [date(2026, 3, 9)]


@pytest.mark.rule("OP-41")
def test_a_file_that_was_sent_before_the_exit_is_judged_by_it(pilot: Pilot) -> None:
    path, body = f"{ROOT}/certificates", as_json([row(0, issued_on="2026-03-09"), row(1, issued_on="2026-03-10")])
    sent: dict[str, Any] = {"data": body, "content_type": "application/json"}
    pilot.certificates.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=202, **sent)
    pilot.certificates.hear(exited(pilot))
    pilot.certificates.run_jobs()
    assert [one.issued_on for one in entered(pilot)] == [date(2026, 3, 9)]


@pytest.mark.rule("OP-32", "OP-41")
def test_days_are_days_in_beijing() -> None:
    with time_machine.travel("2026-03-02T15:59:59+00:00", tick=False):
        assert clock.today() == date(2026, 3, 2)
        rules.check_issued_on(date(2026, 3, 2), clock.today(), None)
        with pytest.raises(RowRefused):
            rules.check_issued_on(date(2026, 3, 3), clock.today(), None)
    assert clock.beijing_day(datetime(2026, 3, 9, 16, 0, tzinfo=UTC)) == date(2026, 3, 10)


def test_a_report_shows_no_whole_identity_number(pilot: Pilot) -> None:
    job = send_file(pilot, as_csv([row(0, document_number="110105194912310021")]))
    path = f"/certificates/v1/jobs/{job['id']}/refusals.csv"
    report = pilot.certificates.call("GET", path, role=Role.OPERATOR, expect=200).get_data(as_text=True)
    assert "110105194912310021" not in report
    assert "1101" in report
