"""Organizations and quotas as files: ten thousand institutions are not registered one by one."""

from typing import Any

from sqlalchemy import select
from stdnum.cn import uscc

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import
from services.registry.organizations import actions, quotas, rules
from services.registry.organizations.errors import OrganizationDiffers, OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.schemas import NewOrganizationSchema
from services.registry.standards.errors import CertificateTypeUnknown
from services.registry.standards.models import CertificateType

_KINDS = {
    "province": ("省级教育行政部门", "province"),
    "teo": ("培训评价组织", "teo"),
    "college": ("院校", "试点院校", "college"),
    "enterprise": ("企业", "enterprise"),
    "training_base": ("实训基地", "training_base"),
    "coordinating_body": ("指导协调机构", "coordinating_body"),
    "ministry": ("部委", "ministry"),
}
_COLLEGE_KINDS = {
    "secondary_vocational": ("中等职业学校", "中职", "secondary_vocational"),
    "higher_vocational": ("高等职业学校", "高职", "higher_vocational"),
    "undergraduate_vocational": ("本科层次职业教育试点学校", "职业本科", "undergraduate_vocational"),
    "applied_university": ("应用型本科高校", "应用型本科", "applied_university"),
    "open_university": ("开放大学", "open_university"),
    "technical_school": ("技工学校", "technical_school"),
}
_YES_NO = {True: ("是", "yes", "true", "1"), False: ("否", "no", "false", "0")}

_BODY = NewOrganizationSchema()
_WORK_GROUP = ("leader_name", "leader_title", "contact_name", "contact_phone")
_PLAIN = (
    "kind", "code", "name_zh", "name_en", "division_code", "province_code", "college_kind", "school_code",
    "demonstration", "double_high",
)  # fmt: skip

ORGANIZATION_SHEET = Sheet(
    (
        Column("kind", ("机构类别", "类别"), check=checks.choice(_KINDS), fold=True),
        Column("code", ("统一社会信用代码", "机构代码"), check=checks.text(32), fold=True),
        Column("name_zh", ("名称", "中文名称"), check=checks.text(200)),
        Column("name_en", ("英文名称",), check=checks.text(200)),
        Column("division_code", ("行政区划代码",), check=checks.text(6), fold=True),
        Column("province_code", ("省份代码",), required=False, check=checks.text(2), fold=True),
        Column("college_kind", ("院校类别",), required=False, check=checks.choice(_COLLEGE_KINDS), fold=True),
        Column("school_code", ("院校标识码", "学校标识码"), required=False, check=checks.text(10), fold=True),
        Column("demonstration", ("示范校",), required=False, check=checks.choice(_YES_NO), fold=True, default=False),
        Column("double_high", ("双高校",), required=False, check=checks.choice(_YES_NO), fold=True, default=False),
        Column("leader_name", ("主要负责人",), required=False, check=checks.name, default=""),
        Column("leader_title", ("负责人职务",), required=False, check=checks.text(100), default=""),
        Column("contact_name", ("联系人",), required=False, check=checks.name, default=""),
        Column("contact_phone", ("联系电话",), required=False, check=checks.text(30), fold=True, default=""),
    )
)

QUOTA_SHEET = Sheet(
    (
        Column("college_code", ("院校代码", "统一社会信用代码"), check=checks.text(32), fold=True),
        Column("certificate_type", ("证书编码", "证书代码"), check=checks.text(16), fold=True),
        Column("level", ("级别", "等级"), check=checks.level, fold=True),
        Column("year", ("年度", "年份"), check=checks.integer(2019, 2100), fold=True),
        Column("seats", ("人数", "名额"), check=checks.integer(0, 1_000_000), fold=True),
    )
)


def take_organization(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
    """Register an organization; a province those of its own territory. One that is there as it stands is left alone."""
    given = {name: getattr(values, name) for name in _PLAIN}
    group = {name: getattr(values, name) for name in _WORK_GROUP}
    contact = {"name": group["contact_name"], "phone": group["contact_phone"]}
    body = _BODY.load(
        given
        | {"contacts": [contact] if contact["name"] else []}
        | {"work_group": group if values.kind == rules.COLLEGE and any(group.values()) else None}
    )
    if by.role == Role.PROVINCE:
        rules.check_may_admit(by, body["kind"], body["province_code"])
    code = uscc.compact(body["code"]) if uscc.is_valid(body["code"]) else body["code"]
    there = session.scalars(select(Organization).where(Organization.code == code)).first()
    if there is None:
        actions.register(session, vault, body, by=by)
        return True
    province_code = body["code"] if body["kind"] == rules.PROVINCE else body["province_code"]
    wanted = body | {"code": code, "province_code": province_code}
    different = [name for name in _PLAIN if getattr(there, name) != wanted[name]]
    if different:
        raise OrganizationDiffers(f"Registered already with another {', '.join(different)}.", column=different[0])
    return False


def take_quota(session: UnitOfWork, _vault: Vault, values: Any, by: Caller) -> bool:
    """File a college's quota, named by the codes that people know; the same quota again is left alone."""
    college_id = session.scalar(
        select(Organization.id).where(Organization.code == values.college_code, Organization.kind == rules.COLLEGE)
    )
    if college_id is None:
        raise OrganizationUnknown("No college has this code.", column="college_code")
    type_id = session.scalar(select(CertificateType.id).where(CertificateType.code == values.certificate_type))
    if type_id is None:
        raise CertificateTypeUnknown(column="certificate_type")
    body = {
        "college_id": college_id,
        "certificate_type_id": type_id,
        "level": values.level,
        "year": values.year,
        "seats": values.seats,
    }
    return quotas.file(session, body, by=by)[1]


ORGANIZATIONS = Import(
    "organizations", ORGANIZATION_SHEET, take_organization, frozenset({Role.OPERATOR, Role.PROVINCE})
)
QUOTAS = Import("quotas", QUOTA_SHEET, take_quota, frozenset({Role.OPERATOR, Role.PROVINCE}))
