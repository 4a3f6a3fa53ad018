"""Doors: sending, reading and judging reports; kinds; notices; missed weeks. Those of activities lie beside."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.organizations.models import Organization
from services.registry.organizations.schemas import OrganizationSchema
from services.registry.reports import actions as reports
from services.registry.reports import activity_api, case_api, periods, queries, rules
from services.registry.reports.doors import blp
from services.registry.reports.models import MissedWeeks, Report, ReportBreak, ReportKind
from services.registry.reports.schemas import (
    ClosedReportSchema,
    MissedWeeksSchema,
    NewReportBreakSchema,
    NewReportKindSchema,
    NewReportSchema,
    ReportBreakSchema,
    ReportKindChangesSchema,
    ReportKindSchema,
    ReportOwedSchema,
    ReportRowSchema,
    ReportSchema,
    ReportVersionSchema,
    ReturnedReportSchema,
)

__all__ = ["activity_api", "blp", "case_api"]

REPORTERS = (Role.PROVINCE, Role.TEO, Role.COLLEGE)
READERS = (*REPORTERS, Role.MINISTRY, Role.OPERATOR)
JUDGES = (Role.PROVINCE, Role.MINISTRY, Role.OPERATOR)

REPORTS = Listing(
    ReportRowSchema,
    Report.id,
    filters={
        "organization_id": equal(Report.organization_id),
        "organization_kind": equal(Report.organization_kind, rules.REPORTERS),
        "province_code": equal(Report.province_code),
        "kind": equal(Report.kind),
        "period": equal(Report.period),
        "begins": span(Report.begins_on, leads=True),
        "sent": span(Report.sent_at, leads=True),
        "state": equal(Report.state, rules.REPORT.states),
        "late": equal(Report.late),
    },
    sorts={"begins_on": Report.begins_on},
)
KINDS = Listing(
    ReportKindSchema, ReportKind.id, filters={"organization_kind": equal(ReportKind.organization_kind, rules.REPORTERS)}
)
MISSING = Listing(ReportOwedSchema, Organization.id, filters={"province_code": equal(Organization.province_code)})
BREAKS = Listing(
    ReportBreakSchema,
    ReportBreak.id,
    filters={"province_code": equal(ReportBreak.province_code), "weeks": span(ReportBreak.first_week_on)},
)
MISSED = Listing(
    MissedWeeksSchema,
    MissedWeeks.id,
    filters={"college_id": equal(MissedWeeks.college_id), "found": span(MissedWeeks.found_at, leads=True)},
)


@blp.route("/reports", methods=["POST"])
@allow(*REPORTERS)
@blp.arguments(NewReportSchema)
@blp.response(201, ReportSchema)
@blp.alt_response(200, schema=ReportSchema, description="It was sent before: this is its next version")
def send(body: dict[str, Any]) -> tuple[Report, int]:
    """Report on a period (OP-06). Sent again while it is open, the report becomes its next version."""
    report, new = reports.send(session(), body, by=caller())
    return report, 201 if new else 200


@blp.route("/reports")
@allow(*READERS)
@REPORTS.door(blp)
def reports_sent(query: dict[str, Any]) -> Any:
    """The reports the caller may read, newest first, without what they say."""
    return REPORTS.answer(session(), queries.visible(caller()), query)


@blp.route("/reports/<uuid:report_id>")
@allow(*READERS)
@blp.response(200, ReportSchema)
def report(report_id: uuid.UUID) -> Report:
    """One report."""
    return queries.one_visible(session(), caller(), report_id)


@blp.route("/reports/<uuid:report_id>/versions")
@allow(*READERS)
@blp.response(200, ReportVersionSchema(many=True))
def earlier_versions(report_id: uuid.UUID) -> Any:
    """What a report said before it was sent again, oldest first."""
    return queries.versions(session(), queries.one_visible(session(), caller(), report_id))


@blp.route("/reports/<uuid:report_id>/return", methods=["POST"])
@allow(*JUDGES)
@blp.arguments(ReturnedReportSchema)
@blp.response(200, ReportSchema)
def return_report(body: dict[str, Any], report_id: uuid.UUID) -> Report:
    """Give a report back to be put right; it stays on record, and in time if it was."""
    return reports.judge(session(), report_id, "return", body["remark"], by=caller())


@blp.route("/reports/<uuid:report_id>/closing", methods=["POST"])
@allow(*JUDGES)
@blp.arguments(ClosedReportSchema)
@blp.response(200, ReportSchema)
def close(body: dict[str, Any], report_id: uuid.UUID) -> Report:
    """Close a report: it cannot be sent again."""
    return reports.judge(session(), report_id, "close", body["remark"], by=caller())


@blp.route("/report-kinds")
@allow(*READERS)
@KINDS.door(blp)
def kinds(query: dict[str, Any]) -> Any:
    """The kinds of reports there are: who sends them, how often, in how many days."""
    return KINDS.answer(session(), queries.kinds(), query)


@blp.route("/report-kinds", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(NewReportKindSchema)
@blp.response(201, ReportKindSchema)
def add_kind(body: dict[str, Any]) -> ReportKind:
    """A further kind of report."""
    return reports.add_kind(session(), body, by=caller())


@blp.route("/report-kinds/<code>", methods=["PATCH"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(ReportKindChangesSchema)
@blp.response(200, ReportKindSchema)
def change_kind(body: dict[str, Any], code: str) -> ReportKind:
    """Change a kind's days of grace, its sections or its name, for the reports that are not sent yet."""
    return reports.change_kind(session(), code, body, by=caller())


