"""Reads of reports, and the check for three missing weeks."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by, seen_by
from onex.chassis.problems import there
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Batch, BatchCollege, Organization
from services.registry.organizations.rules import ADMITTED, COLLEGE, PROVINCE
from services.registry.reports import rules
from services.registry.reports.errors import ReportKindUnknown, SenderUnknown
from services.registry.reports.models import MissedWeeks, Report, ReportBreak, ReportKind, ReportVersion, WeekChecked
from services.registry.reports.periods import Period


def visible(by: Caller) -> Select[Report]:
    """Ministry and operator read every report, a province those of its territory, everyone else their own (OP-01)."""
    own = {Role.PROVINCE: Report.province_code, Role.TEO: Report.organization_id, Role.COLLEGE: Report.organization_id}
    return seen_by(by, select(Report), own)


def one_visible(session: Session, by: Caller, report_id: uuid.UUID) -> Report:
    """The report; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Report.id == report_id)).first())


def to_change(session: Session, by: Caller, report_id: uuid.UUID) -> Report:
    """A report that the caller may see, locked until the transaction ends; raise NotFound without one."""
    one_visible(session, by, report_id)
    found = session.get(Report, report_id, with_for_update=True, populate_existing=True)
    assert found is not None  # no report is ever deleted
    return found


def versions(session: Session, report: Report) -> Sequence[ReportVersion]:
    """What the report said before, oldest first."""
    earlier = select(ReportVersion).where(ReportVersion.report_id == report.id)
    return session.scalars(earlier.order_by(ReportVersion.version)).all()


def kinds() -> Select[ReportKind]:
    """Every kind of report; what is owed is no secret."""
    return select(ReportKind)


def kind_known(session: Session, code: str) -> ReportKind | None:
    """The kind of report, None without one."""
    return session.scalar(select(ReportKind).where(ReportKind.code == code))


def kind_named(session: Session, code: str) -> ReportKind:
    """The kind of report; raise ReportKindUnknown without one."""
    found = kind_known(session, code)
    if found is None:
        raise ReportKindUnknown()
    return found


def kind_addressed(session: Session, code: str) -> ReportKind:
    """The kind of an address; raise NotFound without one."""
    return there(kind_known(session, code))


def kind_to_change(session: Session, code: str) -> ReportKind:
    """The kind of an address, locked until the transaction ends; raise NotFound without one."""
    return there(session.scalar(select(ReportKind).where(ReportKind.code == code).with_for_update()))


def sender(session: Session, by: Caller) -> Organization:
    """The organization that the caller stands for: itself, or for a province's caller the province (OP-01)."""
    own = Organization.id == by.organization_id
    if by.role == Role.PROVINCE:
        own = and_(Organization.kind == PROVINCE, Organization.province_code == by.province_code)
    found = session.scalar(select(Organization).where(own))
    if found is None:
        raise SenderUnknown()
    return found


def college_of_code(session: Session, by: Caller, code: str) -> Organization:
    """The college of a file's row; raise OrganizationUnknown when the caller has none of this code to speak for (OP-01)."""
    query = select(Organization).where(Organization.kind == COLLEGE, Organization.code == code)
    if by.role == Role.PROVINCE:
        query = query.where(Organization.province_code == by.province_code)
    elif not by.sees_everything:
        query = query.where(Organization.id == by.organization_id)
    found = session.scalar(query)
    if found is None:
        raise OrganizationUnknown("No college of yours has this code.", column="college_code")
    return found


def of_period(session: Session, organization_id: uuid.UUID, kind: str, begins_on: date) -> Report | None:
    """An organization's report of a kind on a period, locked until the transaction ends; None without one."""
    own = and_(Report.organization_id == organization_id, Report.kind == kind, Report.begins_on == begins_on)
    return session.scalar(select(Report).where(own).with_for_update())


