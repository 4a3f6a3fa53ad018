"""Reports are sent, returned and closed; weeks are excused; three missed weeks open an exit case."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from services.registry.exits import actions as exits
from services.registry.organizations import actions as organizations
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import PROVINCE
from services.registry.reports import periods, queries, rules
from services.registry.reports.errors import BreakWithdrawn, ReportKindExists
from services.registry.reports.models import MissedWeeks, Report, ReportBreak, ReportKind, ReportVersion, WeekChecked

COLLEGES_AT_ONCE = 200
BY_ITSELF = "three-week rule"
"""Who opened the case, where no person did."""


def plant_kinds(session: UnitOfWork) -> None:
    """Bring the usual kinds of reports into the table; what is there stays as it is."""
    for kind in rules.KINDS:
        row = {
            name: getattr(kind, name)
            for name in ("code", "organization_kind", "every", "grace_days", "name_zh", "name_en")
        }
        if session.query(ReportKind.id).filter_by(code=kind.code).first() is None:
            session.add(ReportKind(**row, sections=list(kind.sections), changed_by="migration"))
    session.flush()


def add_kind(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> ReportKind:
    """A further kind of report (OP-06)."""
    kind = ReportKind(**body, changed_by=by.client_id, changed_at=clock.now())
    session.add(kind)
    try:
        session.flush()
    except IntegrityError:
        raise ReportKindExists() from None
    return kind


def change_kind(session: UnitOfWork, code: str, changes: dict[str, Any], *, by: Caller) -> ReportKind:
    """Change how many days of grace a kind gives, what it must hold, or its name; reports that were sent keep their due day."""
    kind = queries.kind_to_change(session, code)
    for name, value in changes.items():
        setattr(kind, name, value)
    kind.changed_by, kind.changed_at = by.client_id, clock.now()
    return kind


def send(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> tuple[Report, bool]:
    """The caller's organization reports on a period; returns the report and whether it is its first version (OP-06)."""
    return send_for(session, queries.sender(session, by), body, by=by)[:2]


def send_for(
    session: UnitOfWork, sender: Organization, body: dict[str, Any], *, by: Caller
) -> tuple[Report, bool, bool]:
    """Take a report of `sender`: the report, whether it is new, and whether anything changed.

    Sent again while it is open, it becomes the next version; the first one alone says whether it came in time.
    """
    if sender.kind != PROVINCE:
        organizations.must_take_part(session, sender.id)
    kind = queries.kind_named(session, body["kind"])
    rules.check_sender(sender.kind, kind.organization_kind)
    period = periods.read(kind.every, body["period"])
    joined_on = clock.beijing_day(sender.admitted_at) if sender.admitted_at else None
    rules.check_period(period, joined_on, clock.today())
    rules.check_sections(kind.sections, body["sections"])
    sections = {name: text for name, text in body["sections"].items() if text}
    known = queries.of_period(session, sender.id, kind.code, period.begins_on)
    if known is None:
        due_on = period.due_on(kind.grace_days)
        known = Report(
            organization_id=sender.id,
            organization_kind=sender.kind,
            province_code=sender.province_code,
            kind=kind.code,
            period=period.name,
            begins_on=period.begins_on,
            ends_on=period.ends_on,
            due_on=due_on,
            sections=sections,
            version=1,
            state=rules.SENT,
            late=rules.is_late(clock.today(), due_on),
            sent_at=clock.now(),
            sent_by=by.client_id,
        )
        try:
            with session.begin_nested():
                session.add(known)
            return known, True, True
        except IntegrityError:  # sent twice at the same moment: this one is the second
            known = queries.of_period(session, sender.id, kind.code, period.begins_on)
            assert known is not None
    return known, False, _resend(session, known, sections, by=by)


def _resend(session: UnitOfWork, report: Report, sections: dict[str, str], *, by: Caller) -> bool:
    """Make it the report's next version, unless it says the same; whether it did."""
    state = rules.REPORT.after(report.state, "resend")
    if sections == report.sections and state == report.state:
        return False
    session.add(
        ReportVersion(
            report_id=report.id,
            version=report.version,
            sections=report.sections,
            sent_at=report.resent_at or report.sent_at,
            sent_by=report.resent_by or report.sent_by,
        )
    )
    report.state, report.sections, report.version = state, sections, report.version + 1
    report.resent_at, report.resent_by = clock.now(), by.client_id
    return True


