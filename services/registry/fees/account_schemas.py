"""HTTP bodies of cost accounts. Amounts are whole fen."""

from marshmallow import Schema, fields, validate

from services.registry.fees.rules import ACCOUNT, SOURCES
from services.registry.fees.schemas import FeeItemSchema, amount, level


class IncomeItemSchema(FeeItemSchema):
    """What came in from one source."""

    source = fields.String(required=True, validate=validate.OneOf(SOURCES))


class CorrectedCostAccountSchema(Schema):
    """What may be put right of an open account."""

    candidates = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1_000_000))
    income_fen = amount(required=True)
    income_items = fields.List(fields.Nested(IncomeItemSchema), required=True, validate=validate.Length(max=100))
    cost_fen = amount(required=True)
    cost_items = fields.List(fields.Nested(FeeItemSchema), required=True, validate=validate.Length(max=100))


class CostAccountSchema(CorrectedCostAccountSchema):
    """What a sitting at a site took in and cost (OP-30)."""

    id = fields.UUID(dump_only=True)
    sitting_id = fields.UUID(required=True, metadata={"description": "the sitting in the assessment service"})
    site_id = fields.UUID(required=True)
    college_id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    teo_id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(dump_only=True)
    level = level()
    held_on = fields.Date(required=True)
    agreed_fee_fen = fields.Integer(
        dump_only=True, allow_none=True, metadata={"description": "on the day; none: nothing agreed"}
    )
    fees_over = fields.Boolean(dump_only=True, metadata={"description": "the candidates paid more than was agreed"})
    cost_over = fields.Boolean(
        dump_only=True, metadata={"description": "the sitting cost more than was agreed for all"}
    )
    state = fields.String(dump_only=True, metadata={"enum": list(ACCOUNT.states)})
    created_at = fields.AwareDateTime(dump_only=True)
    changed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    closed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
