"""A file is taken in row by row: the good rows stay, the others come back with a reason, and none is taken twice."""

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from marshmallow import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from onex.chassis import rows
from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Column, Sheet
from onex.chassis.bulk.judging import BATCH
from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import Job
from onex.chassis.pii import Vault
from onex.chassis.problems import OutOfScope, Refusal
from onex.chassis.rows import Import, Imports
from services.registry.imports import IMPORTS
from tests.harness.service import Service, json_of

API = "/registry/v1"
SHEET = Sheet((Column("code", ("代码",)), Column("owner", ("所有者",), required=False)))
TEO_ID, OTHER_ID = uuid.UUID(int=1), uuid.UUID(int=2)


class NumberTaken(Refusal):
    code, title = "number_taken", "The number is taken"


def take(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
    """A row is a number that is written down once; what it begins with says what becomes of it."""
    if values.owner:
        by.must_be(uuid.UUID(values.owner))
    row = {"consumer": f"{by.client_id} {values.code}", "id": uuid.UUID(int=0)}
    known = session.execute(text("SELECT 1 FROM inbox WHERE consumer = :consumer"), row).first()
    if known and values.code.startswith("same"):
        return False
    session.execute(text("INSERT INTO inbox (consumer, event_id) VALUES (:consumer, :id) ON CONFLICT DO NOTHING"), row)
    if values.code.startswith("taken"):
        raise NumberTaken("There is one already.", column="code")
    if values.code.startswith("wrong"):
        raise ValidationError({"code": ["Not so."], "elsewhere": {"0": ["Nor so."]}})
    if values.code.startswith("huge"):
        session.execute(text("SELECT CAST(:many AS integer)"), {"many": "9" * 30})
    return True


@pytest.fixture
def registry(service: Callable[[str], Service], monkeypatch: pytest.MonkeyPatch) -> Service:
    """The registry, with an import of its own for these tests."""
    monkeypatch.setitem(
        IMPORTS._by_name, "numbers", Import("numbers", SHEET, take, frozenset({Role.TEO, Role.OPERATOR}))
    )
    return service("registry")


def file_of(*codes: str, owner: str = "") -> bytes:
    piece = io.StringIO()
    csv.writer(piece).writerows([("代码", "所有者"), *((code, owner) for code in codes)])
    return piece.getvalue().encode()


def send(
    registry: Service, source: bytes, name: str = "a.csv", role: Role = Role.TEO, to: str = "numbers", expect: int = 202
) -> Any:
    options = {"organization_id": TEO_ID} if role is Role.TEO else {}
    upload = {"file": (io.BytesIO(source), name)}
    return json_of(registry.call("POST", f"{API}/imports/{to}", role=role, expect=expect, data=upload, **options))


def finished(registry: Service, sent: Any) -> Any:
    registry.run_jobs()
    return json_of(registry.call("GET", f"{API}/jobs/{sent['id']}", role=Role.OPERATOR, expect=200))


def refusals(registry: Service, sent: Any) -> list[dict[str, str]]:
    answer = registry.call("GET", f"{API}/jobs/{sent['id']}/refusals.csv", role=Role.OPERATOR, expect=200)
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def taken(registry: Service) -> set[str]:
    with registry.database.session() as session:
        found = session.scalars(text("SELECT consumer FROM inbox WHERE consumer LIKE 'test-%'"))
        return {one.rpartition(" ")[2] for one in found}


def counts(job: Any) -> tuple[int, int, int]:
    return job["accepted"], job["unchanged"], job["refused"]


def test_good_rows_are_taken_and_the_others_come_back_with_their_reason(registry: Service) -> None:
    sent = send(registry, file_of("A", "taken-1", "B", "wrong-1", "huge-1", "C"))
    assert (sent["kind"], sent["state"]) == ("import", "queued")
    job = finished(registry, sent)
    assert (job["state"], *counts(job)) == ("done", 3, 0, 3)
    assert taken(registry) == {"A", "B", "C"}
    told = [(one["row"], one["column"], one["code"], one["reason"]) for one in refusals(registry, sent)]
    assert told == [
        ("3", "代码", "number_taken", "There is one already."),
        ("5", "代码", "invalid", "code: Not so."),
        ("5", "", "invalid", "elsewhere: 0: Nor so."),
        ("6", "", "invalid", "A value lies outside of what can be kept."),
    ]


def test_a_file_sent_again_changes_nothing(registry: Service) -> None:
    source = file_of("same-1", "same-2")
    assert counts(finished(registry, send(registry, source))) == (2, 0, 0)
    assert counts(finished(registry, send(registry, source))) == (0, 2, 0)
    assert taken(registry) == {"same-1", "same-2"}


def test_a_spreadsheet_is_taken_as_well(registry: Service) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in (("代码", "所有者"), ("A", None), ("taken-1", None)):
        book.active.append(line)
    source = io.BytesIO()
    book.save(source)
    assert counts(finished(registry, send(registry, source.getvalue(), "a.xlsx"))) == (1, 0, 1)


def test_a_job_sees_and_may_no_more_than_who_sent_the_file(registry: Service) -> None:
    mine, others = send(registry, file_of("A", owner=str(TEO_ID))), send(registry, file_of("B", owner=str(OTHER_ID)))
    assert counts(finished(registry, mine)) == (1, 0, 0)
    job = finished(registry, others)
    assert counts(job) == (0, 0, 1)
    assert [one["code"] for one in refusals(registry, others)] == [OutOfScope.code]
    assert counts(finished(registry, send(registry, file_of("C", owner=str(OTHER_ID)), role=Role.OPERATOR))) == (
        1,
        0,
        0,
    )


@pytest.mark.parametrize(
    "who",
    [
        Caller("c", Role.OPERATOR),
        Caller("c", Role.TEO, organization_id=TEO_ID),
        Caller("c", Role.PROVINCE, province_code="32"),
        Caller("c", Role.LEARNER, learner_id=OTHER_ID),
    ],
)
def test_the_caller_is_the_same_in_the_job(who: Caller) -> None:
    assert rows.caller_of(rows.parameters_of("numbers", who)) == who


class ProcessDied(BaseException):
    """Stands for a kill: nothing catches it, and whatever was not committed is gone."""


def test_a_job_that_dies_goes_on_where_it_stood_and_repeats_nothing(
    registry: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    dies_at, rows_sent = 2 * BATCH + 5, 2 * BATCH + 20

    def dying(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
        calls.append(values.code)
        if values.code == f"N{dies_at}" and calls.count(values.code) == 1:
            raise ProcessDied
        return take(session, vault, values, by)

    monkeypatch.setitem(IMPORTS._by_name, "numbers", Import("numbers", SHEET, dying))
    sent = send(registry, file_of(*(f"N{number}" for number in range(rows_sent)), "taken-1"))
    with pytest.raises(ProcessDied):
        registry.run_jobs()
    assert taken(registry) == {f"N{number}" for number in range(2 * BATCH)}
    job = finished(registry, sent)
    assert (job["state"], *counts(job)) == ("done", rows_sent, 0, 1)
    assert [calls.count(f"N{number}") for number in (0, 2 * BATCH - 1, 2 * BATCH, dies_at, dies_at + 1)] == [
        1,
        1,
        2,
        2,
        1,
    ]


def test_a_mistake_of_the_program_ends_the_job_and_tells_nothing(
    registry: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
        raise IntegrityError("secret", None, Exception())

    monkeypatch.setitem(IMPORTS._by_name, "numbers", Import("numbers", SHEET, broken))
    job = finished(registry, send(registry, file_of("A")))
    assert (job["state"], job["failure_code"]) == ("failed", "internal")
    assert "secret" not in str(job)


def test_an_import_that_is_no_more_ends_its_jobs(registry: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = send(registry, file_of("A"))
    monkeypatch.delitem(IMPORTS._by_name, "numbers")
    job = finished(registry, sent)
    assert (job["state"], job["failure_code"]) == ("failed", "not_found")


def test_only_known_imports_are_open_and_only_to_their_roles(registry: Service) -> None:
    assert send(registry, file_of("A"), to="nothing", expect=404)["code"] == "not_found"
    assert send(registry, file_of("A"), role=Role.PROVINCE, expect=403)["code"] == "role_not_allowed"
    assert send(registry, file_of("A"), role=Role.LEARNER, expect=403)["code"] == "role_not_allowed"
    names = lambda role: {  # noqa: E731
        one["name"] for one in json_of(registry.call("GET", f"{API}/imports", role=role, expect=200))["items"]
    }
    assert "numbers" in names(Role.TEO)
    assert "numbers" not in names(Role.PROVINCE)
    registry.call("GET", f"{API}/imports/numbers/template.csv", role=Role.PROVINCE, expect=403)
    answer = registry.call("GET", f"{API}/imports/numbers/template.csv", role=Role.TEO, expect=200)
    assert answer.get_data(as_text=True) == "\ufeff代码,所有者\r\n"


def test_a_job_is_seen_by_who_sent_it_their_organization_and_those_who_see_everything(registry: Service) -> None:
    sent = {Role.TEO: send(registry, file_of("A")), Role.OPERATOR: send(registry, file_of("A"), role=Role.OPERATOR)}
    scopes: dict[Role, dict[str, Any]] = {
        Role.TEO: {"organization_id": TEO_ID},
        Role.COLLEGE: {"organization_id": OTHER_ID},
        Role.PROVINCE: {"province_code": "11"},
        Role.PARTNER: {},
        Role.OPERATOR: {},
        Role.MINISTRY: {},
    }
    for role, scope in scopes.items():
        for sender, job in sent.items():
            sees = role in (Role.OPERATOR, Role.MINISTRY) or role is sender
            for path in ("", "/refusals.csv"):
                registry.call("GET", f"{API}/jobs/{job['id']}{path}", role=role, expect=200 if sees else 404, **scope)


def test_every_import_has_a_name_of_its_own() -> None:
    one = Import("numbers", SHEET, take)
    with pytest.raises(ValueError, match="numbers"):
        Imports([one, Import("numbers", SHEET, take)])
    assert Imports([one]).of(Role.LEARNER) == []


def test_the_work_knows_the_columns_of_its_sheet(registry: Service) -> None:
    job = Job(uuid.uuid4(), rows.KIND, None, "c", rows.parameters_of("numbers", Caller("c", Role.OPERATOR)), "a.csv", 1)
    work = IMPORTS.factory(job, file_of("taken-1"), registry.vault)
    with registry.database.transaction() as session:
        progress = work.step(session)
    assert progress is not None
    assert [(one.column, one.heading) for one in progress.refused] == [("code", "代码")]
