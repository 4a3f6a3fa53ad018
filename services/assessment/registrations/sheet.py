"""The roster: which columns a school's list of candidates has, and what each cell must be."""

from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.pii import RESIDENT_IDENTITY

STUDENT, SOCIAL = "student", "social"

_KINDS = {STUDENT: ("学生", "student", "在校学生"), SOCIAL: ("社会人员", "social", "社会考生")}

ROSTER = Sheet(
    (
        Column(
            "document_type",
            ("证件类型",),
            required=False,
            check=checks.document_type,
            fold=True,
            default=RESIDENT_IDENTITY,
        ),
        Column("document_number", ("证件号码", "身份证号", "身份证号码"), check=checks.identity_number, fold=True),
        Column("name", ("姓名", "考生姓名"), check=checks.name),
        Column("candidate_kind", ("考生类别",), check=checks.choice(_KINDS), fold=True),
        Column("college_code", ("院校代码",), required=False, check=checks.text(32), fold=True, default=""),
        Column(
            "certificate_type", ("证书编码", "证书代码"), required=False, check=checks.text(16), fold=True, default=""
        ),
        Column("level", ("级别", "等级"), required=False, check=checks.level, fold=True),
        Column("site_code", ("考点代码",), check=checks.text(32), fold=True),
    )
)
