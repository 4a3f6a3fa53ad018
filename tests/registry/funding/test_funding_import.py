"""A document's allocations for many colleges are sent as one file, in yuan, kept in fen."""

from typing import Any

import pytest

from onex.chassis.access import Caller, Role
from services.registry.funding.imports import SHEET, take
from tests.registry import importing
from tests.registry.funding.conftest import Parties

pytestmark = pytest.mark.rule("OP-34")
PROVINCE = Caller("province 11", Role.PROVINCE, None, "11")


def taken(parties: Parties, text: str, by: Caller = PROVINCE) -> list[Any]:
    """What became of each row: True, False, or the column and code of its refusal."""
    heading = "院校代码,资金来源,方式,文号,金额（元）,拨付日期\n"
    return importing.taken(parties.world.registry, SHEET, take, (heading + text).encode(), by)


def test_rows_are_taken_to_the_fen_and_others_come_back_with_a_reason(parties: Parties) -> None:
    mine = parties.world.get(f"/organizations/{parties.college_id}")["code"]
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")["code"]
    rows = (
        f"{mine},中央奖补,,京1号,１２３４５６.07,2026-03-01\n"
        f"{mine},省级,购买服务,京2号,0.01,2026年3月2日\n"
        f"{elsewhere},省级,,京2号,1,2026-03-02\n"
        f"{mine},省级,,京3号,0.001,2026-03-02\n"
        f"{mine},省级,,京3号,0,2026-03-02\n"
        f"{mine},彩票,,京3号,1,2026-03-02\n"
        f"{mine},省级,,京3号,1,2026-02-30\n"
        f"{mine},省级,,京3号,1,2026-01-31\n"
    )
    assert taken(parties, rows) == [
        True,
        True,
        ("college_code", "organization_unknown"),
        ("amount_yuan", "too_many_decimals"),
        ("amount_yuan", "out_of_range"),
        ("source", "not_a_choice"),
        ("allocated_on", "not_a_day"),
        (None, "funding_outside_pilot"),
    ]
    kept = parties.world.get("/allocations?sort=allocated_on", **parties.province)["items"]
    assert [(one["amount_fen"], one["source"], one["kind"]) for one in kept] == [
        (12_345_607, "central_award", "grant"),
        (1, "provincial", "purchase_of_services"),
    ]


def test_a_file_sent_twice_changes_nothing_and_another_amount_is_refused(parties: Parties) -> None:
    mine = parties.world.get(f"/organizations/{parties.college_id}")["code"]
    row = f"{mine},省级,,京1号,100,2026/3/1\n"
    assert taken(parties, row) == [True]
    assert taken(parties, row) == [False]
    assert taken(parties, row.replace(",100,", ",101,")) == [("reference", "allocation_exists")]
    assert [one["amount_fen"] for one in parties.world.get("/allocations")["items"]] == [10_000]
