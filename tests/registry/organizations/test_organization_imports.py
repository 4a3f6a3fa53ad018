"""Institutions and quotas sent as files: good rows in, bad rows back with a reason, the same file again changes nothing."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Sheet
from onex.chassis.rows import Take
from onex.contracts.pilot import QuotaFiled
from services.registry.organizations.imports import (
    ORGANIZATION_SHEET,
    ORGANIZATIONS,
    QUOTA_SHEET,
    QUOTAS,
    take_organization,
    take_quota,
)
from tests.registry import importing
from tests.registry.world import World, credit_code

OPERATOR = Caller("operator", Role.OPERATOR)
BEIJING = Caller("province-11", Role.PROVINCE, None, "11")
HEADING = "机构类别,统一社会信用代码,名称,英文名称,行政区划代码,省份代码,院校类别,院校标识码,双高校,主要负责人,联系人,联系电话"
QUOTA_HEADING = "院校代码,证书代码,级别,年度,人数"


def taken(world: World, sheet: Sheet, take: Take, body: bytes, name: str, by: Caller) -> list[Any]:
    """What became of each row: True, False, or the code of its refusal."""
    outcome = importing.taken(world.registry, sheet, take, body, by, name)
    return [one if isinstance(one, bool) else one[1] for one in outcome]


def institutions(world: World, *rows: str, by: Caller = OPERATOR) -> list[Any]:
    body = "\n".join((HEADING, *rows, "")).encode()
    return taken(world, ORGANIZATION_SHEET, take_organization, body, "institutions.csv", by)


def college_row(number: int, division: str = "110108", province: str = "11", kind: str = "高职", name: str = "") -> str:
    name = name or f"学院{number}"
    place = f"{division},{province},{kind},411100{number:04d},是"
    return f"院校,{credit_code(number)},{name},College {number},{place},王建国,李敏,13800138000"


@pytest.mark.rule("PP-33", "PP-34", "PP-35")
def test_institutions_come_from_a_file_and_bad_rows_come_back(world: World) -> None:
    outcome = institutions(
        world,
        college_row(1),
        college_row(2, kind="技工学校"),
        college_row(3, division="320102"),
        college_row(4, kind="中职"),
        f"企业,{credit_code(5)},某公司,Company,110108,11,,,,,,",
        f"培训评价组织,{credit_code(6)[:-1]}0,某组织,Body,110108,,,,,,,",
        "学堂,X,某,Some,110108,11,,,,,,",
    )
    assert outcome[:2] == [True, "technical_school_excluded"]
    assert outcome[2:4] == ["division_not_in_province", "leading_college_of_another_kind"]
    assert outcome[4] is True
    assert outcome[6] == "not_a_choice"
    found = world.get("/organizations?double_high=true")["items"]
    assert [(one["code"], one["school_code"], one["status"]) for one in found] == [
        (credit_code(1), "4111000001", "registered")
    ]
    assert world.get(f"/organizations/{found[0]['id']}")["work_group"]["leader_name"] == "王*国"
    assert world.admit(found[0]["id"])["status"] == "admitted"


def test_the_same_file_again_changes_nothing_and_another_name_is_refused(world: World) -> None:
    assert institutions(world, college_row(1)) == [True]
    assert institutions(world, college_row(1)) == [False]
    assert institutions(world, college_row(1, name="另一名称")) == ["organization_differs"]


@pytest.mark.rule("OP-01", "PP-33")
def test_a_province_sends_the_institutions_of_its_territory(world: World) -> None:
    rows = (college_row(1), college_row(2, division="320102", province="32"))
    teo = f"培训评价组织,{credit_code(6)},某组织,Body,110108,,,,,,,"
    assert institutions(world, *rows, teo, by=BEIJING) == [True, "organization_not_allowed", "not_a_college"]


@pytest.mark.rule("OP-07")
def test_a_province_files_quotas_in_a_workbook(world: World) -> None:
    teo, college = world.admitted_teo(), world.admitted_college()
    elsewhere = world.admitted_college(102, province_code="32", division_code="320102")
    world.published_type(teo["id"])
    year = clock.today().year
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        QUOTA_HEADING.split(","),
        [college["code"], "001", "初级", year, 40],
        [college["code"], "001", "初级", year, 40],
        [college["code"], "001", "初级", year, 41],
        [college["code"], "001", "初级", year - 1, 41],
        [college["code"], "999", "初级", year, 41],
        [elsewhere["code"], "001", "初级", year, 41],
        [teo["code"], "001", "初级", year, 41],
        [college["code"], "001", "初级", year, -1],
    ):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    assert taken(world, QUOTA_SHEET, take_quota, file.getvalue(), "quotas.xlsx", BEIJING) == [
        True,
        False,
        True,
        "quota_year_wrong",
        "certificate_type_unknown",
        "organization_not_allowed",
        "organization_unknown",
        "out_of_range",
    ]
    assert [one.seats for one in world.registry.said(QuotaFiled)] == [40, 41]  # type: ignore[attr-defined]


def test_teos_and_colleges_send_neither() -> None:
    for one in (ORGANIZATIONS, QUOTAS):
        assert one.roles == {Role.OPERATOR, Role.PROVINCE}
