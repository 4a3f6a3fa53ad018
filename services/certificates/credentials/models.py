"""The keys with which TEOs sign."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.certificates.tables import Base


class IssuerKey(Base):
    """An Ed25519 key of a TEO; its secret is sealed. A retired key stays, for the certificates that it signed."""

    __tablename__ = "issuer_key"
    __table_args__ = (
        Index("uq_issuer_key_in_force", "teo_id", unique=True, postgresql_where=text("retired_at IS NULL")),
        Index("ix_issuer_key_teo_id", "teo_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teo_id: Mapped[uuid.UUID]
    public_multibase: Mapped[str] = mapped_column(Text, unique=True)
    sealed_secret: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
