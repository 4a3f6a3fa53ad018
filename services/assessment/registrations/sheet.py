"""The roster: which columns a school's list of candidates has, and what each cell must be."""

from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.bulk.person import COLLEGE_CODE, DOCUMENT_NUMBER, DOCUMENT_TYPE

STUDENT, SOCIAL = "student", "social"

_KINDS = {STUDENT: ("学生", "student", "在校学生"), SOCIAL: ("社会人员", "social", "社会考生")}

ROSTER = Sheet(
    (
        DOCUMENT_TYPE,
        DOCUMENT_NUMBER,
        Column("name", ("姓名", "考生姓名"), check=checks.name),
        Column("candidate_kind", ("考生类别",), check=checks.choice(_KINDS), fold=True),
        COLLEGE_CODE,
        Column(
            "certificate_type", ("证书编码", "证书代码"), required=False, check=checks.text(16), fold=True, default=""
        ),
        Column("level", ("级别", "等级"), required=False, check=checks.level, fold=True),
        Column("site_code", ("考点代码",), check=checks.text(32), fold=True),
    )
)
