"""What is reported, when it is due, and when its absence opens an exit case (OP-06, OP-42)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from onex.chassis.states import Machine
from services.registry.reports import periods
from services.registry.reports.errors import (
    BreakBackwards,
    BreakInThePast,
    PeriodBeforeJoining,
    PeriodNotBegun,
    ReportNotOfYours,
    SectionMissing,
)
from services.registry.reports.periods import A_WEEK, Period

PROGRESS, EXPERIENCE, TYPICAL_CASES, PROBLEMS, SUGGESTIONS = SECTIONS = (
    "progress", "experience", "typical_cases", "problems", "suggestions",
)  # fmt: skip
REPORTERS = ("province", "teo", "college")
WEEKLY = "weekly"
SENT = "sent"
WEEKS_RUNNING = 3
"""OP-42 (a): three weekly reports missing one after the other."""
MISSING_REPORTS_GROUND = "a"

REPORT = Machine(
    "report",
    "OP-06",
    {
        "resend": (("sent", "returned"), "sent"),
        "return": ("sent", "returned"),
        "close": (("sent", "returned"), "closed"),
    },
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report: who sends it, how often, within how many days, and what it must hold."""

    code: str
    organization_kind: str
    every: str
    grace_days: int
    sections: tuple[str, ...]
    name_zh: str
    name_en: str


# OP-06: what a fresh registry begins with; from then on kinds are data, and these may be changed like any other.
KINDS = (
    Kind(WEEKLY, "college", periods.WEEK, 0, (PROGRESS,), "试点院校周报", "Weekly report of a college"),
    Kind("province-monthly", "province", periods.MONTH, 10, (PROGRESS, PROBLEMS), "省级月报", "Monthly report of a province"),
    Kind("teo-monthly", "teo", periods.MONTH, 10, (PROGRESS, PROBLEMS), "培训评价组织月报", "Monthly report of a TEO"),
    Kind("province-cases", "province", periods.QUARTER, 15, (TYPICAL_CASES,), "省级典型案例季报", "A province's cases"),
    Kind("teo-cases", "teo", periods.QUARTER, 15, (TYPICAL_CASES,), "培训评价组织典型案例季报", "A TEO's cases"),
    Kind("college-cases", "college", periods.QUARTER, 15, (TYPICAL_CASES,), "院校典型案例季报", "A college's cases"),
)  # fmt: skip


def check_sender(organization_kind: str, kind_of: str) -> None:
    """OP-06: each kind of report has its kind of sender; weekly ones are the colleges'."""
    if organization_kind != kind_of:
        raise ReportNotOfYours(f"Reports of this kind are sent by organizations of the kind {kind_of}.")


def check_period(period: Period, joined_on: date | None, today: date) -> None:
    """OP-06: a period is reported on once it has begun, by who took part before it ended."""
    if period.begins_on > today:
        raise PeriodNotBegun(f"{period.name} begins on {period.begins_on}.")
    if joined_on is not None and period.ends_on < joined_on:
        raise PeriodBeforeJoining(f"{period.name} ended before {joined_on}.")


def check_sections(required: Sequence[str], sections: Mapping[str, str]) -> None:
    """OP-06: progress, experience, typical cases, problems, suggestions: those its kind asks for are not empty."""
    missing = [name for name in required if not sections.get(name, "").strip()]
    if missing:
        raise SectionMissing(f"Missing: {', '.join(missing)}.", missing=missing)


def is_late(sent_on: date, due_on: date) -> bool:
    """OP-06: a report that comes on its due day is in time, the day after it is late."""
    return sent_on > due_on


def last_week_due(today: date, grace_days: int) -> Period:
    """The newest week whose report can no longer come in time today (OP-42)."""
    return periods.week(today - timedelta(days=grace_days) - A_WEEK)


def next_to_check(checked: date | None, newest: Period) -> Period:
    """The week to look at: the newest that is due, or the first one after the last that was looked at, if days were lost."""
    if checked is None or checked >= newest.begins_on:
        return newest
    return periods.week(checked + A_WEEK)


def run_ending(last: Period) -> tuple[Period, Period]:
    """OP-42 (a): the first and the last of the three weeks running of which `last` is the third."""
    return periods.week(last.begins_on - (WEEKS_RUNNING - 1) * A_WEEK), last


def weeks_of(first: Period, last: Period) -> tuple[Period, ...]:
    """The weeks from the first to the last, both included."""
    count = (last.begins_on - first.begins_on) // A_WEEK + 1
    return tuple(periods.week(first.begins_on + number * A_WEEK) for number in range(count))


def too_late_for(week: Period, grace_days: int, zone: timezone) -> datetime:
    """The moment from which a week's report comes too late to keep the third week from being missed (OP-42)."""
    day = week.due_on(grace_days) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def found_of(first: Period, last: Period) -> str:
    """What is said to be the case when the three-week rule opens one (OP-42)."""
    return f"No weekly report for {WEEKS_RUNNING} weeks running, {first.name} to {last.name}. 连续三周未填报周报。"


def check_break(first: Period, last: Period, due_on: date, today: date) -> None:
    """OP-42: weeks are excused by a notice beforehand: while the first one's report is not due yet."""
    if last.begins_on < first.begins_on:
        raise BreakBackwards()
    if today > due_on:
        raise BreakInThePast(f"The report of {first.name} was due on {due_on}.")
