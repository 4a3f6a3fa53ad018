"""HTTP bodies of deliveries."""

from marshmallow import Schema, fields


class DeliverySchema(Schema):
    """One notice for one subscription, and how far it is. `notice_id` is the message's webhook-id."""

    id = fields.UUID()
    notice_id = fields.UUID()
    event = fields.String(attribute="notice.name")
    state = fields.String(metadata={"enum": ["pending", "delivered", "failed"]})
    attempts = fields.Integer()
    next_attempt_at = fields.AwareDateTime()
    last_status = fields.Integer(allow_none=True)
    last_error_code = fields.String(allow_none=True)
    delivered_at = fields.AwareDateTime(allow_none=True)


class DeliveryPageSchema(Schema):
    items = fields.List(fields.Nested(DeliverySchema))
    next = fields.String(allow_none=True)
