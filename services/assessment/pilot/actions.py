"""What was heard from the registry is kept, the newest version of each subject, in whatever order it came."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import AgreementSigned, CertificateTypePublished, OrganizationAdmitted, SiteFiled
from onex.messaging.heard import Heard
from services.assessment.pilot.models import Agreement, CertificateType, Organization, Site


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
        }
        for e in (one.event for one in heard)
    )
    _keep_newest(session, Organization, "version", rows)


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
    _keep_newest(session, CertificateType, "version", rows)


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
    _keep_newest(session, Agreement, "said_at", rows)


def keep_sites(session: UnitOfWork, heard: list[Heard[SiteFiled]]) -> None:
    """Keep each filed site as it was last said."""
    rows = (
        {
            "id": one.event.site_id,
            "code": one.event.code,
            "college_id": one.event.college_id,
            "teo_id": one.event.teo_id,
            "certificate_type_id": one.event.certificate_type_id,
            "division_code": one.event.division_code,
            "said_at": one.occurred_at,
        }
        for one in heard
    )
    _keep_newest(session, Site, "said_at", rows)


def _keep_newest(session: UnitOfWork, table: Any, version: str, rows: Iterable[dict[str, Any]]) -> None:
    """One statement a batch. A batch may hold several versions of one subject, which PostgreSQL will not take at once."""
    newest: dict[uuid.UUID, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row[version]):
        newest[row["id"]] = row
    # In the order of ids, so that two workers wait for each other and never deadlock.
    statement = insert(table).values([newest[one] for one in sorted(newest)])
    columns = {name: statement.excluded[name] for name in next(iter(newest.values())) if name != "id"}
    newer = statement.excluded[version] > getattr(table, version)
    session.execute(statement.on_conflict_do_update(index_elements=[table.id], set_=columns, where=newer))
