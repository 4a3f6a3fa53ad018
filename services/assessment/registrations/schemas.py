"""HTTP bodies of registrations."""

from flask_smorest.fields import Upload
from marshmallow import Schema, fields


class UploadSchema(Schema):
    """A CSV or XLSX file."""

    file = Upload(required=True)


class RegistrationSchema(Schema):
    """A registration; the name is masked."""

    id = fields.UUID()
    number = fields.String()
    name = fields.String(attribute="masked_name")
    candidate_kind = fields.String(metadata={"enum": ["student", "social"]})
    college_code = fields.String(allow_none=True)
    sitting_id = fields.UUID()
    site_code = fields.String()
    created_at = fields.AwareDateTime()
    released_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "since when it is ended without an assessment (OP-41, OP-42)"}
    )


class RegistrationPageSchema(Schema):
    """A page of registrations."""

    items = fields.List(fields.Nested(RegistrationSchema))
    next = fields.String(allow_none=True)


class AgreedFeeSchema(Schema):
    """What a candidate costs by agreement (OP-28)."""

    amount_fen = fields.Integer()
    in_force_from = fields.Date(attribute="first")
    in_force_to = fields.Date(attribute="last", metadata={"description": "the last day, included"})


class PlanQuotaSchema(Schema):
    """A college's quota for a plan's type, level and year (OP-07), and the fees that are agreed with it."""

    college_id = fields.UUID()
    college_code = fields.String(allow_none=True)
    seats = fields.Integer()
    taken = fields.Integer(metadata={"description": "by registrations for all plans of this type, level and year"})
    fees = fields.List(fields.Nested(AgreedFeeSchema))


class RegistrationFileQuerySchema(Schema):
    """How the file is to be written."""

    excel = fields.Boolean(load_default=False, metadata={"description": "begin with a byte order mark, for Excel"})
