"""The training calendar: which certificate types train teachers in a year, and which do not (PP-40)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from services.registry.standards.models import CertificateType
from services.registry.training.models import TrainingProgramme


def types(by: Caller, year: int, *, gaps: bool) -> Select[CertificateType]:
    """The published types, a TEO's own for a TEO; with `gaps` only those without a programme in the year."""
    query = select(CertificateType).where(CertificateType.version > 0)
    if by.role == Role.TEO:
        query = query.where(CertificateType.teo_id == by.organization_id)
    if gaps:
        query = query.where(~select(TrainingProgramme.id).where(*_in(year), _of_type()).exists())
    return query


def with_programmes(session: Session, year: int, shown: Sequence[CertificateType]) -> list[dict[str, Any]]:
    """Each type with how many of its programmes begin in the year, when the first does, and whether any does at all."""
    counted = (
        select(TrainingProgramme.certificate_type_id, func.count(), func.min(TrainingProgramme.starts_on))
        .where(*_in(year), TrainingProgramme.certificate_type_id.in_([one.id for one in shown]))
        .group_by(TrainingProgramme.certificate_type_id)
    )
    found = {type_id: (number, first) for type_id, number, first in session.execute(counted)}
    return [
        {
            "certificate_type_id": one.id,
            "type_code": one.code,
            "type_name_zh": one.name_zh,
            "type_name_en": one.name_en,
            "teo_id": one.teo_id,
            "year": year,
            "programmes": found.get(one.id, (0, None))[0],
            "first_starts_on": found.get(one.id, (0, None))[1],
            "trained": one.id in found,
        }
        for one in shown
    ]


def _in(year: int) -> tuple[Any, ...]:
    """PP-40: what counts is what was announced, not given up, and begins in the year."""
    return (
        TrainingProgramme.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
        TrainingProgramme.state.in_(("announced", "finished")),
    )


def _of_type() -> Any:
    return TrainingProgramme.certificate_type_id == CertificateType.id
