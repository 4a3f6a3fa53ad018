"""The columns by which sheets of people name a person's document and college, the same in each."""

from onex.chassis.bulk import Column, checks
from onex.chassis.pii import RESIDENT_IDENTITY

DOCUMENT_TYPE = Column(
    "document_type",
    ("证件类型",),
    required=False,
    check=checks.document_type,
    fold=True,
    default=RESIDENT_IDENTITY,
)
DOCUMENT_NUMBER = Column(
    "document_number", ("证件号码", "身份证号", "身份证号码"), check=checks.identity_number, fold=True
)
COLLEGE_CODE = Column("college_code", ("院校代码",), required=False, check=checks.text(32), fold=True, default="")
