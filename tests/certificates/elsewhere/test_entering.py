"""Certificates issued elsewhere come onto the platform as certificates, judged by their own day of issue."""

import uuid
from datetime import date, timedelta
from typing import Any

import orjson
import psycopg
import pytest
import time_machine
from sqlalchemy import text

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued
from services.certificates.audit import INVARIANTS
from services.certificates.elsewhere.entering import Entering, result_id_of
from services.certificates.elsewhere.evidence import ENTERED
from services.certificates.issuing import actions
from services.certificates.log import entries
from tests.certificates.deadlines.notices import enter
from tests.certificates.elsewhere.sending import (
    NUMBERS,
    ROOT,
    as_csv,
    as_json,
    as_xlsx,
    college,
    entered,
    outcome,
    row,
    send,
    send_file,
)
from tests.certificates.given import Pilot
from tests.harness.service import json_of

ROWS = [row(0), row(1), row(2)]


@pytest.mark.rule("OP-31", "OP-32")
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (as_csv(ROWS), "a.csv"),
        (as_xlsx(ROWS), "a.xlsx"),
        (as_json(ROWS), "a.json"),
        (b"\xef\xbb\xbf \n" + as_json(ROWS), "a"),
    ],
    ids=["csv", "xlsx", "json", "json with a byte order mark"],
)
def test_a_file_of_any_form_is_entered(pilot: Pilot, data: bytes, name: str) -> None:
    job = send_file(pilot, data, name)
    assert outcome(job) == ("done", 3, 0, 0)
    assert job["file_name"] == name
    assert [one.foreign_number for one in entered(pilot)] == [one["foreign_number"] for one in ROWS]


@pytest.mark.rule("PP-07", "PP-22", "OP-32")
def test_what_is_entered_is_a_whole_certificate(pilot: Pilot) -> None:
    pilot.certificates.hear(college(pilot.college_id))
    assert outcome(send(pilot, row(college_code="4144010001"))) == ("done", 1, 0, 0)
    (one,) = entered(pilot)
    learner = pilot.certificates.vault.learner_id("RIC", NUMBERS[0])
    result_id = result_id_of(pilot.teo_id, "WEB-2026-000000")
    assert (one.source, one.foreign_number, one.state, one.replaces) == ("elsewhere", "WEB-2026-000000", "valid", None)
    assert (one.teo_id, one.learner_id, one.result_id, one.college_id) == (
        pilot.teo_id, learner, result_id, pilot.college_id,
    )  # fmt: skip
    assert (one.issued_on, one.masked_name, one.level, one.standard_version) == (
        date(2026, 3, 2), "张*", "intermediate", "1.0",
    )  # fmt: skip
    assert one.number.startswith("260042")
    assert one.status_list is not None
    (said,) = pilot.certificates.said(CertificateIssued)
    assert isinstance(said, CertificateIssued)
    assert (said.number, said.result_id, said.learner_id) == (one.number, result_id, learner)
    assert said.issued_on == date(2026, 3, 2)


@pytest.mark.rule("OP-32", "PP-45")
def test_it_is_signed_found_and_logged_as_any_other(pilot: Pilot) -> None:
    send(pilot, row())
    (one,) = entered(pilot)
    inquiry = {"number": one.number, "name": "张三"}
    found = json_of(pilot.certificates.call("POST", "/certificates/v1/inquiries", json=inquiry, expect=200))
    assert found["found"] is True
    credential = orjson.loads(one.credential)
    assert credential["proof"]
    assert credential["validFrom"].startswith("2026-03-02T00:00:00+08:00")
    assert credential["evidence"] == ENTERED
    assert credential["credentialSubject"]["licenseNumber"] == "WEB-2026-000000"
    assert "张三" not in one.credential
    pilot.certificates.fire("sequence_log")
    with pilot.certificates.database.session() as session:
        (entry,) = session.scalars(text("SELECT entry FROM log_entry"))
    logged = orjson.loads(bytes(entry))
    assert (logged["kind"], logged["credential"]) == ("issued", entries.digest_of(one.credential.encode()))


@pytest.mark.rule("OP-32")
@pytest.mark.parametrize(
    ("entered_on", "late"), [("2026-10-10", False), ("2026-10-11", True), ("2026-09-23", False), ("2026-11-02", True)]
)
def test_the_clock_judges_it_from_its_own_day_of_issue(pilot: Pilot, entered_on: str, late: bool) -> None:
    """Over the National Day of 2026 to a Saturday that is worked."""
    with time_machine.travel(f"{entered_on}T23:59:00+08:00", tick=False):
        assert outcome(send(pilot, row(issued_on="2026-09-23"))) == ("done", 1, 0, 0)
    (one,) = entered(pilot)
    assert (one.issued_on, one.entry_due_on, one.entered_late) == (date(2026, 9, 23), date(2026, 10, 10), late)
    with pilot.certificates.database.session() as session:
        tallied = session.execute(text("SELECT month, on_time, late FROM entry_tally")).all()
    assert [tuple(counts) for counts in tallied] == [(date(2026, 9, 1), int(not late), int(late))]


