"""Declarations of sites as a file."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.chassis.bulk import CellRefused
from services.registry.sites.imports import answers
from tests.registry import importing
from tests.registry.sites.conftest import Parties
from tests.registry.world import World

HEADING = "考点代码,院校代码,证书编码,地址,行政区划代码,容量,条件"
ROW = "BJ-001,,001,北京市海淀区某路1号,110108,60,机房：2；监控：是；网络：1 Gbit/s"


def sent(world: World, *lines: str, **who: Any) -> tuple[int, int, list[str]]:
    return importing.sent(world, "sites", HEADING, *lines, **who)


@pytest.mark.rule("OP-23")
def test_a_college_declares_its_sites_by_a_file_and_corrects_them_by_another(world: World, parties: Parties) -> None:
    assert sent(world, ROW, **parties.college) == (1, 0, [])
    assert sent(world, ROW, **parties.college) == (0, 1, [])
    (site,) = world.get("/sites", **parties.college)["items"]
    assert (site["state"], site["conditions"]) == ("declared", {"机房": 2, "监控": True, "网络": "1 Gbit/s"})
    assert sent(world, ROW.replace(",60,", ",80,"), **parties.college) == (1, 0, [])
    assert world.get(f"/sites/{site['id']}")["capacity"] == 80
    world.settle_as_teo(site["id"], parties.teo_id)
    world.settle_as_province(site["id"])
    accepted, unchanged, codes = sent(world, ROW, **parties.college)
    assert (accepted, unchanged, codes) == (0, 0, ["site_is_settled"])


@pytest.mark.rule("OP-01", "OP-23")
def test_rows_outside_the_senders_scope_come_back(world: World, parties: Parties) -> None:
    nanjing = world.admitted_college(300, province_code="32", division_code="320102")["code"]
    beijing = world.get(f"/organizations/{parties.college_id}")["code"]
    away = ROW.replace("110108", "320102").replace("BJ-001,", f"NJ-001,{nanjing}")
    own = ROW.replace("BJ-001,", f"BJ-001,{beijing}")
    assert sent(world, away, **parties.college) == (0, 0, ["organization_not_allowed"])
    assert sent(world, own, away, **parties.province) == (1, 0, ["organization_not_allowed"])
    assert sent(world, own, away, role=Role.OPERATOR) == (1, 1, [])
    unknown = ROW.replace(",001,", ",009,")
    assert sent(world, unknown, ROW, role=Role.OPERATOR) == (0, 0, ["organization_unknown"] * 2)
    assert sent(world, unknown, **parties.college) == (0, 0, ["certificate_type_unknown"])
    other: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(world.admitted_college(301)["id"])}
    assert sent(world, ROW, **other) == (0, 0, ["site_exists"])


def test_answers_are_numbers_yes_or_no_or_texts() -> None:
    assert answers("a: 2; b：无\nc: x:y;") == {"a": 2, "b": False, "c": "x:y"}
    for wrong in ("rooms", "a: 1; a: 2", ": 1"):
        with pytest.raises(CellRefused):
            answers(wrong)
