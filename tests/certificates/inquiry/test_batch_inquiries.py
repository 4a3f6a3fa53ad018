"""Many inquiries at once: what each row finds, what is wrong with it, who may see it, and for how long."""

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued
from services.certificates.inquiry import actions, api, batch
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot
from tests.harness.service import json_of

DOOR = "/certificates/v1/batch-inquiries"
EMPLOYER = new_id()


@pytest.fixture
def two(pilot: Pilot) -> list[str]:
    """The numbers of 欧阳娜娜's and 张三's certificates."""
    first, second = pilot.result("欧阳娜娜"), pilot.result("张三", "110101199001010015")
    pilot.certificates.hear(first, second)
    of_result = {one.result_id: one.number for one in pilot.certificates.said(CertificateIssued)}  # type: ignore[attr-defined]
    return [of_result[first.result_id], of_result[second.result_id]]


def send(pilot: Pilot, expect: int = 202, **body: Any) -> Any:
    return json_of(
        pilot.certificates.call("POST", DOOR, role=Role.PARTNER, organization_id=EMPLOYER, expect=expect, **body)
    )


def as_file(content: bytes, name: str = "list.csv") -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(content), name)}, "content_type": "multipart/form-data"}


def results(pilot: Pilot, job_id: str, form: str = "json", expect: int = 200, **who: Any) -> Any:
    who = who or {"role": Role.PARTNER, "organization_id": EMPLOYER}
    answer = pilot.certificates.call("GET", f"{DOOR}/{job_id}/results.{form}", expect=expect, **who)
    return json_of(answer) if form == "json" or expect >= 400 else answer.get_data(as_text=True)


@pytest.mark.rule("OP-32", "PP-44", "PP-45")
def test_each_row_of_a_list_is_answered_as_one_inquiry_would_be(pilot: Pilot, two: list[str]) -> None:
    absent = numbers.draw(2026, "004", 2)
    rows = [
        {"number": numbers.grouped(two[0]).lower(), "name": " 欧阳　娜娜 "},
        {"number": two[1], "name": "李四"},
        {"number": absent, "name": "欧阳娜娜"},
        {"number": two[0][:-1] + ("0" if two[0][-1] != "0" else "1"), "name": "欧阳娜娜"},
        {"number": two[1]},
        "no object",
        {"number": two[1], "name": "张三"},
    ]
    job = send(pilot, json={"inquiries": rows})
    assert results(pilot, job["id"], expect=409)["code"] == "batch_not_finished"
    pilot.certificates.run_jobs()
    items = results(pilot, job["id"])["items"]
    assert [(one["row"], one["outcome"]) for one in items] == [
        (1, "found"), (2, "not_found"), (3, "not_found"), (4, "malformed"), (5, "malformed"), (6, "malformed"),
        (7, "found"),
    ]  # fmt: skip
    assert items[0] == {
        "row": 1, "outcome": "found", "number": two[0], "state": "valid", "masked_name": "欧**娜", "type_code": "004",
        "type_zh": "Web前端开发", "type_en": "Web Front-end Development", "level": "intermediate",
        "teo_zh": "某某教育科技有限公司", "teo_en": "Moumou Education Technology Co., Ltd.", "issued_on": "2026-03-02",
    }  # fmt: skip
    # A wrong name and an absent number: the same but for what was asked.
    assert {k: v for k, v in items[1].items() if k not in ("row", "number")} == {"outcome": "not_found"}
    assert set(items[1]) == set(items[2])
    assert [one["code"] for one in items[3:6]] == ["wrong_check_character", "empty_cell", "empty_cell"]
    done = json_of(
        pilot.certificates.call(
            "GET", f"/certificates/v1/jobs/{job['id']}", role=Role.PARTNER, organization_id=EMPLOYER
        )
    )
    assert (done["state"], done["total"], done["accepted"], done["refused"]) == ("done", 7, 4, 3)


