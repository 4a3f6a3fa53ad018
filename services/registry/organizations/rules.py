"""Which organizations may be registered and admitted, and by whom."""

import uuid
from dataclasses import dataclass

from stdnum.cn import uscc

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from services.registry.organizations import divisions
from services.registry.organizations.errors import (
    AlreadyAdmitted,
    CollegeKindMissing,
    CreditCodeWrong,
    DivisionNotInProvince,
    DivisionUnknown,
    NotACollege,
    NotAdmitted,
    NotOfACollege,
    ProvinceMissing,
    ProvinceUnknown,
    TechnicalSchoolExcluded,
    WorkGroupIncomplete,
)

PROVINCE, TEO, COLLEGE = KINDS = ("province", "teo", "college")
REGISTERED, ADMITTED = STATUSES = ("registered", "admitted")

EXCLUDED_COLLEGE_KIND = "technical_school"
COLLEGE_KINDS = (
    "secondary_vocational",
    "higher_vocational",
    "undergraduate_vocational",
    "applied_university",
    "open_university",
)


@dataclass(frozen=True)
class Place:
    """An organization's code and territory, as they are kept."""

    code: str
    province_code: str | None


def settle_place(kind: str, code: str, division_code: str, province_code: str | None) -> Place:
    """The code and province an organization is kept under; refuses what is no code, no division or no province (OP-01).

    A province's code is the two digits of its territory (66 for the Corps). The others have a unified social credit code
    (GB 32100) with a right check character.
    """
    check_division(division_code)
    if kind == PROVINCE:
        if province_code not in (None, code):
            raise ProvinceUnknown("A province's code is its province_code.")
        province_code = code
    elif uscc.is_valid(code):
        code = uscc.compact(code)
    else:
        raise CreditCodeWrong()
    if kind == COLLEGE and province_code is None:
        raise ProvinceMissing()
    if province_code is not None:
        check_territory(division_code, province_code)
    return Place(code, province_code)


def check_division(division_code: str) -> None:
    """The six digits are a division of GB/T 2260 that is in force."""
    if not divisions.in_force(division_code):
        raise DivisionUnknown(f"GB/T 2260 has no division {division_code} today.")


def check_territory(division_code: str, province_code: str) -> None:
    """OP-01: a jurisdiction ends at its border."""
    if province_code not in divisions.PROVINCES:
        raise ProvinceUnknown()
    if not divisions.lies_in(division_code, province_code):
        raise DivisionNotInProvince(f"{division_code} does not lie in the province {province_code}.")


def code_for_others(kind: str, code: str) -> str:
    """The code by which the other services know an organization: for a province its six-digit division code."""
    return code + "0000" if kind == PROVINCE else code


def check_college_kind(kind: str, college_kind: str | None) -> None:
    """PP-34: higher and secondary vocational colleges and those PP-13 names; technical schools are excluded."""
    if kind != COLLEGE:
        if college_kind is not None:
            raise NotOfACollege("Only a college has a college_kind.")
    elif college_kind is None:
        raise CollegeKindMissing()
    elif college_kind not in COLLEGE_KINDS:
        raise TechnicalSchoolExcluded()


def check_work_group(leader_name: str, contact_name: str) -> None:
    """OP-03: the work group is led by the college's principal leader and has a named contact."""
    missing = [name for name, value in (("leader_name", leader_name), ("contact_name", contact_name)) if not value]
    if missing:
        raise WorkGroupIncomplete(f"Missing: {', '.join(missing)}.", missing=missing)


def check_may_admit(by: Caller, kind: str, province_code: str | None) -> None:
    """PP-33, OP-01: the operator admits everyone; a province files the colleges of its own territory."""
    if by.role == Role.PROVINCE:
        if kind != COLLEGE:
            raise NotACollege()
        if province_code is None or by.province_code != province_code:
            raise OutOfScope()


def check_not_admitted(status: str) -> None:
    """An organization is admitted once."""
    if status == ADMITTED:
        raise AlreadyAdmitted()


def check_admitted(kind: str, status: str) -> None:
    """PP-02: admission is a gate; what only those who take part may do waits for it."""
    if status != ADMITTED:
        raise NotAdmitted(f"The {kind} is {status}, not admitted.")


def sees(by: Caller, organization_id: uuid.UUID) -> bool:
    """PP-37: who reads an organization's contacts: regulators, the operator and itself."""
    return by.sees_everything or by.role == Role.PROVINCE or by.organization_id == organization_id
