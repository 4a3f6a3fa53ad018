"""Declarations of sites as a file: a college's own, or those of a province's colleges."""

import re
from typing import Any

from sqlalchemy import select

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import CellRefused, Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import OutOfScope
from onex.chassis.rows import Import
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import COLLEGE
from services.registry.sites import actions, queries
from services.registry.sites.errors import SiteExists
from services.registry.sites.models import Site
from services.registry.sites.schemas import SiteSchema
from services.registry.standards import queries as standards
from services.registry.standards.errors import CertificateTypeUnknown
from services.registry.standards.imports import type_code

_ANSWER = re.compile(r"(?P<name>[^:：]{1,100})[:：](?P<answer>.{1,1000})", re.DOTALL)
_YES_NO = {"是": True, "有": True, "yes": True, "true": True, "否": False, "无": False, "no": False, "false": False}
_CORRECTED = ("address_zh", "division_code", "capacity", "conditions")


def answers(value: str) -> dict[str, Any]:
    """Answers to conditions, such as `机房：2；监控：是；网络：1 Gbit/s`: numbers, yes or no, else texts."""
    found: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in re.split("[;；\n]", value))):
        written = _ANSWER.fullmatch(part)
        if written is None or written["name"].strip() in found:
            raise CellRefused(
                "not_conditions",
                "Must be conditions with answers: rooms: 2; cameras: yes.",
                "应为“条件：回答；条件：回答”。",
            )
        found[written["name"].strip()] = _answer(written["answer"].strip())
    return found


def _answer(text: str) -> str | int | bool:
    if text.casefold() in _YES_NO:
        return _YES_NO[text.casefold()]
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text


SHEET = Sheet(
    (
        Column("code", ("考点代码",), check=checks.text(32), fold=True),
        Column("college_code", ("院校代码", "统一社会信用代码"), required=False, check=checks.text(32), fold=True),
        Column("certificate_type", ("证书编码", "证书代码"), check=type_code, fold=True),
        Column("address_zh", ("地址", "考点地址"), check=checks.text(300)),
        Column("division_code", ("行政区划代码",), check=checks.text(6), fold=True),
        Column("capacity", ("容量", "考位数"), check=checks.integer(1, 100_000), fold=True),
        Column("conditions", ("站点条件", "条件"), required=False, check=answers, default=None),
    )
)


def take(session: UnitOfWork, _vault: Vault, values: Any, by: Caller) -> bool:
    """Declare a site; one that is there as it stands is left alone, one that is not settled yet is corrected (OP-23)."""
    college = _college(session, values.college_code, by)
    certificate_type = standards.type_coded(session, values.certificate_type)
    if certificate_type is None:
        raise CertificateTypeUnknown(column="certificate_type")
    said = {name: getattr(values, name) for name in _CORRECTED} | {"conditions": values.conditions or {}}
    body = SiteSchema().load(said | {"code": values.code, "certificate_type_id": str(certificate_type.id)})
    there = queries.of_code(session, values.code)
    if there is None:
        actions.declare_for(session, college.id, body, by=by)
        return True
    if (there.college_id, there.certificate_type_id) != (college.id, certificate_type.id):
        raise SiteExists(column="code")
    if _as_it_stands(there, body):
        return False
    # A file does not say in which base a site lies: what was said of it before stays.
    actions.correct_to(session, there, {name: body[name] for name in _CORRECTED} | {"base_id": there.base_id}, by=by)
    return True


def _as_it_stands(there: Site, body: dict[str, Any]) -> bool:
    return all(getattr(there, name) == body[name] for name in _CORRECTED)


def _college(session: UnitOfWork, code: str | None, by: Caller) -> Organization:
    """The college of a row: the caller's own, or one that a province or the operator names, in their scope (OP-01)."""
    if code:
        wanted = Organization.code == code
    elif by.role == Role.COLLEGE:
        wanted = Organization.id == by.organization_id
    else:
        raise OrganizationUnknown("The row names no college.", column="college_code")
    college = session.scalars(select(Organization).where(wanted, Organization.kind == COLLEGE)).first()
    if college is None:
        raise OrganizationUnknown("No college has this code.", column="college_code")
    if by.role == Role.PROVINCE:
        if by.province_code != college.province_code:
            raise OutOfScope(column="college_code")
    else:
        by.must_be(college.id)
    return college


IMPORT = Import("sites", SHEET, take, frozenset({Role.OPERATOR, Role.PROVINCE, Role.COLLEGE}))