@blp.route("/report-kinds/<code>/periods/<period>/missing")
@allow(*JUDGES)
@MISSING.door(blp)
def missing(query: dict[str, Any], code: str, period: str) -> Any:
    """Who owes the report of a period and has not sent it (OP-06)."""
    kind = queries.kind_addressed(session(), code)
    asked = periods.read(kind.every, period)
    due_on = asked.due_on(kind.grace_days)
    more = {"due_on": due_on, "overdue": rules.is_late(clock.today(), due_on)}
    shown = OrganizationSchema().fields

    def view(found: list[Organization]) -> list[dict[str, Any]]:
        return [{name: getattr(one, name) for name in shown} | more for one in found]

    return MISSING.answer(session(), queries.missing(caller(), kind, asked), query, view)


@blp.route("/report-breaks", methods=["POST"])
@allow(*JUDGES)
@blp.arguments(NewReportBreakSchema)
@blp.response(201, ReportBreakSchema)
def excuse(body: dict[str, Any]) -> ReportBreak:
    """Excuse weeks, such as a school holiday's, by a notice given before their first report is due (OP-42)."""
    return reports.excuse(session(), body, by=caller())


@blp.route("/report-breaks")
@allow(*READERS)
@BREAKS.door(blp)
def breaks(query: dict[str, Any]) -> Any:
    """The notices that excuse weeks: those for everyone, and the caller's province's."""
    return BREAKS.answer(session(), queries.breaks_visible(caller()), query)


@blp.route("/report-breaks/<uuid:break_id>/withdrawal", methods=["POST"])
@allow(*JUDGES)
@blp.response(200, ReportBreakSchema)
def withdraw_break(break_id: uuid.UUID) -> ReportBreak:
    """Take a notice back before the first week's report would have been due."""
    return reports.withdraw_break(session(), break_id, by=caller())


@blp.route("/missed-weeks")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE, Role.COLLEGE)
@MISSED.door(blp)
def missed_weeks(query: dict[str, Any]) -> Any:
    """Colleges found without a weekly report for three weeks running, and the exit cases that were opened (OP-42)."""
    return MISSED.answer(session(), queries.missed_visible(caller()), query)
