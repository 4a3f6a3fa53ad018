"""What the tests of the reader share: a roster's columns as the assessment service asks for them."""

import pytest

from onex.chassis.bulk import Column, Sheet
from onex.chassis.bulk.checks import choice, identity_number, name, text

ROSTER = Sheet(
    (
        Column(
            "document_type",
            ("证件类型", "Document type"),
            required=False,
            check=choice({"RIC": ("居民身份证", "RIC"), "permit": ("居住证",)}),
            default="RIC",
        ),
        Column("document_number", ("证件号码", "身份证号", "Document number"), check=identity_number, fold=True),
        Column("name", ("姓名", "Name"), check=name),
        Column(
            "candidate_kind",
            ("考生类别", "Candidate kind"),
            check=choice({"student": ("学生", "student"), "social": ("社会人员", "social")}),
        ),
        Column("college_code", ("院校代码", "College code"), required=False, check=text(20), fold=True, default=""),
        Column("certificate_type", ("证书编码", "证书代码"), required=False, check=text(20), fold=True),
        Column(
            "level",
            ("级别", "Level"),
            check=choice(
                {
                    "primary": ("初级", "primary"),
                    "intermediate": ("中级", "intermediate"),
                    "advanced": ("高级", "advanced"),
                }
            ),
        ),
        Column("site_code", ("考点代码", "Site code"), check=text(20), fold=True),
    )
)


@pytest.fixture(scope="session")
def roster() -> Sheet:
    """The sheet of an assessment roster."""
    return ROSTER
