"""HTTP bodies of rectification orders."""

from marshmallow import Schema, fields, validate

from services.registry.rectification.rules import ABOUT, STATES
from services.registry.text_fields import Text

MATTER = {"description": "what is to be put right; it names no person"}


class NewRectificationSchema(Schema):
    """An order (OP-43)."""

    organization_id = fields.UUID(required=True)
    about = fields.String(load_default="other", validate=validate.OneOf(ABOUT))
    matter = Text(500, required=True, metadata=MATTER)
    due_on = fields.Date(required=True, metadata={"description": "the last day, included"})


class RectificationSchema(Schema):
    """A rectification order."""

    id = fields.UUID()
    organization_id = fields.UUID()
    province_code = fields.String(allow_none=True)
    about = fields.String(metadata={"enum": list(ABOUT)})
    matter = fields.String(metadata=MATTER)
    due_on = fields.Date(metadata={"description": "the last day, included"})
    state = fields.String(metadata={"enum": list(STATES)})
    ordering_province = fields.String(allow_none=True, metadata={"description": "null where the Ministry ordered"})
    ordered_at = fields.AwareDateTime()
    missed_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    closing_remark = fields.String(allow_none=True)


class RectificationReportSchema(Schema):
    """What the organization said it did, and the orderer's answer."""

    id = fields.UUID(dump_only=True)
    what_was_done = Text(10_000, required=True)
    reported_at = fields.AwareDateTime(dump_only=True)
    accepted = fields.Boolean(dump_only=True, allow_none=True)
    remark = fields.String(dump_only=True, allow_none=True)
    answered_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class RectificationWithReportsSchema(RectificationSchema):
    """An order with its reports, oldest first."""

    reports = fields.List(fields.Nested(RectificationReportSchema))


class RemarkSchema(Schema):
    """A remark on an order."""

    remark = Text(5_000, required=True)


class SendingBackSchema(RemarkSchema):
    """Why a report does not satisfy, and until when there is time now."""

    due_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "later than before; or as before"}
    )


class DueDaySchema(Schema):
    """More time."""

    due_on = fields.Date(required=True, metadata={"description": "the last day, included"})
