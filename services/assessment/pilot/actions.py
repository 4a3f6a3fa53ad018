"""What was heard from the registry is kept, the newest version of each subject, in whatever order it came."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork
from onex.contracts.pilot import (
    FeeAgreed,
    FeeCeilingPublished,
    OrganizationExited,
    QuotaFiled,
    SiteStandingChanged,
)
from onex.contracts.registry import AgreementSigned, CertificateTypePublished, OrganizationAdmitted, SiteFiled
from onex.messaging.heard import Heard
from services.assessment.pilot.models import (
    Agreement,
    CertificateType,
    ExitedOrganization,
    FeeAgreement,
    FeeCeiling,
    Organization,
    Quota,
    Site,
)


def keep_organizations(session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
    """Keep each organization as its highest version says."""
    rows = (
        {
            "id": e.organization_id,
            "version": e.organization_version,
            "kind": e.kind,
            "code": e.code,
            "name_zh": e.name_zh,
            "name_en": e.name_en,
            "division_code": e.division_code,
            "levels": list(e.levels),
            "province_code": e.province_code,
        }
        for e in (one.event for one in heard)
    )
    _keep_newest(session, Organization, rows, "version")


def keep_exits(session: UnitOfWork, heard: list[Heard[OrganizationExited]]) -> None:
    """Keep who has left: the first word of it stays."""
    rows = {
        one.event.organization_id: {
            "id": one.event.organization_id,
            "version": one.event.organization_version,
            "kind": one.event.kind,
            "exited_at": one.event.exited_at,
        }
        for one in sorted(heard, key=lambda one: one.event.exited_at, reverse=True)
    }
    in_order = [rows[one] for one in sorted(rows)]
    session.execute(insert(ExitedOrganization).values(in_order).on_conflict_do_nothing())


def keep_certificate_types(session: UnitOfWork, heard: list[Heard[CertificateTypePublished]]) -> None:
    """Keep each certificate type as its highest version says."""
    rows = (
        {
            "id": e.certificate_type_id,
            "version": e.type_version,
            "code": e.code,
            "name_zh": e.name_zh,
            "name_en": e.name_en,
            "teo_id": e.teo_id,
            "levels": {one.level: one.standard_version for one in e.levels},
        }
        for e in (one.event for one in heard)
    )
    _keep_newest(session, CertificateType, rows, "version")


def keep_agreements(session: UnitOfWork, heard: list[Heard[AgreementSigned]]) -> None:
    """Keep each agreement as it was last said."""
    rows = (
        {
            "id": one.event.agreement_id,
            "teo_id": one.event.teo_id,
            "in_force_from": one.event.in_force_from,
            "in_force_to": one.event.in_force_to,
            "said_at": one.occurred_at,
        }
        for one in heard
    )
    _keep_newest(session, Agreement, rows, "said_at")


def keep_sites(session: UnitOfWork, heard: list[Heard[SiteFiled]]) -> None:
    """Keep each filed site as it was last said, unless its standing has changed since."""
    said = (_site(one) | {"version": 1, "standing": "filed"} for one in heard)
    _keep_newest(session, Site, said, "version", "said_at")


def keep_site_standings(session: UnitOfWork, heard: list[Heard[SiteStandingChanged]]) -> None:
    """Keep each site as its highest version says: filed, suspended or closed."""
    said = (_site(one) | {"version": one.event.site_version, "standing": one.event.standing} for one in heard)
    _keep_newest(session, Site, said, "version", "said_at")


def _site(one: Heard[SiteFiled] | Heard[SiteStandingChanged]) -> dict[str, Any]:
    return {
        "id": one.event.site_id,
        "code": one.event.code,
        "college_id": one.event.college_id,
        "teo_id": one.event.teo_id,
        "certificate_type_id": one.event.certificate_type_id,
        "division_code": one.event.division_code,
        "said_at": one.occurred_at,
    }


def keep_quotas(session: UnitOfWork, heard: list[Heard[QuotaFiled]]) -> None:
    """Keep each quota as its highest version says."""
    rows = (
        {
            "id": e.quota_id,
            "version": e.quota_version,
            "college_id": e.college_id,
            "certificate_type_id": e.certificate_type_id,
            "level": e.level,
            "year": e.year,
            "seats": e.seats,
        }
        for e in (one.event for one in heard)
    )
    _keep_newest(session, Quota, rows, "version")


def keep_fee_ceilings(session: UnitOfWork, heard: list[Heard[FeeCeilingPublished]]) -> None:
    """Keep every ceiling: which one is in force is a question of the day."""
    rows = (
        {
            "id": e.fee_ceiling_id,
            "version": e.ceiling_version,
            "certificate_type_id": e.certificate_type_id,
            "level": e.level,
            "amount_fen": e.amount_fen,
            "in_force_from": e.in_force_from,
        }
        for e in (one.event for one in heard)
    )
    _keep_newest(session, FeeCeiling, rows, "version")


def keep_fee_agreements(session: UnitOfWork, heard: list[Heard[FeeAgreed]]) -> None:
    """Keep each fee agreement as it was last said: one that ends early is said again."""
    rows = (
        {
            "id": one.event.fee_agreement_id,
            "teo_id": one.event.teo_id,
            "college_id": one.event.college_id,
            "certificate_type_id": one.event.certificate_type_id,
            "level": one.event.level,
            "amount_fen": one.event.amount_fen,
            "in_force_from": one.event.in_force_from,
            "in_force_to": one.event.in_force_to,
            "said_at": one.occurred_at,
        }
        for one in heard
    )
    _keep_newest(session, FeeAgreement, rows, "said_at")


def _keep_newest(session: UnitOfWork, table: Any, rows: Iterable[dict[str, Any]], *order: str) -> None:
    """One statement a batch; what is newer is told by the columns of `order`, compared one after the other.

    A batch may hold several versions of one subject, which PostgreSQL will not take at once.
    """
    newest: dict[uuid.UUID, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in order)):
        newest[row["id"]] = row
    # In the order of ids, so that two workers wait for each other and never deadlock.
    statement = insert(table).values([newest[one] for one in sorted(newest)])
    columns = {name: statement.excluded[name] for name in next(iter(newest.values())) if name != "id"}
    newer = tuple_(*(statement.excluded[name] for name in order)) > tuple_(*(getattr(table, name) for name in order))
    session.execute(statement.on_conflict_do_update(index_elements=[table.id], set_=columns, where=newer))
