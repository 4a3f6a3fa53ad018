"""Which columns a file of certificates issued elsewhere has, and what each cell must be."""

from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.bulk.person import COLLEGE_CODE, DOCUMENT_NUMBER, DOCUMENT_TYPE

MAX_FOREIGN_NUMBER = 64


def type_code(value: str) -> str:
    """A certificate type's code. A spreadsheet that takes 004 for a number drops its zeros: they are put back."""
    code = checks.text(16)(value)
    return code.zfill(3) if code.isascii() and code.isdigit() else code


ELSEWHERE = Sheet(
    (
        DOCUMENT_TYPE,
        DOCUMENT_NUMBER,
        Column("name", ("姓名", "持证人姓名"), check=checks.name),
        Column("certificate_type", ("证书编码", "证书代码"), check=type_code, fold=True),
        Column("level", ("级别", "等级"), check=checks.level, fold=True),
        Column("standard_version", ("标准版本",), check=checks.text(32), fold=True),
        Column("issued_on", ("颁发日期", "发证日期"), check=checks.day, fold=True),
        Column("foreign_number", ("原证书编号", "证书编号"), check=checks.text(MAX_FOREIGN_NUMBER), fold=True),
        COLLEGE_CODE,
    )
)
