"""HTTP bodies of agreements."""

from marshmallow import Schema, fields, validate

from services.registry.text_fields import Text


class ClausesSchema(Schema):
    """The five clauses of OP-36."""

    public_welfare = Text(20_000, blank=True, load_default="")
    advancedness = Text(20_000, blank=True, load_default="")
    compliance = Text(20_000, blank=True, load_default="")
    exit = Text(20_000, blank=True, load_default="")
    liability = Text(20_000, blank=True, load_default="")


class AgreementDocumentSchema(Schema):
    """A file of the signed agreement; who holds it can tell by the digest that it is the one."""

    name = Text(200, required=True)
    sha256 = fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9a-f]{64}\Z"),
        metadata={"description": "SHA-256 of the file, 64 hexadecimal digits in lower case"},
    )


class AgreementSchema(Schema):
    """A signed agreement."""

    id = fields.UUID(dump_only=True)
    teo_id = fields.UUID(required=True)
    clauses = fields.Nested(ClausesSchema, required=True)
    documents = fields.List(fields.Nested(AgreementDocumentSchema), load_default=list, validate=validate.Length(max=20))
    signed_on = fields.Date(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, metadata={"description": "the last day, included"})
    signed_to = fields.Date(dump_only=True, metadata={"description": "the last day as it was signed"})
    created_by = fields.String(dump_only=True)
    created_at = fields.AwareDateTime(dump_only=True)
    terminated_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    terminated_by = fields.String(dump_only=True, allow_none=True)
    termination_reason = fields.String(dump_only=True, allow_none=True)


class AgreementTerminationSchema(Schema):
    """How an agreement ends early."""

    reason = Text(2_000, required=True)
    last_day = fields.Date(load_default=None, metadata={"description": "today if not given; included"})