@pytest.mark.rule("OP-32", "PP-45")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_is_answered_line_by_line(pilot: Pilot, two: list[str], form: str) -> None:
    lines = [("证书编号", "姓名"), (two[0], "欧阳娜娜"), (two[1], "欧阳娜娜"), (two[1], "")]
    content = io.BytesIO()
    if form == "csv":
        content.write("".join(f"{number},{name}\n" for number, name in lines).encode("gb18030"))
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in lines:
            book.active.append(line)
        book.save(content)
    job = send(pilot, **as_file(content.getvalue(), f"list.{form}"))
    pilot.certificates.run_jobs()
    told = list(csv.DictReader(io.StringIO(results(pilot, job["id"], "csv").removeprefix("\ufeff"))))
    assert [(one["row"], one["outcome"], one["masked_name"]) for one in told] == [
        ("2", "found", "欧**娜"), ("3", "not_found", ""), ("4", "malformed", ""),
    ]  # fmt: skip


@pytest.mark.rule("PP-44")
def test_results_show_the_state_of_now(pilot: Pilot, two: list[str]) -> None:
    job = send(pilot, json={"inquiries": [{"number": two[0], "name": "欧阳娜娜"}]})
    pilot.certificates.run_jobs()
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET state = 'revoked'"))
    assert results(pilot, job["id"])["items"][0]["state"] == "revoked"


def test_no_name_is_kept_anywhere(pilot: Pilot, two: list[str]) -> None:
    rows = [
        {"number": two[0], "name": "欧阳娜娜"},
        {"number": two[0], "name": "司马相如"},
        {"number": "?", "name": "诸葛亮"},
    ]
    send(pilot, json={"inquiries": rows})
    torn = f"证书编号,姓名\n{two[0]},欧阳娜娜,慕容复\n{two[1]},上官婉儿"
    send(pilot, **as_file(torn.encode()))
    pilot.certificates.run_jobs()
    with pilot.certificates.database.session() as session:
        for table in ("job", "job_refusal", "batch_inquiry_answer"):
            kept = "\n".join(session.scalars(text(f"SELECT CAST({table} AS text) FROM {table}")))
            assert kept
            for name in ("欧阳娜娜", "司马相如", "诸葛亮", "慕容复", "上官婉儿"):
                assert name not in kept, table


def test_results_are_for_who_sent_the_batch_and_nobody_else(pilot: Pilot, two: list[str]) -> None:
    job = send(pilot, json={"inquiries": [{"number": two[0], "name": "欧阳娜娜"}]})
    pilot.certificates.run_jobs()
    for who in (
        {"role": Role.PARTNER, "organization_id": new_id()},
        {"role": Role.TEO, "organization_id": pilot.teo_id},
        {"role": Role.OPERATOR},
    ):
        assert results(pilot, job["id"], expect=404, **who)["code"] == "not_found"
    assert results(pilot, str(uuid.uuid4()), expect=404)["code"] == "not_found"
    pilot.certificates.call("POST", DOOR, json={"inquiries": [1]}, expect=401)
    pilot.certificates.call("POST", DOOR, role=Role.LEARNER, learner_id=new_id(), json={"inquiries": [1]}, expect=403)


def test_answers_are_dropped_after_seven_days(pilot: Pilot, two: list[str]) -> None:
    job = send(pilot, json={"inquiries": [{"number": two[0], "name": "欧阳娜娜"}] * 3})
    pilot.certificates.run_jobs()
    database = pilot.certificates.database

    def answers_after(age: timedelta) -> int:
        with database.transaction() as session:
            actions.forget(session, clock.now() + age)
            return int(session.execute(text("SELECT count(*) FROM batch_inquiry_answer")).scalar_one())

    assert answers_after(actions.KEPT_FOR - timedelta(minutes=1)) == 3
    assert answers_after(actions.KEPT_FOR + timedelta(minutes=1)) == 0
    with database.transaction() as session:
        session.execute(text("UPDATE job SET created_at = created_at - interval '7 days'"))
    assert results(pilot, job["id"], expect=410)["code"] == "results_expired"


