"""HTTP bodies of deadlines."""

from datetime import date

from marshmallow import Schema, fields, validate

JUDGED_LATER = {"description": "the calendar that decides is not published"}


class TeoTimelinessSchema(Schema):
    """How timely one TEO's certificates came onto the platform (OP-32)."""

    teo_id = fields.UUID()
    name_zh = fields.String()
    name_en = fields.String()
    on_time = fields.Integer()
    late = fields.Integer()
    # marshmallow has another use for the name `unknown`
    not_judged = fields.Integer(attribute="unknown", data_key="unknown", metadata=JUDGED_LATER)


class TimelinessSchema(Schema):
    """Each TEO's timeliness."""

    items = fields.List(fields.Nested(TeoTimelinessSchema))


class MonthlyTimelinessSchema(Schema):
    """How timely the certificates of a TEO's type and month of issue came onto the platform (OP-32)."""

    teo_id = fields.UUID()
    certificate_type_id = fields.UUID()
    month = fields.Date(metadata={"description": "the first day of the month of issue"})
    on_time = fields.Integer()
    late = fields.Integer()
    not_judged = fields.Integer(attribute="unknown", data_key="unknown", metadata=JUDGED_LATER)


class BreachSchema(Schema):
    """Certificates of one TEO, type and day of issue that came too late or are overdue (OP-32)."""

    id = fields.UUID()
    version = fields.Integer()
    teo_id = fields.UUID()
    certificate_type_id = fields.UUID()
    issued_on = fields.Date()
    due_on = fields.Date(allow_none=True)
    late = fields.Integer(metadata={"description": "so many came after the due day"})
    outstanding = fields.Integer(metadata={"description": "so many have not come"})
    stands = fields.Boolean(metadata={"description": "false: by a corrected calendar all of them were in time"})
    recorded_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime()


class WarningSchema(Schema):
    """Certificates that were issued, were not on the platform, and were due soon (OP-32)."""

    id = fields.UUID()
    teo_id = fields.UUID()
    certificate_type_id = fields.UUID()
    issued_on = fields.Date()
    due_on = fields.Date()
    outstanding = fields.Integer()
    warned_at = fields.AwareDateTime()


class ClockArguments(Schema):
    """Whose clock."""

    issued_on = fields.Date(required=True, validate=validate.Range(date(2000, 1, 1), date(2099, 12, 31)))


class ClockSchema(Schema):
    """When a certificate is due on the platform (OP-32)."""

    issued_on = fields.Date()
    due_on = fields.Date(allow_none=True, metadata={"description": "null until the calendar is published"})


class NamedDaySchema(Schema):
    """A day that a notice names."""

    day = fields.Date(required=True)
    worked = fields.Boolean(required=True, metadata={"description": "false: a day off; true: a weekend that is worked"})


class NewNoticeSchema(Schema):
    """A year's notice, whole."""

    source_number = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "the document's number, such as 国办发明电〔2025〕7号"},
    )
    published_on = fields.Date(required=True)
    days = fields.List(fields.Nested(NamedDaySchema), required=True, validate=validate.Length(1, 366))


class NoticeSchema(Schema):
    """A year's notice as it was entered. The newest version of a year is in force, whole."""

    id = fields.UUID()
    year = fields.Integer()
    version = fields.Integer()
    source_number = fields.String()
    published_on = fields.Date()
    days = fields.Dict(keys=fields.String(), values=fields.Boolean())
    entered_by = fields.String()
    entered_at = fields.AwareDateTime()
    settled_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "when every certificate was judged by it; null until then"}
    )


class CalendarSchema(Schema):
    """A year's working days: those that are not as their weekday says."""

    year = fields.Integer()
    version = fields.Integer(metadata={"description": "0: as it comes with the platform"})
    source_number = fields.String(allow_none=True)
    settled = fields.Boolean(metadata={"description": "whether every certificate is judged by it already"})
    days = fields.List(fields.Nested(NamedDaySchema))
