"""HTTP bodies of reports, their kinds, notices and missed weeks."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.registry.organizations.schemas import OrganizationSchema
from services.registry.reports import periods, rules
from services.registry.text_fields import Text, province_code

LONGEST_SECTION = 20_000
_CODE = validate.Regexp(r"^[a-z][a-z0-9-]{1,39}\Z")
_WEEK = validate.Regexp(r"^20[0-9]{2}-W[0-9]{2}\Z")


def kind_code(**options: Any) -> fields.String:
    """The code of a kind of report, such as `weekly`."""
    return fields.String(validate=_CODE, **options)


class ReportSectionsSchema(Schema):
    """What a report says (OP-06); its kind says which of these may not be empty."""

    progress = Text(LONGEST_SECTION, blank=True, load_default="")
    experience = Text(LONGEST_SECTION, blank=True, load_default="")
    typical_cases = Text(LONGEST_SECTION, blank=True, load_default="")
    problems = Text(LONGEST_SECTION, blank=True, load_default="")
    suggestions = Text(LONGEST_SECTION, blank=True, load_default="")


class NewReportSchema(Schema):
    """A report of the caller's organization on a period."""

    kind = kind_code(required=True)
    period = Text(10, required=True, metadata={"description": "2026-W09, 2026-03 or 2026-Q1, as its kind has it"})
    sections = fields.Nested(ReportSectionsSchema, required=True)


class ReportRowSchema(Schema):
    """A report without what it says."""

    id = fields.UUID()
    organization_id = fields.UUID()
    organization_kind = fields.String(metadata={"enum": list(rules.REPORTERS)})
    province_code = fields.String(allow_none=True)
    kind = fields.String()
    period = fields.String()
    begins_on = fields.Date()
    ends_on = fields.Date()
    due_on = fields.Date(metadata={"description": "the last day on which it comes in time"})
    late = fields.Boolean()
    state = fields.String(metadata={"enum": list(rules.REPORT.states)})
    version = fields.Integer()
    sent_at = fields.AwareDateTime(metadata={"description": "when its first version came"})
    sent_by = fields.String()
    resent_at = fields.AwareDateTime(allow_none=True)
    resent_by = fields.String(allow_none=True)
    remark = fields.String(allow_none=True)
    read_at = fields.AwareDateTime(allow_none=True)
    read_by = fields.String(allow_none=True)


class ReportSchema(ReportRowSchema):
    """A report with what it says."""

    sections = fields.Nested(ReportSectionsSchema)


class ReportVersionSchema(Schema):
    """What a report said before it was sent again."""

    version = fields.Integer()
    sections = fields.Nested(ReportSectionsSchema)
    sent_at = fields.AwareDateTime()
    sent_by = fields.String()


class ReturnedReportSchema(Schema):
    """What the reader says to a report."""

    remark = Text(2_000, required=True)


class ClosedReportSchema(Schema):
    """What the reader says to a report, if anything."""

    remark = Text(2_000, blank=True, load_default="")


class ReportKindChangesSchema(Schema):
    """What may be changed of a kind of report."""

    grace_days = fields.Integer(strict=True, validate=validate.Range(0, 90))
    sections = fields.List(
        fields.String(validate=validate.OneOf(rules.SECTIONS)), validate=validate.Length(1, len(rules.SECTIONS))
    )
    name_zh = Text(100)
    name_en = Text(100)


class NewReportKindSchema(Schema):
    """A kind of report."""

    code = kind_code(required=True)
    organization_kind = fields.String(required=True, validate=validate.OneOf(rules.REPORTERS))
    every = fields.String(required=True, validate=validate.OneOf(periods.UNITS))
    grace_days = fields.Integer(required=True, strict=True, validate=validate.Range(0, 90))
    sections = fields.List(
        fields.String(validate=validate.OneOf(rules.SECTIONS)),
        required=True,
        validate=validate.Length(1, len(rules.SECTIONS)),
    )
    name_zh = Text(100, required=True)
    name_en = Text(100, required=True)


class ReportKindSchema(NewReportKindSchema):
    """A kind of report, and who said so last."""

    id = fields.UUID()
    changed_by = fields.String()
    changed_at = fields.AwareDateTime()


class ReportOwedSchema(OrganizationSchema):
    """An organization that owes a report."""

    due_on = fields.Date()
    overdue = fields.Boolean()


class NewReportBreakSchema(Schema):
    """A notice by which no weekly report is owed. A province's is for its own colleges, whatever it names."""

    province_code = province_code(load_default=None, allow_none=True)
    first_week = fields.String(required=True, validate=_WEEK, metadata={"example": "2026-W06"})
    last_week = fields.String(required=True, validate=_WEEK, metadata={"example": "2026-W09"})
    reason = Text(200, required=True)
    notice = Text(100, required=True, metadata={"description": "the document's number"})


class ReportBreakSchema(Schema):
    """Weeks in which no weekly report is owed."""

    id = fields.UUID()
    province_code = fields.String(allow_none=True)
    first_week = fields.Function(lambda one: periods.week(one.first_week_on).name, metadata={"type": "string"})
    last_week = fields.Function(lambda one: periods.week(one.last_week_on).name, metadata={"type": "string"})
    reason = fields.String()
    notice = fields.String()
    created_by = fields.String()
    created_at = fields.AwareDateTime()
    withdrawn_by = fields.String(allow_none=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)


class MissedWeeksSchema(Schema):
    """Three weeks running without a report, found by itself (OP-42)."""

    id = fields.UUID()
    college_id = fields.UUID()
    province_code = fields.String()
    first_week = fields.Function(lambda one: periods.week(one.first_week_on).name, metadata={"type": "string"})
    last_week = fields.Function(lambda one: periods.week(one.last_week_on).name, metadata={"type": "string"})
    found_at = fields.AwareDateTime()
    exit_case_id = fields.UUID(allow_none=True, metadata={"description": "none where a case was open already"})