@pytest.mark.rule("OP-31", "PP-22")
def test_a_file_sent_twice_changes_nothing(pilot: Pilot) -> None:
    assert outcome(send_file(pilot, as_csv(ROWS))) == ("done", 3, 0, 0)
    before = entered(pilot)
    assert outcome(send_file(pilot, as_csv(ROWS))) == ("done", 0, 3, 0)
    assert outcome(send(pilot, *ROWS, row(0))) == ("done", 0, 4, 0)
    assert entered(pilot) == before
    assert len(pilot.certificates.said(CertificateIssued)) == 3


def test_a_number_is_the_same_however_it_is_spelled(pilot: Pilot) -> None:
    send(pilot, row(foreign_number="web-2026 01"))
    assert outcome(send(pilot, row(foreign_number="WEB-202601"))) == ("done", 0, 1, 0)
    assert outcome(send(pilot, row(foreign_number="ＷＥＢ－２０２６０１"))) == ("done", 0, 1, 0)
    assert result_id_of(pilot.teo_id, "1") != result_id_of(uuid.uuid4(), "1"), "each TEO has numbers of its own"


def test_a_job_whose_process_died_goes_on_where_it_stood(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[None] = []
    certify = actions.certify

    def dying(*arguments: object) -> bool:
        calls.append(None)
        if len(calls) == 2:
            raise TimeoutError
        return certify(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Entering, "chunk_rows", 1)
    monkeypatch.setattr("onex.chassis.bulk.judging.BATCH", 1)
    monkeypatch.setattr("services.certificates.elsewhere.json_rows.BATCH", 1)
    monkeypatch.setattr(actions, "certify", dying)
    with pytest.raises(TimeoutError):
        send(pilot, *ROWS)
    assert len(entered(pilot)) == 1
    pilot.certificates.run_jobs()
    assert [one.foreign_number for one in entered(pilot)] == [one["foreign_number"] for one in ROWS]
    with pilot.certificates.database.session() as session:
        job = session.execute(text("SELECT state, accepted, unchanged, total FROM job")).one()
    assert tuple(job) == ("done", 3, 0, 3)


def test_a_worker_that_was_faster_with_the_same_number_is_found_out(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at what is there and the writing, another job enters the same row."""
    looked: list[None] = []
    judged = Entering._judged

    def raced(work: Entering, session: object, rows: list[object]) -> object:
        answer = judged(work, session, rows)  # type: ignore[arg-type]
        if not looked:
            looked.append(None)
            other = Entering(work.job, as_json([row(0)]), work.vault)
            with pilot.certificates.database.transaction() as beside:
                other.step(beside)
        return answer

    monkeypatch.setattr(Entering, "_judged", raced)
    job = send(pilot, row(0), row(1))
    assert outcome(job) == ("done", 1, 1, 0)
    assert len(entered(pilot)) == 2
    assert len(pilot.certificates.said(CertificateIssued)) == 2


def test_thousands_of_rows_go_in_some_thousand_at_a_time(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    take = Entering.take

    def counting(work: Entering, session: object, rows: list[object]) -> object:
        taken.append(len(rows))
        return take(work, session, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(Entering, "take", counting)
    monkeypatch.setattr(Entering, "chunk_rows", 500)
    many = [
        row(0, foreign_number=str(nth), issued_on=str(date(2019, 5, 1) + timedelta(days=nth))) for nth in range(1_600)
    ]
    assert outcome(send_file(pilot, as_csv(many))) == ("done", 1_600, 0, 0)
    assert sum(taken) == len(entered(pilot)) == 1_600
    assert max(taken) <= 1_000


@pytest.mark.rule("OP-31")
def test_a_key_makes_a_machines_second_try_harmless(pilot: Pilot) -> None:
    options: dict[str, Any] = {
        "role": Role.TEO, "organization_id": pilot.teo_id, "data": as_json(ROWS), "content_type": "application/json",
        "headers": {"Idempotency-Key": str(new_id())},
    }  # fmt: skip
    first = json_of(pilot.certificates.call("POST", f"{ROOT}/certificates", expect=202, **options))
    again = json_of(pilot.certificates.call("POST", f"{ROOT}/certificates", expect=202, **options))
    assert first == again
    pilot.certificates.run_jobs()
    assert len(entered(pilot)) == 3


@pytest.mark.rule("OP-32")
def test_the_books_hold_with_certificates_from_elsewhere(pilot: Pilot) -> None:
    """Genuine, logged and tallied; also after the calendar was corrected."""
    send(pilot, row(0), row(1), row(2))
    pilot.certificates.fire("sequence_log")
    enter(pilot.certificates, 2026, d0311=False)
    assert pilot.certificates.fire("settle_calendar") is True
    with psycopg.connect(pilot.certificates.database.dsn) as connection:
        faults = [(one.name, fault) for one in INVARIANTS for fault in one.faults(connection)]
    assert faults == []
    assert [one.entry_due_on for one in entered(pilot)] == [date(2026, 3, 12)] * 3
