"""Certificate types come in by file: new ones in, the same again unchanged, wrong rows back with their reason."""

import io
from typing import Any

import pytest

from onex.chassis.access import Role
from services.registry.standards.imports import CANCELLED, IMPORT
from tests.registry.world import API, World, credit_code

HEADING = "证书编码,证书名称,英文名称,领域,统一社会信用代码,遴选文号\n"


def sent(world: World, csv: str, role: Role = Role.OPERATOR, expect: int = 202, name: str = IMPORT.name) -> Any:
    answer = world.registry.call(
        "POST",
        f"{API}/imports/{name}",
        role=role,
        expect=expect,
        data={"file": (io.BytesIO(csv.encode()), "t.csv")},
    )
    assert answer.json is not None
    return answer.json


@pytest.mark.rule("PP-05", "PP-16")
def test_certificate_types_are_admitted_by_file(world: World) -> None:
    world.admitted_teo()
    teo, ref = credit_code(1), "教职所〔2019〕141号"
    csv = HEADING + "".join(
        f"{row}\n"
        for row in (
            f"1,建筑信息模型,Building information modelling,建筑,{teo},{ref}",
            f"002,物业管理师,Property manager,物业,{teo},{ref}",
            f"003,物流管理,Logistics,物流,{credit_code(9)},{ref}",
            f"000,老年照护,Elderly care,健康,{teo},{ref}",
        )
    )
    job = sent(world, csv)
    world.registry.run_jobs()
    done = world.get(f"/jobs/{job['id']}")
    assert (done["state"], done["accepted"], done["unchanged"], done["refused"]) == ("done", 1, 0, 3)
    report = world.registry.call("GET", f"{API}/jobs/{job['id']}/refusals.csv", role=Role.OPERATOR).get_data(
        as_text=True
    )
    assert [code in report for code in ("cancelled_qualification", "organization_unknown", "not_a_type_code")] == [
        True
    ] * 3
    assert [one["code"] for one in world.get("/certificate-types")["items"]] == ["001"]
    again = sent(world, csv)
    changed = sent(world, HEADING + f"001,另一名称,BIM,建筑,{teo},{ref}\n")
    world.registry.run_jobs()
    assert world.get(f"/jobs/{again['id']}")["unchanged"] == 1
    assert world.get(f"/jobs/{changed['id']}")["refused"] == 1


def test_only_the_operator_admits_types_by_file(world: World) -> None:
    assert sent(world, HEADING, Role.PROVINCE, 403)["code"] == "role_not_allowed"


@pytest.mark.rule("PP-16")
def test_cancelled_qualifications_are_barred_by_file(world: World) -> None:
    csv = "职业资格名称,取消文件\n物业管理师,国发〔2016〕35号\n某某鉴定师（证书）,国发〔2030〕1号\n,国发〔2030〕1号\n"
    job = sent(world, csv, name=CANCELLED.name)
    world.registry.run_jobs()
    done = world.get(f"/jobs/{job['id']}")
    assert (done["accepted"], done["unchanged"], done["refused"]) == (1, 1, 1)
    teo = world.admitted_teo()
    refused = world.post("/certificate-types", world.type_body(teo["id"], name_zh="某某鉴定师"), expect=422)
    assert refused["decision"] == "国发〔2030〕1号"
