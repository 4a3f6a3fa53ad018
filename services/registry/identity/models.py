"""Clients and signing keys."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.tables import Base


class Client(Base):
    """A machine client: one role in one scope. Its secret is kept as an argon2id hash only."""

    __tablename__ = "client"

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[uuid.UUID | None]
    province_code: Mapped[str | None] = mapped_column(Text)
    learner_id: Mapped[uuid.UUID | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SigningKey(Base):
    """An Ed25519 key that signs access tokens; the private half is sealed."""

    __tablename__ = "signing_key"

    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    sealed_private_jwk: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    retires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
