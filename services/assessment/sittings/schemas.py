"""HTTP bodies of sittings."""

from marshmallow import Schema, fields, validate

from onex.chassis.web import PageQuery
from onex.chassis.web.moments import Moment


class NewSittingSchema(Schema):
    """A sitting to set."""

    plan_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1_000_000))


class SittingSchema(Schema):
    """A sitting and how many of its places are taken."""

    id = fields.UUID()
    plan_id = fields.UUID()
    site_id = fields.UUID()
    site_code = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    capacity = fields.Integer()
    registered = fields.Integer()


class SittingQuerySchema(PageQuery):
    """Which sittings."""

    plan_id = fields.UUID(load_default=None)


class SittingPageSchema(Schema):
    """A page of sittings."""

    items = fields.List(fields.Nested(SittingSchema))
    next = fields.String(allow_none=True)
