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


class RegistrationPageSchema(Schema):
    """A page of registrations."""

    items = fields.List(fields.Nested(RegistrationSchema))
    next = fields.String(allow_none=True)


class RegistrationFileQuerySchema(Schema):
    """How the file is to be written."""

    excel = fields.Boolean(load_default=False, metadata={"description": "begin with a byte order mark, for Excel"})
