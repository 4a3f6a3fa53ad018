"""What is heard of the pilot is kept, the newest version of each subject only."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import CertificateTypePublished, OrganizationAdmitted
from services.certificates.pilot.models import CertificateType, Teo


def know_teos(session: UnitOfWork, heard: Iterable[OrganizationAdmitted]) -> None:
    """Keep the TEOs among the organizations; provinces and colleges sign nothing here."""
    rows = [
        {
            "id": teo.organization_id,
            "version": teo.organization_version,
            "code": teo.code,
            "name_zh": teo.name_zh,
            "name_en": teo.name_en,
            "admitted_at": teo.admitted_at,
        }
        for teo in heard
        if teo.kind == "teo"
    ]
    _keep_newest(session, Teo, rows)


def know_types(session: UnitOfWork, heard: Iterable[CertificateTypePublished]) -> None:
    """Keep the certificate types with the names of their published levels."""
    rows = [
        {
            "id": kind.certificate_type_id,
            "version": kind.type_version,
            "code": kind.code,
            "name_zh": kind.name_zh,
            "name_en": kind.name_en,
            "teo_id": kind.teo_id,
            "levels": sorted({published.level for published in kind.levels}),
        }
        for kind in heard
    ]
    _keep_newest(session, CertificateType, rows)


def _keep_newest(session: UnitOfWork, table: Any, rows: list[dict[str, Any]]) -> None:
    # One statement cannot touch a row twice, so of several versions in a batch only the newest goes in. In the order of
    # their ids, so that two batches at once wait for each other and never deadlock.
    newest = {row["id"]: row for row in sorted(rows, key=lambda row: (row["id"], row["version"]))}
    if not newest:
        return
    statement = insert(table).values(list(newest.values()))
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    newer = statement.excluded.version > table.version
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer))
