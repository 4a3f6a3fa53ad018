"""Which columns a file of certificates issued elsewhere has, and what each cell must be."""

import re
from datetime import date

from onex.chassis.bulk import CellRefused, Column, Sheet, checks
from onex.chassis.pii import RESIDENT_IDENTITY

MAX_FOREIGN_NUMBER = 64
# A residence permit of people from Hong Kong, Macao and Taiwan has a number of the same kind: see the roster of assessment.
_DOCUMENTS = {RESIDENT_IDENTITY: ("居民身份证", "身份证", "RIC", "居住证", "港澳台居民居住证")}
_LEVELS = {
    "primary": ("初级", "primary"),
    "intermediate": ("中级", "intermediate"),
    "advanced": ("高级", "advanced"),
}
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_DAY_IN_A_ROW = re.compile(r"(\d{4})(\d{2})(\d{2})")


def day(value: str) -> date:
    """A day as people write it: 2026-03-02, 2026/3/2, 2026.3.2, 20260302, 2026年3月2日. Codes: empty_cell, not_a_day."""
    found = (_DAY.fullmatch(value) or _DAY_IN_A_ROW.fullmatch(value)) if value.isascii() or "年" in value else None
    try:
        if found:
            return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        pass
    if not value:
        raise CellRefused("empty_cell", "The cell is empty.", "该单元格为空。")
    raise CellRefused("not_a_day", "Must be a day such as 2026-03-02.", "应为日期，例如2026-03-02。")


def type_code(value: str) -> str:
    """A certificate type's code. A spreadsheet that takes 004 for a number drops its zeros: they are put back."""
    code = checks.text(16)(value)
    return code.zfill(3) if code.isascii() and code.isdigit() else code


ELSEWHERE = Sheet(
    (
        Column(
            "document_type",
            ("证件类型",),
            required=False,
            check=checks.choice(_DOCUMENTS),
            fold=True,
            default=RESIDENT_IDENTITY,
        ),
        Column("document_number", ("证件号码", "身份证号", "身份证号码"), check=checks.identity_number, fold=True),
        Column("name", ("姓名", "持证人姓名"), check=checks.name),
        Column("certificate_type", ("证书编码", "证书代码"), check=type_code, fold=True),
        Column("level", ("级别", "等级"), check=checks.choice(_LEVELS), fold=True),
        Column("standard_version", ("标准版本",), check=checks.text(32), fold=True),
        Column("issued_on", ("颁发日期", "发证日期"), check=day, fold=True),
        Column("foreign_number", ("原证书编号", "证书编号"), check=checks.text(MAX_FOREIGN_NUMBER), fold=True),
        Column("college_code", ("院校代码",), required=False, check=checks.text(32), fold=True, default=""),
    )
)
