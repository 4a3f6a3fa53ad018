"""What the certificates service says of the 7-working-day clock (OP-32). No person is named."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDueSoon(Event):
    """Certificates are issued, are not on the platform, and are due there within the next few working days."""

    producer: ClassVar[str] = "certificates"
    name: ClassVar[str] = "entry_due_soon"
    subject: ClassVar[str] = "teo_id"

    teo_id: uuid.UUID
    certificate_type_id: uuid.UUID
    issued_on: date
    due_on: date
    """The last day in time."""
    outstanding: int
    """How many certificates of this TEO, type and day of issue are not on the platform."""
    warned_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryBreached(Event):
    """Certificates of a TEO, a type and a day of issue came onto the platform too late, or are overdue; or so it was taken to be.

    A higher version replaces a lower: more came late, or what was overdue has come. Where a corrected calendar says that all
    were in time, the breach stands no more.
    """

    producer: ClassVar[str] = "certificates"
    name: ClassVar[str] = "entry_breached"
    subject: ClassVar[str] = "breach_id"

    breach_id: uuid.UUID
    breach_version: int
    stands: bool
    teo_id: uuid.UUID
    certificate_type_id: uuid.UUID
    issued_on: date
    due_on: date | None
    """The last day in time; None where a calendar was withdrawn that had decided it."""
    late: int
    """So many came after it."""
    outstanding: int
    """So many have not come."""
    changed_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinessReported(Event):
    """How timely a TEO's certificates of one month of issue came onto the platform, once all of them are due.

    A higher version replaces a lower: something was entered or judged after the report.
    """

    producer: ClassVar[str] = "certificates"
    name: ClassVar[str] = "timeliness_reported"
    subject: ClassVar[str] = "teo_id"

    teo_id: uuid.UUID
    month: date
    """The first day of the month of issue."""
    report_version: int
    on_time: int
    late: int
    unknown: int
    """The calendar that decides is not published."""
    reported_at: Moment
