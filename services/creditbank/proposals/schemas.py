"""HTTP bodies of proposals."""

from marshmallow import Schema, fields, validate

from services.creditbank.proposals.rules import LEVELS

MAX_CREDIT_HUNDREDTHS = 100_000
MAX_HOURS = 10_000


class ProposalSchema(Schema):
    """What one certificate of a standard should be worth. Credit is in hundredths of a credit."""

    certificate_type_id = fields.UUID(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    standard_version = fields.String(required=True, validate=validate.Length(min=1, max=50))
    credit_hundredths = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=MAX_CREDIT_HUNDREDTHS)
    )
    hours = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MAX_HOURS))
    rationale = fields.String(required=True, validate=validate.Length(min=1, max=4000))


class RecordedProposalSchema(ProposalSchema):
    """A proposal as it is recorded; `late` is the breach of OP-33."""

    id = fields.UUID()
    teo_id = fields.UUID()
    state = fields.String(metadata={"enum": ["proposed", "approved"]})
    due_on = fields.Date()
    late = fields.Boolean()
    proposed_on = fields.Date()
    proposed_at = fields.AwareDateTime()
    approved_at = fields.AwareDateTime(allow_none=True)


class ProposalPageSchema(Schema):
    items = fields.List(fields.Nested(RecordedProposalSchema))
    next = fields.String(allow_none=True)


class OverdueSchema(Schema):
    """A published standard whose credit record nobody proposed in time (OP-33)."""

    certificate_type_id = fields.UUID()
    level = fields.String()
    standard_version = fields.String()
    teo_id = fields.UUID()
    released_on = fields.Date()
    due_on = fields.Date()


class OverduePageSchema(Schema):
    items = fields.List(fields.Nested(OverdueSchema))
    next = fields.String(allow_none=True)
