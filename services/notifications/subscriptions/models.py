"""Subscriptions. Their secrets are sealed."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.tables import Base


class Subscription(Base):
    """A partner's wish to be told of some events at an address."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'disabled', 'deleted')", name="state"),
        Index("ix_subscription_client_id", "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(Text)
    """The partner's client, which alone sees and changes it."""
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    certificate_type_codes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Only certificates of these types; None: of all."""
    sealed_secret: Mapped[str] = mapped_column(Text)
    sealed_previous_secret: Mapped[str | None] = mapped_column(Text)
    previous_secret_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(Text)
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Since when nothing got through; None after any success."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    told_since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    """Since when it has a delivery of every event it asked for: it subscribed then, or was activated again."""
