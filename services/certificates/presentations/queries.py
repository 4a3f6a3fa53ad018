"""Reads of presentations."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.certificates.presentations.models import Presentation

# Sealed names and credentials are read only where the holder chose them.
_SHOWN = text("""
    SELECT p.fields, c.number, c.state, c.masked_name, c.type_code, t.name_zh AS type_zh, t.name_en AS type_en, c.level,
           o.name_zh AS teo_zh, o.name_en AS teo_en, c.issued_on, c.standard_version,
           CASE WHEN 'name' = ANY(p.fields) THEN c.sealed_name END AS sealed_name,
           CASE WHEN 'credential' = ANY(p.fields) THEN c.credential END AS credential
    FROM presented_certificate p
    JOIN certificate c ON c.id = p.certificate_id
    JOIN certificate_type t ON t.id = c.certificate_type_id
    JOIN teo o ON o.id = c.teo_id
    WHERE p.presentation_id = :id ORDER BY p.position
""")
_CHOSEN = text("""
    SELECT p.presentation_id, p.fields, c.number FROM presented_certificate p
    JOIN certificate c ON c.id = p.certificate_id
    WHERE p.presentation_id = ANY(CAST(:ids AS uuid[])) ORDER BY p.presentation_id, p.position
""")


class Shown(NamedTuple):
    """What a link shows: rows of certificates as they stand now, each with the fields that were chosen."""

    expires_at: datetime
    certificates: list[Any]


def shown(session: Session, presentation_id: uuid.UUID, expires_at: datetime) -> Shown:
    """What a presentation shows."""
    return Shown(expires_at, list(session.execute(_SHOWN, {"id": presentation_id})))


def of_learner(who: Caller) -> Select[tuple[Presentation]]:
    """The learner's own presentations."""
    return owned_by(select(Presentation), Presentation.learner_id, who.learner_id)


def own(session: Session, who: Caller, presentation_id: uuid.UUID, *, lock: bool = False) -> Presentation:
    """One of the learner's own; raises NotFound."""
    query = select(Presentation).where(Presentation.id == presentation_id, Presentation.learner_id == who.learner_id)
    return there(session.scalar(query.with_for_update() if lock else query))


def chosen(session: Session, presentations: Iterable[Presentation]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Which certificates and which of their fields each presentation shows."""
    found: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(_CHOSEN, {"ids": [one.id for one in presentations]}):
        found[row.presentation_id].append({"number": row.number, "fields": row.fields})
    return found
