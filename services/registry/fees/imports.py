"""A table of fee ceilings, as it is announced: each row is a ceiling that is argued and published."""

import re
from decimal import Decimal
from typing import Any

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import CellRefused, Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import
from services.registry.fees import actions, queries
from services.registry.fees.schemas import FeeCeilingSchema
from services.registry.standards import queries as standards
from services.registry.standards.errors import CertificateTypeUnknown
from services.registry.standards.imports import type_code

_MOST_YUAN = 999_999_999
_YUAN = checks.decimal_score("0.01", _MOST_YUAN)
_ITEM = re.compile(r"(?P<name>.{1,200}?)\s*[:：]\s*(?P<yuan>[0-9.]+)")


def fen(value: str) -> int:
    """An amount in yuan with at most two decimals, in fen."""
    return _in_fen(_YUAN(value))


def items(value: str) -> list[dict[str, Any]]:
    """Cost items with their yuan, such as `场地：120；耗材：80.50`."""
    found = []
    for part in filter(None, (part.strip() for part in re.split("[;；\n]", value))):
        written = _ITEM.fullmatch(part)
        if written is None:
            raise CellRefused(
                "not_cost_items",
                "Must be items with their yuan: venue: 120; paper: 8.50.",
                "应为“项目：金额；项目：金额”。",
            )
        found.append({"name": written["name"].strip(), "amount_fen": _in_fen(_YUAN(written["yuan"]))})
    if not 1 <= len(found) <= 100:
        raise CellRefused("not_cost_items", "From 1 to 100 cost items.", "成本项目应为1至100项。")
    return found


def _in_fen(yuan: Decimal) -> int:
    return int(yuan * 100)


SHEET = Sheet(
    (
        Column("certificate_type", ("证书编码", "证书代码"), check=type_code, fold=True),
        Column("level", ("级别", "等级"), check=checks.level, fold=True),
        Column("amount_yuan", ("成本上限（元）", "成本上限", "考核成本上限"), check=fen, fold=True),
        Column("cost_items", ("成本项目", "成本构成"), check=items),
        Column("argument", ("论证说明",), check=checks.text(20_000)),
        Column("in_force_from", ("执行日期", "自何日起"), check=checks.day, fold=True),
    )
)


def take(session: UnitOfWork, _vault: Vault, values: Any, by: Caller) -> bool:
    """Argue and publish a ceiling (OP-27); the one that is the level's newest already changes nothing."""
    certificate_type = standards.type_coded(session, values.certificate_type)
    if certificate_type is None:
        raise CertificateTypeUnknown("No certificate type has this code.", column="certificate_type")
    newest = queries.newest_ceiling(session, certificate_type.id, values.level)
    asked = (values.amount_yuan, values.in_force_from)
    if newest is not None and (newest.amount_fen, newest.in_force_from) == asked:
        return False
    given = {
        "certificate_type_id": str(certificate_type.id),
        "level": values.level,
        "amount_fen": values.amount_yuan,
        "cost_items": values.cost_items,
        "argument": values.argument,
        "in_force_from": values.in_force_from.isoformat(),
    }
    ceiling = actions.argue(session, FeeCeilingSchema().load(given), by=by)
    actions.publish(session, ceiling.id, by=by)
    return True


IMPORT = Import("fee-ceilings", SHEET, take, frozenset({Role.OPERATOR}))
