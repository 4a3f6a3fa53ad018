"""HTTP bodies of notices."""

from marshmallow import Schema, fields


class NoticeSchema(Schema):
    """What partners were told."""

    event_id = fields.UUID()
    name = fields.String()
    data = fields.Dict()
    occurred_at = fields.AwareDateTime()
    noted_at = fields.AwareDateTime()


class NoticePageSchema(Schema):
    items = fields.List(fields.Nested(NoticeSchema))
    next = fields.String(allow_none=True)
