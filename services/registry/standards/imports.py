"""Certificate types that came through a selection, and qualifications that were cancelled, by file."""

from typing import Any

from sqlalchemy import select

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import CellRefused, Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import TEO
from services.registry.standards import actions, queries
from services.registry.standards.errors import CertificateTypeExists
from services.registry.standards.schemas import CancelledQualificationSchema, NewCertificateTypeSchema


def type_code(value: str) -> str:
    """001 to 999. A spreadsheet that takes the code for a number drops its zeros: they are put back."""
    code = value.zfill(3) if value.isascii() and value.isdigit() else value
    if len(code) != 3 or not code.isdigit() or code == "000":
        raise CellRefused("not_a_type_code", "A certificate type's code is 001 to 999.", "证书编码应为001至999。")
    return code


SHEET = Sheet(
    (
        Column("code", ("证书编码", "证书代码"), check=type_code, fold=True),
        Column("name_zh", ("证书名称",), check=checks.text(200)),
        Column("name_en", ("英文名称",), check=checks.text(200)),
        Column("field", ("领域", "所属领域"), check=checks.text(100)),
        Column("teo_code", ("培训评价组织代码", "统一社会信用代码"), check=checks.text(32), fold=True),
        Column("selection_reference", ("遴选文号",), check=checks.text(200)),
    )
)


CANCELLED_SHEET = Sheet(
    (
        Column("name_zh", ("职业资格名称", "名称"), check=checks.text(200)),
        Column("decision", ("取消文件", "文号"), check=checks.text(200)),
    )
)


def take(session: UnitOfWork, _vault: Vault, values: Any, by: Caller) -> bool:
    """Admit a certificate type (PP-16); the same one again changes nothing, another one of its code is refused."""
    found = select(Organization.id).where(Organization.code == values.teo_code, Organization.kind == TEO)
    teo_id = session.scalar(found)
    if teo_id is None:
        raise OrganizationUnknown("No TEO has this code.", column="teo_code")
    given = {name: getattr(values, name) for name in ("code", "name_zh", "name_en", "field", "selection_reference")}
    body = NewCertificateTypeSchema().load(given | {"teo_id": str(teo_id)})
    there = queries.type_coded(session, values.code)
    if there is not None:
        if any(getattr(there, name) != value for name, value in body.items()):
            raise CertificateTypeExists(column="code")
        return False
    actions.admit_type(session, body, by=by)
    return True


def take_cancelled(session: UnitOfWork, _vault: Vault, values: Any, by: Caller) -> bool:
    """Bar a cancelled qualification (PP-16); one that is barred already stays as it is."""
    body = CancelledQualificationSchema().load({"name_zh": values.name_zh, "decision": values.decision})
    if queries.cancelling_decision(session, body["name_zh"]) is not None:
        return False
    actions.add_cancelled(session, body["name_zh"], body["decision"], by=by.client_id)
    return True


CANCELLED = Import("cancelled-qualifications", CANCELLED_SHEET, take_cancelled, frozenset({Role.OPERATOR}))
IMPORT = Import("certificate-types", SHEET, take, frozenset({Role.OPERATOR}))
