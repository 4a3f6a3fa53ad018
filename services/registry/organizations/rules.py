"""Which organizations may be registered and admitted, and by whom."""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from stdnum.cn import uscc

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from services.registry.organizations import divisions
from services.registry.organizations.errors import (
    AlreadyAdmitted,
    BatchDaysWrong,
    BatchHasBegun,
    CollegeKindMissing,
    ConsortiumDissolved,
    ConsortiumTooSmall,
    CreditCodeWrong,
    DivisionNotInProvince,
    DivisionUnknown,
    LeadsNotOfItsKind,
    NotACollege,
    NotAdmitted,
    NothingToExit,
    NotOfACollege,
    OrganizationHasExited,
    OwnCodeWrong,
    ProvinceMissing,
    ProvinceUnknown,
    QuotaYearWrong,
    SchoolCodeWrong,
    ShareDaysWrong,
    SharesNoBase,
    TechnicalSchoolExcluded,
    WorkGroupIncomplete,
)

MINISTRY, PROVINCE, COORDINATING_BODY, TEO, COLLEGE, ENTERPRISE, TRAINING_BASE = KINDS = (
    "ministry", "province", "coordinating_body", "teo", "college", "enterprise", "training_base",
)  # fmt: skip
REGISTERED, ADMITTED, EXITED = STATUSES = ("registered", "admitted", "exited")

# Those whose admission the other services hear of; the rest matter to the registry alone.
HEARD_OF = (PROVINCE, TEO, COLLEGE)
# Whom a province admits in its own territory (PP-33, OP-02, PP-39).
OF_A_PROVINCE = (COLLEGE, COORDINATING_BODY, ENTERPRISE, TRAINING_BASE)
# A guiding body within a college, or a base that several share, is no legal person: it has a code of its own.
WITH_OWN_CODE = (COORDINATING_BODY, TRAINING_BASE)
_OWN_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{3,31}")
_SCHOOL_CODE = re.compile(r"[0-9]{10}")

EXCLUDED_COLLEGE_KIND = "technical_school"
COLLEGE_KINDS = (
    "secondary_vocational",
    "higher_vocational",
    "undergraduate_vocational",
    "applied_university",
    "open_university",
)
LEAST_IN_A_CONSORTIUM = 2
# PP-35: demonstration and "double-high" colleges are higher vocational; some have become undergraduate ones since.
LEADING_KINDS = ("higher_vocational", "undergraduate_vocational")


@dataclass(frozen=True)
class Place:
    """An organization's code and territory, as they are kept."""

    code: str
    province_code: str | None


def settle_place(kind: str, code: str, division_code: str, province_code: str | None) -> Place:
    """The code and province an organization is kept under; refuses what is no code, no division or no province (OP-01).

    A province's code is the two digits of its territory (66 for the Corps). A coordinating body and a training base
    may have a code of their own; the others have a unified social credit code (GB 32100) with a right check character.
    """
    check_division(division_code)
    if kind == PROVINCE:
        if province_code not in (None, code):
            raise ProvinceUnknown("A province's code is its province_code.")
        province_code = code
    elif uscc.is_valid(code):
        code = uscc.compact(code)
    elif kind not in WITH_OWN_CODE:
        raise CreditCodeWrong()
    elif not _OWN_CODE.fullmatch(code):
        raise OwnCodeWrong()
    if province_code is None and kind in (COLLEGE, COORDINATING_BODY, TRAINING_BASE):
        raise ProvinceMissing(f"A {kind} needs the code of its province.")
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


def check_leading(college_kind: str | None, demonstration: bool, double_high: bool) -> None:
    """PP-35: the colleges that lead are higher vocational ones."""
    if (demonstration or double_high) and college_kind not in LEADING_KINDS:
        raise LeadsNotOfItsKind()


def check_school_code(kind: str, school_code: str | None) -> None:
    """A college's identifier of the education statistics: ten digits."""
    if school_code is None:
        return
    if kind != COLLEGE:
        raise NotOfACollege("Only a college has a school_code.")
    if not _SCHOOL_CODE.fullmatch(school_code):
        raise SchoolCodeWrong()


def check_work_group(leader_name: str, contact_name: str) -> None:
    """OP-03: the work group is led by the college's principal leader and has a named contact."""
    missing = [name for name, value in (("leader_name", leader_name), ("contact_name", contact_name)) if not value]
    if missing:
        raise WorkGroupIncomplete(f"Missing: {', '.join(missing)}.", missing=missing)


