"""HTTP bodies of ceilings, policies and fee agreements. Amounts are whole fen."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.registry.fees.rules import CEILING, FEE, POLICY, SIDES, SUBJECTS
from services.registry.standards.rules import LEVELS
from services.registry.text_fields import Text, province_code

# Ten thousand million yuan: sums of a hundred items, and of a million candidates' fees, stay whole numbers of 64 bits.
MOST_FEN = 10**12


def amount(least: int = 0, **options: Any) -> fields.Integer:
    """An amount in fen: a whole number, never a fraction and never text."""
    return fields.Integer(strict=True, validate=validate.Range(min=least, max=MOST_FEN), **options)


def level() -> fields.String:
    """One of the three levels (PP-10)."""
    return fields.String(required=True, validate=validate.OneOf(LEVELS))


class FeeItemSchema(Schema):
    """One item of a sum."""

    name = Text(200, required=True)
    amount_fen = amount(required=True)


class CorrectedFeeCeilingSchema(Schema):
    """What may be put right of a ceiling that is not published yet."""

    amount_fen = amount(1, required=True)
    cost_items = fields.List(
        fields.Nested(FeeItemSchema),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "what one candidate costs; they sum to the amount, to the fen"},
    )
    argument = Text(20_000, required=True)
    in_force_from = fields.Date(required=True)


class FeeCeilingSchema(CorrectedFeeCeilingSchema):
    """What the assessment at a type's level may cost a candidate at most (OP-27)."""

    id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(required=True)
    teo_id = fields.UUID(dump_only=True)
    level = level()
    version = fields.Integer(dump_only=True, allow_none=True, metadata={"description": "none until it is published"})
    state = fields.String(dump_only=True, metadata={"enum": list(CEILING.states)})
    argued_at = fields.AwareDateTime(dump_only=True)
    published_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class FeeCeilingInForceQuery(Schema):
    """Of which level, on which day, and where."""

    certificate_type_id = fields.UUID(required=True)
    level = level()
    on = fields.Date(load_default=None, metadata={"description": "today if not given"})
    province_code = province_code(load_default=None)


class FeeCeilingInForceSchema(Schema):
    """The ceiling that holds on a day: the nation's, or the province's own where it is lower (PP-38)."""

    on = fields.Date()
    ceiling_fen = fields.Integer(allow_none=True, metadata={"description": "none: no fee may be agreed"})
    national_fen = fields.Integer(allow_none=True)
    provincial_fen = fields.Integer(allow_none=True)


class FeePolicySchema(Schema):
    """What a province decided on fees (PP-38)."""

    id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    subject = fields.String(load_default="assessment", validate=validate.OneOf(SUBJECTS))
    certificate_type_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "with the level; none: for every certificate"}
    )
    level = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LEVELS))
    title = Text(300, required=True)
    text = Text(50_000, required=True)
    ceiling_fen = amount(
        load_default=None,
        allow_none=True,
        metadata={"description": "a ceiling of the province's own; the lower one holds"},
    )
    in_force_from = fields.Date(required=True)
    state = fields.String(dump_only=True, metadata={"enum": list(POLICY.states)})
    announced_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class FeeAgreementSchema(Schema):
    """What a college's candidate costs at a type's level, by consent of three sides (OP-28)."""

    id = fields.UUID(dump_only=True)
    teo_id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    college_id = fields.UUID(required=True)
    certificate_type_id = fields.UUID(required=True)
    level = level()
    amount_fen = amount(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, metadata={"description": "the last day, included"})
    agreed_to = fields.Date(dump_only=True, metadata={"description": "the last day as it was proposed"})
    state = fields.String(dump_only=True, metadata={"enum": list(FEE.states)})
    proposed_by_side = fields.String(dump_only=True, metadata={"enum": list(SIDES)})
    proposed_at = fields.AwareDateTime(dump_only=True)
    teo_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    province_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    college_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    agreed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    closed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    closing_reason = fields.String(dump_only=True, allow_none=True)


class FeeEndingSchema(Schema):
    """How a fee agreement is ended."""

    reason = Text(2_000, required=True)
    last_day = fields.Date(load_default=None, metadata={"description": "today if not given; included"})


class FeeWithdrawalSchema(Schema):
    """Why a proposal is withdrawn or declined."""

    reason = Text(2_000, required=True)
