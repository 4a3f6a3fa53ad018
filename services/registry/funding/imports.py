"""Allocations sent as a file: a document's for many colleges. Amounts are in yuan, kept in fen."""

from typing import Any

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import
from services.registry.funding import actions, queries
from services.registry.funding.errors import AllocationExists
from services.registry.organizations import rules as organization_rules

_SOURCES = {
    "central_award": ("中央奖补", "central_award", "中央奖补资金"),
    "provincial": ("省级", "provincial", "省级专项"),
    "local": ("地方", "local", "地方财政"),
    "social": ("社会", "social", "社会资金"),
}
_KINDS = {"grant": ("拨款", "grant", "补助"), "purchase_of_services": ("购买服务", "purchase_of_services")}


SHEET = Sheet(
    (
        Column("college_code", ("院校代码", "统一社会信用代码"), check=checks.text(32), fold=True),
        Column("source", ("资金来源", "来源"), check=checks.choice(_SOURCES)),
        Column("kind", ("方式",), required=False, check=checks.choice(_KINDS), default="grant"),
        Column("reference", ("文号",), check=checks.text(100)),
        Column("amount_yuan", ("金额(元)", "金额"), check=checks.decimal_score("0.01", "999999999.99"), fold=True),
        Column("allocated_on", ("拨付日期", "下达日期"), check=checks.day, fold=True),
        Column("purpose", ("用途",), required=False, check=checks.text(500), default=""),
    )
)


def take(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
    """Take one college's allocation; False when the document has given it the same already (OP-34)."""
    college = queries.college_of_code(session, by, values.college_code)
    organization_rules.check_admitted(college.kind, college.status)
    body = {name: getattr(values, name) for name in ("source", "kind", "reference", "allocated_on", "purpose")}
    body["amount_fen"] = int(values.amount_yuan * 100)
    known = queries.same_document(session, college.id, body)
    if known is None:
        actions.allocate_to(session, college, body, by=by)
        return True
    if (known.amount_fen, known.allocated_on) != (body["amount_fen"], body["allocated_on"]):
        raise AllocationExists(column="reference")
    return False


IMPORT = Import("allocations", SHEET, take, frozenset({Role.MINISTRY, Role.OPERATOR, Role.PROVINCE}))
