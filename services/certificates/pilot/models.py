"""What this service has heard of the pilot: TEOs and certificate types. The registry owns them; these are copies."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class Teo(Base):
    """A TEO as last heard of."""

    __tablename__ = "teo"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    admitted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ExitedTeo(Base):
    """A TEO whose part has ended (OP-41): what it publishes from then on earns no certificate. Never taken back."""

    __tablename__ = "exited_teo"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    """Of the organization: what is known of it is at least as new as its exit."""
    exited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CertificateType(Base):
    """A certificate type as last heard of; `levels` holds every level that was ever published (PP-10).

    A level that is retired stays in it: who was assessed at it and passed gets the certificate (PP-22).
    """

    __tablename__ = "certificate_type"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    levels: Mapped[list[Any]] = mapped_column(JSONB)
