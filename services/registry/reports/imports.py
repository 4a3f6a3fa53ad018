"""Weekly reports sent as a file: a province's for many of its colleges, or a college's own."""

from typing import Any

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import
from services.registry.reports import actions, queries, rules
from services.registry.reports.schemas import LONGEST_SECTION

_text = checks.text(LONGEST_SECTION)

SHEET = Sheet(
    (
        Column("college_code", ("院校代码", "统一社会信用代码"), check=checks.text(32), fold=True),
        Column("week", ("周次", "周"), check=checks.text(10), fold=True),
        Column("progress", ("工作进展", "进展"), check=_text),
        Column("experience", ("工作经验", "经验"), required=False, check=_text, default=""),
        Column("typical_cases", ("典型案例", "案例"), required=False, check=_text, default=""),
        Column("problems", ("困难问题", "问题"), required=False, check=_text, default=""),
        Column("suggestions", ("政策建议", "建议"), required=False, check=_text, default=""),
    )
)


def take(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
    """Take one college's report on one week; False when it says what was sent already (OP-06)."""
    college = queries.college_of_code(session, by, values.college_code)
    sections = {name: getattr(values, name) for name in rules.SECTIONS}
    body = {"kind": rules.WEEKLY, "period": values.week.upper(), "sections": sections}
    return actions.send_for(session, college, body, by=by)[2]


IMPORT = Import("weekly-reports", SHEET, take, frozenset({Role.COLLEGE, Role.PROVINCE, Role.OPERATOR}))
