"""How timely certificates were entered, counted as they are."""

import uuid

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class EntryTally(Base):
    """Part of a TEO's counts, which are the sums of its rows.

    Each batch of certificates adds a row, so that no two wait for each other; every minute a TEO's rows become one.
    """

    __tablename__ = "entry_tally"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    teo_id: Mapped[uuid.UUID]
    on_time: Mapped[int] = mapped_column(BigInteger)
    late: Mapped[int] = mapped_column(BigInteger)
    unknown: Mapped[int] = mapped_column(BigInteger)
    """Not judged yet. Negative in a row that says how so many were judged later."""