def test_one_number_is_not_tried_with_name_after_name(pilot: Pilot, two: list[str]) -> None:
    names = ["李一", "李二", "李一", "李三", "欧阳娜娜", "李四"]
    job = send(pilot, json={"inquiries": [{"number": two[0], "name": name} for name in names]})
    pilot.certificates.run_jobs()
    items = results(pilot, job["id"])["items"]
    assert [one["outcome"] for one in items] == ["not_found"] * 4 + ["malformed"] * 2
    assert {one["code"] for one in items[4:]} == {"too_many_names"}


def test_a_caller_sends_so_many_batches_a_day_and_then_is_told_when_to_come_back(
    pilot: Pilot, two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEX_BATCH_INQUIRIES_A_DAY", "2")
    body = {"json": {"inquiries": [{"number": two[0], "name": "欧阳娜娜"}]}}
    send(pilot, **body)
    send(pilot, **body)
    answer = pilot.certificates.call("POST", DOOR, role=Role.PARTNER, organization_id=EMPLOYER, expect=429, **body)
    assert json_of(answer)["code"] == "too_many_requests"
    assert 86_000 < int(answer.headers["Retry-After"]) <= 86_401
    pilot.certificates.call("POST", DOOR, role=Role.PARTNER, organization_id=new_id(), expect=202, **body)
    with pilot.certificates.database.transaction() as session:  # a day later, as ids tell the time
        session.execute(text("UPDATE job SET id = CAST(overlay(CAST(id AS text) placing '0000' from 1 for 4) AS uuid)"))
    send(pilot, **body)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {}}, 422, "invalid"),
        ({"json": {"inquiries": []}}, 422, "invalid"),
        ({"json": {"inquiries": [0] * (batch.MAX_ROWS + 1)}}, 422, "invalid"),
        ({"data": b"[", "content_type": "application/json"}, 400, "malformed"),
        ({"data": b"a,b", "content_type": "text/csv"}, 415, "media_type"),
        ({"data": b"{" + b" " * api.MAX_BODY_BYTES, "content_type": "application/json"}, 413, "too_large"),
    ],
)
def test_what_is_no_batch_is_refused(pilot: Pilot, sent: dict[str, Any], status: int, code: str) -> None:
    assert send(pilot, status, **sent)["code"] == code


@pytest.mark.rule("OP-32")
def test_ten_thousand_rows_are_answered_and_one_more_is_refused(pilot: Pilot, two: list[str]) -> None:
    absent = numbers.draw_many(batch.MAX_ROWS - 2, 2026, "004", 2)
    rows = [(two[0], "欧阳娜娜"), *((number, "张三") for number in absent), (two[1], "张三")]
    whole = "证书编号,姓名\n" + "".join(f"{number},{name}\n" for number, name in rows)
    full, over = send(pilot, **as_file(whole.encode())), send(pilot, **as_file((whole + f"{two[0]},张三\n").encode()))
    pilot.certificates.run_jobs()
    items = results(pilot, full["id"])["items"]
    assert len(items) == batch.MAX_ROWS
    assert [one["row"] for one in items if one["outcome"] == "found"] == [2, batch.MAX_ROWS + 1]
    assert results(pilot, over["id"], expect=409)["code"] == "batch_failed"


def test_a_batch_goes_on_where_it_stood(pilot: Pilot, two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK_ROWS", 2)
    service = pilot.certificates
    job = send(pilot, json={"inquiries": [{"number": two[0], "name": "欧阳娜娜"}] * 5})
    with service.database.session() as session:
        row = session.execute(text("SELECT * FROM job")).mappings().one()
    from onex.chassis import jobs

    for _ in range(2):  # two processes, each of which dies after its first step
        with service.database.transaction() as session:
            stands = session.execute(text("SELECT position FROM job")).scalar_one()
            given = jobs.Job(row["id"], batch.KIND, None, "x", {"form": "json"}, None, stands)
            progress = batch.work(given, service.vault.open(row["source"], "job source"), service.vault).step(session)
            assert progress is not None
            jobs.record(session, row["id"], progress)
    service.run_jobs()
    assert [one["row"] for one in results(pilot, job["id"])["items"]] == [1, 2, 3, 4, 5]
