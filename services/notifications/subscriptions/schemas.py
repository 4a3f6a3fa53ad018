"""HTTP bodies of subscriptions."""

from marshmallow import Schema, fields, validate

from services.notifications.subscriptions.rules import EVENTS, MAX_URL_LENGTH


class SubscriptionSchema(Schema):
    """What a partner wants to be told, and where."""

    url = fields.String(required=True, validate=validate.Length(min=1, max=MAX_URL_LENGTH))
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)), required=True, validate=validate.Length(min=1, max=len(EVENTS))
    )
    certificate_type_codes = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9]{3}\Z")),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=1000),
    )


class RecordedSubscriptionSchema(SubscriptionSchema):
    """A subscription as it is recorded."""

    id = fields.UUID()
    state = fields.String(metadata={"enum": ["active", "disabled"]})
    disabled_reason = fields.String(allow_none=True)
    failing_since = fields.AwareDateTime(allow_none=True)
    previous_secret_until = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()


class NewSubscriptionSchema(RecordedSubscriptionSchema):
    """A subscription with its secret, which is shown this once."""

    secret = fields.String()


class SecretSchema(Schema):
    """A new secret, shown this once; the one before signs beside it until `previous_secret_until`."""

    secret = fields.String()
    previous_secret_until = fields.AwareDateTime()


class SubscriptionPageSchema(Schema):
    items = fields.List(fields.Nested(RecordedSubscriptionSchema))
    next = fields.String(allow_none=True)
