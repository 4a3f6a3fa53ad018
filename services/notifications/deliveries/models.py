"""Deliveries."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.notifications.partners.models import Notice
from services.notifications.tables import Base


class Delivery(Base):
    """One notice for one subscription. While an attempt runs, `next_attempt_at` is when its lease ends."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "subscription_id", name="uq_delivery_notice_subscription"),
        CheckConstraint("state IN ('pending', 'delivered', 'failed')", name="state"),
        Index("ix_delivery_due", "subscription_id", "next_attempt_at", postgresql_where=text("state = 'pending'")),
        Index("ix_delivery_subscription_id", "subscription_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.event_id"))
    subscription_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subscription.id"))
    state: Mapped[str] = mapped_column(Text, server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    last_status: Mapped[int | None]
    last_error_code: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    notice: Mapped[Notice] = relationship(viewonly=True, lazy="joined", innerjoin=True)
