"""HTTP bodies of transfers and releases."""

from marshmallow import Schema, fields, validate

from services.assessment.transfers.rules import CAUSES

MOST_NUMBERS = 500
_CAUSE = {"enum": list(CAUSES)}


class StrandedSittingSchema(Schema):
    """A sitting in which somebody waits who gets no result there any more."""

    id = fields.UUID()
    plan_id = fields.UUID()
    site_id = fields.UUID()
    site_code = fields.String()
    starts_at = fields.AwareDateTime()
    registered = fields.Integer()
    cause = fields.String(metadata=_CAUSE)


class StrandedRegistrationSchema(Schema):
    """A candidate who gets no result where they are registered; the name is masked."""

    id = fields.UUID()
    number = fields.String()
    name = fields.String(attribute="masked_name")
    candidate_kind = fields.String(metadata={"enum": ["student", "social"]})
    college_id = fields.UUID(allow_none=True)
    sitting_id = fields.UUID()
    site_code = fields.String()
    starts_at = fields.AwareDateTime()
    cause = fields.String(metadata=_CAUSE)


class NumbersSchema(Schema):
    """Whom it is about."""

    registration_numbers = fields.List(
        fields.String(validate=validate.Length(1, 24)), required=True, validate=validate.Length(1, MOST_NUMBERS)
    )


class NewTransferSchema(NumbersSchema):
    """Who is to be moved to which sitting of the plan."""

    sitting_id = fields.UUID(required=True)


class RefusedNumberSchema(Schema):
    """A registration with which nothing was done."""

    registration_number = fields.String()
    code = fields.String()
    reason = fields.String()
    reason_zh = fields.String()


class DoneSchema(Schema):
    """What was done."""

    done = fields.Integer()
    unchanged = fields.Integer(metadata={"description": "those with whom it had been done before"})
    refused = fields.List(fields.Nested(RefusedNumberSchema))


class TransferSchema(Schema):
    """A registration that was moved."""

    id = fields.UUID()
    plan_id = fields.UUID()
    registration_number = fields.String()
    from_sitting_id = fields.UUID()
    to_sitting_id = fields.UUID()
    cause = fields.String(allow_none=True, metadata={"description": "why the sitting before is not held", **_CAUSE})
    moved_by = fields.String()
    moved_at = fields.AwareDateTime()


class ReleasedRegistrationSchema(Schema):
    """A registration that ended without an assessment."""

    registration_id = fields.UUID()
    plan_id = fields.UUID()
    sitting_id = fields.UUID()
    college_id = fields.UUID(allow_none=True)
    registration_number = fields.String()
    cause = fields.String(metadata=_CAUSE)
    fee_fen = fields.Integer(allow_none=True, metadata={"description": "what was agreed for the sitting's day"})
    released_by = fields.String()
    released_at = fields.AwareDateTime()
    refunded_by = fields.String(allow_none=True)
    refunded_at = fields.AwareDateTime(allow_none=True)
