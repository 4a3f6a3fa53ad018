"""HTTP bodies of notices."""

from marshmallow import Schema, fields

from services.notifications.subscriptions.rules import EVENTS


class NoticeSchema(Schema):
    """What partners were told."""

    event_id = fields.UUID()
    name = fields.String(metadata={"enum": list(EVENTS)})
    certificate_version = fields.Integer(metadata={"description": "the issue is 1, each change of standing one more"})
    data = fields.Dict()
    occurred_at = fields.AwareDateTime()
    noted_at = fields.AwareDateTime()


class NoticePageSchema(Schema):
    items = fields.List(fields.Nested(NoticeSchema))
    next = fields.String(allow_none=True)
