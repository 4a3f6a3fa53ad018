"""What is settled before a college's students are registered: fee ceilings, fee agreements, quotas (OP-07, OP-27, OP-28)."""

from datetime import date
from typing import Any

from onex.chassis import clock
from onex.demo import cast
from onex.demo.cast import CertificateType, College
from onex.demo.client import Caller, Refused
from onex.demo.founding import Founding

COSTS_FEN = {"命题与题库": 8_000, "考核师资": 17_000, "场地与耗材": 21_000, "证书与数据": 4_000}
FEE_FEN = 45_000
SEATS = 1_000_000


def settle(
    founding: Founding, teos: dict[str, Caller], colleges: dict[str, Caller], provinces: dict[str, Caller]
) -> None:
    """Publish a ceiling for each type's level; agree on a fee with each of its colleges, and file their quotas."""
    for one in cast.TYPES:
        _ceiling(founding, teos[one.teo], one)
        for college in cast.colleges_of(one):
            province = provinces[college.province]
            _fee(founding, one, college, teos[one.teo], province, colleges[college.key])
            _quota(founding, one, college, province)


def wait_heard(teo: Caller, plan_id: str, one: CertificateType) -> None:
    """Raise Refused while the assessment has not heard of the quotas and fees of the plan's colleges."""
    path = f"/assessment/v1/plans/{plan_id}/quotas"
    agreed = {quota["college_code"] for quota in teo.pages(path) if quota["fees"]}
    if not {college.code for college in cast.colleges_of(one)} <= agreed:
        raise Refused("GET", path, 409, {"code": "not_heard_yet"})


def _ceiling(founding: Founding, teo: Caller, one: CertificateType) -> None:
    """The TEO argues what a candidate costs, the operator publishes it as the ceiling (OP-27)."""
    level = {"certificate_type_id": founding.ids[f"type-{one.code}"], "level": one.level}
    if founding.operator.get("/registry/v1/fee-ceilings/in-force", **level)["national_fen"] is None:
        body = {
            "amount_fen": sum(COSTS_FEN.values()),
            "cost_items": [{"name": name, "amount_fen": amount_fen} for name, amount_fen in COSTS_FEN.items()],
            "argument": "按公益性原则核算的单人考核成本。",
            "in_force_from": clock.today().isoformat(),
        }
        ceiling = teo.post("/registry/v1/fee-ceilings", body | level)
        founding.operator.post(f"/registry/v1/fee-ceilings/{ceiling['id']}/publication")
    founding.tick(one.name_zh)


def _fee(
    founding: Founding, one: CertificateType, college: College, teo: Caller, province: Caller, itself: Caller
) -> None:
    """The TEO proposes a fee, and the province and the college consent to it (OP-28)."""
    case = {
        "college_id": founding.ids[college.key],
        "certificate_type_id": founding.ids[f"type-{one.code}"],
        "level": one.level,
    }
    agreement = _known_agreement(teo, case) or teo.post(
        "/registry/v1/fee-agreements", case | {"amount_fen": FEE_FEN} | _three_years()
    )
    for side, caller in (("teo", teo), ("province", province), ("college", itself)):
        if agreement[f"{side}_consented_at"] is None:
            agreement = caller.post(f"/registry/v1/fee-agreements/{agreement['id']}/consent")
    founding.tick(college.name_zh)


def _known_agreement(teo: Caller, case: dict[str, str]) -> Any:
    """An earlier run's agreement, or its proposal."""
    every = teo.pages("/registry/v1/fee-agreements", state=["agreed", "proposed"], **case)
    return next(every, None)


def _three_years() -> dict[str, str]:
    today = clock.today()
    return {"in_force_from": today.isoformat(), "in_force_to": date(today.year + 3, 12, 31).isoformat()}


def _quota(founding: Founding, one: CertificateType, college: College, province: Caller) -> None:
    """The province files how many of the college's students are assessed this year (OP-07)."""
    body = {
        "college_id": founding.ids[college.key],
        "certificate_type_id": founding.ids[f"type-{one.code}"],
        "level": one.level,
        "year": clock.today().year,
        "seats": SEATS,
    }
    province.call("PUT", "/registry/v1/quotas", json=body)
    founding.tick(college.name_zh)
