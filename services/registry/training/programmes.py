"""Programmes as they are shown: whole to those who organize or supervise them, without people to everyone."""

import uuid
from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.problems import NotFound
from services.registry.training import queries
from services.registry.training.models import TrainingAttendance, TrainingProgramme
from services.registry.training.schemas import ProgrammeSchema


def whole(session: Session, programme: TrainingProgramme) -> dict[str, Any]:
    """The programme with its sessions and with whom it engages for what."""
    return _said(programme) | {
        "sessions": queries.sessions_of(session, programme.id),
        "experts": queries.experts_of(session, programme.id),
    }


def whole_visible(session: Session, programme_id: uuid.UUID, by: Caller) -> dict[str, Any]:
    """The programme of a request's address; what experts are paid is for its organizer and those who see everything."""
    return whole(session, _supervised(session, programme_id, by))


def announcement(session: Session, programme_id: uuid.UUID) -> dict[str, Any]:
    """What everyone is told: programme, fees, sessions, and how many experts come from where; nobody's name (OP-10)."""
    programme = queries.one_of(session, queries.announced(), TrainingProgramme.id, programme_id)
    listed = [one.expert_id for one in queries.experts_of(session, programme.id)]
    sources = Counter(expert.source for expert in queries.experts_by_id(session, listed).values())
    return _said(programme) | {
        "sessions": queries.sessions_of(session, programme.id),
        "experts_by_source": dict(sources),
    }


def attendance_visible(session: Session, session_id: uuid.UUID, by: Caller) -> list[TrainingAttendance]:
    """Who took part in a session, for those who may see its programme whole."""
    held = queries.session_of(session, session_id)
    _supervised(session, held.programme_id, by)
    return queries.attendance_of(session, held.id)


def _supervised(session: Session, programme_id: uuid.UUID, by: Caller) -> TrainingProgramme:
    programme = queries.programme(session, programme_id)
    own = by.sees_everything
    if by.role == Role.TEO:
        own = by.organization_id is not None and programme.teo_id == by.organization_id
    if by.role == Role.PROVINCE:
        own = by.province_code is not None and programme.province_code == by.province_code
    if not own:
        raise NotFound()
    return programme


def _said(programme: TrainingProgramme) -> dict[str, Any]:
    return {name: getattr(programme, name) for name in ProgrammeSchema().fields}
