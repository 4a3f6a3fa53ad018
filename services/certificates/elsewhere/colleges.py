"""The colleges that the registry has told of, by their codes."""

import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import OrganizationAdmitted
from services.certificates.elsewhere.models import College


def know(session: UnitOfWork, heard: Iterable[OrganizationAdmitted]) -> None:
    """Keep the colleges among the organizations, the newest version of each."""
    newest: dict[uuid.UUID, OrganizationAdmitted] = {}
    for one in sorted(heard, key=lambda one: (one.organization_id, one.organization_version)):
        if one.kind == "college":
            newest[one.organization_id] = one
    rows = [
        {
            "id": one.organization_id,
            "version": one.organization_version,
            "code": one.code,
            "name_zh": one.name_zh,
            "name_en": one.name_en,
        }
        for one in newest.values()
    ]
    if rows:
        said = insert(College).values(rows)
        changed = {name: said.excluded[name] for name in ("version", "code", "name_zh", "name_en")}
        newer = said.excluded.version > College.version
        session.execute(said.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer))


def ids_of(session: Session, codes: Collection[str]) -> dict[str, uuid.UUID]:
    """The ids of the colleges of these codes."""
    found = select(College.code, College.id).where(College.code.in_(codes)).order_by(College.id)
    return dict(iter(session.execute(found)))