def check_may_admit(by: Caller, kind: str, province_code: str | None) -> None:
    """PP-33, OP-01: the operator admits everyone; a province its colleges, bodies, enterprises and bases, no others."""
    if by.role == Role.PROVINCE:
        if kind not in OF_A_PROVINCE:
            raise NotACollege()
        if province_code is None or by.province_code != province_code:
            raise OutOfScope()


# What may be put right; codes and provinces stay, as others know an organization by them.
CORRECTED = ("name_zh", "name_en", "division_code", "college_kind", "school_code", "demonstration", "double_high")


def check_may_correct(by: Caller, kind: str, province_code: str | None) -> None:
    """OP-01: the operator corrects everyone's record, a province those of its own territory and its own."""
    if by.role == Role.PROVINCE and (
        kind not in (*OF_A_PROVINCE, PROVINCE) or province_code is None or by.province_code != province_code
    ):
        raise OutOfScope()


def check_not_admitted(status: str) -> None:
    """An organization is admitted once; whose part has ended does not come back by itself (PP-02)."""
    if status == ADMITTED:
        raise AlreadyAdmitted()
    check_not_exited(status)


def check_not_exited(status: str) -> None:
    """OP-41, OP-42: from the decision on nothing new of the organization is taken."""
    if status == EXITED:
        raise OrganizationHasExited()


def check_may_exit(kind: str, status: str) -> None:
    """OP-41, OP-42: TEOs and colleges exit, once, and only if they took part."""
    if kind not in (TEO, COLLEGE):
        raise NothingToExit()
    check_admitted(kind, status)


def check_admitted(kind: str, status: str) -> None:
    """PP-02: admission is a gate; what only those who take part may do waits for it."""
    check_not_exited(status)
    if status != ADMITTED:
        raise NotAdmitted(f"The {kind} is {status}, not admitted.")


def takes_part(admitted_on: date | None, exited_on: date | None, on: date) -> bool:
    """PP-02: from the day of admission on; the day of the exit's decision is the first day out."""
    return admitted_on is not None and admitted_on <= on and (exited_on is None or on < exited_on)


def check_batch_days(starts_on: date, ends_on: date, review_on: date | None) -> None:
    """PP-36: a batch has a first and a last day, and is looked back on after it began."""
    if ends_on < starts_on or (review_on is not None and review_on < starts_on):
        raise BatchDaysWrong()


def check_batch_change(started_on: date, starts_on: date, ends_on: date, today: date) -> None:
    """PP-36, OP-44: a batch that has begun keeps its first day, and no day that has passed is taken back from it."""
    if started_on <= today and (starts_on != started_on or ends_on < today):
        raise BatchHasBegun()


def check_quota_year(year: int, today: date) -> None:
    """OP-07: quotas are filed for this year and the next; a year that has passed is as it was."""
    if not today.year <= year <= today.year + 1:
        raise QuotaYearWrong(f"The year is {today.year} or {today.year + 1}.")


def check_own_province(by: Caller, province_code: str | None) -> None:
    """OP-01: a province acts in its own territory."""
    if by.role == Role.PROVINCE and (province_code is None or by.province_code != province_code):
        raise OutOfScope()


def check_consortium(college_ids: Collection[uuid.UUID], lead_college_id: uuid.UUID) -> None:
    """OP-19: a consortium is of several colleges, and one of them leads it."""
    if len(set(college_ids)) < LEAST_IN_A_CONSORTIUM or lead_college_id not in college_ids:
        raise ConsortiumTooSmall()


def check_consortium_stands(dissolved: bool) -> None:
    """OP-19: nobody joins or leaves what has been dissolved."""
    if dissolved:
        raise ConsortiumDissolved()


def check_leaves(college_id: uuid.UUID, lead_college_id: uuid.UUID, members_left: int) -> None:
    """OP-19: who leads a consortium does not leave it but dissolves it, and so do the last two."""
    if college_id == lead_college_id or members_left < LEAST_IN_A_CONSORTIUM:
        raise ConsortiumTooSmall("The consortium would be without its leader, or of one college: dissolve it.")


def check_shares(kind: str, since: date, until: date | None) -> None:
    """PP-06, PP-39: colleges and enterprises build, operate and use training bases, for a time that has a first day."""
    if kind not in (COLLEGE, ENTERPRISE):
        raise SharesNoBase()
    if until is not None and until < since:
        raise ShareDaysWrong()


def sees(by: Caller, organization_id: uuid.UUID) -> bool:
    """PP-37: who reads an organization's contacts: regulators, the operator and itself."""
    return by.sees_everything or by.role == Role.PROVINCE or by.organization_id == organization_id
