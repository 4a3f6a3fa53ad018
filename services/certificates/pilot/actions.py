"""What is heard of the pilot is kept, the newest version of each subject only."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, text
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
    """Keep the certificate types, and the names of all levels they were ever published with (PP-22)."""
    rows: list[dict[str, Any]] = [
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
    newest = _newest(rows)
    for row in newest:
        row["levels"] = sorted({level for one in rows if one["id"] == row["id"] for level in one["levels"]})
    statement = insert(CertificateType).values(newest)
    newer = statement.excluded.version > CertificateType.version
    changed: dict[str, Any] = {
        name: case((newer, statement.excluded[name]), else_=getattr(CertificateType, name))
        for name in rows[0]
        if name not in ("id", "levels")
    }
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed | {"levels": _EVERY_LEVEL}))


_EVERY_LEVEL = text(
    "(SELECT COALESCE(jsonb_agg(DISTINCT level ORDER BY level), '[]')"
    " FROM jsonb_array_elements_text(certificate_type.levels || excluded.levels) AS level)"
)


def _newest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # One statement cannot touch a row twice, so of several versions in a batch only the newest goes in. In the order of
    # their ids, so that two batches at once wait for each other and never deadlock.
    return list({row["id"]: row for row in sorted(rows, key=lambda row: (row["id"], row["version"]))}.values())


def _keep_newest(session: UnitOfWork, table: Any, rows: list[dict[str, Any]]) -> None:
    newest = _newest(rows)
    if not newest:
        return
    statement = insert(table).values(newest)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    newer = statement.excluded.version > table.version
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer))
