"""A province sends its colleges' weekly reports as one file; each row is taken or comes back with a reason."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import Refusal
from services.registry.reports.imports import IMPORT, SHEET, take
from tests.registry import importing
from tests.registry.reports.conftest import Parties, beijing

pytestmark = pytest.mark.rule("OP-06")
HEADING = "院校代码,周次,工作进展,典型案例\n"


def taken(parties: Parties, text: str, by: Caller) -> list[Any]:
    """What became of each row: True, False, or the column and code of its refusal."""
    return importing.taken(parties.world.registry, SHEET, take, (HEADING + text).encode(), by)


PROVINCE = Caller("province 11", Role.PROVINCE, None, "11")


def test_a_provinces_file_holds_its_colleges_reports(parties: Parties) -> None:
    other = parties.world.admitted_college(200)
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")
    mine = parties.world.get(f"/organizations/{parties.college_id}")
    parties.now.move_to(beijing("2026-03-08"))
    rows = (
        f"{mine['code']},2026-w10,开班三个。,\n"
        f"{other['code']},２０２６-Ｗ10,开班两个。,学生作品被企业采用。\n"
        f"{elsewhere['code']},2026-W10,开班一个。,\n"
        f"{mine['code']},2026-W11,下周。,\n"
        f"{mine['code']},2026-W99,x,\n"
        f"{mine['code']},2026-W10,,\n"
    )
    assert taken(parties, rows, PROVINCE) == [
        True,
        True,
        ("college_code", "organization_unknown"),
        (None, "report_period_not_begun"),
        (None, "report_period_unreadable"),
        ("progress", "empty_cell"),
    ]
    sent = parties.world.get("/reports", **parties.province)["items"]
    assert [(one["organization_id"], one["period"], one["sent_by"]) for one in sent] == [
        (other["id"], "2026-W10", "province 11"),
        (parties.college_id, "2026-W10", "province 11"),
    ]


def test_a_file_sent_twice_changes_nothing_and_a_changed_row_is_the_next_version(parties: Parties) -> None:
    code = parties.world.get(f"/organizations/{parties.college_id}")["code"]
    parties.now.move_to(beijing("2026-03-08"))
    row = f"{code},2026-W10,开班三个。,\n"
    assert taken(parties, row, PROVINCE) == [True]
    assert taken(parties, row, PROVINCE) == [False]
    assert taken(parties, f"{code},2026-W10,开班四个。,\n", PROVINCE) == [True]
    (sent,) = parties.world.get("/reports")["items"]
    assert sent["version"] == 2


def test_a_college_sends_only_its_own(parties: Parties) -> None:
    other = parties.world.admitted_college(200)
    parties.now.move_to(beijing("2026-03-08"))
    by = Caller("college", Role.COLLEGE, uuid.UUID(parties.college_id), "11")
    assert taken(parties, f"{other['code']},2026-W10,x,\n", by) == [("college_code", "organization_unknown")]
    assert Role.TEO not in IMPORT.roles


def test_the_refused_cell_is_named(parties: Parties) -> None:
    values = SimpleNamespace(college_code="x", week="2026-W10", **dict.fromkeys(("progress", "experience"), "x"))
    for name in ("typical_cases", "problems", "suggestions"):
        setattr(values, name, "")
    with parties.world.registry.database.transaction() as session, pytest.raises(Refusal) as refused:
        take(session, parties.world.registry.vault, values, PROVINCE)
    assert refused.value.facts["column"] == "college_code"