def missing(by: Caller, kind: ReportKind, period: Period) -> Select[Organization]:
    """Who takes part, owes a report of this kind on the period and has sent none (OP-06)."""
    joined_by = _midnight(period.begins_on + timedelta(days=1))
    owes = and_(
        Organization.kind == kind.organization_kind,
        Organization.status == ADMITTED,
        Organization.admitted_at < joined_by,
    )
    query = select(Organization).where(owes)
    if not by.sees_everything:
        query = query.where(Organization.province_code == by.province_code)
    if kind.organization_kind == COLLEGE:
        query = query.where(Organization.id.in_(_in_the_pilot((period,))))
    if kind.code == rules.WEEKLY:
        query = query.where(~_excused(period, period))
    sent = and_(Report.kind == kind.code, Report.begins_on == period.begins_on)
    return query.where(~exists().where(sent, Report.organization_id == Organization.id))


def breaks_visible(by: Caller) -> Select[ReportBreak]:
    """Everyone sees the notices for everyone; a province's own are seen by it and by its colleges."""
    query = select(ReportBreak)
    if by.sees_everything:
        return query
    return query.where(or_(ReportBreak.province_code.is_(None), ReportBreak.province_code == by.province_code))


def break_to_change(session: Session, by: Caller, break_id: uuid.UUID) -> ReportBreak:
    """A notice that the caller may see, locked until the transaction ends; raise NotFound without one."""
    return there(session.scalar(breaks_visible(by).where(ReportBreak.id == break_id).with_for_update()))


def missed_visible(by: Caller) -> Select[MissedWeeks]:
    """Found gaps: a province sees those of its colleges, a college its own."""
    query = select(MissedWeeks)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        return owned_by(query, MissedWeeks.province_code, by.province_code)
    return query.where(MissedWeeks.college_id == by.organization_id)


def last_week_checked(session: Session) -> date | None:
    """The Monday of the newest week that colleges were looked at for."""
    return session.scalar(select(func.max(WeekChecked.week_on)))


def silent_colleges(
    session: Session, first: Period, last: Period, too_late_at: datetime, most: int
) -> Sequence[Row[uuid.UUID, str | None]]:
    """OP-42 (a): ids and provinces of up to `most` colleges of which no weekly report of these weeks came in time.

    In time is before `too_late_at`: what comes later does not undo what was missed, whenever this is asked.
    Only colleges that take part, that had joined when the first week began, whose batches ran through the weeks, whom no
    notice excuses, and of whom none of these weeks is counted already. One query: the reports of three weeks by their index.
    """
    weeks = rules.weeks_of(first, last)
    heard = select(Report.organization_id).where(
        Report.kind == rules.WEEKLY,
        Report.begins_on.in_([week.begins_on for week in weeks]),
        Report.sent_at < too_late_at,
    )
    # Read once, as one stretch of the index: looked for college by college it takes several times as long.
    reported = heard.cte("reported").prefix_with("MATERIALIZED", dialect="postgresql")
    counted = and_(MissedWeeks.college_id == Organization.id, MissedWeeks.last_week_on >= first.begins_on)
    query = select(Organization.id, Organization.province_code).where(
        Organization.kind == COLLEGE,
        Organization.status == ADMITTED,
        Organization.admitted_at < _midnight(first.begins_on + timedelta(days=1)),
        Organization.id.in_(_in_the_pilot(weeks)),
        ~exists().where(reported.c.organization_id == Organization.id),
        ~exists().where(counted),
        ~_excused(first, last),
    )
    return session.execute(query.order_by(Organization.id).limit(most)).all()


def _in_the_pilot(weeks: Sequence[Period]) -> Select[uuid.UUID]:
    """Colleges with a batch that runs on the first and on the last day of each of these periods (OP-44, PP-36)."""
    days = [day for week in weeks for day in (week.begins_on, week.ends_on)]
    running = [func.bool_or(and_(Batch.starts_on <= day, Batch.ends_on >= day)) for day in days]
    member = select(BatchCollege.college_id).join(Batch, Batch.id == BatchCollege.batch_id)
    near = member.where(Batch.starts_on <= days[-1], Batch.ends_on >= days[0])
    return near.group_by(BatchCollege.college_id).having(and_(*running))


def _excused(first: Period, last: Period) -> ColumnElement[bool]:
    """Whether a notice that stands excuses any week from `first` to `last` where the organization lies."""
    return exists().where(
        ReportBreak.withdrawn_at.is_(None),
        ReportBreak.first_week_on <= last.begins_on,
        ReportBreak.last_week_on >= first.begins_on,
        or_(ReportBreak.province_code.is_(None), ReportBreak.province_code == Organization.province_code),
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.BEIJING)
