"""HTTP bodies of certificates."""

from marshmallow import Schema, fields

from onex.chassis.web import runtime
from services.certificates.credentials.addresses import credential_url


class CertificateSchema(Schema):
    """A certificate as its TEO, college and learner see it; the name is masked for all of them."""

    id = fields.UUID()
    number = fields.String()
    masked_name = fields.String()
    result_id = fields.UUID()
    learner_id = fields.UUID()
    certificate_type_id = fields.UUID()
    certificate_type_code = fields.String(attribute="type_code")
    level = fields.String(metadata={"enum": ["primary", "intermediate", "advanced"]})
    standard_version = fields.String()
    teo_id = fields.UUID()
    college_id = fields.UUID(allow_none=True)
    issued_on = fields.Date()
    entered_at = fields.AwareDateTime()
    entry_due_on = fields.Date(
        allow_none=True,
        metadata={"description": "OP-32; null until the State Council publishes the calendar"},
    )
    entered_late = fields.Boolean(allow_none=True)
    state = fields.String(metadata={"enum": ["valid", "suspended", "revoked", "replaced"]})
    version = fields.Integer(metadata={"description": "1 when issued, one more with each change of its standing"})
    replaces = fields.UUID(allow_none=True, metadata={"description": "the id of the one in whose place it stands"})
    credential_url = fields.Function(lambda one: credential_url(runtime().settings.public_url, one.number))


class CertificatePageSchema(Schema):
    """A page of certificates, newest first."""

    items = fields.List(fields.Nested(CertificateSchema))
    next = fields.String(allow_none=True, metadata={"description": "cursor of the next page"})


class ResultAfterExitSchema(Schema):
    """A pass that was published after its TEO's exit (OP-41)."""

    result_id = fields.UUID()
    teo_id = fields.UUID()
    learner_id = fields.UUID()
    college_id = fields.UUID(allow_none=True)
    certificate_type_id = fields.UUID()
    level = fields.String(metadata={"enum": ["primary", "intermediate", "advanced"]})
    published_at = fields.AwareDateTime()
    exited_at = fields.AwareDateTime()
    certificate_number = fields.String(
        allow_none=True,
        metadata={"description": "null: refused a certificate; else issued before word of the exit came, and valid"},
    )
    noted_at = fields.AwareDateTime()
