"""HTTP bodies of standing."""

from marshmallow import Schema, fields, validate

from services.certificates.issuing.names import MAX_NAME_LENGTH
from services.certificates.standing.rules import KINDS, PROPOSAL_STATES, REASONS, STANDINGS

LONGEST_NOTE = 2_000


class NewStandingProposalSchema(Schema):
    """What should become of a certificate, and why."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    note = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_NOTE),
        metadata={"description": "for who decides; kept sealed"},
    )
    name = fields.String(
        load_default=None,
        allow_none=True,
        validate=[validate.Length(1, MAX_NAME_LENGTH), validate.Regexp(r"\S", error="It is blank.")],
        metadata={"description": "of a replacement: the holder's name as it should have been; as it was unless given"},
    )


class DecisionSchema(Schema):
    """What who decides has to say of it."""

    note = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_NOTE), metadata={"description": "kept sealed"}
    )


class StandingProposalSchema(Schema):
    """A proposal to change a certificate's standing."""

    id = fields.UUID()
    certificate_id = fields.UUID()
    number = fields.String()
    teo_id = fields.UUID()
    college_id = fields.UUID(allow_none=True)
    kind = fields.String(metadata={"enum": list(KINDS)})
    reason = fields.String(metadata={"enum": list(REASONS)})
    masked_name = fields.String(
        allow_none=True, metadata={"description": "the name that a replacement corrects to, masked"}
    )
    state = fields.String(metadata={"enum": list(PROPOSAL_STATES)})
    proposed_by = fields.String()
    proposed_role = fields.String(metadata={"description": "`assessment`: it came of a result that was annulled"})
    proposed_at = fields.AwareDateTime()
    decided_by = fields.String(allow_none=True)
    decided_role = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class StandingProposalWithNotesSchema(StandingProposalSchema):
    """A proposal with what was written of it."""

    note = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)


class StandingChangeSchema(Schema):
    """A change of a certificate's standing."""

    id = fields.UUID()
    certificate_id = fields.UUID()
    version = fields.Integer()
    number = fields.String()
    teo_id = fields.UUID()
    college_id = fields.UUID(allow_none=True)
    standing = fields.String(metadata={"enum": list(STANDINGS)})
    reason = fields.String(metadata={"enum": list(REASONS)})
    proposal_id = fields.UUID()
    successor_id = fields.UUID(allow_none=True)
    changed_at = fields.AwareDateTime()


class PastChangeSchema(Schema):
    """A change of a certificate's standing, as its history tells it."""

    version = fields.Integer()
    standing = fields.String(metadata={"enum": list(STANDINGS)})
    reason = fields.String(metadata={"enum": list(REASONS)})
    changed_at = fields.AwareDateTime()


class StandingSchema(Schema):
    """What a certificate is worth now, and how it came to that."""

    number = fields.String()
    standing = fields.String(attribute="state", metadata={"enum": list(STANDINGS)})
    version = fields.Integer()
    replaces = fields.String(
        allow_none=True, metadata={"description": "the number of the one in whose place it stands"}
    )
    replaced_by = fields.String(allow_none=True, metadata={"description": "the number of the one in its place"})
    changes = fields.List(fields.Nested(PastChangeSchema), metadata={"description": "the oldest first"})


class AnnulledResultSchema(Schema):
    """A result that was annulled in the assessment."""

    result_id = fields.UUID()
    teo_id = fields.UUID()
    learner_id = fields.UUID()
    college_id = fields.UUID(allow_none=True)
    certificate_type_id = fields.UUID()
    level = fields.String(metadata={"enum": ["primary", "intermediate", "advanced"]})
    ground = fields.String()
    annulled_at = fields.AwareDateTime()
    noted_at = fields.AwareDateTime()


class PlatformKeySchema(Schema):
    """A public key of the platform."""

    public_multibase = fields.String(metadata={"description": "Ed25519 Multikey, z6Mk…"})
    valid_from = fields.AwareDateTime()
    retired_at = fields.AwareDateTime(allow_none=True)


class AnomalyQuerySchema(Schema):
    """Of which month."""

    month = fields.Date(
        load_default=None, metadata={"description": "any day of the month in Beijing; this month unless given"}
    )


class AnomalySchema(Schema):
    """A month's certificates of one TEO and type, beside what was usual for them."""

    teo_id = fields.UUID()
    certificate_type_id = fields.UUID()
    month = fields.Date(metadata={"description": "its first day"})
    issued = fields.Integer()
    usual = fields.Float(metadata={"description": "the median of the twelve months before, as far as there are any"})
    months = fields.Integer(metadata={"description": "of how many months"})
    suspended = fields.Integer(metadata={"description": "of those issued, suspended now"})
    revoked = fields.Integer()
    replaced = fields.Integer()
    volume_out_of_line = fields.Boolean()
    revocations_out_of_line = fields.Boolean()


class AnomaliesSchema(Schema):
    """What is out of line first."""

    items = fields.List(fields.Nested(AnomalySchema))
