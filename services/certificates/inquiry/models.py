"""What inquiry keeps: the answers of batch inquiries for some days, and how often was missed lately."""

import uuid

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class BatchAnswer(Base):
    """What one row of a batch inquiry found. It holds no name, and of the certificate nothing but which one it is."""

    __tablename__ = "batch_inquiry_answer"

    job_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """A UUIDv7: its time is when the file was sent, and decides when the answer is dropped."""
    row_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(Text)
    """As it was asked."""
    certificate_id: Mapped[uuid.UUID | None]


class Miss(Base):
    """How often something was missed in an hour (sharing.py). What it was is a keyed hash; lost in a crash, as it may be."""

    __tablename__ = "inquiry_miss"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Hours since 1970."""
    misses: Mapped[int]
