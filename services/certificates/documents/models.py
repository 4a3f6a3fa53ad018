"""Bundles: the documents of one sitting's certificates, made by a job and kept until they expire."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class Bundle(Base):
    """One order of a sitting's documents; its id is that of its job."""

    __tablename__ = "document_bundle"
    __table_args__ = (
        UniqueConstraint("sitting_id", "created_by"),
        Index("ix_document_bundle_expires_at", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[uuid.UUID]
    teo_id: Mapped[uuid.UUID | None]
    """Whose certificates it is confined to, as its caller was a TEO."""
    college_id: Mapped[uuid.UUID | None]
    """The same for a college: its own students'."""
    owner_id: Mapped[uuid.UUID | None]
    created_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class BundledDocument(Base):
    """A certificate of the bundle. It shows a person's name, so it is sealed; None: not made yet, or not made at all."""

    __tablename__ = "bundled_document"

    bundle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_bundle.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Its number in the bundle, beginning with 1, in the order of the certificates' numbers."""
    certificate_id: Mapped[uuid.UUID]
    sealed_pdf: Mapped[str | None] = mapped_column(Text, deferred=True)