def judge(session: UnitOfWork, report_id: uuid.UUID, verb: str, remark: str, *, by: Caller) -> Report:
    """Who reads a report returns it to be sent again, or closes it (OP-06).

    A province reads its colleges' reports; those of provinces and TEOs are read by the Ministry and the operator.
    """
    report = queries.to_change(session, by, report_id)
    if by.role == Role.PROVINCE and report.organization_kind == PROVINCE:
        raise OutOfScope()
    report.state = rules.REPORT.after(report.state, verb)
    report.remark = remark or None
    report.read_at, report.read_by = clock.now(), by.client_id
    return report


def excuse(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> ReportBreak:
    """Put a notice on record by which colleges owe no weekly report: a province for its own, the Ministry for all (OP-42)."""
    weekly = queries.kind_named(session, rules.WEEKLY)
    first, last = (periods.read(periods.WEEK, body[name]) for name in ("first_week", "last_week"))
    rules.check_break(first, last, first.due_on(weekly.grace_days), clock.today())
    excused = ReportBreak(
        province_code=by.province_code if by.role == Role.PROVINCE else body["province_code"],
        first_week_on=first.begins_on,
        last_week_on=last.begins_on,
        reason=body["reason"],
        notice=body["notice"],
        created_by=by.client_id,
    )
    session.add(excused)
    session.flush()
    session.refresh(excused)
    return excused


def withdraw_break(session: UnitOfWork, break_id: uuid.UUID, *, by: Caller) -> ReportBreak:
    """Take a notice back, before the first report that it excuses would have been due."""
    excused = queries.break_to_change(session, by, break_id)
    if by.role == Role.PROVINCE and excused.province_code != by.province_code:
        raise OutOfScope()
    if excused.withdrawn_at is not None:
        raise BreakWithdrawn()
    weekly = queries.kind_named(session, rules.WEEKLY)
    first, last = periods.week(excused.first_week_on), periods.week(excused.last_week_on)
    rules.check_break(first, last, first.due_on(weekly.grace_days), clock.today())
    excused.withdrawn_at, excused.withdrawn_by = clock.now(), by.client_id
    return excused


def look_for_missed_weeks(session: UnitOfWork, today: date) -> bool:
    """OP-42 (a): open an exit case for each college that missed three weekly reports running; True when there is more to do.

    Done for the newest week whose report can no longer come in time, and first for those since the last that was looked at,
    if no worker ran meanwhile. Done again it finds nothing new.
    """
    weekly = queries.kind_known(session, rules.WEEKLY)
    if weekly is None:
        return False
    newest = rules.last_week_due(today, weekly.grace_days)
    last = rules.next_to_check(queries.last_week_checked(session), newest)
    first, last = rules.run_ending(last)
    too_late_at = rules.too_late_for(last, weekly.grace_days, clock.BEIJING)
    found = queries.silent_colleges(session, first, last, too_late_at, COLLEGES_AT_ONCE)
    for college_id, province_code in found:
        assert province_code is not None  # no college is registered without
        case = exits.open_case(
            session,
            college_id,
            rules.MISSING_REPORTS_GROUND,
            found=rules.found_of(first, last),
            by=BY_ITSELF,
            by_itself=True,
        )
        session.add(
            MissedWeeks(
                college_id=college_id,
                province_code=province_code,
                first_week_on=first.begins_on,
                last_week_on=last.begins_on,
                found_at=clock.now(),
                exit_case_id=case.id if case else None,
            )
        )
    if len(found) == COLLEGES_AT_ONCE:
        return True  # there may be more of this week
    if session.get(WeekChecked, last.begins_on) is None:
        session.add(WeekChecked(week_on=last.begins_on, checked_at=clock.now()))
    session.flush()
    return last.begins_on < newest.begins_on
