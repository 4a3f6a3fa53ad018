"""HTTP bodies of certificates issued elsewhere."""

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from services.certificates.issuing.schemas import CertificateSchema


class ElsewhereUploadSchema(Schema):
    """A CSV, XLSX or JSON file."""

    file = Upload(required=True)


class ElsewhereSenderSchema(Schema):
    """Whose certificates they are."""

    teo_id = fields.UUID(
        load_default=None, metadata={"description": "the TEO that issued them; of a TEO its own, unless told"}
    )


class ElsewhereRowSchema(Schema):
    """One certificate issued elsewhere."""

    document_type = fields.String(metadata={"description": "RIC unless told"})
    document_number = fields.String(required=True)
    name = fields.String(required=True)
    certificate_type = fields.String(required=True, metadata={"description": "the type's code, such as 004"})
    level = fields.String(required=True, metadata={"enum": ["primary", "intermediate", "advanced"]})
    standard_version = fields.String(required=True)
    issued_on = fields.Date(required=True)
    foreign_number = fields.String(required=True, metadata={"description": "the number it has where it was issued"})
    college_code = fields.String(metadata={"description": "of a college's student"})


class ElsewhereCertificateSchema(CertificateSchema):
    """A certificate that was issued elsewhere and entered here."""

    foreign_number = fields.String()


class NewAnnouncementSchema(Schema):
    """So many certificates of a type were issued elsewhere on a day."""

    teo_id = fields.UUID(load_default=None)
    certificate_type_id = fields.UUID(required=True)
    issued_on = fields.Date(required=True)
    count = fields.Integer(required=True, validate=validate.Range(1, 1_000_000))


class CorrectedAnnouncementSchema(Schema):
    """The right number; 0 takes the announcement back."""

    count = fields.Integer(required=True, validate=validate.Range(0, 1_000_000))


class AnnouncementSchema(Schema):
    """What a TEO announced; `complete` once so many were entered."""

    id = fields.UUID()
    teo_id = fields.UUID()
    certificate_type_id = fields.UUID()
    issued_on = fields.Date()
    count = fields.Integer()
    complete = fields.Boolean()
    announced_at = fields.AwareDateTime()
