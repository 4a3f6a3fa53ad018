"""HTTP bodies of agreements."""

from marshmallow import Schema, fields

from onex.chassis.web import PageQuery
from services.registry.text_fields import Text


class ClausesSchema(Schema):
    """The five clauses of OP-36."""

    public_welfare = Text(20_000, blank=True, load_default="")
    advancedness = Text(20_000, blank=True, load_default="")
    compliance = Text(20_000, blank=True, load_default="")
    exit = Text(20_000, blank=True, load_default="")
    liability = Text(20_000, blank=True, load_default="")


class AgreementSchema(Schema):
    """A signed agreement."""

    id = fields.UUID(dump_only=True)
    teo_id = fields.UUID(required=True)
    clauses = fields.Nested(ClausesSchema, required=True)
    signed_on = fields.Date(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, metadata={"description": "the last day, included"})
    created_at = fields.AwareDateTime(dump_only=True)


class AgreementQuery(PageQuery):
    """Which agreements."""

    teo_id = fields.UUID(load_default=None)


class AgreementPageSchema(Schema):
    """A page of agreements."""

    items = fields.List(fields.Nested(AgreementSchema))
    next = fields.String(allow_none=True)
