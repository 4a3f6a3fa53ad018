"""Liaisons: whom each province names for each certificate type and its TEO (OP-02), and where nobody is named."""

import uuid
from typing import Any

import orjson
from sqlalchemy import Select, column, exists, or_, select, text, values
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault, mask_name, mask_number
from onex.chassis.problems import NotFound, OutOfScope
from services.registry.organizations import actions, divisions, rules
from services.registry.organizations.models import Liaison, Organization, Quota
from services.registry.organizations.people import mask_email
from services.registry.sites.models import Site
from services.registry.standards import queries as standards
from services.registry.standards import rules as standard_rules
from services.registry.standards.models import CertificateType

_PURPOSE = "liaison"
# States of a site in which nobody needs to be turned to because of it.
_OVER = ("refused", "withdrawn", "closed")


def name(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Liaison:
    """A province names whom a certificate type's TEO turns to; a later name takes the place of the one before."""
    if by.province_code is None:
        raise OutOfScope()
    certificate_type = standards.type_named(session, body["certificate_type_id"])
    standard_rules.check_published(certificate_type.version)
    key = {"province_code": by.province_code, "certificate_type_id": certificate_type.id}
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"liaison {by.province_code} {certificate_type.id}"},
    )
    liaison = session.scalars(select(Liaison).filter_by(**key).with_for_update()).first()
    if liaison is None:
        liaison = Liaison(teo_id=certificate_type.teo_id, **key)
        session.add(liaison)
    person = {part: body[part] for part in ("name", "phone", "email")}
    liaison.sealed_person = vault.seal(orjson.dumps(person), _PURPOSE)
    liaison.named_by, liaison.named_at = by.client_id, clock.now()
    session.flush()
    return liaison


def withdraw(session: UnitOfWork, liaison_id: uuid.UUID, *, by: Caller) -> None:
    """A province takes a name back; the gap shows from then on."""
    liaison = session.get(Liaison, liaison_id, with_for_update=True)
    if liaison is None or liaison.province_code != by.province_code:
        raise NotFound()
    session.delete(liaison)
    session.flush()


def name_body(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Organization:
    """A province establishes its guiding and coordinating body (OP-02): registered and admitted in one step."""
    if by.province_code is None:
        raise OutOfScope()
    whole = body | {
        "kind": rules.COORDINATING_BODY,
        "province_code": by.province_code,
        "college_kind": None,
        "school_code": None,
        "demonstration": False,
        "double_high": False,
        "work_group": None,
    }
    made = actions.register(session, vault, whole, by=by)
    return actions.admit(session, vault, made.id, by=by)


def visible(by: Caller) -> Select[Liaison]:
    """Regulators their scope (PP-01), a TEO those named for it, a college those of its province."""
    query = select(Liaison)
    if by.role == Role.TEO:
        return query.where(Liaison.teo_id == by.organization_id)
    if not by.sees_everything:
        return query.where(Liaison.province_code == by.province_code)
    return query


def shown(vault: Vault, liaisons: list[Liaison]) -> list[dict[str, Any]]:
    """The liaisons with their persons masked."""
    rows = []
    for one in liaisons:
        person = orjson.loads(vault.open(one.sealed_person, _PURPOSE))
        masked = {
            "name": mask_name(person["name"]),
            "phone": mask_number(person["phone"]),
            "email": mask_email(person["email"]),
        }
        plain = ("id", "province_code", "certificate_type_id", "teo_id", "named_at")
        rows.append({part: getattr(one, part) for part in plain} | masked)
    return rows


def asked_of(by: Caller, province_code: str | None) -> str | None:
    """Of which province the caller may be told: a province of itself alone, whatever it asks for."""
    return province_code if by.sees_everything else by.province_code or ""


def gaps(session: Session, province_code: str | None) -> dict[str, Any]:
    """What is not named yet, in one province or in all (OP-02): coordinating bodies, and liaisons.

    A type is under way in a province that has a site of it that is not over, or a college with places for it. At most
    provinces × types.
    """
    codes = list(divisions.PROVINCES) if province_code is None else [province_code]
    known = [code for code in codes if code in divisions.PROVINCES]
    with_body = select(Organization.province_code).where(
        Organization.kind == rules.COORDINATING_BODY, Organization.province_code.in_(known)
    )
    named = set(session.scalars(with_body))
    return {
        "without_coordinating_body": [code for code in known if code not in named],
        "without_liaison": session.execute(_without_liaison(known)).mappings().all() if known else [],
    }


def _without_liaison(province_codes: list[str]) -> Select[Any]:
    """One query: every pair is looked up by index, however many sites and quotas there are."""
    province = values(column("code", Organization.province_code.type), name="province").data(
        [(code,) for code in province_codes]
    )
    here = province.c.code

    def there(table: Any, *which: Any) -> Any:
        return exists().where(table.province_code == here, table.certificate_type_id == CertificateType.id, *which)

    site, quota = there(Site, Site.state.not_in(_OVER)), there(Quota, Quota.seats > 0)

    return (
        select(
            here.label("province_code"),
            CertificateType.id.label("certificate_type_id"),
            CertificateType.code.label("certificate_type_code"),
            CertificateType.teo_id,
        )
        .select_from(province)
        .join(CertificateType, CertificateType.version > 0)
        .where(or_(site, quota), ~there(Liaison))
        .order_by(here, CertificateType.code)
    )
