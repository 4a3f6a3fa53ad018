"""Presentations."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class Presentation(Base):
    """A link by which a learner shows some of their certificates. Its token is here as a hash only."""

    __tablename__ = "presentation"
    __table_args__ = (Index("ix_presentation_learner_id_id", "learner_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    learner_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed_label: Mapped[str | None] = mapped_column(Text)
    """What the learner calls it, sealed: it may name an employer."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    views: Mapped[int] = mapped_column(server_default="0")
    last_viewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PresentedCertificate(Base):
    """One certificate of a presentation, and what of it is shown. Nothing of it is copied: it is shown as it stands."""

    __tablename__ = "presented_certificate"

    presentation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    certificate_id: Mapped[uuid.UUID]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
