"""Vocational fields: the four industries of the plan, and which fields are short of skilled people (PP-03, PP-32).

A certificate type says its field in a text. It is recognised by the field's code, by either of its names and by other
spellings listed here, all folded (no case, no spaces, full width or half). A text that is recognised by nothing is let
be, and listed, so that either the text or the taxonomy can be put right.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import fold
from onex.chassis.problems import there
from services.registry.organizations.errors import FieldExists, FieldUnknown
from services.registry.organizations.models import Field
from services.registry.organizations.schemas import INDUSTRIES
from services.registry.standards.models import CertificateType

AGRICULTURE, MANUFACTURING, SERVICES, EMERGING = INDUSTRIES

# The five fields that the first batch of 2019 opened, in the industries of the plan's clause 3.1. The plan opens the pilot
# in fields that are short of skilled people, so these are; it names no others, so no others are planted.
FIRST_FIELDS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("construction", "建筑工程技术", "Construction technology", MANUFACTURING, ("construction", "建筑信息模型")),
    ("information", "信息与通信技术", "Information and communication technology", EMERGING,
     ("information technology", "software", "信息技术", "软件")),
    ("logistics", "物流管理", "Logistics management", SERVICES, ("logistics", "物流")),
    ("elderly-care", "老年服务与管理", "Services and management for the elderly", SERVICES,
     ("health", "elderly care", "老年照护")),
    ("automotive", "汽车运用与维修技术", "Automotive use and maintenance", MANUFACTURING,
     ("vehicles", "automotive", "新能源汽车")),
)  # fmt: skip


def plant(session: UnitOfWork) -> None:
    """Bring the fields of the first batch into the table; what is there stays as it is."""
    there = set(session.scalars(select(Field.code)))
    for code, name_zh, name_en, industry, also in FIRST_FIELDS:
        if code not in there:
            body = {"code": code, "name_zh": name_zh, "name_en": name_en, "industry": industry, "shortage": True}
            session.add(Field(added_by="migration", spellings=_spellings(body, also), **body))
    session.flush()


def add(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Field:
    """Add a field to the taxonomy."""
    also = body.pop("also")
    field = Field(added_by=by.client_id, spellings=_spellings(body, also), **body)
    session.add(field)
    try:
        session.flush()
    except IntegrityError:
        raise FieldExists() from None
    session.refresh(field)
    return field


def change(session: UnitOfWork, field_id: uuid.UUID, body: dict[str, Any]) -> Field:
    """Put a field right: its names, its industry, whether it is short of people, how else it is written."""
    field = there(session.get(Field, field_id, with_for_update=True))
    also = body.pop("also")
    for name, value in body.items():
        setattr(field, name, value)
    field.spellings = _spellings({"code": field.code} | body, also)
    session.flush()
    return field


def named(session: Session, text: str) -> Field | None:
    """The field that a text means, None when nothing recognises it."""
    spelled = type_coerce([fold(text)], JSONB)
    return session.scalars(select(Field).where(Field.spellings.contains(spelled)).order_by(Field.id)).first()


def unmatched(session: Session) -> Select[CertificateType]:
    """The certificate types whose field nothing recognises. What folds a text lives here, so each spelling is asked about."""
    texts = session.scalars(select(CertificateType.field).distinct()).all()
    known = {spelled for (spellings,) in session.execute(select(Field.spellings)) for spelled in spellings}
    unknown = [text for text in texts if fold(text) not in known]
    return select(CertificateType).where(CertificateType.field.in_(unknown))


def must_exist(session: Session, codes: Iterable[str]) -> None:
    """Raise FieldUnknown for a code that no field has."""
    wanted = set(codes)
    unknown = wanted - set(session.scalars(select(Field.code).where(Field.code.in_(wanted)))) if wanted else wanted
    if unknown:
        raise FieldUnknown(f"No field has the code {', '.join(sorted(unknown))}.", unknown=sorted(unknown))


def _spellings(body: dict[str, Any], also: Iterable[str]) -> list[str]:
    return sorted({fold(text) for text in (body["code"], body["name_zh"], body["name_en"], *also)})
